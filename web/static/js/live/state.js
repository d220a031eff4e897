// What the room shows, derived from the interview's events and nothing else, in the order of their numbers.

import { factAfter, factLeft } from "./reveal_fact.js";

export function initial() {
  return {
    seq: 0,
    life: "planned",
    startedAt: null,
    breakAt: null,
    childAsked: false,
    phase: null,
    phaseSince: null,
    step: null,
    phases: [],
    cards: [],
    advice: [],
    cue: null,
    nudge: null,
    cues: [],
    interrupt: null,
    canEnd: false,
    missing: [],
    engines: {},
    quiet: false,
    suggestion: null, // the observer's, from the break it is shown in until it is taken up
    fact: null, // from the file, until the child has answered it
    turns: [],
    tracks: {},
  };
}

const LIVES = new Set(["planned", "live", "break", "closed"]);

const HANDLERS = {
  turn: addTurn,
  coding: (state, event) => amendTurn(state, event.turn, { coding: event }),
  translation: addTranslation,
  guidance: guide,
  state: changeLife,
  action: act,
  engine: (state, event) => ({ ...state, engines: { ...state.engines, [event.engine]: event.state } }),
  audio: (state, event) => ({ ...state, tracks: { ...state.tracks, [event.track]: event.state } }),
};

/** The state after one event. An event that was already applied, or comes late, changes nothing. */
export function apply(state, event) {
  if (!(event.seq > state.seq)) return state;
  const handler = HANDLERS[event.kind];
  return { ...(handler ? handler(state, event) : state), seq: event.seq };
}

function addTurn(state, event) {
  const turn = { ...event, coding: null, translations: [], check: false };
  return {
    ...state,
    turns: [...state.turns, turn],
    nudge: fade(state.nudge, event),
    cue: event.speaker === "interviewer" ? null : state.cue,
    childAsked: false,
    fact: factAfter(state.fact, event),
  };
}

// A remark stays in reach, dimmed, while the child answers, and goes with the interviewer's next words.
function fade(nudge, turn) {
  if (!nudge || turn.number <= nudge.turn) return nudge;
  return turn.speaker === "interviewer" ? null : { ...nudge, faded: true };
}

function amendTurn(state, number, change) {
  const at = state.turns.findLastIndex((turn) => turn.number === number);
  if (at < 0) return state;
  return { ...state, turns: state.turns.with(at, { ...state.turns[at], ...change }) };
}

function addTranslation(state, event) {
  const turn = state.turns.findLast((one) => one.number === event.turn);
  if (!turn) return state;
  const others = turn.translations.filter((one) => one.language !== event.language);
  return amendTurn(state, event.turn, { translations: [...others, event] });
}

function guide(state, event) {
  const entered = event.phase !== state.phase;
  return {
    ...state,
    phase: event.phase,
    phaseSince: entered ? event.at : state.phaseSince,
    step: event.step,
    phases: event.phases ?? [],
    cards: event.cards ?? [],
    advice: event.advice ?? [],
    nudge: event.nudge && event.nudge.kind !== "none" ? { ...event.nudge, faded: false } : state.nudge,
    cues: event.cues ?? [],
    interrupt: event.interrupt ?? null,
    canEnd: Boolean(event.can_end),
    missing: event.missing ?? [],
    engines: { ...state.engines, ...event.engines },
  };
}

function changeLife(state, event) {
  const life = LIVES.has(event.state) ? event.state : state.life;
  return {
    ...state,
    life,
    startedAt: state.startedAt ?? (life === "live" ? event.at : null),
    breakAt: life === "break" ? (state.breakAt ?? event.at) : null,
    suggestion: life === "break" ? null : state.suggestion,
  };
}

function act(state, event) {
  if (event.action === "use_cue") {
    const cue = state.cues.find((one) => one.turn === event.turn && one.start === event.start);
    return cue ? { ...state, cue } : state;
  }
  if (event.action === "quiet") return { ...state, quiet: Boolean(event.on) };
  if (event.action === "suggestion_shown") return { ...state, suggestion: { of: event.of, text: event.text } };
  if (event.action === "suggestion_taken") return takeUp(state, event.of);
  if (event.action === "reveal") return { ...state, fact: event };
  if (event.action === "reveal_not_needed") return { ...state, fact: factLeft(state.fact) };
  if (event.action === "child_wants") return { ...state, childAsked: true };
  if (event.action === "check_translation") return mark(state, event);
  return state;
}

// A machine's words for a turn are to be checked with the interpreter, or no longer.
function mark(state, { turn, on }) {
  return amendTurn(state, turn, { check: Boolean(on) });
}

// Taken up, it stands where the card for now stands, as words of the child do, until the interviewer has spoken.
function takeUp(state, of) {
  if (state.suggestion?.of !== of) return state;
  return { ...state, suggestion: null, cue: { turn: null, start: null, prompt: state.suggestion.text } };
}

