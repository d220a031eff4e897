"""What the coder has learned from nlu_data/: a tuned MiniLM with a head for each question we ask."""

from __future__ import annotations

from web.language.learned.sense import Sense, Sensed

__all__ = ["Sense", "Sensed"]
