"""The names that importer, policy and channel share."""

from __future__ import annotations

from protocols.model import INTERRUPTS

__all__ = ["ANY_CARD", "ASK", "INTERRUPTS", "SLOT", "card_action", "interrupt_action"]

SLOT = "interview"
ASK = "ask"  # no label: the console only wants to know where the interview stands

ANY_CARD = "utter_card"
"""The Rasa action that shows a card the model was not trained on; the event's metadata names the card."""


def card_action(card: str) -> str:
    """The Rasa action that shows a card."""
    return f"utter_card_{card}"


def interrupt_action(name: str) -> str:
    """The Rasa action that answers an interrupt."""
    return f"utter_interrupt_{name}"
