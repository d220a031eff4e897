"""Turns of which it is uncertain who speaks: said wherever they are shown or given out."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.conftest import sign_in
from web.interview import coded_turns, events
from web.interview.errors import Invalid
from web.interview.new import NewInterview
from web.interview.summary import Summary, summarise
from web.interview.turns import TurnIn
from web.review.corrections import gather
from web.review.service import Correction, Passage, Verdict
from web.services import Services
from web.store import EventKind, Interview, InterviewState, Role, Tag, Track, Turn, User
from web.store.base import new_id
from web.transcript import uncertain
from web.transcript.exports import FORMS
from web.transcript.service import StepIn

TRACK = "file-0123456789-0"
SAID = (("interviewer", "Tell me what happened."), ("child", "He hit me."), ("interviewer", "Go on then."))


@pytest.fixture
def interview(here: Services, users: dict[Role, User]) -> Interview:
    """One microphone; of the first two turns of three it is uncertain who says them."""
    new = NewInterview(case_code="K-17", protocol="minimal_facts", child_age=8)
    made = here.interviews.create(users[Role.INTERVIEWER], new)
    here.recordings.open_track(made.id, TRACK, None, 0, None)
    for number, (speaker, text) in enumerate(SAID, 1):
        span = (number * 2000, number * 2000 + 1500)
        turn = TurnIn(f"k{number}", speaker, text, *span, source="speech", unsure=number < 3)
        here.interviews.add_turn(made.id, None, turn)
    return here.interviews.get(made.id)


def left(here: Services, interview: Interview) -> set[int]:
    sealer = here.vault.sealer(interview.id, interview.wrapped_key)
    with here.database.read() as session:
        return set(uncertain.turns(session, sealer, interview))


def take(here: Services, interview: Interview, user: User, kind: str, **fields: Any) -> None:
    seen = here.transcripts.read(interview).now.number
    here.transcripts.take(interview.id, user, StepIn(new_id(), kind, seen, **fields))


def test_a_person_settles_a_turn_by_a_step_or_by_saying_it_is_right(
    here: Services, users: dict[Role, User], interview: Interview
) -> None:
    user = users[Role.INTERVIEWER]
    assert left(here, interview) == {1, 2}
    take(here, interview, user, "speaker", segment="1", speaker="child")
    assert left(here, interview) == {2}
    here.voice_names.right(interview.id, user, 2)
    here.voice_names.right(interview.id, user, 2)
    assert left(here, interview) == set()
    with pytest.raises(Invalid):
        here.voice_names.right(interview.id, user, 3)
    take(here, interview, user, "undo", of=1)
    assert left(here, interview) == {1}, "what was undone was not said"


def test_both_parts_of_a_turn_are_as_uncertain_as_it_was(
    here: Services, users: dict[Role, User], interview: Interview
) -> None:
    user = users[Role.INTERVIEWER]
    take(here, interview, user, "split", segment="1", at=len("Tell me"))
    take(here, interview, user, "speaker", segment="1", speaker="child")
    assert 1 in left(here, interview)
    take(here, interview, user, "speaker", segment="s1", speaker="interpreter")
    assert left(here, interview) == {2}
    take(here, interview, user, "split", segment="2", at=len("He"))
    now = here.transcripts.read(interview).now
    both = uncertain.LeftOpen(frozenset({1, 2}))
    assert uncertain.segments(now, both) == {"2", "s4"}
    take(here, interview, user, "merge", segment="2", other="s4")
    assert uncertain.segments(here.transcripts.read(interview).now, both) == {"2"}


def doubted(here: Services, interview: Interview) -> set[str]:
    now = here.transcripts.read(interview).now
    return set(uncertain.segments(now, here.voice_names.left_open(interview)))


def test_what_is_said_of_one_part_is_said_of_no_other(
    here: Services, users: dict[Role, User], interview: Interview
) -> None:
    user = users[Role.INTERVIEWER]
    take(here, interview, user, "split", segment="2", at=len("He"))
    here.voice_names.right(interview.id, user, 2, "s1")
    assert doubted(here, interview) == {"1", "2"}
    here.voice_names.right(interview.id, user, 2)
    assert doubted(here, interview) == {"1"}


def marked(here: Services, interview: Interview) -> str:
    """A passage that the machine found in the child's words."""
    sealer = here.vault.sealer(interview.id, interview.wrapped_key)
    with here.database.write() as session:
        turn = session.scalars(select(Turn).where(Turn.interview_id == interview.id, Turn.number == 2)).one()
        tag = new_id()
        why = sealer.seal({"quote": "hit me", "why": "force"}, f"tag:{tag}")
        session.add(
            Tag(
                id=tag,
                interview_id=interview.id,
                turn_id=turn.id,
                tag="ABU-PHY",
                start=3,
                end=9,
                urgency=2,
                confidence=0.8,
                axes={},
                sealed_why=why,
            )
        )
    return tag


