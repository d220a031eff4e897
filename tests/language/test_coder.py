"""The coder with its real models: contract, other languages, long and odd text, damaged models."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

from tests.language.talk import NLU_DATA
from web.language import models
from web.language.coder import Coder
from web.language.conversation import Conversation
from web.language.encoder import MAX_TEXT, Encoder, Meaning, Vocabulary
from web.language.model import Coding, QuestionType, Speaker, Turn
from web.language.parse import MAX_CHARS, ModelMissing, parse


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder.load()


def test_each_speaker_gets_the_coding_that_is_theirs(coder: Coder) -> None:
    conversation = Conversation(age=7)
    question = coder.code(conversation, Turn(Speaker.INTERVIEWER, "Tell me about your cat."))
    answer = coder.code(conversation, Turn(Speaker.CHILD, "she is grey and sleeps on my bed"))
    echo = coder.code(conversation, Turn(Speaker.INTERPRETER, "she is grey"))
    assert question.question is not None
    assert question.question.type is QuestionType.INVITATION
    assert question.response is None
    assert answer.response is not None
    assert answer.question is None
    assert echo == Coding()
    assert len(conversation.turns) == 3


def test_a_coding_is_plain_json(coder: Coder) -> None:
    coding = coder.code(Conversation(age=7), Turn(Speaker.INTERVIEWER, "Did he hit you?"))
    shape = json.loads(json.dumps(coding.as_dict()))["question"]
    assert (shape["type"], shape["subtype"]) == ("yes_no", "plain")
    assert set(shape["schemes"]) == {"lyon4", "lyon6", "nichd", "recommended2"}
    assert set(shape["flags"][0]) == {"flag", "why"}
    assert 0 <= shape["confidence"] <= 1


def test_other_languages_are_heard_but_not_coded(coder: Coder) -> None:
    conversation = Conversation(age=7, language="sv")
    assert coder.code(conversation, Turn(Speaker.INTERVIEWER, "Berätta vad som hände.", "sv")) == Coding()
    assert len(conversation.turns) == 1


@pytest.mark.parametrize(
    "text", ["", " ", "\ud800\udfff", "؟؟؟", "ما اسمك", "💔" * 50, "\x00\x01", "(", "%s {0}"]
)
def test_odd_text_is_coded(coder: Coder, text: str) -> None:
    for speaker in Speaker:
        coder.code(Conversation(), Turn(speaker, text))


def test_a_megabyte_is_read_from_its_beginning(coder: Coder) -> None:
    text = "Did he hit you? " * 65_000
    coding = coder.code(Conversation(age=9), Turn(Speaker.INTERVIEWER, text))
    assert coding.question is not None
    assert parse(text).truncated
    assert len(parse(text).doc.text) == MAX_CHARS


def test_threads_get_what_one_thread_gets(coder: Coder) -> None:
    texts = ["Tell me about that.", "Where was he?", "Did it hurt?", "You went home, right?"] * 4

    def kind(text: str) -> object:
        question = coder.code(Conversation(age=8), Turn(Speaker.INTERVIEWER, text)).question
        return question and (question.type, question.subtype)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(kind, texts)) == [kind(text) for text in texts]


def _interview() -> list[Turn]:
    rows = map(json.loads, (NLU_DATA / "development" / "earlier.jsonl").read_text("utf-8").splitlines())
    turns = [Turn(Speaker(row["speaker"]), row["text"]) for row in rows][:90]
    again = Turn(Speaker.INTERVIEWER, "What colour was the car?")
    asked = [again, Turn(Speaker.CHILD, "it was red"), again, Turn(Speaker.CHILD, "red")]
    return [
        *turns,
        Turn(Speaker.CHILD, "en hund", "sv"),
        Turn(Speaker.INTERPRETER, "a dog"),
        *asked,
        *turns[:20],
    ]


def test_many_at_once_are_coded_as_one_by_one(coder: Coder) -> None:
    turns, together, apart = _interview(), Conversation(age=8), Conversation(age=8)
    assert coder.code_many(together, turns) == [coder.code(apart, turn) for turn in turns]
    assert any(put.question.has("repeated") for put in apart.asked)
    assert together.child_lemmas == apart.child_lemmas
    assert coder.cues(together) == coder.cues(apart)


def test_a_look_at_a_draft_is_the_coding_it_would_get_and_leaves_no_trace(coder: Coder) -> None:
    turns, looked, plain = _interview()[:40], Conversation(age=8), Conversation(age=8)
    draft = Turn(Speaker.INTERVIEWER, "Did your uncle lock you in the basement on Tuesday?")
    for turn in turns:
        assert coder.look(looked, draft) == coder.look(looked, draft)
        assert coder.code(looked, turn) == coder.code(plain, turn)
    assert coder.look(looked, draft) == coder.code(plain, draft)
    assert coder.look(looked, Turn(Speaker.INTERVIEWER, "Vad hände sedan?", "sv")) == Coding()


def test_a_recalled_conversation_goes_on_as_the_first_would_have(
    coder: Coder, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns, first, again = _interview(), Conversation(age=8), Conversation(age=8)
    codings = [coder.code(first, turn) for turn in turns]
    kept = [Coding.from_dict(json.loads(json.dumps(coding.as_dict()))) for coding in codings]
    assert kept == codings
    with monkeypatch.context() as patch:
        patch.setattr(Encoder, "encode", None)  # no vector may be made
        coder.recall(again, list(zip(turns, kept, strict=True)))
    for name in ("child_lemmas", "child_content", "names", "affirmed_lemmas", "interviewer_lemmas"):
        assert getattr(again, name) == getattr(first, name), name
    assert coder.cues(again) == coder.cues(first)
    assert [(put.text, put.lemmas, put.answer) for put in again.asked] == [
        (put.text, put.lemmas, put.answer) for put in first.asked
    ]
    for turn in turns[:40]:
        assert coder.code(again, turn) == coder.code(first, turn)


@pytest.mark.parametrize("shape", [{"question": {}}, {"response": "perhaps"}, {"indicators": [{"tag": "X"}]}])
def test_what_is_no_coding_is_refused(shape: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        Coding.from_dict(shape)


def test_vectors_are_the_models_own() -> None:
    encoder = Encoder.load()
    texts = [
        "Where was he?",
        "",
        "ow",
        "Tell me everything that happened then. " * 50,
        *(t.text for t in _interview()[:12]),
    ]
    library = SentenceTransformer(str(models.minilm_folder()), device="cpu", local_files_only=True).encode(
        texts, normalize_embeddings=True, show_progress_bar=False
    )
    together = encoder.encode(texts)
    apart = np.stack([encoder.encode([text])[0] for text in texts])
    assert np.abs(together - library).max() < 1e-5
    assert np.abs(together - apart).max() < 1e-5
    assert encoder.encode([]).shape == (0, 384)


def test_a_meaning_is_made_once_and_when_asked(coder: Coder) -> None:
    encoder = Encoder.load()
    first, second = Meaning("where was he", encoder), Meaning("x" * 2000, encoder)
    assert len(second.text) == MAX_TEXT
    Meaning.make((first, second))
    kept = first.vector
    Meaning.make((first, second))
    assert first.vector is kept
    assert np.allclose(kept, encoder.encode(["where was he"])[0], atol=1e-5)


def test_a_vocabulary_grows_and_finds_the_nearest() -> None:
    encoder, words = Encoder.load(), Vocabulary()
    said = [f"word{number}" for number in range(100)]
    words.grow(said, encoder)
    words.grow([*said, "sofa"], encoder)
    assert words.words == [*said, "sofa"]
    assert words.rows.shape == (101, 384)
    assert encoder.close("couch", words, 0.78) == "sofa"
    assert encoder.close("giraffe", words, 0.78) is None
    assert encoder.close("couch", Vocabulary(), 0.78) is None


def test_a_changed_model_file_is_refused_by_name(tmp_path: Path) -> None:
    known = json.loads(models.KNOWN.read_text("utf-8"))["minilm"]["files"]
    shutil.copytree(models.minilm_folder(), tmp_path / "model")
    models.check(tmp_path / "model", known)
    (tmp_path / "model" / "tokenizer.json").write_text("{}")
    with pytest.raises(ModelMissing, match=r"tokenizer\.json is not a file we know"):
        models.check(tmp_path / "model", known)
    (tmp_path / "model" / "tokenizer.json").unlink()
    with pytest.raises(ModelMissing, match="missing"):
        models.check(tmp_path / "model", known)
