from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from web.security import passwords
from web.security.passwords import WeakPassword

GOOD = "seven herons on a pier"


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("fourteen signs", "short"),
        ("x1" * 65, "long"),
        ("passwordpassword", "common"),
        ("Password Password", "common"),
        ("1qaz2wsx3edc4rfv", "common"),
        ("aaaaaaaaaaaaaaaa", "common"),
        ("abcabcabcabcabcabc", "common"),
        ("magdalena.andersson", "name"),
        ("Magdalena.Andersson2026", "name"),
    ],
)
def test_weak_passwords_are_refused_with_a_reason(password: str, reason: str) -> None:
    with pytest.raises(WeakPassword) as refusal:
        passwords.check_new(password, "magdalena.andersson")
    assert refusal.value.reason == reason
    assert password not in str(refusal.value)


@pytest.mark.parametrize(
    "password", [GOOD, "y" * 14 + "z", "fifteen letters", "ä" * 20 + "ö", "q7" * 63 + "zz"]
)
def test_long_ones_are_taken_whatever_signs_they_use(password: str) -> None:
    passwords.check_new(password, "magdalena")


def test_a_short_name_within_a_password_is_no_reason_to_refuse() -> None:
    passwords.check_new("eva eva eva and adam", "eva")


def test_the_right_password_fits_and_others_do_not() -> None:
    made = passwords.make_hash(GOOD)
    assert passwords.verify(made, GOOD)
    assert not passwords.verify(made, GOOD + " ")
    assert not passwords.verify(made, GOOD.upper())
    assert not passwords.verify("not a hash", GOOD)


def test_the_same_sign_typed_in_two_ways_is_the_same_password() -> None:
    composed, decomposed = "gr\u00f6na \u00e4ngar i juni", "gro\u0308na a\u0308ngar i juni"
    assert passwords.verify(passwords.make_hash(composed), decomposed)


def test_an_unknown_name_takes_the_same_work(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # noqa: A002
            asked.append(str(hash).split("$")[3])
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "HASHER", Counting(time_cost=1, memory_cost=8, parallelism=1))
    passwords._decoy.cache_clear()
    known = passwords.make_hash(GOOD)
    assert not passwords.verify(known, "something else")
    assert not passwords.verify(None, "something else")
    assert len(asked) == 2
    assert asked[0] == asked[1]  # the same parameters


def test_no_password_opens_a_name_that_does_not_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_decoy", lambda: passwords.make_hash(GOOD))
    assert not passwords.verify(None, GOOD)


def test_hashes_are_strong_argon2id(quick_hashes: PasswordHasher) -> None:
    real = quick_hashes
    assert real.hash("x").startswith("$argon2id$")
    assert real.memory_cost >= 64 * 1024  # KiB
    assert real.time_cost >= 3


def test_a_hash_with_old_parameters_is_known_as_such() -> None:
    old = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1).hash(GOOD)
    assert passwords.is_outdated(old)
    assert not passwords.is_outdated(passwords.make_hash(GOOD))


def test_one_time_passwords_are_long_readable_and_never_the_same() -> None:
    made = {passwords.one_time_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        passwords.check_new(password, "anybody")
        assert not set(password) & set("01ilo")
