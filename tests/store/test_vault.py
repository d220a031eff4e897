"""What is sealed opens only with its key, at its place, unaltered."""

from __future__ import annotations

import pytest

from web.store.vault import Sealer, Unreadable, Vault

WORDS = {"text": "the swing — качели — أرجوحة"}


@pytest.fixture
def vault() -> Vault:
    return Vault(b"m" * 32)


def sealer(vault: Vault, interview: str = "one") -> Sealer:
    return vault.sealer(interview, vault.new_key(interview))


def test_what_is_sealed_opens_again(vault: Vault) -> None:
    one = sealer(vault)
    sealed = one.seal(WORDS, "turn:1")
    assert one.open(sealed, "turn:1") == WORDS
    assert b"swing" not in sealed
    assert one.open_bytes(one.seal_bytes(b"\x00pcm", "chunk:t:0"), "chunk:t:0") == b"\x00pcm"


def test_the_same_words_never_look_the_same(vault: Vault) -> None:
    one = sealer(vault)
    assert len({one.seal(WORDS, "turn:1") for _ in range(20)}) == 20


def test_it_cannot_be_moved_altered_or_cut(vault: Vault) -> None:
    one = sealer(vault)
    sealed = one.seal(WORDS, "turn:1")
    broken = [sealed[:-1], sealed[:5], b"", sealed[:20] + bytes([sealed[20] ^ 1]) + sealed[21:]]
    for context, value in [("turn:2", sealed), ("event:1", sealed), *(("turn:1", value) for value in broken)]:
        with pytest.raises(Unreadable) as refusal:
            one.open(value, context)
        assert "swing" not in str(refusal.value)


def test_another_interviews_key_does_not_open_it(vault: Vault) -> None:
    sealed = sealer(vault).seal(WORDS, "turn:1")
    with pytest.raises(Unreadable):
        sealer(vault, "two").open(sealed, "turn:1")


def test_a_key_belongs_to_one_interview_and_one_master(vault: Vault) -> None:
    wrapped = vault.new_key("one")
    with pytest.raises(Unreadable):
        vault.sealer("two", wrapped)
    with pytest.raises(Unreadable):
        Vault(b"n" * 32).sealer("one", wrapped)


def test_an_erased_key_is_said_to_be_erased(vault: Vault) -> None:
    with pytest.raises(Unreadable, match="erased"):
        vault.sealer("one", None)
