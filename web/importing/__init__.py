"""Transcripts that others wrote, brought into an interview that has none: parse, look, confirm."""
