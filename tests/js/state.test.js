import assert from "node:assert/strict";
import { test } from "node:test";

import { apply, cardsOnPage, initial, lastQuestion, lastTranslated, lifeShown, mix, nextCue, pieces, placeOf, ribbon, withPending } from "../../web/static/js/live/state.js";

const AT = "2026-03-03T10:00:00+00:00";
let seq = 0;
const event = (kind, values = {}) => ({ seq: (seq += 1), kind, at: AT, ...values });
const said = (number, speaker, text = "words") => event("turn", { number, speaker, text, language: "en", dir: "ltr" });
const coded = (turn, type, flags = []) => event("coding", { turn, type, flags, label: type });
const guided = (values = {}) => event("guidance", { phase: "rapport", step: "one", cards: [], nudge: null, cues: [], ...values });
const play = (...events) => events.reduce(apply, initial());

test("an event that comes twice changes nothing", () => {
  const turn = said(1, "child");
  const once = apply(initial(), turn);
  assert.equal(apply(once, turn), once);
});

test("an event that comes late changes nothing", () => {
  const first = said(1, "child");
  const second = said(2, "child");
  const state = apply(initial(), second);
  assert.equal(apply(state, first), state);
  assert.deepEqual(state.turns.map((turn) => turn.number), [2]);
});

test("the state before an event is left as it was", () => {
  const before = play(said(1, "interviewer"));
  const copy = structuredClone(before);
  apply(before, coded(1, "wh"));
  assert.deepEqual(before, copy);
});

test("an unknown kind of event only moves the number on", () => {
  const state = play(said(1, "child"));
  const after = apply(state, event("weather"));
  assert.deepEqual({ ...after, seq: 0 }, { ...state, seq: 0 });
  assert.equal(after.seq, state.seq + 1);
});

test("a coding finds its turn, also when the next turn came first", () => {
  const state = play(said(1, "interviewer"), said(2, "child"), coded(1, "yes_no"));
  assert.equal(state.turns[0].coding.type, "yes_no");
  assert.equal(state.turns[1].coding, null);
});

test("a coding of a turn that is not there is passed over", () => {
  assert.deepEqual(play(coded(7, "wh")).turns, []);
});

test("a later translation into the same language replaces the first, another language stands beside it", () => {
  const to = (language, text) => event("translation", { turn: 1, language, text });
  const state = play(said(1, "child"), to("en", "first"), to("sv", "svenska"), to("en", "second"));
  assert.deepEqual(state.turns[0].translations.map((one) => one.text), ["svenska", "second"]);
});

test("a turn that could not be coded has no letter, and gets one when its coding comes late", () => {
  const waits = { ...coded(1, null), waits: "translation" };
  let state = play(said(1, "interviewer"), waits);
  assert.deepEqual([ribbon(state)[0].glyph, mix(state)], ["", {}]);
  state = apply(state, coded(1, "wh"));
  assert.deepEqual([ribbon(state)[0].glyph, mix(state)], ["W", { wh: 1 }]);
});

test("the mark to check with the interpreter stays on its turn until it is taken back", () => {
  const mark = (turn, on) => event("action", { action: "check_translation", turn, on });
  let state = play(said(1, "child"), said(2, "child"), mark(1, true), said(3, "interviewer"));
  assert.deepEqual(state.turns.map((turn) => turn.check), [true, false, false]);
  const pressed = { kind: "actions", body: { action: "check_translation", turn: 2, on: true } };
  assert.equal(withPending(state, [pressed]).turns[1].check, true, "before the server has answered");
  state = play(said(1, "child"), mark(1, true), mark(1, false), mark(9, true));
  assert.deepEqual(state.turns.map((turn) => turn.check), [false]);
});

test("the newest turn with a machine's words is found, whoever said more since, and never one's own", () => {
  const to = (turn) => event("translation", { turn, language: "en", to: "interviewer", text: "words" });
  const own = (turn, to = "child") => event("translation", { turn, language: "uk", to, text: "words" });
  assert.equal(lastTranslated(play(said(1, "child"), said(2, "interviewer"), to(1), own(2))).number, 1);
  assert.equal(lastTranslated(play(said(1, "interviewer"), own(1), own(1, "coder"))), null);
  const old = () => event("translation", { turn: 1, language: "en", text: "words" });
  assert.equal(lastTranslated(play(said(1, "child"), old())).number, 1, "older records do not say for whom");
  assert.equal(lastTranslated(play(said(1, "child"))), null);
  assert.equal(lastTranslated(play(said(1, "child"), said(2, "child"), said(3, "child"), to(1), to(2))).number, 2);
});

