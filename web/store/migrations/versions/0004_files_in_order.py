"""Where a recorded file begins: after the one before it, or together with it

Revision: 0004, after 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("upload", sa.Column("beside", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("upload") as upload:  # the models have no default of the database's own
        upload.alter_column("beside", existing_type=sa.Boolean(), server_default=None)


def downgrade() -> None:
    op.drop_column("upload", "beside")
