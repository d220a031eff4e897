"""The dialogue engine: a Rasa server that walks the protocols. It sees labels, never words.

Runs alone in its own Python 3.10 environment and imports nothing of `web`.
"""
