"""The words of the console: all of them can be translated, and a catalogue that is here has all of them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from web.i18n import FOLDER

WEB = Path("web").resolve()
KEYWORDS = {
    **dict.fromkeys(("_", "_l", "N_", "gettext", "lazy_gettext")),
    **dict.fromkeys(("_n", "ngettext"), (1, 2)),
}
TEMPLATES = sorted(WEB.rglob("templates/**/*.html"))
CODE = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<!--.*?-->|<code>.*?</code>", re.S)
SHOWN = re.compile(r'\s(?:title|alt|placeholder|aria-label|aria-description|label)="([^"]*)"|>([^<>]*)<')
NAMES = {"Tellmore", "chrF", "SHA-256"}


@cache
def extracted() -> Catalog:
    """All texts of pages and code."""
    with Path("babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = Catalog()
    for name, line, message, _, context in extract_from_dir(
        WEB.parent, methods, options, KEYWORDS, directory_filter=_ours
    ):
        found.add(message, locations=[(name, line)], context=context)
    return found


def _ours(path: str) -> bool:
    return Path(path).resolve() == WEB.parent or Path(path).resolve().is_relative_to(WEB)


def gaps(folder: Path) -> Iterator[str]:
    """What is not right in the catalogues below `folder`, one line each."""
    for file in sorted(folder.glob("*/LC_MESSAGES/messages.po")):
        code = file.parents[1].name
        catalog = read_po(file.open("rb"), locale=code)
        for message in extracted():
            have = catalog.get(message.id, message.context)
            if message.id and (have is None or have.fuzzy or not _whole(have)):
                yield f"{code}: not translated: {message.id}"
            elif message.id and have is not None:
                yield from (f"{code}: {error} in {message.id}" for error in have.check(catalog))
        compiled = io.BytesIO()
        write_mo(compiled, catalog)
        if not (binary := file.with_suffix(".mo")).is_file() or binary.read_bytes() != compiled.getvalue():
            yield f"{code}: not compiled from these texts"


def _whole(message: Message) -> bool:
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return bool(strings) and all(strings)


def written(folder: Path, code: str, catalog: Catalog, compiled: Catalog | None = None) -> Path:
    place = folder / code / "LC_MESSAGES"
    place.mkdir(parents=True, exist_ok=True)
    with (place / "messages.po").open("wb") as file:
        write_po(file, catalog)
    if compiled is None:
        with (place / "messages.po").open("rb") as file:
            compiled = read_po(file, locale=code)
    with (place / "messages.mo").open("wb") as file:
        write_mo(file, compiled)
    return folder


@pytest.fixture
def whole() -> Catalog:
    """As if somebody had translated everything into Swedish."""
    made = Catalog(locale="sv")
    for message in extracted():
        if message.id:
            made.add(message.id, message.id, flags=message.flags)
    return made


def test_texts_of_pages_code_and_lists_are_found() -> None:
    found = {message.id for message in extracted()}
    assert {"Sign in", "Too many attempts", "Where you are signed in"} <= found
    assert ("%(num)d part is not ready", "%(num)d parts are not ready") in found


def test_every_catalogue_has_every_text() -> None:
    assert list(gaps(FOLDER)) == []


def test_a_whole_catalogue_has_no_gaps(tmp_path: Path, whole: Catalog) -> None:
    assert list(gaps(written(tmp_path, "sv", whole))) == []


def test_a_text_without_translation_is_named(tmp_path: Path, whole: Catalog) -> None:
    whole.delete("Sign in")
    assert list(gaps(written(tmp_path, "sv", whole))) == ["sv: not translated: Sign in"]


def test_a_translation_that_somebody_doubts_is_none(tmp_path: Path, whole: Catalog) -> None:
    whole["Sign in"].flags.add("fuzzy")
    assert "sv: not translated: Sign in" in list(gaps(written(tmp_path, "sv", whole)))


def test_a_translation_that_loses_a_value_is_named(tmp_path: Path, whole: Catalog) -> None:
    text = next(message.id for message in whole if isinstance(message.id, str) and "%(code)s" in message.id)
    whole[text].string = "%(kod)s"
    assert any(text in gap for gap in gaps(written(tmp_path, "sv", whole)))


def test_a_catalogue_that_was_not_compiled_anew_is_named(tmp_path: Path, whole: Catalog) -> None:
    old = Catalog(locale="sv")
    old.add("Sign in", "Logga in")
    assert list(gaps(written(tmp_path, "sv", whole, old))) == ["sv: not compiled from these texts"]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(WEB)))
def test_no_page_says_anything_that_cannot_be_translated(template: Path) -> None:
    assert untranslatable(template.read_text()) == []


def test_a_text_that_nobody_could_translate_is_found() -> None:
    assert untranslatable('<p title="So">{{ _("a") }} und</p><code>pip</code>') == ["So", "und"]


def untranslatable(page: str) -> list[str]:
    """Words that stand in a page as they are; those of a line of commands are nobody's language."""
    page = re.sub(r"\{% block (?:body|main)_class %\}.*?\{% endblock %\}", "", page, flags=re.S)
    shown = (text.strip(" ·:\n") for pair in SHOWN.findall(CODE.sub(" ", page)) for text in pair)
    return [text for text in shown if re.search(r"[^\W\d_]{2,}", text) and text not in NAMES]
