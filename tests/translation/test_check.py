from __future__ import annotations

import pytest

from web.translation.check import CHECKS, MESSAGES, check

GOOD = [
    ("uk", "en", "Він штовхнув мене зі сходів.", "He pushed me down the stairs."),
    ("uk", "en", "Мені п'ять років, а брату 12.", "I am 5 years old and my brother is twelve."),
    ("uk", "en", "Я нікому не казав.", "I didn't tell anyone."),
    ("es", "en", "No sé nada.", "I don't know anything."),
    ("en", "es", "Did Anna go home?", "¿Anna se fue a casa?"),
    ("uk", "en", "Потім прийшла Оксана.", "Then Oksana came."),
    ("ru", "en", "Нет, нет, нет!", "No, no, no!"),
    ("en", "de", "I like the house.", "Ich mag das Haus."),
    ("tr", "en", "Bilmiyorum.", "I don't know."),
    ("ar", "en", "لا أعرف", "I don't know."),
    ("ar", "en", "عمري ٧ سنوات", "I am 7 years old."),
    ("zh", "en", "他把我从楼梯上推下来", "He pushed me down the stairs."),
    ("fr", "en", "Je n'ai pas peur.", "I am not afraid."),
    ("pl", "en", "Mam dwóch braci.", "I have two brothers."),
    ("sv", "en", "Jag vill inte.", "I don't want to."),
    ("es", "en", "Vino mi tío el lunes.", "It was on Monday that Uncle came."),
    ("xx", "yy", "foo", "bar"),
    ("uk", "en", "Так.", "Yes."),
    ("uk", "en", "Ммм.", "Mmmm."),
    ("uk", "en", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("source", "target", "said", "got"), GOOD)
def test_a_good_translation_raises_no_doubt(source: str, target: str, said: str, got: str) -> None:
    assert check(said, got, source, target) == ()


BAD = [
    ("empty", "uk", "en", "Він прийшов.", "  "),
    ("untranslated", "uk", "en", "я був на кухні", "Я був на кухні"),
    ("length", "uk", "en", "Він штовхнув мене зі сходів, і я впав, і нога боліла.", "He pushed."),
    ("length", "zh", "en", "他来了", "He came in yesterday with all of his brothers and friends"),
    ("repetition", "uk", "en", "записаний", "matriculated matriculated matriculated"),
    ("repetition", "uk", "en", "ну", "pre-pre-pre-pre-pre-school"),
    ("repetition", "uk", "en", "я пішов додому", "I went home I went home I went home"),
    ("repetition", "uk", "en", "Він вдарив мене по обличчю.", "I've made an immmmage and a smoker."),
    ("numbers", "uk", "en", "Це було 3 рази.", "It was 5 times."),
    ("numbers", "uk", "en", "Їх було двоє.", "There were three of them."),
    ("numbers", "uk", "en", "Це було вночі.", "It was at 9 at night."),
    ("negation", "uk", "en", "Він мене не бив.", "He hit me."),
    ("negation", "es", "en", "Me pegó.", "He did not hit me."),
    ("negation", "tr", "en", "Bilmiyorum.", "I know."),
    ("script", "uk", "en", "Він штовхнув мене.", "He штовхнув me."),
    ("script", "en", "ar", "He pushed me.", "He دفعني بقوة"),
    ("names", "uk", "en", "Потім прийшла Оксана.", "Then she came."),
    ("names", "es", "en", "Fui con Pedro a casa.", "I went home with Juan."),
    ("names", "uk", "en", "Потім прийшла вона.", "Then Maria came."),
    ("invented", "uk", "en", "Він засміявся.", "He laughed. (applause)"),
    ("invented", "uk", "en", "Так.", "♪ Yes ♪"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "source", "target", "said", "got"), BAD)
def test_a_doubtful_translation_is_marked(code: str, source: str, target: str, said: str, got: str) -> None:
    assert code in check(said, got, source, target)


def test_every_code_has_words_for_people() -> None:
    assert set(CHECKS) <= set(MESSAGES)
    assert all(text.endswith(".") for text in MESSAGES.values())


@pytest.mark.parametrize("text", ["\0", "((((", "я" * 20_000, "а " * 10_000, "٣٣٣", "ＡＢＣ", "👩‍👩‍👧"])
def test_no_text_breaks_the_checks(text: str) -> None:
    assert set(check(text, text, "uk", "en")) <= set(MESSAGES)
    assert set(check("a", text, "en", "tr")) <= set(MESSAGES)
