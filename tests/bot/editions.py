"""An agency's editions for tests and measurements: a copy of a protocol with cards of its own."""

from __future__ import annotations

from pathlib import Path

from protocols.editions import keep, merge
from protocols.files import ROOT, Files, read_files

SHIPPED = "nichd_revised_2014"
OWN = "own_agency"
CARDS = """\
cards:
  {first}:
    phase: opening
    says: non_question
    spoken: true
    why: It says who we are.
    source: Our own agency
    verified: false
    wording: {{en: Good that you came to our house today.}}
  own_likes:
    phase: rapport
    says: invitation
    spoken: true
    why: It begins with what is nice.
    source: Our own agency
    verified: false
    wording: {{en: Tell me about a day that you liked.}}
"""


def own_files(first: str = "own_house") -> Files:
    """A copy of the Revised NICHD whose first card is `first`, with another in rapport."""
    text = (ROOT / "flows" / SHIPPED / "flow.yml").read_text("utf-8")
    for old, new in (
        (f"id: {SHIPPED}", f"id: {OWN}"),
        ("collect: [", f"collect: [{first}, "),
        ("[rapport_likes, ", "[own_likes, rapport_likes, "),
    ):
        assert old in text, old
        text = text.replace(old, new, 1)
    written = {"flow.yml": text, "cards.yml": CARDS.format(first=first)}
    return {f"flows/{OWN}/{name}": content.encode() for name, content in written.items()}


def merged(own: Files) -> Files:
    return merge(read_files(ROOT), own)


def make_edition(home: Path, own: Files | None = None) -> str:
    """Put an edition into the home of a server; its digest."""
    return keep(home / "editions", merged(own_files() if own is None else own))
