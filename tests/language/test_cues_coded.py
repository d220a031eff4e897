"""The project's own coder must take every cue for what it is: an invitation with nothing against it.

A sample of what `python -m bench.cues` goes through, and words that are hard to put into a prompt.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

import pytest

from bench.cues import Said, foreign, plainly, prove, strung, written
from bench.dialogues import DEVELOPMENT
from tests.language.talk import NLU_DATA
from web.language.coder import Coder
from web.language.model import Speaker, Turn

CHILDREN = sorted((NLU_DATA / "children").glob("*.yml"))
HARD = """
that thing he did was in the room
he did the thing with the thing
um he he done it again and I I fell
the b was on the table and he put it in the k
I seen him do 3 of them and he has 12 and it was 2009
Tariq and Олег took my phone and my имя was on it
he said "come here" and I went to him
he said 'you are mine' and then he locked the door
she's got my auntie's friend's brother's red plastic fish-tank lamp thing
he'd've hit me but I'd gone
we was goin' down t'shop and me mam were there
y'all gotta stay he told me and I stayed in the shed
the very very very long and really quite old yellow wooden box with the two locks was under my bed
me no like man, man come night, man take bag
i went to the toilet and he was in there and i screamed
He Took My Shoes And My Coat
HE LOCKED THE DOOR AND I CRIED
the f**** game he plays with me is on fridays
my bum hurts because he put his thing in it
he touched me in my private and I told mum
they made us run, they shot at us, we lay in the ditch
why did he do that, he was my friend and he burned my book
I don't know, maybe he wanted to, he had the keys
he wouldn't let me go and he couldn't open it
my brother, he's four, he saw it, he was under the table
el me pegó con el cinturón and I ran
we have a game called the sock game and he always wins it
I drew his special room with the red lamp for my teacher
it was dark and it smelled like petrol and there were six of us
If I tell, he said he will send my sister to them
he promised me a bike and he gave me sweets
he took pictures of me with the camera on the stick
you know my dad, he works with you, he drives your car
I was ten when we left Aleppo and my uncle paid the man
that's what he calls it, the medicine, and I have to drink it
""".strip().splitlines()


def hard() -> Iterator[Said]:
    """Each hard line in a talk of its own, and all of them in one."""
    for line in HARD:
        yield 6, [Turn(Speaker.CHILD, line)]
    yield None, [Turn(Speaker.CHILD, line) for line in HARD]


def development() -> Iterator[Said]:
    return islice(written(sorted(DEVELOPMENT.glob("*.jsonl"))), 6)


def examples() -> Iterator[Said]:
    return islice(strung(CHILDREN), 0, 240, 30)


@pytest.mark.parametrize(
    ("talks", "least"),
    [
        (development(), 40),
        (plainly(development()), 35),
        (examples(), 80),
        (hard(), 40),
        (plainly(hard()), 30),
    ],
    ids=["dialogues", "bare dialogues", "examples", "hard", "bare hard"],
)
def test_every_cue_is_an_invitation_without_a_flag_in_the_childs_words(
    talks: Iterable[Said], least: int
) -> None:
    tally = prove(Coder.load(), talks)
    assert tally.wrong == []
    assert tally.cues >= least


def test_a_word_that_is_not_the_childs_is_seen() -> None:
    said = {"he", "took", "my", "shoes", "i", "was"}
    assert foreign("You said he took your coat. Tell me more about that.", said) == ["coat"]
    assert foreign("You said you were there. Tell me more about that.", said) == ["there"]
    assert foreign("You said he took your shoes. Tell me more about that.", said) == []