def test_what_may_not_be_the_childs_becomes_no_passage_of_the_childs(
    here: Services, users: dict[Role, User], interview: Interview
) -> None:
    user, tag = users[Role.SUPERVISOR], marked(here, interview)
    with pytest.raises(Invalid):
        here.reviews.decide(interview.id, user, tag, Verdict("adopt"))
    with pytest.raises(Invalid):
        here.reviews.mark(interview.id, user, 2, Passage("ABU-PHY", "hit me", "She says so."))
    here.reviews.decide(interview.id, user, tag, Verdict("reject", "It is the interviewer who asks."))
    here.voice_names.right(interview.id, users[Role.INTERVIEWER], 2)
    here.reviews.decide(interview.id, user, tag, Verdict("adopt"))


def test_what_by_now_is_not_the_childs_becomes_none_either(
    here: Services, users: dict[Role, User], interview: Interview
) -> None:
    tag = marked(here, interview)
    take(here, interview, users[Role.INTERVIEWER], "speaker", segment="2", speaker="interviewer")
    with pytest.raises(Invalid):
        here.reviews.decide(interview.id, users[Role.SUPERVISOR], tag, Verdict("adopt"))
    here.reviews.decide(interview.id, users[Role.SUPERVISOR], tag, Verdict("reject", "The interviewer asks."))


def counts(here: Services, interview: Interview) -> Summary:
    sealer = here.vault.sealer(interview.id, interview.wrapped_key)
    flow = here.interviews.setting(interview).flow
    with here.database.read() as session:
        return summarise(coded_turns.read(session, sealer, interview, flow))


def test_a_turn_is_counted_for_whoever_says_it_by_now(
    here: Services, users: dict[Role, User], interview: Interview
) -> None:
    take(here, interview, users[Role.INTERVIEWER], "speaker", segment="2", speaker="interviewer")
    counted = counts(here, interview)
    assert (counted.child_turns, counted.unsure) == (0, 1)
    assert counted.uncoded >= 1, "its code was made of it as the child's"
    take(here, interview, users[Role.INTERVIEWER], "undo", of=1)
    here.voice_names.right(interview.id, users[Role.INTERVIEWER], 2)
    assert counts(here, interview).child_turns == 1


def test_words_are_counted_as_they_stand_by_now(
    here: Services, users: dict[Role, User], interview: Interview
) -> None:
    user = users[Role.INTERVIEWER]
    here.voice_names.right(interview.id, user, 2)
    assert counts(here, interview).child_turns == 1
    take(here, interview, user, "text", segment="2", text="")
    assert counts(here, interview).child_turns == 0, "nothing is left of it"


def test_no_key_that_is_sent_is_taken_for_one_of_the_programs_own(
    client: FlaskClient, here: Services, users: dict[Role, User], interview: Interview
) -> None:
    token = sign_in(client, users[Role.INTERVIEWER])
    header = {"X-CSRFToken": token}
    for key in ("speaker_right:2", "speaker_right:x", "voices:x"):
        sent = {"key": key, "word": "Bo"}
        path = f"/api/interviews/{interview.id}/own-words"
        assert client.post(path, json=sent, headers=header).status_code == 422
    sealer = here.vault.sealer(interview.id, interview.wrapped_key)
    with here.database.write() as session:
        row = session.get_one(Interview, interview.id)
        events.append(session, sealer, row, EventKind.REVIEW, {"what": "x"}, key="speaker_right:2")
        events.append(session, sealer, row, EventKind.ACTION, {"action": "x"}, key="speaker_right:1")
    assert left(here, interview) == {1, 2}
    assert client.get(f"/interviews/{interview.id}/transcript").status_code == 200


def closed(here: Services, interview: Interview) -> None:
    with here.database.write() as session:
        session.get_one(Interview, interview.id).state = InterviewState.CLOSED


def test_the_review_says_it_beside_the_turn_the_passage_and_above_all(
    client: FlaskClient, here: Services, users: dict[Role, User], interview: Interview
) -> None:
    tag = marked(here, interview)
    closed(here, interview)
    token = sign_in(client, users[Role.SUPERVISOR])
    shown = client.get(f"/review/{interview.id}?tag={tag}").text
    assert "In 2 turns it is uncertain who speaks." in shown
    assert shown.count("speaker uncertain") == 3
    assert "No passage of it can be adopted" in shown
    refused = client.post(
        f"/review/{interview.id}/tags/{tag}", data={"decision": "adopt", "csrf_token": token}
    )
    assert refused.status_code == 422
    assert "Listen, say who it is, then decide." in refused.text
    right = f"/interviews/{interview.id}/voices/turns/2/right"
    answer = client.post(right, data={"back": "review", "csrf_token": token})
    assert answer.location.endswith("?turn=2")
    shown = client.get(f"/review/{interview.id}?tag={tag}").text
    assert "No passage of it can be adopted" not in shown
    assert shown.count("speaker uncertain") == 1