/**
 * The state as the person in the room must see it before the server has answered: what was pressed and is
 * still on its way counts at once, so that a break or a stop never waits for a network.
 */
export function withPending(state, items, interruptCards = {}) {
  return items.reduce((shown, { kind, body, local }) => {
    if (kind === "suggestion/taken") return takeUp(shown, body.of);
    return kind === "actions" ? press(shown, body, local ?? {}, interruptCards) : shown;
  }, state);
}

function press(state, body, local, interruptCards) {
  const action = body.action === "child_wants" ? local.means : body.action;
  const childAsked = body.action === "child_wants" || state.childAsked;
  if (action === "break") {
    const { suggestion, life } = state;
    const kept = life === "break" ? suggestion : null; // of an earlier break
    return { ...state, life: "break", breakAt: state.breakAt ?? local.at ?? null, childAsked, suggestion: kept };
  }
  if (action === "resume") return { ...state, life: "live", breakAt: null, interrupt: null };
  if (action === "start") return { ...state, life: "live" };
  if (action === "quiet") return { ...state, quiet: Boolean(body.on) };
  if (action === "check_translation") return mark(state, body);
  if (action === "stop" || action === "safety") {
    return { ...state, interrupt: action, cards: interruptCards[action] ?? state.cards };
  }
  return state;
}

/** Which page to show: a break fills it, unless stop or safety was pressed since, whose cards come first. */
export function lifeShown({ life, interrupt }) {
  return life === "break" && (interrupt === "stop" || interrupt === "safety") ? "live" : life;
}

/** The cards on the page, the one for now first: a cued invitation in use comes before those of the protocol. */
export function cardsOnPage(state, cueReason) {
  if (!state.cue || state.interrupt) return state.cards;
  const cued = { id: null, text: state.cue.prompt, spoken: true, reason: cueReason };
  return [cued, ...state.cards].slice(0, 3);
}

/** The last thing the interviewer said, with its coding once that is known; null before the first. */
export function lastQuestion(state) {
  return state.turns.findLast((turn) => turn.speaker === "interviewer") ?? null;
}

/** Whether a translation is what the interviewer reads; older records do not say for whom they are. */
export const forReader = ({ to = "interviewer" }) => to === "interviewer";

/** The newest turn that was said again for the interviewer, never one of their own; null where there is none. */
export function lastTranslated(state) {
  return state.turns.findLast((turn) => turn.translations.some(forReader)) ?? null;
}

/** The next of the child's own words that wait to be explored, after the one in use. */
export function nextCue(state) {
  if (!state.cues.length) return null;
  const at = state.cue
    ? state.cues.findIndex((one) => one.turn === state.cue.turn && one.start === state.cue.start)
    : -1;
  return state.cues[(at + 1) % state.cues.length];
}

const GLYPHS = { invitation: "I", wh: "W", yes_no: "Y", choice: "C", non_question: "·" };

/** The letter of a question type in the ribbon; empty while the turn is not coded, or could not be. */
export function glyph(turn) {
  return turn?.coding?.type ? (GLYPHS[turn.coding.type] ?? "·") : "";
}

/** One mark for every turn of the interviewer, in order: {number, type, glyph, label, flags, translated}. */
export function ribbon(state) {
  return state.turns
    .filter((turn) => turn.speaker === "interviewer")
    .map((turn) => ({
      number: turn.number,
      type: turn.coding?.type ?? null,
      glyph: glyph(turn),
      label: turn.coding?.label ?? null,
      flags: turn.coding?.flags ?? [],
      translated: turn.coding?.translated ?? false,
    }));
}

/** How many of each type: {invitation: 3, wh: 1, …}; types that did not occur are left out. */
export function mix(state) {
  const counts = {};
  for (const mark of ribbon(state)) if (mark.type) counts[mark.type] = (counts[mark.type] ?? 0) + 1;
  return counts;
}

/** A text cut into plain and cue pieces. Offsets count characters as people do, not UTF-16 units. */
export function pieces(text, cues) {
  const characters = Array.from(text);
  const result = [];
  let at = 0;
  for (const cue of [...cues].sort((a, b) => a.start - b.start)) {
    if (cue.start < at || cue.end > characters.length || cue.end <= cue.start) continue;
    if (cue.start > at) result.push({ text: characters.slice(at, cue.start).join(""), cue: null });
    result.push({ text: characters.slice(cue.start, cue.end).join(""), cue });
    at = cue.end;
  }
  if (at < characters.length) result.push({ text: characters.slice(at).join(""), cue: null });
  return result;
}

/** Where a new turn stands among those there are: what was heard late goes before what was begun after it, and never
 * past a turn that has no time. */
export function placeOf(turn, turns) {
  let at = turns.length;
  while (turn.source === "speech" && at > 0 && (turn.started_ms ?? Infinity) < (turns[at - 1].started_ms ?? -1)) at -= 1;
  return at;
}
