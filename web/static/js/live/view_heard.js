// The words of somebody still speaking, in the place where the turn will stand. Only those that are sure: they
// are never taken back. Nothing scrolls for them, and a screen reader is not told.

import { byId, el, say } from "./dom.js";

const NEAR_END_PX = 80;
const OLD_MS = 30_000; // nobody said how this went on

/** What is still being heard once this turn has come. */
export const after = (lines, turn) =>
  lines.filter(({ speaker, start_ms: start }) => turn.source !== "speech" || speaker !== turn.speaker || start >= turn.ended_ms);

export class HeardView {
  constructor({ t, now = Date.now }) {
    Object.assign(this, { t, now });
    this._box = byId("transcript");
    this._list = byId("being-heard");
    this._rows = new Map();
    this._lines = [];
    this._at = 0;
  }

  /** `lines` as the server tells them; `recording` keeps a place free for them. */
  render(lines, recording) {
    if (lines !== this._lines) [this._lines, this._at] = [lines, this.now()];
    this._keepFree(recording);
    const shown = this.now() - this._at > OLD_MS ? [] : lines;
    const keys = new Set(shown.map(keyOf));
    for (const [key, { row }] of this._rows) {
      if (keys.has(key)) continue;
      row.remove();
      this._rows.delete(key);
    }
    for (const line of shown) say(this._row(line).text, line.text);
  }

  _keepFree(recording) {
    if (this._list.dataset.free === String(recording)) return;
    const follow = this._box.scrollHeight - this._box.scrollTop - this._box.clientHeight < NEAR_END_PX;
    this._list.dataset.free = String(recording);
    if (follow) this._box.scrollTop = this._box.scrollHeight;
  }

  _row(line) {
    const known = this._rows.get(keyOf(line));
    if (known) return known;
    const text = el("p", { class: "turn-text", dir: line.dir, lang: line.language });
    const who = el("span", { class: "turn-who" }, this.t(line.speaker));
    const row = el("li", { class: `turn turn-${line.speaker}` }, el("p", { class: "turn-head" }, who, this.t("being_heard")), text);
    this._rows.set(keyOf(line), { row, text });
    this._list.append(row);
    return { row, text };
  }
}

const keyOf = ({ speaker, start_ms: start }) => `${speaker} ${start}`;
