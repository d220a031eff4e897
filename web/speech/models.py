"""The transcription models of this machine: which are here, whether they are what they should be, and which
one writes which language."""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any

from web.artifacts.state import alone, read_json, write_json
from web.speech.catalogue import Catalogue, Known

MANIFEST = "tellmore.json"
CHOSEN = "chosen.json"
ALL = "*"
"""Stands for every language that nothing else was chosen for."""


class BadModel(RuntimeError):
    """A model that is absent or not the one we know; the text says how to mend it."""


@dataclass(frozen=True, slots=True)
class Model:
    """A speech model on this machine. `sha256` is that of its weights. `removable`: it was installed by a
    person, and did not come with the project. `source` is where it was had from."""

    name: str
    path: Path
    languages: tuple[str, ...]
    sha256: str
    removable: bool = False
    source: str = ""


class Models:
    """The models below `folder` and those that came with the project. Reads its files anew each time: what
    another process installs or chooses counts at once."""

    def __init__(self, folder: Path | None, catalogue: Catalogue | None = None) -> None:
        self.folder = folder
        self.catalogue = catalogue or Catalogue.load()

    def known(self, name: str) -> Known:
        """Raises BadModel for a name that the catalogue does not have."""
        try:
            return self.catalogue.models[name]
        except KeyError:
            names = ", ".join(sorted(self.catalogue.models))
            raise BadModel(f"no speech model is called {name!r}; known: {names}") from None

    def installed(self) -> dict[str, Model]:
        """All that are here and complete, by name. Sizes are looked at, contents are not (see `find`)."""
        places = {name: self._place(known) for name, known in self.catalogue.models.items()}
        return {name: model for name, model in places.items() if model is not None}

    def find(self, name: str | None = None) -> Model:
        """A model, every file of it checked by SHA-256 (a quarter of a second for tiny.en).

        Raises BadModel for an unknown name, a model that is not here, and files that differ.
        """
        known = self.known(name or self.catalogue.default)
        model = self._place(known, complete=False)
        if model is None:
            how = known.carried.install if known.carried else f"tellmore models install {known.name}"
            raise BadModel(f"the speech model {known.name} is not installed; get it with: {how}")
        verify(model.path, digests(model, known))
        return model

    def remove(self, name: str) -> None:
        """Take an installed model away; what it was in use for falls to another. Raises BadModel."""
        model = self._place(self.known(name), complete=False)
        if model is None or not model.removable:
            raise BadModel(f"the speech model {name} was not installed here, so it cannot be removed")
        assert self.folder is not None
        with alone(self.folder):
            shutil.rmtree(self.before(name), ignore_errors=True)
            if model.path.exists():
                away = model.path.with_name(f".removed-{token_hex(8)}")
                model.path.rename(away)
                shutil.rmtree(away, ignore_errors=True)
            self._choose({language: chosen for language, chosen in self.chosen().items() if chosen != name})

    def before(self, name: str) -> Path:
        """Where a model lies while another version of it is put in its place."""
        assert self.folder is not None
        return self.folder / f".before-{name}"

    def here(self, name: str) -> Model | None:
        """A model as it lies here, perhaps damaged."""
        return self._place(self.known(name), complete=False)

    def chosen(self) -> dict[str, str]:
        """What a person chose: language, or ALL, to name of model."""
        found = read_json(self.folder / CHOSEN) if self.folder else {}
        return {language: name for language, name in found.items() if name in self.catalogue.models}

    def use(self, name: str, languages: Sequence[str] = ()) -> None:
        """Let this model write these languages from now on; all that it can, where none are named.

        Raises BadModel where it is not here or cannot write one of them.
        """
        model = self.installed().get(self.known(name).name)
        if model is None:
            raise BadModel(f"the speech model {name} is not installed")
        for language in languages:
            if language not in model.languages:
                raise BadModel(f"the speech model {name} does not write {language!r}")
        assert self.folder is not None
        with alone(self.folder):
            if languages:
                self._choose(self.chosen() | dict.fromkeys(languages, name))
            elif len(model.languages) == 1:
                self._choose(self.chosen() | {model.languages[0]: name})
            else:
                self._choose({ALL: name})

    def active(self, language: str) -> str | None:
        """The name of the model that writes this language; None where no model here does."""
        return self._active(language, self.installed(), self.chosen())

    def in_use(self) -> dict[str, str]:
        """Language to name of model, for every language that any model in use writes."""
        here, chosen = self.installed(), self.chosen()
        names = {*chosen.values(), self.catalogue.default}
        languages = {language for name in names if name in here for language in here[name].languages}
        found = {language: self._active(language, here, chosen) for language in sorted(languages)}
        return {language: name for language, name in found.items() if name}

    def _active(self, language: str, here: Mapping[str, Model], chosen: Mapping[str, str]) -> str | None:
        wanted = (chosen.get(language, ""), chosen.get(ALL, ""), self.catalogue.default)
        able = (name for name in wanted if name in here and language in here[name].languages)
        return next(able, None)

    def _choose(self, chosen: Mapping[str, str]) -> None:
        assert self.folder is not None
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_json(self.folder / CHOSEN, dict(chosen))

    def _place(self, known: Known, complete: bool = True) -> Model | None:
        """Where a model lies. With `complete`, only if every file is there in its size."""
        places = (self.folder / known.name, self.before(known.name)) if self.folder else ()
        if (path := next((place for place in places if place.is_dir()), None)) is not None:
            about = read_json(path / MANIFEST)
            weights = about.get("files", {}).get("model.bin", {}).get("sha256", "")
            model = Model(known.name, path, known.languages, weights, True, str(about.get("source", "")))
        elif (carried := _carried(known)) is not None:
            model = carried
        else:
            return None
        return model if not complete or _whole(model.path, known) else None


def digests(model: Model, known: Known) -> dict[str, str]:
    """SHA-256 by file: those of the catalogue, and for the rest those recorded when it was installed."""
    recorded: dict[str, Any] = read_json(model.path / MANIFEST).get("files", {}) if model.removable else {}
    found = {name: file.sha256 or recorded.get(name, {}).get("sha256") for name, file in known.files.items()}
    return {name: str(digest) for name, digest in found.items()}


def find(name: str | None = None) -> Model:
    """A model that came with the project, checked. Raises BadModel."""
    return Models(None).find(name)


def verify(path: Path, files: Mapping[str, str]) -> None:
    """Compare the files under `path` with their SHA-256. Raises BadModel naming the first that differs."""
    for name, expected in files.items():
        file = path / name
        if not file.is_file():
            raise BadModel(f"{file} is missing; install the speech model again")
        if digest(file) != expected:
            raise BadModel(
                f"{file} is not the file it should be (SHA-256 differs); install the speech model again"
            )


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _carried(known: Known) -> Model | None:
    spec = importlib.util.find_spec(known.carried.module) if known.carried else None
    if known.carried is None or spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / known.carried.folder
    weights = known.files["model.bin"].sha256 or ""
    return Model(known.name, path, known.languages, weights, source=known.carried.module)


def _whole(path: Path, known: Known) -> bool:
    return all(
        (path / name).is_file() and (path / name).stat().st_size == file.size
        for name, file in known.files.items()
    )
