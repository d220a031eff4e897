import assert from "node:assert/strict";
import { test } from "node:test";

import { Refused } from "../../web/static/js/live/outbox.js";
import * as room from "../../web/static/js/live/state.js";
import { Sender } from "../../web/static/js/observe/sender.js";
import { apply, initial, owed, passages, unpaired, waiting } from "../../web/static/js/observe/state.js";

const AT = "2026-03-03T10:00:00+00:00";
let seq = 0;
const event = (kind, values = {}) => ({ seq: (seq += 1), kind, at: AT, ...values });
const guided = (phase, step = phase, more = {}) => event("guidance", { phase, step, ...more });
const said = (number, speaker, text = "words") => event("turn", { number, speaker, text, dir: "ltr" });
const asked = (number, type, suggestive = false) => [
  said(number, "interviewer", `question ${number}`),
  event("coding", { turn: number, type, suggestive, flags: [] }),
];
const told = (number, response) => [said(number, "child"), event("coding", { turn: number, response, flags: [] })];
const pressed = (action, values) => event("action", { action, ...values });
const play = (...events) => events.flat().reduce(apply, initial());
const PHASES = [
  { id: "rapport", title: "Rapport", probing: false, steps: [] },
  { id: "account", title: "Account", probing: true, steps: [] },
  { id: "closing", title: "Closing", probing: false, steps: [{ id: "thank", title: "Thank" }, { id: "ask", title: "Ask" }] },
];
const numbers = (turns) => turns.map((turn) => turn.number);

test("a closed question is paired by an open one that follows at once", () => {
  const before = [guided("account"), asked(1, "yes_no"), told(2, "yes")];
  assert.deepEqual(numbers(unpaired(play(...before), PHASES)), [1]);
  assert.deepEqual(unpaired(play(...before, asked(3, "invitation")), PHASES), []);
  assert.deepEqual(numbers(unpaired(play(...before, asked(3, "wh"), asked(5, "invitation")), PHASES)), [1]);
});

test("closed questions in a row are all open, the newest first", () => {
  const state = play(guided("account"), asked(1, "yes_no"), told(2, "yes"), asked(3, "choice"), told(4, "short"));
  assert.deepEqual(numbers(unpaired(state, PHASES)), [3, 1]);
});

test("a question outside the account needs no pairing, and one is not paired by what lies outside it", () => {
  assert.deepEqual(unpaired(play(guided("rapport"), asked(1, "yes_no"), told(2, "yes")), PHASES), []);
  const left = play(guided("account"), asked(1, "yes_no"), guided("closing"), asked(2, "invitation"));
  assert.deepEqual(numbers(unpaired(left, PHASES)), [1]);
});

test("a plain no needs its pair like any other answer", () => {
  const state = play(guided("account"), asked(1, "yes_no"), told(2, "no"));
  assert.deepEqual(numbers(unpaired(state, PHASES)), [1]);
});

test("what leads needs a pair whatever its form", () => {
  for (const type of ["wh", "invitation", "non_question"]) {
    const state = play(guided("account"), asked(1, type, true), told(2, "short"));
    assert.deepEqual(numbers(unpaired(state, PHASES)), [1], type);
    assert.deepEqual(unpaired([asked(3, "invitation")].flat().reduce(apply, state), PHASES), [], type);
  }
});

test("an invitation that leads pairs nothing, and needs a pair itself", () => {
  const state = play(guided("account"), asked(1, "yes_no"), asked(2, "invitation", true));
  assert.deepEqual(numbers(unpaired(state, PHASES)), [2, 1]);
});

test("what is asked in a break neither needs a pair nor is one", () => {
  const paused = (interrupt) => guided("account", "account", { interrupt });
  for (const interrupt of ["break", "stop", "safety"]) {
    const before = [guided("account"), asked(1, "choice"), paused(interrupt), asked(2, "yes_no"), asked(3, "invitation")];
    assert.deepEqual(numbers(unpaired(play(...before), PHASES)), [1], interrupt);
    assert.deepEqual(unpaired(play(...before, paused(null), asked(4, "invitation")), PHASES), [], interrupt);
  }
  const reluctant = play(guided("account"), asked(1, "choice"), paused("reluctance"), asked(2, "invitation"));
  assert.deepEqual(unpaired(reluctant, PHASES), []);
});

test("a remark between a closed question and its pair does not part them", () => {
  const state = play(guided("account"), asked(1, "yes_no"), asked(2, "non_question"), asked(3, "invitation"));
  assert.deepEqual(unpaired(state, PHASES), []);
});

test("where a question was asked is where the guide was then", () => {
  const state = play(guided("account"), asked(1, "yes_no"), told(2, "yes"), guided("closing"));
  assert.deepEqual(numbers(unpaired(state, PHASES)), [1]);
});

test("what is owed names the steps nobody has been in", () => {
  const missing = [{ id: "closing", title: "Closing" }];
  const at = (step) => guided("closing", step, { missing });
  assert.deepEqual(owed(play(at("thank")), PHASES), [{ title: "Closing", steps: ["Ask"] }]);
  assert.deepEqual(owed(play(at("thank"), at("ask")), PHASES), [{ title: "Closing", steps: [] }]);
  assert.deepEqual(owed(play(guided("closing", "ask", { missing: [] })), PHASES), []);
});

test("marked passages: the most urgent first, cut by characters, urgency unknown in older records", () => {
  const tags = (turn, ...found) => event("tags", { turn, tags: found });
  const state = play(
    said(1, "child", "😀 he hit me"),
    tags(1, { tag: "A", start: 2, end: 11, urgency: 1 }),
    said(2, "child", "at the lake"),
    tags(2, { tag: "B", start: 0, end: 2 }, { tag: "C", start: 3, end: 11, urgency: 3 }),
  );
  assert.deepEqual(passages(state).map(({ quote, urgency }) => [quote, urgency]), [["the lake", 3], ["he hit me", 1], ["at", null]]);
});

