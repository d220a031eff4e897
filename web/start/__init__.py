"""The start page: what is mine and due today."""
