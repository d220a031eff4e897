"""The drawing of the ways between languages."""

from __future__ import annotations

import math

from web.packages.picture import RADIUS, draw

STAR = [
    (a, b) for code in ("uk", "ru", "es", "ar", "tr", "fr", "de") for a, b in (("en", code), (code, "en"))
]


def test_the_language_with_most_packages_is_in_the_middle() -> None:
    drawn = draw(STAR)
    middle = next(place for place in drawn.places if place.code == "en")
    assert (middle.x, middle.y) == (drawn.width / 2, drawn.height / 2)
    assert draw([("uk", "en")]).places[0].code == "en"


def test_one_line_for_both_directions_and_an_arrow_for_one() -> None:
    drawn = draw([("uk", "en"), ("en", "uk"), ("ar", "en")])
    assert {way.pairs for way in drawn.ways} == {(("en", "uk"), ("uk", "en")), (("ar", "en"),)}
    arabic = next(way for way in drawn.ways if len(way.pairs) == 1)
    places = {place.code: place for place in drawn.places}
    ends = math.dist((arabic.x2, arabic.y2), (places["en"].x, places["en"].y))
    assert ends < math.dist((arabic.x1, arabic.y1), (places["en"].x, places["en"].y))


def test_a_way_is_weak_when_one_direction_is() -> None:
    drawn = draw([("uk", "en"), ("en", "uk"), ("ar", "en")], weak=[("en", "uk")])
    assert [way.weak for way in drawn.ways] == [False, True]


def test_places_keep_apart_and_inside() -> None:
    drawn = draw([*STAR, ("pl", "en"), ("sv", "en"), ("so", "en")])
    for number, one in enumerate(drawn.places):
        assert RADIUS <= one.x <= drawn.width - RADIUS
        assert RADIUS <= one.y <= drawn.height - RADIUS
        for other in drawn.places[number + 1 :]:
            assert math.dist((one.x, one.y), (other.x, other.y)) > 2 * RADIUS


def test_nothing_is_drawn_of_nothing() -> None:
    assert draw([]).ways == ()
