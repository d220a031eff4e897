"""Which parts of the console are ready."""
