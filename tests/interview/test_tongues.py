"""Which turn is said again in which language, and for whom."""

from __future__ import annotations

import pytest

from web.interview import tongues
from web.interview.tongues import Owed

FOR_ME, FOR_THE_CHILD, FOR_THE_CODER = "interviewer", "child", "coder"


@pytest.mark.parametrize(
    ("speaker", "language", "interviewer", "child", "owed"),
    [
        ("child", "uk", "en", "uk", [("en", FOR_ME)]),
        ("interpreter", "uk", "en", "uk", [("en", FOR_ME)]),
        ("interviewer", "en", "en", "uk", [("uk", FOR_THE_CHILD)]),
        ("interpreter", "en", "en", "uk", []),
        ("child", "en", "en", "uk", []),
        ("interviewer", "uk", "en", "uk", [("en", FOR_ME)]),
        ("child", "en-GB", "en", "en", []),
        ("child", "uk", "en-GB", "uk", [("en-GB", FOR_ME)]),
        ("child", "uk", "uk", "uk", [("en", FOR_THE_CODER)]),
        ("interviewer", "uk", "uk", "uk", [("en", FOR_THE_CODER)]),
        ("interpreter", "uk", "uk", "uk", []),
        ("child", "ar", "sv", "ar", [("en", FOR_THE_CODER), ("sv", FOR_ME)]),
        ("interviewer", "sv", "sv", "ar", [("en", FOR_THE_CODER), ("ar", FOR_THE_CHILD)]),
        ("interviewer", "sv", "sv", "en", [("en", FOR_THE_CHILD)]),
        ("child", "en", "sv", "en", [("sv", FOR_ME)]),
        ("interpreter", "ar", "sv", "ar", [("sv", FOR_ME)]),
        ("child", "ru", "en", "uk", [("en", FOR_ME)]),
        ("interviewer", "no", "no", "nb", [("en", FOR_THE_CODER)]),
        ("child", "nb", "no", "nb", [("en", FOR_THE_CODER)]),
    ],
)
def test_each_turn_is_said_again_for_whoever_does_not_understand_it(
    speaker: str, language: str, interviewer: str, child: str, owed: list[tuple[str, str]]
) -> None:
    assert list(tongues.owed(speaker, language, interviewer, child)) == [Owed(*one) for one in owed]
