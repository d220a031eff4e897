// A machine's words under those that were said: marked as such, with what to doubt, how they were made, and the
// mark to check them with the interpreter. What is not for the interviewer is folded away.

import { el } from "./dom.js";
import { forReader } from "./state.js";

const STORE = "tellmore.unfold"; // a wish for the look of the page, nothing else

export class Translations {
  /** `check(turn, on)` sets the mark, null where nobody may; `locale` is that of the page. */
  constructor({ t, locale = "en", check = null, storage = null }) {
    Object.assign(this, { t, check, _storage: storage });
    this._names = new Intl.DisplayNames([locale], { type: "language" });
    this._opened = new Map(); // what a person opened or closed, by turn and part
    this.unfolded = storage?.getItem(STORE) === "1";
  }

  /** Show what is folded, or fold it again. */
  unfold(on) {
    this.unfolded = on;
    this._opened.clear();
    if (on) this._storage?.setItem(STORE, "1");
    else this._storage?.removeItem(STORE);
  }

  /** The nodes under one turn. */
  under(turn) {
    const own = turn.translations.find(forReader);
    const others = turn.translations.filter((one) => one !== own);
    return [
      own ? this._shown(turn, own) : null,
      ...others.map((one, at) => this._folded(turn, one, !own && at === 0 && !turn.check)),
      !own && turn.check ? this._mark(turn) : null,
    ];
  }

  _shown(turn, one) {
    return el(
      "div",
      { class: "turn-translation" },
      el("p", { class: "turn-machine" }, this.t("machine"), ...this._doubts(one)),
      el("p", { dir: one.dir ?? "auto", lang: one.language }, one.text),
      this._made(turn, one),
      this._mark(turn),
    );
  }

  _folded(turn, one, markable) {
    return this._details(
      turn,
      one.to ?? one.language,
      "turn-translation",
      this.unfolded,
      el("summary", { class: "turn-machine" }, this.t("machine_in", { language: this._name(one.language) })),
      el("p", { dir: one.dir ?? "auto", lang: one.language }, one.text),
      one.warnings?.length ? el("p", { class: "turn-machine" }, this._doubts(one).join("").slice(3)) : null,
      this._made(turn, one),
      markable ? this._mark(turn) : null,
    );
  }

  /** The way it took and the packages, for whoever asks. */
  _made(turn, one) {
    if (!one.packages?.length) return null;
    return this._details(
      turn,
      `made-${one.language}`,
      "turn-made",
      false,
      el("summary", {}, this.t("made")),
      el("p", {}, one.route.map((code) => this._name(code)).join(" → ")),
      ...one.packages.map(({ name, version, sha256 }) => el("p", { dir: "ltr" }, `${name} ${version} · ${sha256.slice(0, 16)}`)),
    );
  }

  _mark(turn) {
    if (!this.check) return turn.check ? el("p", { class: "turn-check" }, this.t("checking")) : null;
    return el(
      "button",
      {
        type: "button",
        class: "plain turn-check",
        "data-part": "check",
        "aria-pressed": String(Boolean(turn.check)),
        click: () => this.check(turn.number, !turn.check),
      },
      this.t(turn.check ? "checking" : "check"),
    );
  }

  _doubts({ warnings = [] }) {
    return warnings.map((code) => ` · ${this.t(`doubt_${code}`)}`);
  }

  _details(turn, part, name, open, ...children) {
    const key = `${turn.number}:${part}`;
    return el(
      "details",
      {
        class: name,
        "data-part": part,
        open: this._opened.get(key) ?? open,
        toggle: ({ target }) => this._opened.set(key, target.open),
      },
      ...children,
    );
  }

  _name(code) {
    try {
      return this._names.of(code) ?? code;
    } catch {
      return code; // a package may write its language otherwise
    }
  }
}
