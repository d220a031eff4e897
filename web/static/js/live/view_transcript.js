// The running transcript, newest at the bottom. Only what changed is drawn again.

import { byId, el, fill } from "./dom.js";
import { glyph, pieces, placeOf } from "./state.js";

const NEAR_END_PX = 80;
const LATE_MS = 1500; // what is saved sooner is never called unsaved

export class TranscriptView {
  /** `putBack(item)` gives refused words back to the input line; `translations` draws what a machine made. */
  constructor({ t, putBack, translations }) {
    Object.assign(this, { t, putBack, translations });
    this._box = byId("transcript");
    this._list = byId("turns");
    this._waiting = byId("waiting-turns");
    this._rows = new Map();
    this._order = [];
    this._cues = [];
  }

  render(state, items) {
    const follow = this._box.scrollHeight - this._box.scrollTop - this._box.clientHeight < NEAR_END_PX;
    const grown = this._turns(state) | this._pending(items);
    byId("no-turns").hidden = state.turns.length > 0 || this._waiting.childElementCount > 0;
    if (grown && follow) this._box.scrollTop = this._box.scrollHeight;
  }

  /** Draw every turn again. */
  again() {
    for (const row of this._rows.values()) row.turn = null;
  }

  /** To the newest turn: the box was hidden or its size changed. */
  toEnd() {
    this._box.scrollTop = this._box.scrollHeight;
  }

  _turns(state) {
    let changed = false;
    const recut = cuedTurns(this._cues, state.cues);
    this._cues = state.cues;
    for (const turn of state.turns) {
      const row = this._rows.get(turn.seq);
      if (row?.turn === turn && !recut.has(turn.number)) continue;
      const node = this._row(turn, state.cues.filter((cue) => cue.turn === turn.number));
      if (row) replace(row.node, node);
      else this._insert(turn, node);
      this._rows.set(turn.seq, { turn, node });
      changed = true;
    }
    return changed;
  }

  /** In the order in which things were said: a turn that was heard late stands before those begun after it. */
  _insert(turn, node) {
    const at = placeOf(turn, this._order);
    this._list.insertBefore(node, at < this._order.length ? this._rows.get(this._order[at].seq).node : null);
    this._order.splice(at, 0, turn);
  }

  _row(turn, cues) {
    return el(
      "li",
      { class: `turn turn-${turn.speaker}`, value: turn.number },
      this._head(turn),
      el("p", { class: "turn-text", dir: turn.dir ?? "auto", lang: turn.language }, ...this._words(turn.text, cues)),
      ...this.translations.under(turn),
    );
  }

  _head(turn) {
    const flags = turn.coding?.flags ?? [];
    return el(
      "p",
      { class: "turn-head" },
      el("span", { class: "turn-who" }, this.t(turn.speaker), turn.speaker === "interpreter" ? tongue(turn) : null),
      glyph(turn) && turn.speaker === "interviewer"
        ? el("span", { class: "glyph", "data-type": turn.coding.type, "aria-hidden": "true" }, glyph(turn))
        : null,
      turn.unsure ? el("span", { class: "turn-flag" }, this.t("speaker_unsure")) : null,
      turn.coding?.label ? el("span", { class: "turn-label" }, turn.coding.label) : null,
      turn.coding?.translated ? el("span", { class: "turn-flag" }, this.t("through_translation")) : null,
      turn.coding?.late ? el("span", { class: "turn-flag" }, this.t("late")) : null,
      ...flags.map((flag) => el("span", { class: "turn-flag", title: flag.why }, flag.label ?? flag.flag)),
    );
  }

  _words(text, cues) {
    return pieces(text, cues).map((piece) => (piece.cue ? el("u", { class: "cue" }, piece.text) : piece.text));
  }

  _pending(items) {
    const turns = items.filter((item) => item.kind === "turns" || item.state === "refused");
    const key = turns.map((item) => item.key + item.state + late(item)).join();
    if (key === this._pendingKey) return false;
    this._pendingKey = key;
    fill(this._waiting, ...turns.map((item) => this._unsaved(item)));
    return true;
  }

  _unsaved(item) {
    const refused = item.state === "refused";
    const speaker = item.body.speaker ?? "none";
    const note = refused ? `${this.t("not_saved")} ${item.reason}` : late(item) ? this.t("on_its_way") : null;
    return el(
      "li",
      { class: `turn turn-${speaker}` },
      el("p", { class: "turn-head" }, el("span", { class: "turn-who" }, this.t(speaker)), note),
      item.body.text ? el("p", { class: "turn-text", dir: "auto" }, item.body.text) : null,
      refused
        ? el("button", { type: "button", click: () => this.putBack(item) }, this.t(item.body.text ? "put_back" : "dismiss"))
        : null,
    );
  }
}

// Whoever stands on a button of the row stays there.
function replace(old, node) {
  const active = document.activeElement;
  const part = old.contains(active) ? active.closest("[data-part]")?.dataset.part : null;
  old.replaceWith(node);
  const same = part ? node.querySelector(`[data-part="${CSS.escape(part)}"]`) : null;
  (same?.querySelector("summary") ?? same)?.focus();
}

// An interpreter speaks two languages: to whom shows by which.
const tongue = ({ language }) =>
  ` · ${new Intl.DisplayNames([document.documentElement.lang], { type: "language" }).of(language)}`;

const late = (item) => item.state === "waiting" && Date.now() - item.since > LATE_MS;

function cuedTurns(before, after) {
  return before === after ? new Set() : new Set([...before, ...after].map((cue) => cue.turn));
}
