// The small windows: choose a step, what the child wants, what was noticed, keys. All native dialogs, so
// that the browser keeps the focus inside and gives it back.

import { byId, el, fill, say } from "./dom.js";
import { DEFAULTS, allowed, chordOf, clashes } from "./keys.js";

export class Dialogs {
  /** `act(name, values, local)` sends what was chosen; `remap(map)` takes a new key map. */
  constructor({ t, act, remap }) {
    Object.assign(this, { t, act, remap });
    byId("step-form").addEventListener("submit", () => this._goTo());
    for (const button of document.querySelectorAll("#wants-dialog [data-what]")) {
      button.addEventListener("click", () => this._wants(button));
    }
    for (const button of document.querySelectorAll("#observe-dialog [data-condition]")) {
      button.addEventListener("click", () => this._observe(button));
    }
    byId("keys-reset").addEventListener("click", () => this._setKeys({ ...DEFAULTS }));
  }

  get open() {
    return document.querySelector("dialog[open]") !== null;
  }

  show(id) {
    if (!this.open) byId(id).showModal();
  }

  chooseStep(step) {
    const choice = document.querySelector(`#step-form select option[value="${CSS.escape(step ?? "")}"]`);
    if (choice) choice.selected = true;
    this.show("step-dialog");
  }

  _goTo() {
    const form = byId("step-form");
    this.act("go_to", { step: form.elements.step.value, reason: form.elements.reason.value.trim() });
    form.elements.reason.value = "";
  }

  _wants(button) {
    byId("wants-dialog").close();
    this.act("child_wants", { what: button.dataset.what }, { means: button.dataset.means || null });
  }

  _observe(button) {
    byId("observe-dialog").close();
    this.act("observe", { condition: button.dataset.condition });
  }

  /** The list of keys; each can be changed by pressing another one on it. */
  showKeys(map) {
    this._map = { ...map };
    this._drawKeys();
    this.show("keys-dialog");
  }

  _drawKeys() {
    const rows = Object.keys(DEFAULTS).map((action) =>
      el(
        "li",
        {},
        el("span", { id: `key-${action}` }, this.t(`key_${action}`)),
        el(
          "button",
          {
            type: "button",
            class: "quiet key",
            "data-action": action,
            "aria-labelledby": `key-${action} key-${action}-now`,
            keydown: (event) => this._press(event, action),
          },
          el("kbd", { id: `key-${action}-now` }, keyName(this._map[action], this.t)),
        ),
      ),
    );
    fill(byId("keys-list"), ...rows);
  }

  _press(event, action) {
    if (["Tab", "Enter", " ", "Escape"].includes(event.key)) return;
    const chord = chordOf(event);
    if (!chord) return;
    event.preventDefault();
    event.stopPropagation();
    const map = { ...this._map, [action]: chord };
    if (!allowed(chord, action)) return say(byId("keys-problem"), this.t("key_not_allowed", { key: chord }));
    if (clashes(map).length) return say(byId("keys-problem"), this.t("key_taken", { key: chord }));
    this._setKeys(map);
    byId("keys-list").querySelector(`[data-action="${action}"]`).focus();
  }

  _setKeys(map) {
    this._map = map;
    say(byId("keys-problem"), "");
    this.remap(map);
    this._drawKeys();
  }
}

/** A key as it is printed on the page. */
export function keyName(chord, t) {
  return chord === "Escape" ? t("key_name_escape") : chord;
}