def test_no_count_rests_on_it_and_the_way_it_went_says_so(
    client: FlaskClient, here: Services, users: dict[Role, User], interview: Interview
) -> None:
    closed(here, interview)
    sign_in(client, users[Role.INTERVIEWER])
    summary = client.get(f"/interviews/{interview.id}/summary").text
    assert "Of 2 turns it is uncertain who speaks; they are not counted." in summary
    went = client.get(f"/interviews/{interview.id}/adherence").text
    assert "Of 2 turns it is uncertain who speaks. The guide took them" in went
    assert went.count("(speaker uncertain)") == 2


def test_every_file_says_it(
    client: FlaskClient, here: Services, users: dict[Role, User], interview: Interview
) -> None:
    sign_in(client, users[Role.INTERVIEWER])
    files = {form: client.get(f"/interviews/{interview.id}/transcript.{form}").text for form in FORMS}
    for form in ("txt", "srt"):
        assert files[form].count("(speaker uncertain): ") == 2
        assert "Interviewer: Go on then." in files[form]
    assert "<v Child (speaker uncertain)>He hit me." in files["vtt"]
    rows = list(csv.DictReader(io.StringIO(files["csv"])))
    assert [(row["speaker"], row["uncertain"]) for row in rows] == [
        ("interviewer", "yes"), ("child", "yes"), ("interviewer", ""),
    ]  # fmt: skip
    assert json.loads(files["json"])["speaker_uncertain"] == ["1", "2"]
    asked = client.get(f"/api/interviews/{interview.id}/transcript").get_json()
    assert asked["speaker_uncertain"] == ["1", "2"]


def test_nobody_certifies_without_having_looked(
    client: FlaskClient, here: Services, users: dict[Role, User], interview: Interview
) -> None:
    with here.database.write() as session:
        session.scalars(select(Track)).one().heard_out = True
    closed(here, interview)
    token = sign_in(client, users[Role.INTERVIEWER])
    page = f"/interviews/{interview.id}/transcript"
    shown = client.get(page).text
    assert "In 2 parts it is uncertain who speaks:" in shown
    assert 'href="#seg-1">0:02</a>' in shown
    drawn = re.search(r'id="drawn" value="(\w+)"', shown)
    assert drawn
    answer = {"drawn": drawn[1], "statement": "As heard.", "csrf_token": token}
    refused = client.post(f"{page}/certify", data=answer)
    assert refused.status_code == 409
    assert "Look first at where it is uncertain who speaks" in refused.text
    assert client.post(f"{page}/certify", data={**answer, "uncertain": "seen"}).status_code == 302
    assert "2 parts with an uncertain speaker" in client.get(page).text
    noted = here.interviews.history(interview.id, kinds=(EventKind.TRANSCRIPT,))[-1].payload
    assert noted["unsure"] == 2


def test_the_transcript_lets_a_person_say_that_the_speaker_is_right(
    client: FlaskClient, here: Services, users: dict[Role, User], interview: Interview
) -> None:
    token = sign_in(client, users[Role.INTERVIEWER])
    right = f"/interviews/{interview.id}/voices/turns/1/right"
    page = f"/interviews/{interview.id}/transcript"
    assert f'action="{right}"' in client.get(page).text
    assert client.post(right, data={"csrf_token": token}).location.endswith("#seg-1")
    shown = client.get(page).text
    assert f'action="{right}"' not in shown
    assert shown.count("speaker uncertain</span>") == 1
    assert client.post(right.replace("/1/", "/3/"), data={"csrf_token": token}).status_code == 422


def test_nothing_is_learned_from_it(here: Services, users: dict[Role, User], interview: Interview) -> None:
    closed(here, interview)
    user = users[Role.SUPERVISOR]
    here.reviews.correct(interview.id, user, 2, Correction(response="narrative", reason="She tells."))
    with here.database.read() as session:
        found = gather(session, here.vault)
    assert (found.examples, found.left_out["speaker uncertain"]) == ([], 1)
    here.voice_names.right(interview.id, users[Role.INTERVIEWER], 2)
    with here.database.read() as session:
        assert len(gather(session, here.vault).examples) == 1
