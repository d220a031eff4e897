from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from web.translation import BadPackage, BadText, NoRoute, Translator, install, installed, remove
from web.translation.engine import LONGEST_TEXT

SAID = "він штовхнув мене зі сходів"


def test_a_turn_is_translated_and_names_its_way_and_its_package(translator: Translator) -> None:
    done = translator.translate(SAID, "uk", "en")

    assert done.text
    assert done.text != SAID
    assert done.route == ("uk", "en")
    assert [(package.name, package.version) for package in done.packages] == [("translate-uk_en", "1.0")]
    assert len(done.packages[0].sha256) == 64
    assert translator.translate(SAID, "uk", "en") == done


def test_two_packages_make_a_way_that_is_marked(translator: Translator) -> None:
    done = translator.translate(SAID, "uk", "es")

    assert done.route == ("uk", "en", "es")
    assert [package.name for package in done.packages] == ["translate-uk_en", "translate-en_es"]
    assert done.warnings[-1] == "pivot"
    english = translator.translate(SAID, "uk", "en").text
    assert translator.translate(english, "en", "es").text == done.text


@pytest.mark.parametrize(
    ("source", "target"), [("en", "uk"), ("es", "en"), ("so", "en"), ("uk", "xx"), ("", "en")]
)
def test_without_a_way_it_says_how_to_get_one(translator: Translator, source: str, target: str) -> None:
    assert translator.routes(source, target) is None
    with pytest.raises(NoRoute, match="tellmore packages install FILE") as caught:
        translator.translate(SAID, source, target)

    assert (caught.value.source, caught.value.target) == (source, target)
    assert SAID not in str(caught.value)


def test_the_same_language_is_left_as_it_is(translator: Translator) -> None:
    done = translator.translate(" as said ", "de", "de-AT")

    assert (done.text, done.route, done.packages, done.warnings) == (" as said ", ("de",), (), ())


def test_codes_of_countries_find_the_language(translator: Translator) -> None:
    assert translator.translate(SAID, "uk-UA", "en_GB") == translator.translate(SAID, "uk", "en")


def test_an_empty_turn_is_empty_and_a_huge_one_refused(translator: Translator) -> None:
    assert translator.translate(" \n ", "uk", "en").text == ""
    with pytest.raises(BadText, match="1000000 characters") as caught:
        translator.translate("я" * 1_000_000, "uk", "en")
    assert "яя" not in str(caught.value)
    assert translator.translate("я не знаю, " * (LONGEST_TEXT // 11), "uk", "en").text


@pytest.mark.parametrize(
    "text", ["\0", "😀👍🏽", "مرحبا", "a\u202eb", "\ud7ff", "один\nдва\r\nтри", "[[<unk>]]", "▁_"]
)
def test_any_text_gets_an_answer(translator: Translator, text: str) -> None:
    assert isinstance(translator.translate(text, "uk", "en").text, str)


def test_many_threads_get_the_same_as_one(packages_dir: Path) -> None:
    texts = [f"{SAID} {number}" for number in range(12)]
    alone = Translator(packages_dir)
    together = Translator(packages_dir)

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda text: together.translate(text, "uk", "es"), texts))

    assert answers == [alone.translate(text, "uk", "es") for text in texts]


def test_a_new_version_is_used_without_a_restart(
    translator: Translator, packages_dir: Path, archives: dict[str, Path]
) -> None:
    before = translator.translate(SAID, "uk", "en")

    install(archives["uk-en-2"], packages_dir)
    after = translator.translate(SAID, "uk", "en")

    assert after.packages[0].version == "2.0"
    assert after.text != before.text


def test_a_removed_package_is_gone_at_once(translator: Translator, packages_dir: Path) -> None:
    translator.translate(SAID, "uk", "en")

    remove(next(package for package in installed(packages_dir) if package.source == "uk"))

    with pytest.raises(NoRoute):
        translator.translate(SAID, "uk", "en")
    assert translator.pairs() == [("en", "es")]


def test_stray_things_in_the_folder_hinder_nobody(translator: Translator, packages_dir: Path) -> None:
    (packages_dir / "__MACOSX").mkdir()
    (packages_dir / "half").mkdir()
    (packages_dir / "half" / "metadata.json").write_text('{"from_code": "fr", "to_code": "en"')
    (packages_dir / "evil").symlink_to("/etc")
    (packages_dir / "notes.txt").write_text("x")
    shutil.copytree(next(packages_dir.glob("translate-uk*")), packages_dir / ".staging-1")

    assert translator.translate(SAID, "uk", "en").text
    assert translator.pairs() == [("en", "es"), ("uk", "en")]


def test_a_package_that_was_tampered_with_is_refused(packages_dir: Path) -> None:
    model = next(packages_dir.glob("translate-uk*")) / "model" / "model.bin"
    weights = bytearray(model.read_bytes())
    weights[-1] ^= 1
    model.write_bytes(weights)

    with pytest.raises(BadPackage, match="changed since it was installed"):
        Translator(packages_dir).translate(SAID, "uk", "en")


def test_a_package_put_there_by_other_means_works_but_a_broken_one_is_refused(packages_dir: Path) -> None:
    folder = next(packages_dir.glob("translate-uk*"))
    (folder / "tellmore.json").unlink()
    identity = installed(packages_dir)[1].ref.sha256
    assert Translator(packages_dir).translate(SAID, "uk", "en").packages[0].sha256 == identity

    (folder / "model" / "model.bin").write_bytes(b"nothing")

    with pytest.raises(BadPackage, match=f"{folder.name}: cannot be loaded"):
        Translator(packages_dir).translate(SAID, "uk", "en")
    assert installed(packages_dir)[1].ref.sha256 != identity


def test_no_word_reaches_log_or_output(
    translator: Translator, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    marker = "секретмаркер"
    logging.basicConfig(level=logging.DEBUG, force=False)
    caplog.set_level(logging.DEBUG)
    logging.getLogger("argostranslate.utils").setLevel(logging.DEBUG)

    done = translator.translate(f"{marker} {SAID}", "uk", "en")

    seen = caplog.text + "".join(capfd.readouterr())
    assert done.text
    assert marker not in seen
    assert done.text not in seen


RUN = """
import sys
from pathlib import Path
import web.translation
assert not {"argostranslate", "ctranslate2", "torch", "spacy"} & set(sys.modules), "loaded too early"
print(web.translation.Translator(Path(sys.argv[1])).translate("я був на кухні", "uk", "en").text)
assert "stanza" not in sys.modules
"""


def test_it_loads_late_and_keeps_out_of_the_home_folder(packages_dir: Path, tmp_path: Path) -> None:
    outside = tmp_path / "elsewhere"
    outside.mkdir()
    environment = os.environ | {"HOME": str(outside), "ARGOS_DEBUG": "1", "ARGOS_CHUNK_TYPE": "NONE"}
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        environment.pop(name, None)

    done = subprocess.run(
        [sys.executable, "-c", RUN, str(packages_dir)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert len(done.stdout.strip().splitlines()) == 1
    assert "кухні" not in done.stderr
    assert list(outside.rglob("*")) == []