test("advice for this child goes with the guidance it came in", () => {
  const advice = [{ pack: "3 to 4 years", text: "Say names.", why: "Because." }];
  assert.deepEqual(play(guided({ advice })).advice, advice);
  assert.deepEqual(play(guided({ advice }), guided()).advice, []);
});

test("the time in a phase begins when the phase is entered, not with every card", () => {
  const later = "2026-03-03T10:05:00+00:00";
  const state = play(guided(), { ...guided(), at: later });
  assert.equal(state.phaseSince, AT);
  assert.equal(apply(state, { ...guided({ phase: "rules" }), at: later }).phaseSince, later);
});

test("a remark stays while the child answers, dimmed, and goes with the interviewer's next words", () => {
  const nudge = { kind: "pair", turn: 1, reason: "Closed question. Pair it:", prompt: "Tell me more." };
  let state = play(said(1, "interviewer"), guided({ nudge }));
  assert.equal(state.nudge.faded, false);
  state = apply(apply(state, said(2, "child")), guided());
  assert.equal(state.nudge.faded, true);
  state = apply(state, said(3, "interviewer"));
  assert.equal(state.nudge, null);
});

test("a remark that says there is nothing to say is none", () => {
  assert.equal(play(guided({ nudge: { kind: "none", turn: 1, reason: "" } })).nudge, null);
});

test("the clock starts with the first time the interview is live and survives a break", () => {
  const state = play(
    event("state", { state: "planned" }),
    event("state", { state: "live" }),
    { ...event("state", { state: "break" }), at: "2026-03-03T10:10:00+00:00" },
    { ...event("state", { state: "live" }), at: "2026-03-03T10:20:00+00:00" },
  );
  assert.equal(state.startedAt, AT);
  assert.equal(state.life, "live");
  assert.equal(state.breakAt, null);
});

test("an unknown state of the interview is not taken over", () => {
  assert.equal(play(event("state", { state: "lost" })).life, "planned");
});

test("a used cue becomes the first card until the interviewer has spoken", () => {
  const cues = [{ turn: 2, start: 0, end: 3, words: "mad", prompt: "Tell me about mad." }];
  const cards = [{ id: "a" }, { id: "b" }, { id: "c" }];
  let state = play(guided({ cues, cards }), event("action", { action: "use_cue", turn: 2, start: 0 }));
  assert.deepEqual(cardsOnPage(state, "why").map((card) => card.text ?? card.id), ["Tell me about mad.", "a", "b"]);
  state = apply(state, said(3, "interviewer"));
  assert.deepEqual(cardsOnPage(state, "why").map((card) => card.id), ["a", "b", "c"]);
});

test("cards for safety come before a cue in use", () => {
  const cues = [{ turn: 2, start: 0, end: 3, words: "mad", prompt: "Tell me about mad." }];
  const state = play(
    guided({ cues, cards: [{ id: "a" }] }),
    event("action", { action: "use_cue", turn: 2, start: 0 }),
    guided({ cues, cards: [{ id: "safe" }], interrupt: "safety" }),
  );
  assert.deepEqual(cardsOnPage(state, "why").map((card) => card.id), ["safe"]);
});

test("cues are gone through one after the other, round and round", () => {
  const cues = [1, 2].map((turn) => ({ turn, start: 0, end: 1, words: "x", prompt: `p${turn}` }));
  let state = play(guided({ cues }));
  const seen = [];
  for (let i = 0; i < 3; i += 1) {
    const cue = nextCue(state);
    seen.push(cue.turn);
    state = apply(state, event("action", { action: "use_cue", turn: cue.turn, start: cue.start }));
  }
  assert.deepEqual(seen, [1, 2, 1]);
  assert.equal(nextCue(initial()), null);
});

test("the ribbon has one mark for every turn of the interviewer and none for others", () => {
  const flags = [{ flag: "new_info", label: "Not the child's words", why: "“touch”" }];
  const state = play(
    said(1, "interviewer"), said(2, "child"), said(3, "interviewer"), said(4, "interviewer"),
    coded(1, "invitation"), coded(3, "yes_no", flags),
  );
  assert.deepEqual(ribbon(state).map((mark) => [mark.number, mark.glyph, mark.flags.length]), [[1, "I", 0], [3, "Y", 1], [4, "", 0]]);
  assert.deepEqual(mix(state), { invitation: 1, yes_no: 1 });
  assert.equal(lastQuestion(state).number, 4);
});

