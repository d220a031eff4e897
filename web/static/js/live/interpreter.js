// Talk through an interpreter: who is to speak now, one after the other, and notes about how it goes.

import { byId, say } from "./dom.js";
import { awaited, written } from "./voices.js";

export class Interpreted {
  /** `language` is the child's, null where nobody interprets; `note(values)` puts a note on record. */
  constructor({ t, language, note }) {
    Object.assign(this, { t, language, consecutive: language !== null });
    for (const button of document.querySelectorAll("#interpreter-dialog [data-about]")) {
      button.addEventListener("click", () => this._note(button, note));
    }
  }

  /** One after the other, or as it comes. */
  toggle() {
    if (this.language !== null) this.consecutive = !this.consecutive;
  }

  /** Who is to be written down after this voice: the next in order, or the same. */
  after(voice) {
    return this.consecutive ? written(voice) : voice;
  }

  render({ life, turns }) {
    if (this.language === null) return;
    const next = this.consecutive && life === "live" ? awaited(turns, this.language) : null;
    say(byId("awaited"), this.consecutive ? (next ? this.t(`awaited_${next}`) : "") : this.t("not_consecutive"));
  }

  _note({ dataset: { by, about } }, note) {
    byId("interpreter-dialog").close();
    note({ note: "objection", by, about });
  }
}
