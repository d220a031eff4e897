// One mark per question: a letter and a height besides the colour, so that an hour is one line.

import { byId, el, say } from "./dom.js";
import { mix, ribbon } from "./state.js";

const DENSE = 45; // marks from which the letters make room

export class RibbonView {
  constructor({ t }) {
    this.t = t;
    this._list = byId("ribbon");
    this._drawn = [];
  }

  render(state) {
    if (this._turns === state.turns) return;
    this._turns = state.turns;
    const marks = ribbon(state);
    this._list.classList.toggle("dense", marks.length > DENSE);
    marks.forEach((mark, i) => this._draw(mark, i));
    say(byId("ribbon-summary"), this._summary(marks.length, mix(state)));
  }

  _draw(mark, i) {
    const key = JSON.stringify(mark);
    if (this._drawn[i] === key) return;
    this._drawn[i] = key;
    const node = this._mark(mark);
    const old = this._list.children[i];
    if (old) old.replaceWith(node);
    else this._list.append(node);
  }

  _mark(mark) {
    const flags = mark.flags.map((flag) => flag.label ?? flag.flag);
    const made = mark.translated ? [this.t("through_translation")] : [];
    const words = [`${mark.number}: ${mark.label ?? this.t("not_coded")}`, ...flags, ...made].join(", ");
    return el(
      "li",
      {
        class: "mark", "data-type": mark.type ?? "none", "data-flagged": flags.length > 0,
        "data-translated": mark.translated, title: words,
      },
      el("span", { class: "mark-glyph", "aria-hidden": "true" }, mark.glyph),
      el("span", { class: "visually-hidden" }, words),
    );
  }

  _summary(total, counts) {
    if (!total) return this.t("no_questions");
    const parts = Object.entries(counts).map(([type, n]) => `${this.t(`type_${type}`)} ${n}`);
    return parts.join(" · ");
  }
}
