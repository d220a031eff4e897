"""How well a package translates sentences it has never seen: chrF and BLEU by sacreBLEU."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from csv import QUOTE_NONE, DictReader
from dataclasses import dataclass
from pathlib import Path

import ctranslate2
import sacrebleu
import sentencepiece

from web.translation.training.corpora import OWN, lines

SETS = ("tatoeba-heldout", "flores200-devtest")
ON_THE_WAY = "flores200-dev"  # what decisions are made on; the sets above are looked at when all is decided
DOMAIN = OWN / "held_out" / "domain.tsv"
Translate = Callable[[Sequence[str]], list[str]]


@dataclass(frozen=True, slots=True)
class Quality:
    """chrF (Popović 2015) and BLEU of `n` sentences, each 0 to 100."""

    chrf: float
    bleu: float
    n: int


def judge(translate: Translate, sources: Sequence[str], wanted: Sequence[str]) -> Quality:
    got = translate(sources)
    chrf = sacrebleu.corpus_chrf(got, [wanted]).score
    return Quality(round(chrf, 1), round(sacrebleu.corpus_bleu(got, [wanted]).score, 1), len(got))


def held_out(folder: Path, source: str, target: str) -> Iterator[tuple[str, list[str], list[str]]]:
    """(name, sources, translations) of every held-out set there is for the pair."""
    other = target if source == "en" else source
    for name in SETS:
        if (folder / "eval" / f"{other}-en.{name}.tsv").exists():
            yield from on_disk(folder, name, source, target)
    with DOMAIN.open(encoding="utf-8", newline="") as stream:
        table = list(DictReader(stream, delimiter="\t", quoting=QUOTE_NONE))
    if other in table[0]:
        yield "domain", [row[source] for row in table], [row[target] for row in table]


def on_disk(folder: Path, name: str, source: str, target: str) -> Iterator[tuple[str, list[str], list[str]]]:
    """One set of the folder. Raises BadCorpus."""
    other = target if source == "en" else source
    rows = lines(folder / "eval" / f"{other}-en.{name}.tsv")
    english, foreign = [row[0] for row in rows], [row[1] for row in rows]
    yield (name, english, foreign) if source == "en" else (name, foreign, english)


def translator(model: Path, pieces: Path, prefix: str) -> Translate:
    """The model as argostranslate runs it: four beams, length penalty 0.2."""
    engine = ctranslate2.Translator(str(model), device="cpu", inter_threads=1, intra_threads=2)
    words = sentencepiece.SentencePieceProcessor(model_file=str(pieces))

    def translate(texts: Sequence[str]) -> list[str]:
        given = words.encode(list(texts), out_type=str)
        done = engine.translate_batch(
            given,
            target_prefix=[[prefix]] * len(given) if prefix else None,
            beam_size=4,
            length_penalty=0.2,
            max_batch_size=2048,
            batch_type="tokens",
        )
        return [str(words.decode(one.hypotheses[0])).removeprefix(prefix).strip() for one in done]

    return translate
