"""Sign-in, one's own account, and the administrator's page of users."""