test("a mark says when its question was looked at in a machine translation", () => {
  const state = play(said(1, "interviewer"), said(2, "interviewer"), coded(1, "wh"), { ...coded(2, "wh"), translated: true });
  assert.deepEqual(ribbon(state).map((mark) => mark.translated), [false, true]);
});

test("every question type has its own letter", () => {
  const types = ["invitation", "wh", "yes_no", "choice", "non_question"];
  const state = play(...types.flatMap((type, i) => [said(i + 1, "interviewer"), coded(i + 1, type)]));
  assert.deepEqual(ribbon(state).map((mark) => mark.glyph), ["I", "W", "Y", "C", "·"]);
});

test("a break, a stop and a safety press count before the server has answered", () => {
  const cards = [{ id: "safe" }];
  const press = (action, local = {}) => [{ kind: "actions", body: { action }, local }];
  const state = play(event("state", { state: "live" }), guided({ cards: [{ id: "a" }] }));
  assert.equal(withPending(state, press("break", { at: AT })).life, "break");
  assert.equal(withPending(state, press("break", { at: AT })).breakAt, AT);
  const safe = withPending(state, press("safety"), { safety: cards });
  assert.deepEqual([safe.interrupt, safe.cards], ["safety", cards]);
  assert.deepEqual(withPending(state, press("stop"), {}).cards, state.cards);
});

test("what the child wants counts as the break or stop that it means", () => {
  const state = play(event("state", { state: "live" }));
  const want = (means) => [{ kind: "actions", body: { action: "child_wants", what: "x" }, local: { means } }];
  assert.deepEqual([withPending(state, want("break")).life, withPending(state, want("break")).childAsked], ["break", true]);
  assert.equal(withPending(state, want("stop"), {}).interrupt, "stop");
  assert.equal(withPending(state, want(null)), state);
});

test("pressing break and then going on leaves no break, also without a network", () => {
  const presses = ["break", "resume"].map((action) => ({ kind: "actions", body: { action }, local: {} }));
  assert.equal(withPending(play(event("state", { state: "live" })), presses).life, "live");
});

test("turns on their way change nothing but the transcript", () => {
  const state = play(event("state", { state: "live" }));
  assert.equal(withPending(state, [{ kind: "turns", body: { text: "stop" }, local: {} }]), state);
});

test("cue offsets count characters as the server does, beyond the basic plane too", () => {
  const cut = pieces("🐇🐇 the rabbits ran", [{ start: 3, end: 14 }]);
  assert.deepEqual(cut.map((piece) => [piece.text, Boolean(piece.cue)]), [["🐇🐇 ", false], ["the rabbits", true], [" ran", false]]);
});

test("cues that overlap or lie outside are left out, and no text is ever lost", () => {
  const text = "she got mad";
  const cut = pieces(text, [{ start: 4, end: 11 }, { start: 8, end: 11 }, { start: 9, end: 99 }, { start: 3, end: 3 }]);
  assert.equal(cut.map((piece) => piece.text).join(""), text);
  assert.deepEqual(cut.filter((piece) => piece.cue).map((piece) => piece.text), ["got mad"]);
});

test("the first cue of overlapping ones in reading order wins, in any order given", () => {
  const cut = pieces("abcdef", [{ start: 3, end: 5 }, { start: 0, end: 4 }]);
  assert.deepEqual(cut.filter((piece) => piece.cue).map((piece) => piece.text), ["abcd"]);
});

test("a break fills the page until stop or safety is pressed in it", () => {
  const state = play(event("state", { state: "live" }), event("state", { state: "break" }), guided({ interrupt: "break" }));
  assert.equal(lifeShown(state), "break");
  for (const action of ["stop", "safety"]) {
    assert.equal(lifeShown(withPending(state, [{ kind: "actions", body: { action }, local: {} }])), "live");
  }
  assert.equal(lifeShown(initial()), "planned");
});

test("a turn that is heard late stands before those begun after it, and never past one without a time", () => {
  const spoken = (started_ms) => ({ source: "speech", started_ms });
  assert.equal(placeOf(spoken(5000), [spoken(1000), spoken(9000), spoken(12000)]), 1);
  assert.equal(placeOf(spoken(12000), [spoken(1000), spoken(12000)]), 2);
  assert.equal(placeOf(spoken(500), [spoken(1000), { source: "typed", started_ms: null }, spoken(900)]), 2);
  assert.equal(placeOf({ source: "typed", started_ms: 500 }, [spoken(1000)]), 1);
});
