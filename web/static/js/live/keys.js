// Which key does what. Keys that type a letter are never taken, whatever a person puts into the map.

export const DEFAULTS = Object.freeze({
  interviewer: "F2",
  child: "F3",
  interpreter: "F4",
  interpreter_to_child: "Shift+F4",
  break: "F6",
  stop: "F7",
  safety: "F8",
  next_step: "F9",
  choose_step: "Shift+F9",
  card_1: "Alt+1",
  card_2: "Alt+2",
  card_3: "Alt+3",
  cue: "Alt+C",
  suggestion: "Alt+S",
  child_wants: "Alt+W",
  observe: "Alt+O",
  file: "Alt+F",
  check_translation: "Alt+I",
  consecutive: "Alt+L",
  interpreter_note: "Alt+N",
  transcript: "Alt+T",
  quiet: "Escape",
  help: "?",
});

const STORE = "tellmore.keys";
const MODIFIERS = new Set(["Control", "Alt", "AltGraph", "Shift", "Meta"]);

/** A key press as text: "F2", "Shift+F9", "Alt+C"; empty for a modifier alone or while a word is composed. */
export function chordOf(event) {
  if (event.isComposing || MODIFIERS.has(event.key) || event.getModifierState?.("AltGraph")) return "";
  const base = baseOf(event);
  if (!base) return "";
  if (base === "?") return event.altKey || event.ctrlKey || event.metaKey ? "" : "?";
  const parts = [];
  if (event.ctrlKey) parts.push("Ctrl");
  if (event.altKey) parts.push("Alt");
  if (event.metaKey) parts.push("Meta");
  if (event.shiftKey) parts.push("Shift");
  return [...parts, base].join("+");
}

function baseOf(event) {
  // With Alt held, a keyboard may give another sign ("ç"), or a letter of another script.
  if (event.altKey && /^Digit\d$/.test(event.code ?? "")) return event.code.slice(5);
  if (/^[a-z]$/i.test(event.key)) return event.key.toUpperCase();
  if (event.altKey && /^Key[A-Z]$/.test(event.code ?? "")) return event.code.slice(3);
  return event.key === "Esc" ? "Escape" : event.key;
}

/** Whether a chord can be given to an action: it must not be one that types, edits or moves the cursor. */
export function allowed(chord, action) {
  if (chord === "?") return action === "help";
  const parts = chord.split("+");
  const base = parts.pop();
  if (/^F([2-9]|1[0-2])$/.test(base)) return true;
  if (chord === "Escape") return true;
  return /^[A-Z0-9]$/.test(base) && parts.includes("Alt") && !parts.includes("Ctrl") && !parts.includes("Meta");
}

/** The actions that share a key with another one. */
export function clashes(map) {
  const owners = new Map();
  for (const [action, chord] of Object.entries(map)) owners.set(chord, [...(owners.get(chord) ?? []), action]);
  return [...owners.values()].filter((actions) => actions.length > 1).flat();
}

/** The action of a key press, or null. `typing`: the focus is where letters are typed. */
export function actionOf(map, event, typing) {
  const chord = chordOf(event);
  if (!chord || (chord === "?" && typing)) return null;
  return Object.keys(map).find((action) => map[action] === chord && allowed(chord, action)) ?? null;
}

/** The person's own keys over the usual ones. Anything in the store that is no allowed key is passed over. */
export function load(storage) {
  const own = {};
  try {
    for (const [action, chord] of Object.entries(JSON.parse(storage.getItem(STORE) ?? "{}"))) {
      if (action in DEFAULTS && typeof chord === "string" && allowed(chord, action)) own[action] = chord;
    }
  } catch {
    return { ...DEFAULTS };
  }
  const map = { ...DEFAULTS, ...own };
  return clashes(map).length ? { ...DEFAULTS } : map;
}

/** Keep only what differs from the usual keys. Nothing but keys is ever stored. */
export function save(storage, map) {
  const own = Object.fromEntries(Object.entries(map).filter(([action, chord]) => DEFAULTS[action] !== chord));
  storage.setItem(STORE, JSON.stringify(own));
}
