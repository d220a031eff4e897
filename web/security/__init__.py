"""Who may do what. Every view says it with one of the two marks below; the gate refuses the rest."""

from web.security.identity import current_user
from web.security.permissions import Permission, body_limit, may, needs, public

__all__ = ["Permission", "body_limit", "current_user", "may", "needs", "public"]
