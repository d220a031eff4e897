"""Puts what was trained where Tellmore carries it: archives, and a list that says how good they are."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from web.translation.training import convert
from web.translation.training.corpora import BadCorpus
from web.translation.training.pieces import prefix

SHIPPED = Path(__file__).parents[1] / "shipped"
LEAST = 35.0  # chrF on everyday sentences below which a package does more harm than good
WEAK = 60.0  # below it plain disclosures come out as something else (docs/translation.md)
EVERYDAY = "tatoeba-heldout"
SPOKEN = (EVERYDAY, "domain")  # what is said in a talk decides; encyclopaedias do not
ATTRIBUTION = Path(__file__).with_name("attribution.yml")
Quality = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Trained:
    """A finished network as one package: "uk-en", its model folder, its word pieces, whether it writes
    `several` languages and so needs to be told which."""

    pair: str
    version: str
    model: Path
    pieces: Path
    several: bool


def publish(trained: Trained, quality: Quality, folder: Path = SHIPPED) -> dict[str, Any]:
    """Pack it into `folder` and enter it in shipped.json in place of an older one.

    `quality` is what judging gave. Returns the entry. Raises BadCorpus below chrF 35.
    """
    chrf = quality[EVERYDAY]["chrf"]
    if chrf < LEAST:
        raise BadCorpus(f"{trained.pair}: chrF {chrf} on {EVERYDAY}; under {LEAST} it is not shipped")
    weak = min(quality[name]["chrf"] for name in SPOKEN if name in quality) < WEAK
    source, target = trained.pair.split("-")
    about = _about(source, target)
    metadata = {
        "package_version": trained.version,
        "argos_version": "1.9.6",
        "from_code": source,
        "from_name": about["languages"][source],
        "to_code": target,
        "to_name": about["languages"][target],
        "target_prefix": prefix(target) if trained.several else "",
        "keeps_marks": True,
        "one_sentence": True,
        "weak": weak,
    }
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / file_name(source, target)
    convert.pack(trained.model, trained.pieces, metadata, _readme(metadata, about, quality), file)
    entry = {
        "file": file.name,
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        "bytes": file.stat().st_size,
        "from": source,
        "to": target,
        "version": trained.version,
        "trained_on": about["trained_on"],
        "licence": about["licence"],
        "attribution": about["attribution"],
        "weak": weak,
        "quality": quality,
    }
    _enter(folder / "shipped.json", entry)
    return entry


def file_name(source: str, target: str) -> str:
    return f"translate-{source}_{target}.argosmodel"


def _about(*languages: str) -> dict[str, Any]:
    """What the package says of itself: what all do, and what the sentences of its languages ask for."""
    about: dict[str, Any] = yaml.safe_load(ATTRIBUTION.read_text(encoding="utf-8"))
    more = [about["also"][one] for one in languages if one in about["also"]]
    joints = {"trained_on": " ", "licence": "; ", "attribution": "; "}
    said = {name: joint.join([about[name], *(one[name] for one in more)]) for name, joint in joints.items()}
    return about | said


def _enter(file: Path, entry: dict[str, Any]) -> None:
    known = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
    others = [one for one in known if one["file"] != entry["file"]]
    ordered = sorted([*others, entry], key=lambda one: str(one["file"]))
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    fresh.replace(file)


def _readme(metadata: dict[str, Any], about: dict[str, Any], quality: Quality) -> str:
    rows = [f"| {name} | {q['chrf']} | {q['bleu']} | {q['n']} |" for name, q in quality.items()]
    return "\n".join(
        [
            f"# {metadata['from_name']} to {metadata['to_name']}, version {metadata['package_version']}",
            "",
            f"Trained for Tellmore. {about['trained_on']}",
            "",
            f"Attribution: {about['attribution']}",
            "",
            f"Licence: {about['licence']}",
            "",
            "| held-out sentences | chrF | BLEU | number |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )
