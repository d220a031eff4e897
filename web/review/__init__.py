"""The supervisor's room: read, listen, decide. Every decision is a layer; nothing is overwritten."""
