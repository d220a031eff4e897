// The list of keys and pedals, each of which can be changed by pressing another on it, and the numbers beside.

import { keyName } from "../live/dialogs.js";
import { byId, el, fill, say } from "../live/dom.js";
import { chordOf, clashes } from "../live/keys.js";
import { DEFAULTS, allowed, bounded } from "./keys.js";

export class KeysDialog {
  /** `changed({keys, numbers})` takes what was set. */
  constructor({ t, kept, changed }) {
    Object.assign(this, { t, kept, _changed: changed });
    byId("keys").addEventListener("click", () => this.show());
    byId("keys-reset").addEventListener("click", () => this._set({ keys: { ...DEFAULTS } }));
    for (const name of ["jump", "resume"]) {
      byId(name).addEventListener("change", () => this._set({ numbers: { ...this.kept.numbers, [name]: bounded(name, byId(name).valueAsNumber) } }));
    }
  }

  show() {
    this._draw();
    byId("keys-dialog").showModal();
  }

  _set(what) {
    this.kept = { ...this.kept, ...what };
    say(byId("keys-problem"), "");
    this._changed(this.kept);
    this._draw();
  }

  _draw() {
    for (const name of ["jump", "resume"]) byId(name).value = this.kept.numbers[name];
    fill(byId("keys-list"), ...Object.keys(DEFAULTS).map((action) => this._row(action)));
  }

  _row(action) {
    const now = el("kbd", { id: `key-${action}-now` }, keyName(this.kept.keys[action], this.t));
    const names = `key-${action} key-${action}-now`;
    const press = (event) => this._press(event, action);
    return el(
      "li",
      { class: "row" },
      el("span", { class: "grow", id: `key-${action}` }, this.t(`key_${action}`)),
      el("button", { type: "button", class: "quiet", "data-action": action, "aria-labelledby": names, keydown: press }, now),
    );
  }

  _press(event, action) {
    if (["Tab", "Enter", " ", "Escape"].includes(event.key)) return;
    const chord = chordOf(event);
    if (!chord) return;
    event.preventDefault();
    event.stopPropagation();
    const keys = { ...this.kept.keys, [action]: chord };
    if (!allowed(chord)) return void say(byId("keys-problem"), this.t("key_not_allowed", { key: chord }));
    if (clashes(keys).length) return void say(byId("keys-problem"), this.t("key_taken", { key: chord }));
    this._set({ keys });
    byId("keys-list").querySelector(`[data-action="${action}"]`).focus();
  }
}
