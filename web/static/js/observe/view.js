// The observer's column: the gaps, the marked passages, and what became of each suggestion.

import { byId, el, fill, say } from "../live/dom.js";
import { TopView } from "../live/view_top.js";
import { owed, passages, unpaired, waiting } from "./state.js";

const LATEST = 3;

/** The live room's rail, which says how the interview stands instead of what is saved. */
export class RailView extends TopView {
  _saved(state) {
    return this.t(`life_${state.life}`);
  }
}

export class GapsView {
  /** `usePrompt(text)` puts a prompt into the line, `showTurn(number)` brings a turn into view. */
  constructor({ t, page, usePrompt, showTurn }) {
    Object.assign(this, { t, page, usePrompt, showTurn });
    this._drawn = {};
  }

  render(state) {
    this._list("owed", owed(state, this.page.phases), (one) => [one.title, this._steps(one.steps)]);
    this._list("words", state.room.cues, (cue) => this._cue(cue));
    this._list("unpaired", unpaired(state, this.page.phases), (turn) => [
      el("span", { dir: turn.dir ?? "auto" }, turn.text),
      " ",
      this._turn(turn.number),
    ]);
    this._list("marks", passages(state), (mark) => [
      ...this._source(mark.source),
      el("q", { dir: mark.dir ?? "auto" }, mark.quote),
      " ",
      el("span", { class: "small" }, this._about(mark)),
      " ",
      this._turn(mark.turn),
    ]);
  }

  _list(name, items, draw) {
    const key = JSON.stringify(items);
    if (this._drawn[name] === key) return;
    this._drawn[name] = key;
    fill(byId(`${name}-list`), ...items.map((item) => el("li", {}, ...[draw(item)].flat().filter(Boolean))));
    byId(`no-${name}`).hidden = items.length > 0;
  }

  _steps(steps) {
    return steps.length ? el("span", { class: "small" }, ` ${steps.join(" · ")}`) : null;
  }

  _cue(cue) {
    const label = `${this.t("use_prompt")}: ${cue.prompt}`;
    return [
      el("span", { class: "cue", dir: "auto" }, cue.words),
      " ",
      el("button", { type: "button", class: "plain", "aria-label": label, click: () => this.usePrompt(cue.prompt) }, this.t("use_prompt")),
    ];
  }

  // A passage of a machine's words is never shown without what the child said.
  _source(source) {
    if (!source) return [];
    return [
      el("span", { dir: source.dir ?? "auto" }, source.text),
      " ",
      el("span", { class: "small" }, this.t("found_in_translation")),
      " ",
    ];
  }

  _about({ tag, urgency }) {
    const name = this.page.tags[tag] ?? tag;
    return urgency === null ? name : `${name} · ${this.t(`urgency_${urgency}`)}`;
  }

  _turn(number) {
    return el("button", { type: "button", class: "plain", click: () => this.showTurn(number) }, this.t("turn", { n: number }));
  }
}

export class SuggestionView {
  /** `withdraw(suggestion)` is called when the waiting one is taken back. */
  constructor({ t, withdraw }) {
    Object.assign(this, { t, withdraw });
  }

  render(state) {
    const one = waiting(state);
    const closed = state.room.life === "closed";
    say(byId("suggest-send"), this.t(one ? "replace" : "suggest"));
    byId("suggest-text").disabled = byId("suggest-send").disabled = closed;
    if (this._shown === state.suggestions && this._closed === closed) return;
    Object.assign(this, { _shown: state.suggestions, _closed: closed });
    fill(byId("suggestions"), ...state.suggestions.slice(-LATEST).reverse().map((each) => this._row(each, closed)));
  }

  _row(one, closed) {
    return el(
      "li",
      { "data-fate": one.fate },
      el("q", { dir: "auto" }, one.text),
      el("span", { class: "small" }, ` ${one.by} · ${this.t(`fate_${one.fate}`)} `),
      one.fate === "waiting" && !closed
        ? el("button", { type: "button", class: "plain", click: () => this.withdraw(one) }, this.t("withdraw"))
        : null,
    );
  }
}
