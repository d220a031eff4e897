// Talk through an interpreter: who is to speak now, one after the other, and notes about how it goes.

import { byId, say } from "./dom.js";
import { awaited, written } from "./voices.js";

const STORE = "tellmore.any_order"; // a wish for how the page behaves, nothing else

export class Interpreted {
  /**
   * `language` is the child's, null where both speak the same; `present`: somebody is noted as interpreting,
   * else no voice follows by itself; `note(values)` puts a note on record.
   */
  constructor({ t, language, present, note, storage = null }) {
    Object.assign(this, { t, language: present ? language : null, _storage: storage });
    this.consecutive = this.language !== null && storage?.getItem(STORE) !== "1";
    for (const button of document.querySelectorAll("#interpreter-dialog [data-about]")) {
      button.addEventListener("click", () => this._note(button, note));
    }
  }

  /** One after the other, or as it comes. */
  toggle() {
    if (this.language === null) return;
    this.consecutive = !this.consecutive;
    if (this.consecutive) this._storage?.removeItem(STORE);
    else this._storage?.setItem(STORE, "1");
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
