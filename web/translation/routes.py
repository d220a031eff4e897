"""All ways from language to language that the installed packages make."""

from __future__ import annotations

from web.translation.engine import Translator
from web.translation.model import Route


def all_routes(translator: Translator) -> list[Route]:
    """Direct ones and those with one language between, by source and target."""
    codes = sorted({code for pair in translator.pairs() for code in pair})
    found = (translator.routes(source, target) for source in codes for target in codes if source != target)
    return [route for route in found if route is not None]
