"""The Tellmore console: everything a person sees, and the record behind it."""
