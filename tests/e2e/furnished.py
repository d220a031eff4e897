"""The console alone, without worker and guide, with something to see on each of its pages."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count, product
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.serving import make_server

from tests.authoring.parts import FLOW, own_flow, own_words, publish
from tests.conftest import make_app, make_config, make_users
from tests.importing.files import vtt
from tests.interview.parts import PlainCoder, Room, guided
from tests.interview.two_languages import two_languages
from tests.review.conftest import CHILD, add_marks
from tests.speech.models import catalogue, toy_folder
from tests.translation.models import make_package
from web.interpreting.notes import NoteIn
from web.interview.turns import TurnIn
from web.services import Services
from web.speech.catalogue import Catalogue
from web.speech.installing import Installer
from web.speech.models import Models
from web.store import Interview, Role, User, migrate
from web.translation import install

KEYS = count(1)


@dataclass
class Furnished:
    """A running console and what its paths may be about: values for each part of a path, by its name."""

    app: Flask
    address: str
    users: dict[Role, User]
    about: dict[str, tuple[Any, ...]]

    def paths(self, rule: Rule) -> list[str]:
        """All addresses of a page. KeyError names the part of the path that nothing was made for."""
        names = sorted(rule.arguments)
        values = [self.about.get(f"{rule.endpoint} {name}") or self.about[name] for name in names]
        with self.app.test_request_context():
            bound = self.app.url_map.bind("localhost")
            return [
                bound.build(rule.endpoint, dict(zip(names, one, strict=True))) for one in product(*values)
            ]


@contextmanager
def furnished(folder: Path) -> Iterator[Furnished]:
    known = catalogue()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Catalogue, "load", classmethod(lambda cls: known))
        config = make_config(folder / "home")
        migrate.upgrade(config)
        app = make_app(config)
        app.testing = False
        services: Services = app.extensions["tellmore"]
        guided(services, PlainCoder())
        users = make_users(services.database)
        about = {**_interviews(services, users[Role.INTERVIEWER]), **_house(services, users, folder)}
        server = make_server("127.0.0.1", 0, app, threaded=True)
        Thread(target=server.serve_forever, daemon=True).start()
        yield Furnished(app, f"http://127.0.0.1:{server.port}", users, about)
        server.shutdown()
        services.database.close()


def _interviews(services: Services, anna: User) -> dict[str, tuple[Any, ...]]:
    coder = services.engines.coder
    assert isinstance(coder, PlainCoder)
    room = Room(
        services.config,
        services.database,
        services.vault,
        services.engines.dialogue,  # type: ignore[arg-type]
        coder,
        services.engines,
        services.interviews,
        anna,
    )
    add_marks(room)
    two_languages(room)
    planned, waiting, talk, ended = room.new(), room.new(), room.new(child_language="uk"), room.new()
    services.imports.offer(waiting.id, vtt(), "talk.vtt")
    _talk(services, room, talk)
    _recorded(services, room, ended)
    room.service.close(ended.id, anna.id, "end", "It was enough.")
    return {
        "interview_id": (talk.id, ended.id),
        "interview_pages.live interview_id": (talk.id, planned.id),
        "importing.page interview_id": (waiting.id, ended.id),
        "voices.page interview_id": (ended.id,),
    }


def _talk(services: Services, room: Room, talk: Interview) -> None:
    """Through an interpreter, in two languages."""
    present = {"name": "Tolk 4711", "relation": "none", "witness": False, "language": "uk"}
    services.interpreting.write(talk.id, room.user.id, NoteIn("n1", "present", present))
    room.press(talk, "start")
    for speaker, text in (
        ("interviewer", "Tell me about things you like to do."),
        ("interpreter", "Розкажи мені про це"),
        ("child", "Він штовхнув мене зі сходів"),
        ("interpreter", "he pushed me down the stairs"),
        ("interviewer", "Did he touch you or not?"),
    ):
        room.say(talk, speaker, text)


def _recorded(services: Services, room: Room, interview: Interview) -> None:
    """Two voices on one track, and the file of another recording on its way."""
    room.press(interview, "start")
    services.recordings.open_track(interview.id, "room", None, 0, None)
    spoken = ("Tell me what happened.", CHILD, "Did he touch you?", "no")
    for number, text in enumerate(spoken):
        words = [
            {"text": word, "start_ms": 0, "end_ms": 0, "probability": 0.2 if place else 0.9}
            for place, word in enumerate(text.split())
        ]
        start = number * 3000
        for word in words:
            word.update(start_ms=start, end_ms=start + 2500)
        speaker = "child" if number % 2 else "interviewer"
        turn = TurnIn(
            f"r{number}", speaker, text, start, start + 2500, source="speech", words=words, unsure=True
        )
        services.interviews.add_turn(interview.id, None, turn)
    services.recordings.note_voices(interview.id, "room", [[1, 3], [2, 4]])
    part = bytes(1000)
    services.parts.begin(interview.id, "a" * 24, len(part), ["child"], room.user.id)
    services.parts.put(interview.id, "a" * 24, 0, part, hashlib.sha256(part).hexdigest())


def _house(services: Services, users: dict[Role, User], folder: Path) -> dict[str, tuple[Any, ...]]:
    """What supervisors write and administrators bring."""
    sam = users[Role.SUPERVISOR]
    words = {"wording/own_en.yml": own_words()}
    number = publish(services.authoring, sam, {**own_flow(), **words})
    draft = services.authoring.create("Our words", sam, {"wording/own_en.yml": own_words("I listen.")})
    installer = Installer(Models(services.config.speech_models))
    installer.errands.run("toy", installer.carried("toy", toy_folder(folder / "stick"), "stick"))
    install(make_package(folder, "so", "en"), services.config.home / "packages", trial=False)
    library = services.libraries.shipped
    return {
        "draft_id": (draft.id,),
        "path": (f"flows/{FLOW}/flow.yml", "wording/own_en.yml"),
        "language": ("en",),
        "number": (number,),
        "protocol_id": ("nichd_revised_2014", FLOW),
        "pack_id": (sorted(library.packs)[0],),
        "user_id": (users[Role.TRAINEE].id,),
        "packages.take_away name": ("translate-so_en",),
        "models.take_away name": ("toy",),
    }
