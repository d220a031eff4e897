// Facts from the file: the window that says why they are locked, or shows the next one, and the line that
// keeps a fact in sight until the child has answered it. Nothing of a fact is here before it is shown.

import { byId, el, fill, say } from "./dom.js";

export class RevealDialog {
  /** `api` fetches and posts; `show(id)` opens a window; `newKey()` makes the key of one press. */
  constructor({ t, api, show, newKey = () => crypto.randomUUID() }) {
    Object.assign(this, { t, api, show, newKey });
    this._press = null; // what was sent and has not been answered: trying again sends the same
    byId("file-form").addEventListener("submit", (event) => this._submit(event));
  }

  async open() {
    this._clear();
    this.show("file-dialog");
    try {
      this._standing(await this.api.get("reveal"));
    } catch (error) {
      say(byId("file-standing"), error.detail ?? this.t("file_away"));
    }
  }

  /** The line in the room. */
  render({ fact }) {
    const line = byId("file-fact");
    if (this._fact === fact) return;
    this._fact = fact;
    line.hidden = !fact;
    fill(line, ...(fact ? this._words(fact) : []));
  }

  _clear() {
    for (const id of ["file-shown", "file-locks", "file-form"]) byId(id).hidden = true;
    fill(byId("file-shown"));
    say(byId("file-problem"), "");
    say(byId("file-standing"), this.t("file_looking"));
  }

  _standing({ listed, next, locks, put, not_needed: unneeded }) {
    const lines = [];
    if (put.length) lines.push(this.t("file_put", { n: put.length, all: listed }));
    if (unneeded) lines.push(this.t("file_unneeded", { reason: unneeded }));
    if (next) lines.push(this.t(locks.length ? "file_locked" : "file_open", { n: next, all: listed }));
    say(byId("file-standing"), lines.join(" "));
    fill(byId("file-locks"), ...locks.map(({ text }) => el("li", {}, text)));
    byId("file-locks").hidden = !locks.length;
    byId("file-form").hidden = !next;
    byId("file-next").hidden = byId("file-next").disabled = locks.length > 0;
    (next && !locks.length ? byId("file-reason") : byId("file-close")).focus();
  }

  async _submit(event) {
    event.preventDefault();
    const reason = byId("file-reason").value.trim();
    const needed = event.submitter?.id !== "file-unneeded" && !byId("file-next").disabled;
    const same = this._press && this._press.reason === reason && this._press.needed === needed;
    if (!same) this._press = { key: this.newKey(), reason, needed };
    say(byId("file-problem"), "");
    say(byId("file-standing"), this.t("file_looking"));
    try {
      const { fact } = await this.api.post("reveal", this._press);
      this._press = null;
      byId("file-reason").value = "";
      this._done(fact);
    } catch (error) {
      say(byId("file-standing"), "");
      say(byId("file-problem"), error.detail ?? this.t("file_away"));
    }
  }

  _done(fact) {
    this._clear();
    say(byId("file-standing"), fact ? "" : this.t("file_noted"));
    if (fact) {
      const box = byId("file-shown");
      fill(box, ...this._words(fact), el("ul", {}, ...fact.advice.map((line) => el("li", { dir: "auto" }, line))));
      box.hidden = false;
    }
    byId(fact ? "file-shown" : "file-close").focus();
  }

  _words({ number, text, source }) {
    return [
      el("p", { class: "card-kind" }, this.t("file_fact", { n: number })),
      el("p", { class: "file-text", dir: "auto" }, text),
      el("p", { class: "card-reason" }, this.t("file_source", { source })),
      el("p", { class: "card-reason" }, this.t("file_brought")),
    ];
  }
}
