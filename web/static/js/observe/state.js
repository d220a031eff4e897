// What the monitor room shows, derived from the interview's events: what the live room knows, and besides it
// the marked passages, the suggestions, and the gaps.

import * as room from "../live/state.js";

const OPTION_POSING = new Set(["yes_no", "choice"]);
const PAUSES = new Set(["break", "stop", "safety"]);
const FATES = {
  suggestion_withdrawn: "withdrawn",
  suggestion_shown: "shown",
  suggestion_taken: "taken",
};

export function initial() {
  return {
    room: room.initial(),
    said: {}, // where each turn was said, by its number: {phase, paused}
    steps: [], // that the guide has been in
    marks: [],
    suggestions: [],
  };
}

/** The state after one event. An event that was already applied, or comes late, changes nothing. */
export function apply(state, event) {
  if (!(event.seq > state.room.seq)) return state;
  const next = { ...state, room: room.apply(state.room, event) };
  if (event.kind === "turn") next.said = { ...state.said, [event.number]: where(state.room) };
  if (event.kind === "guidance" && !state.steps.includes(event.step)) next.steps = [...state.steps, event.step];
  if (event.kind === "tags") next.marks = [...state.marks, ...event.tags.map((tag) => ({ ...tag, turn: event.turn }))];
  if (event.kind === "action") next.suggestions = suggested(state.suggestions, event);
  return next;
}

function where({ phase, interrupt }) {
  return { phase, paused: PAUSES.has(interrupt) };
}

function suggested(all, event) {
  if (event.action === "suggestion") {
    const others = all.map((one) => (one.fate === "waiting" ? { ...one, fate: "replaced" } : one));
    return [...others, { seq: event.seq, text: event.text, by: event.by, fate: "waiting" }];
  }
  const fate = FATES[event.action];
  return fate ? all.map((one) => (one.seq === event.of ? { ...one, fate } : one)) : all;
}

/** The suggestion that waits for a break; null where none does. */
export function waiting(state) {
  return state.suggestions.find((one) => one.fate === "waiting") ?? null;
}

/** What the protocol still owes: [{title, steps}], the steps being those of the phase nobody has been in. */
export function owed(state, phases) {
  return state.room.missing.map(({ id, title }) => ({
    title,
    steps: (phases.find((phase) => phase.id === id)?.steps ?? [])
      .filter((step) => !state.steps.includes(step.id))
      .map((step) => step.title),
  }));
}

/**
 * Closed questions about what happened that no open one has followed yet, the newest first, by the rule of
 * protocols/adherence.py: one that leads is closed whatever its form, and the next question decides, which
 * is to be an invitation that does not lead.
 */
export function unpaired(state, phases) {
  const probing = new Set(phases.filter((phase) => phase.probing).map((phase) => phase.id));
  const found = [];
  let last = null; // the closed question that waits for the next one
  for (const turn of state.room.turns) {
    const { phase, paused } = state.said[turn.number];
    if (paused || !asks(turn)) continue;
    const { type, suggestive } = turn.coding;
    const aboutIt = probing.has(phase);
    if (last && !(aboutIt && type === "invitation" && !suggestive)) found.unshift(last);
    last = aboutIt && (suggestive || OPTION_POSING.has(type)) ? turn : null;
  }
  return last ? [last, ...found] : found;
}

function asks({ speaker, coding }) {
  return speaker === "interviewer" && Boolean(coding?.suggestive || (coding?.type && coding.type !== "non_question"));
}

/**
 * The marked passages, the most urgent first: [{turn, quote, tag, urgency, source}]. `source` is null where the
 * words are the child's; where they are a machine's, it is what the child said.
 */
export function passages(state) {
  const texts = new Map(state.room.turns.map((turn) => [turn.number, turn]));
  return state.marks
    .map(({ turn, tag, start, end, urgency = null, translation = null }) => {
      const said = texts.get(turn);
      const read = translation ? said?.translations.find((one) => one.language === translation) : said;
      const quote = Array.from(read?.text ?? "").slice(start, end).join("");
      return { turn, tag, urgency, dir: read?.dir, quote, source: translation ? { text: said?.text ?? "", dir: said?.dir } : null };
    })
    .sort((one, other) => (other.urgency ?? -1) - (one.urgency ?? -1) || one.turn - other.turn);
}
