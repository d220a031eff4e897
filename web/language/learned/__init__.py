"""What the coder has learned from nlu_data/: a tuned MiniLM with a head for each question we ask."""

from __future__ import annotations

from web.language.learned.felt import Felt
from web.language.learned.sense import Before, Listen, Sense, Sensed

__all__ = ["Before", "Felt", "Listen", "Sense", "Sensed"]