test("a passage found in a machine's words is cut from these and comes with what the child said", () => {
  const state = play(
    said(1, "child", "він штовхнув мене"),
    event("translation", { turn: 1, language: "sv", dir: "ltr", text: "han knuffade mig" }),
    event("translation", { turn: 1, language: "en", dir: "ltr", text: "he pushed me" }),
    event("tags", { turn: 1, tags: [{ tag: "A", start: 3, end: 9, urgency: 2, translation: "en" }] }),
  );
  const [found] = passages(state);
  assert.equal(found.quote, "pushed");
  assert.equal(found.source.text, "він штовхнув мене");
});

test("the live room never learns of passages or of suggestions that were not shown", () => {
  const events = [event("tags", { turn: 1, tags: [] }), pressed("suggestion", { text: "Tell me.", by: "Sam" })];
  const state = events.reduce(room.apply, room.initial());
  assert.deepEqual({ ...state, seq: 0 }, room.initial());
});

test("one suggestion waits; each keeps what became of it", () => {
  const first = pressed("suggestion", { text: "one", by: "Sam" });
  const second = pressed("suggestion", { text: "two", by: "Eva" });
  let state = play(first, second);
  assert.deepEqual(state.suggestions.map((one) => one.fate), ["replaced", "waiting"]);
  assert.equal(waiting(state).seq, second.seq);
  state = apply(state, pressed("suggestion_shown", { of: second.seq, text: "two" }));
  assert.equal(waiting(state), null);
  state = apply(state, pressed("suggestion_taken", { of: second.seq }));
  assert.deepEqual(state.suggestions.map((one) => one.fate), ["replaced", "taken"]);
  const third = pressed("suggestion", { text: "three", by: "Sam" });
  state = [third, pressed("suggestion_withdrawn", { of: third.seq, by: "Sam" })].reduce(apply, state);
  assert.equal(state.suggestions.at(-1).fate, "withdrawn");
});

test("an event that comes twice changes nothing", () => {
  const made = pressed("suggestion", { text: "one", by: "Sam" });
  const once = play(made);
  assert.equal(apply(once, made), once);
});

// the live room

const inRoom = (...events) => events.reduce(room.apply, room.initial());
const state = (name) => event("state", { state: name });
const shown = (of, text = "Tell me.") => pressed("suggestion_shown", { of, text });
const take = (of) => ({ kind: "suggestion/taken", body: { of } });

test("a suggestion comes with the break, stays after it, and goes with the next break", () => {
  const events = [state("live"), state("break"), shown(9), state("live")];
  assert.deepEqual(inRoom(...events).suggestion, { of: 9, text: "Tell me." });
  assert.equal(inRoom(...events, state("break")).suggestion, null);
  const pressedBreak = [{ kind: "actions", body: { action: "break" }, local: {} }];
  assert.equal(room.withPending(inRoom(...events), pressedBreak).suggestion, null);
});

test("the break that is pressed again keeps what it shows", () => {
  const now = inRoom(state("live"), state("break"), shown(9));
  const pressedBreak = [{ kind: "actions", body: { action: "break" }, local: {} }];
  assert.equal(room.withPending(now, pressedBreak).suggestion.of, 9);
});

test("taken up it is the card for now, before the server has answered and after, until the interviewer has spoken", () => {
  const now = inRoom(state("live"), state("break"), shown(9), state("live"));
  const pending = room.withPending(now, [take(9)]);
  assert.equal(pending.suggestion, null);
  assert.equal(room.cardsOnPage(pending, "why")[0].text, "Tell me.");
  const taken = room.apply(now, pressed("suggestion_taken", { of: 9 }));
  assert.equal(room.cardsOnPage(taken, "why")[0].text, "Tell me.");
  assert.equal(room.apply(taken, said(1, "interviewer")).cue, null);
});

test("taking up another than the one shown does nothing", () => {
  const now = inRoom(state("live"), state("break"), shown(9));
  assert.deepEqual(room.withPending(now, [take(4)]), now);
});

// sending

const sender = (answers) => {
  const sent = [];
  const answer = async (path, body) => {
    sent.push(body);
    const next = answers.shift();
    if (next) throw next;
  };
  let keys = 0;
  return { sent, sender: new Sender({ post: answer, delete: answer }, () => `k${(keys += 1)}`) };
};

test("what got lost on the way is sent again under the same key, anything else under a new one", async () => {
  const { sent, sender: out } = sender([new Error("no network"), null, null]);
  assert.deepEqual(await out.suggest("one", null), { late: true });
  assert.deepEqual(await out.suggest("one", null), { ok: true });
  assert.deepEqual(await out.suggest("one", null), { ok: true });
  assert.deepEqual(sent.map((body) => body.key), ["k1", "k1", "k2"]);
});

test("a refusal says why, and is over", async () => {
  const { sent, sender: out } = sender([new Refused(422, "Closed question"), null]);
  assert.deepEqual(await out.suggest("Did he?", 4), { refused: "Closed question" });
  await out.withdraw(4);
  assert.deepEqual(sent[1], { of: 4, key: "k2" });
});

test("a second press while one is on its way is none", async () => {
  const { sent, sender: out } = sender([null]);
  const first = out.suggest("one", null);
  assert.equal(await out.suggest("one", null), null);
  await first;
  assert.equal(sent.length, 1);
});
