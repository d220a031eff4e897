"""What is left of the coder's marks behind a translation: `python -m bench.marks_translated` prints JSON.

Sixty Ukrainian sentences about harm (nlu_data/translation/held_out/harm.tsv, never learned from) go through
the carried package uk-en and the coder; their English originals through the coder alone. `kept`, `lost` and
`invented` count marks (a tag in a sentence) against those of the originals.
"""

from __future__ import annotations

import csv
import json
import tempfile
from collections import Counter
from pathlib import Path

import sacrebleu

from web.language.coder import Coder
from web.language.conversation import Conversation
from web.language.model import Speaker, Turn
from web.translation import Translator, install

ROOT = Path(__file__).parents[1]
SENTENCES = ROOT / "nlu_data" / "translation" / "held_out" / "harm.tsv"
PACKAGE = ROOT / "web" / "translation" / "shipped" / "translate-uk_en.argosmodel"


def main() -> None:
    with SENTENCES.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    originals = [row["en"] for row in rows]
    with tempfile.TemporaryDirectory() as folder:
        package = install(PACKAGE, Path(folder) / "packages")
        translations = Translator(Path(folder) / "packages", 1).translate_many(
            [row["uk"] for row in rows], "uk", "en"
        )
    texts = [one.text for one in translations]
    coder = Coder.load()
    pairs = [(_marks(coder, one), _marks(coder, other)) for one, other in zip(originals, texts, strict=True)]
    found = {
        "package": package.ref.name,
        "version": package.ref.version,
        "sentences": len(rows),
        "chrf": round(sacrebleu.corpus_chrf(texts, [originals]).score, 1),
        "marks_of_the_originals": sum(len(one) for one, _ in pairs),
        "kept": sum(len(one & other) for one, other in pairs),
        "lost": dict(Counter(tag for one, other in pairs for tag in sorted(one - other)).most_common()),
        "invented": dict(Counter(tag for one, other in pairs for tag in sorted(other - one)).most_common()),
    }
    print(json.dumps(found, indent=1))  # noqa: T201


def _marks(coder: Coder, text: str) -> set[str]:
    turn = Turn(Speaker.CHILD, text, "en")
    return {mark.tag for mark in coder.code(Conversation(age=10, language="en"), turn).indicators}


if __name__ == "__main__":
    main()
