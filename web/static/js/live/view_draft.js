// The one quiet line above the input: what the draft would be, and what could be said instead.

import { byId, el, fill } from "./dom.js";
import { glyph } from "./state.js";

/** `answer` is {type, label, remark: {reason, prompt}}, or null for nothing to say. */
export function showDraft(answer) {
  const line = byId("draft");
  if (!answer) {
    fill(line);
    return;
  }
  const { type, label, remark } = answer;
  fill(
    line,
    el("span", { class: "glyph", "data-type": type ?? "", "aria-hidden": "true" }, glyph({ coding: { type } })),
    el("span", { class: "visually-hidden" }, `${label}: `),
    remark.reason,
    remark.prompt ? " " : null,
    remark.prompt ? el("q", { dir: "auto" }, remark.prompt) : null,
  );
}
