"""Where in the files something of a library is written: for telling an author where to mend it."""

from __future__ import annotations

from protocols.files import Files, is_own, load_checked, matching
from protocols.strict_yaml import Document, Path_

Place = tuple[str, int]
NOWHERE: Place = ("", 0)


class Places:
    """Looks up ids in the files of a library that could be loaded. Lines count from 1."""

    def __init__(self, files: Files) -> None:
        self._files = files
        names = [*matching(files, "cards/*.yml"), *matching(files, "flows/*/cards.yml")]
        documents = [load_checked(files, name, "card_file") for name in names]
        self._cards = {card: document for document in documents for card in document.data["cards"]}

    @property
    def own_cards(self) -> frozenset[str]:
        """The cards an agency added."""
        return frozenset(card for card, document in self._cards.items() if is_own(document.file))

    def card(self, card_id: str) -> Place:
        document = self._cards.get(card_id)
        return (document.file, document.line(("cards", card_id))) if document else NOWHERE

    def words(self, card_id: str, own: bool, language: str = "en") -> Place:
        """The words of a card; `own`: those an agency laid over them."""
        if own and (document := self._document(f"wording/own_{language}.yml", "own_pack")):
            return document.file, document.line(("wording", card_id))
        document = self._cards.get(card_id)
        return (
            (document.file, document.line(("cards", card_id, "wording", language))) if document else NOWHERE
        )

    def in_pack(self, where: str) -> Place:
        """`where` is packs.yml or pack/card."""
        pack, _, card = where.partition("/")
        document = self._document(f"packs/{pack}.yml", "child_pack")
        return (document.file, document.line(("wording", card))) if document else (where, 1)

    def in_flow(self, flow_id: str, where: str) -> Place:
        """A step, card, phase, overlay or part of the flow's file; the file itself for what is not in it."""
        document = self._document(f"flows/{flow_id}/flow.yml", "flow_file")
        if document is None:
            return NOWHERE
        step = where.partition(".")[0]
        for path in (*_by_id(document, "steps", step), *_by_id(document, "phases", where), (where,)):
            if path in document.lines:
                return document.file, document.lines[path]
        used = [path for path in document.lines if _value(document, path) == where and path[0] != "flow"]
        return document.file, document.lines[used[0]] if used else 1

    def _document(self, name: str, kind: str) -> Document | None:
        return load_checked(self._files, name, kind) if name in self._files else None


def _by_id(document: Document, key: str, name: str) -> list[Path_]:
    return [(key, index) for index, raw in enumerate(document.data[key]) if raw["id"] == name]


def _value(document: Document, path: Path_) -> object:
    value = document.data
    for part in path:
        value = value[part]
    return value
