// Which key or pedal does what on the transcript page. Only keys and a few numbers are ever stored.

import { chordOf, clashes } from "../live/keys.js";

export const DEFAULTS = Object.freeze({
  hold: "F4",
  toggle: "F8",
  back: "F6",
  forward: "F7",
  slower: "F2",
  faster: "F3",
  again: "F9",
  previous: "Alt+K",
  next: "Alt+J",
  edit: "Alt+E",
  split: "Alt+S",
  merge: "Alt+M",
  inaudible: "Alt+I",
  interviewer: "Alt+1",
  child: "Alt+2",
  interpreter: "Alt+3",
  undo: "Alt+Z",
  cancel: "Escape",
});

/** Seconds a jump is long; seconds that are heard again when playing goes on; the speed. */
export const NUMBERS = Object.freeze({ jump: 3, resume: 1, rate: 1 });
const BOUNDS = { jump: [1, 30], resume: [0, 10], rate: [0.5, 2] };
const STORE = "tellmore.transcript";

/** Whether a key can be given away: never one that types, edits or moves the cursor. Pedals often send F13 and up. */
export function allowed(chord) {
  const parts = chord.split("+");
  const base = parts.pop();
  if (/^F([2-9]|1\d|2[0-4])$/.test(base) || /^Media[A-Z]\w+$/.test(base)) return true;
  if (chord === "Escape" || chord === "Pause" || chord === "ScrollLock") return true;
  return /^[A-Z0-9]$/.test(base) && parts.includes("Alt") && !parts.includes("Ctrl") && !parts.includes("Meta");
}

/** The action of a key press, or null. */
export function actionOf(map, event) {
  const chord = chordOf(event);
  if (!chord) return null;
  return Object.keys(map).find((action) => map[action] === chord && allowed(chord)) ?? null;
}

/** {keys, numbers} as this browser keeps them; anything that cannot be is passed over. */
export function load(storage) {
  let kept = {};
  try {
    kept = JSON.parse(storage.getItem(STORE) ?? "{}") ?? {};
  } catch {
    // what cannot be read is as if it were not there
  }
  const own = Object.entries(kept.keys ?? {}).filter(([action, chord]) => action in DEFAULTS && typeof chord === "string" && allowed(chord));
  const keys = { ...DEFAULTS, ...Object.fromEntries(own) };
  const numbers = Object.fromEntries(Object.keys(NUMBERS).map((name) => [name, bounded(name, kept.numbers?.[name])]));
  return { keys: clashes(keys).length ? { ...DEFAULTS } : keys, numbers };
}

export function save(storage, { keys, numbers }) {
  const own = Object.fromEntries(Object.entries(keys).filter(([action, chord]) => DEFAULTS[action] !== chord));
  storage.setItem(STORE, JSON.stringify({ keys: own, numbers }));
}

/** A number within what makes sense, else the usual one. */
export function bounded(name, value) {
  const [low, high] = BOUNDS[name];
  return typeof value === "number" && value >= low && value <= high ? value : NUMBERS[name];
}

/** A key or pedal that plays while it is held down: repeats of the keyboard are one press, any way of letting go ends it. */
export class Hold {
  constructor({ down, up }) {
    Object.assign(this, { _down: down, _up: up, _key: null });
  }

  press(event) {
    if (this._key !== null) return;
    this._key = event.code || event.key;
    this._down();
  }

  /** True when this let go of the key that was held. */
  release(event) {
    if (this._key === null || this._key !== (event.code || event.key)) return false;
    this.drop();
    return true;
  }

  /** The page lost the keyboard: nobody would tell it that the key went up. */
  drop() {
    if (this._key === null) return;
    this._key = null;
    this._up();
  }
}
