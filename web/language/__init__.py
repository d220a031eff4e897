"""Coding of what is said. Knows nothing of Flask, the database or Rasa."""
