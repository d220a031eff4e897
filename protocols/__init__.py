"""The evidence base as data, and the pure rules that walk it. Read by console and bot (Python >= 3.10)."""
