// What the monitor room shows, derived from the interview's events: what the live room knows, and besides it
// the marked passages, the suggestions, and the gaps.

import * as room from "../live/state.js";

const CLOSED_TYPES = new Set(["yes_no", "choice"]);
const FATES = {
  suggestion_withdrawn: "withdrawn",
  suggestion_shown: "shown",
  suggestion_taken: "taken",
};

export function initial() {
  return {
    room: room.initial(),
    said: {}, // the phase that each turn was said in, by its number
    steps: [], // that the guide has been in
    marks: [],
    suggestions: [],
  };
}

/** The state after one event. An event that was already applied, or comes late, changes nothing. */
export function apply(state, event) {
  if (!(event.seq > state.room.seq)) return state;
  const next = { ...state, room: room.apply(state.room, event) };
  if (event.kind === "turn") next.said = { ...state.said, [event.number]: state.room.phase };
  if (event.kind === "guidance" && !state.steps.includes(event.step)) next.steps = [...state.steps, event.step];
  if (event.kind === "tags") next.marks = [...state.marks, ...event.tags.map((tag) => ({ ...tag, turn: event.turn }))];
  if (event.kind === "action") next.suggestions = suggested(state.suggestions, event);
  return next;
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
 * Closed questions about what happened that no open one has followed yet, the newest first. The next question
 * decides; what was answered with a plain no needs none.
 */
export function unpaired(state, phases) {
  const probing = new Set(phases.filter((phase) => phase.probing).map((phase) => phase.id));
  const found = [];
  let last = null; // the closed question that waits for the next one
  for (const turn of state.room.turns) {
    if (turn.speaker === "child" && turn.coding?.response === "no") last = null;
    const type = turn.speaker === "interviewer" ? turn.coding?.type : null;
    if (!type || type === "non_question") continue;
    if (last && type !== "invitation") found.unshift(last);
    last = CLOSED_TYPES.has(type) && probing.has(state.said[turn.number]) ? turn : null;
  }
  return last ? [last, ...found] : found;
}

/** The marked passages in the child's words, the most urgent first: [{turn, quote, tag, urgency}]. */
export function passages(state) {
  const texts = new Map(state.room.turns.map((turn) => [turn.number, turn]));
  return state.marks
    .map(({ turn, tag, start, end, urgency = null }) => {
      const said = texts.get(turn);
      return { turn, tag, urgency, dir: said?.dir, quote: Array.from(said?.text ?? "").slice(start, end).join("") };
    })
    .sort((one, other) => (other.urgency ?? -1) - (one.urgency ?? -1) || one.turn - other.turn);
}
