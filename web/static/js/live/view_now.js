// The Now column: what to say next, and what the last question was.

import { byId, el, fill, say } from "./dom.js";
import { cardsOnPage, glyph, lastQuestion } from "./state.js";

const LONG_CARD = 140; // characters
const FADE_MS = 400;

export class NowView {
  /** `take(card)` is called when a card is chosen, `resume()` when an interrupt is over. */
  constructor({ t, take, resume }) {
    Object.assign(this, { t, take, resume });
    this._shown = {};
    byId("resume-interrupt").addEventListener("click", () => resume());
  }

  render(state) {
    this._cards(state);
    this._advice(state.interrupt ? [] : state.advice);
    this._interrupt(state.interrupt);
    this._question(lastQuestion(state));
    this._nudge(state.interrupt ? null : state.nudge);
    this._cues(state);
  }

  _cards(state) {
    const { cards, cue, interrupt } = state;
    if (this._shown.cards === cards && this._shown.cue === cue && this._shown.interrupt === interrupt) return;
    Object.assign(this._shown, { cards, cue, interrupt });
    const [current, ...next] = cardsOnPage(state, this.t(cue?.turn === null ? "observer_reason" : "cue_reason"));
    fill(byId("card"), ...(current ? this._card(current) : []));
    fill(byId("next-cards"), ...next.map((card, i) => this._next(card, i + 2)));
  }

  _card(card) {
    return [
      card.spoken === false ? el("p", { class: "card-kind" }, this.t("for_you")) : null,
      el("p", { class: `card-text ${size(card)}`, dir: card.dir ?? "auto" }, card.text),
      card.child_text ? el("p", { class: "card-child", dir: card.child_dir ?? "auto" }, card.child_text) : null,
      card.draft ? el("p", { class: "card-draft" }, this.t("draft_words")) : null,
      card.child_note ? el("p", { class: "card-note", dir: card.child_dir ?? "auto" }, card.child_note) : null,
      card.note ? el("p", { class: "card-note", dir: card.dir ?? "auto" }, card.note) : null,
      el("p", { class: "card-reason" }, card.reason ?? ""),
      this._button(card, 1),
    ];
  }

  _next(card, number) {
    return el(
      "li",
      {},
      el("p", { class: "next-text", dir: card.dir ?? "auto" }, card.text),
      el("p", { class: "card-reason" }, card.reason ?? ""),
      this._button(card, number),
    );
  }

  _button(card, number) {
    return el(
      "button",
      { type: "button", class: "take", click: () => this.take(card), "aria-label": `${this.t("take")}: ${card.text}` },
      this.t("take"),
      " ",
      el("kbd", { "data-key": `card_${number}` }),
    );
  }

  // What to heed with this child in this phase: for the interviewer, below what is said; each line opens its reason.
  _advice(advice) {
    const key = JSON.stringify(advice);
    if (this._shown.advice === key) return;
    this._shown.advice = key;
    byId("advice").hidden = !advice.length;
    fill(byId("advice-list"), ...advice.map(({ pack, text, why }) => el(
      "li", {},
      el("details", {},
        el("summary", { dir: "auto" }, text),
        el("p", { class: "card-reason", dir: "auto" }, `${pack}. ${why}`)),
    )));
  }

  _interrupt(kind) {
    const box = byId("interrupt");
    box.hidden = !kind || kind === "break";
    if (!box.hidden) say(byId("interrupt-text"), this.t(`interrupt_${kind}`));
  }

  _question(turn) {
    if (this._shown.question === turn) return;
    this._shown.question = turn;
    byId("last-question").hidden = !turn;
    if (!turn) return;
    const mark = byId("last-glyph");
    say(mark, glyph(turn));
    mark.dataset.type = turn.coding?.type ?? "";
    const through = turn.coding?.translated ? ` · ${this.t("through_translation")}` : "";
    say(byId("last-label"), (turn.coding?.label ?? "") + through);
    const text = byId("last-text");
    text.dir = turn.dir ?? "auto";
    say(text, turn.text);
  }

  _nudge(nudge) {
    const line = byId("nudge");
    line.classList.toggle("shown", Boolean(nudge));
    line.classList.toggle("dim", Boolean(nudge?.faded));
    clearTimeout(this._clearing);
    if (!nudge) {
      this._shown.nudge = null;
      this._clearing = setTimeout(() => fill(line), FADE_MS);
      return;
    }
    const key = `${nudge.turn}:${nudge.reason}:${nudge.prompt ?? ""}`;
    if (this._shown.nudge === key) return;
    this._shown.nudge = key;
    fill(line, nudge.reason, nudge.prompt ? " " : null, nudge.prompt ? el("q", { dir: "auto" }, nudge.prompt) : null,
      nudge.translated ? el("span", { class: "nudge-note" }, ` ${this.t("nudge_translated")}`) : null);
  }

  _cues(state) {
    byId("cues").hidden = !state.cues.length || Boolean(state.interrupt);
    if (this._shown.cues === state.cues) return;
    this._shown.cues = state.cues;
    const words = [...new Set(state.cues.map((cue) => cue.words))].slice(0, 3);
    fill(byId("cue-list"), ...words.map((text) => el("li", { dir: "auto" }, text)));
  }
}

// What is said aloud is read across a table; long notes to oneself need not be.
function size({ text, spoken }) {
  if (spoken === false) return "card-own";
  return text.length > LONG_CARD ? "card-long" : "";
}
