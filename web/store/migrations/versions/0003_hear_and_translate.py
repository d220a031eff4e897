"""Uploads in parts, languages of a microphone, corrected and certified transcripts, interpreters

Revision: 0003, after 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COLUMNS = (
    ("track", "language", 12),
    ("speaker_mark", "language", 12),
    ("coding", "translation_id", 32),
    ("tag", "translation_id", 32),
)


def upgrade() -> None:
    _uploads()
    _steps("transcript_edit")
    _steps("interpreter_note")
    _certifications()
    for table, column, length in COLUMNS:
        op.add_column(table, sa.Column(column, sa.String(length=length), nullable=True))
    _original_size(sa.Integer(), sa.BigInteger())


def downgrade() -> None:
    _original_size(sa.BigInteger(), sa.Integer())
    for table, column, _ in COLUMNS:
        op.drop_column(table, column)
    for table in ("certification", "upload"):
        op.drop_index(f"ix_{table}_interview_id", table)
        op.drop_table(table)
    op.drop_table("interpreter_note")
    op.drop_table("transcript_edit")


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _original_size(old: sa.Integer, new: sa.Integer) -> None:
    with op.batch_alter_table("original") as original:  # files of more than two gigabytes
        original.alter_column("size", existing_type=old, type_=new, existing_nullable=False)


def _uploads() -> None:
    op.create_table(
        "upload",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("interview_id", sa.String(length=32), nullable=False),
        sa.Column("author_id", sa.String(length=32), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("part_bytes", sa.Integer(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=True),
        sa.Column("speakers", sa.JSON(), nullable=False),
        sa.Column("read_ms", sa.Integer(), nullable=False),
        sa.Column("total_ms", sa.Integer(), nullable=True),
        sa.Column("problem", sa.String(length=40), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        _to("upload", "interview_id", "interview"),
        _to("upload", "author_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    op.create_index("ix_upload_interview_id", "upload", ["interview_id"])


def _steps(table: str) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("interview_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("author_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("sealed_payload", sa.LargeBinary(), nullable=False),
        _to(table, "interview_id", "interview"),
        _to(table, "author_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("interview_id", "number", name=op.f(f"uq_{table}_interview_id_number")),
        sa.UniqueConstraint("interview_id", "key", name=op.f(f"uq_{table}_interview_id_key")),
    )


def _certifications() -> None:
    op.create_table(
        "certification",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("interview_id", sa.String(length=32), nullable=False),
        sa.Column("author_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("edits", sa.Integer(), nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sealed_statement", sa.LargeBinary(), nullable=False),
        _to("certification", "interview_id", "interview"),
        _to("certification", "author_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certification")),
    )
    op.create_index("ix_certification_interview_id", "certification", ["interview_id"])
