// One segment open for editing, in its own row. What is typed stays until it is saved or left on purpose.

import { byId, say } from "../live/dom.js";
import { inserted } from "./text.js";

export class Editor {
  /** `act(action)` is called for what the form's buttons ask for: save, cancel, split, merge, speaker. */
  constructor({ act, inaudible }) {
    Object.assign(this, { _act: act, _inaudible: inaudible, row: null, _form: null, _before: "" });
  }

  get open() {
    return this._form !== null;
  }

  get id() {
    return this.row?.dataset.id ?? null;
  }

  get text() {
    return this._field.value;
  }

  get changed() {
    return this.open && this._field.value.trim() !== this._before;
  }

  get speaker() {
    return this._form.querySelector('[data-do="speaker"]').value;
  }

  /** Where the cursor stands in the text as it will be saved, as the browser counts. */
  get place() {
    const { value, selectionStart } = this._field;
    return Math.max(0, selectionStart - (value.length - value.trimStart().length));
  }

  get _field() {
    return this._form.querySelector("textarea");
  }

  /** Opens a row; `place`, in the browser's count, is where the cursor goes. */
  show(row, place = null) {
    this.close();
    const form = byId("editor").content.firstElementChild.cloneNode(true);
    const text = row.querySelector(".seg-text");
    const field = form.querySelector("textarea");
    field.value = this._before = text.textContent;
    field.dir = text.dir;
    field.lang = text.lang;
    form.querySelector('[data-do="speaker"]').value = row.dataset.speaker;
    form.addEventListener("submit", (event) => this._on(event, "save"));
    form.addEventListener("click", (event) => event.target.dataset.do && event.target.dataset.do !== "speaker" && this._on(event, event.target.dataset.do));
    form.addEventListener("change", (event) => event.target.dataset.do === "speaker" && this._act("speaker"));
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this._on(event, "save");
    });
    row.append(form);
    Object.assign(this, { row, _form: form });
    field.focus();
    field.setSelectionRange(place ?? field.value.length, place ?? field.value.length);
  }

  /** The row was drawn anew, because it stands otherwise now: what was typed goes on under it. */
  moveTo(row) {
    const before = row.querySelector(".seg-text").textContent;
    if (!this.changed) this._field.value = before;
    row.append(this._form);
    Object.assign(this, { row, _before: before });
  }

  /** What is open and typed, to be known again by `holds`. */
  get state() {
    return this.open ? { form: this._form, text: this.text } : null;
  }

  /** Whether the same row is open still and nothing was typed since. */
  holds(state) {
    return state !== null && this._form === state.form && this.text === state.text;
  }

  /** Where somebody types, to be gone back to by calling it after the rows were drawn. */
  typing() {
    const field = this.open && document.activeElement === this._field ? this._field : null;
    const { selectionStart, selectionEnd } = field ?? {};
    return () => {
      if (!field?.isConnected || document.activeElement === field) return;
      field.focus();
      field.setSelectionRange(selectionStart, selectionEnd);
    };
  }

  putInaudible() {
    const { selectionStart: from, selectionEnd: to } = this._field;
    const [text, cursor] = inserted(this._field.value, from, to, this._inaudible);
    this._field.value = text;
    this._field.focus();
    this._field.setSelectionRange(cursor, cursor);
  }

  tell(text) {
    say(this._form.querySelector(".error"), text);
  }

  close() {
    this._form?.remove();
    Object.assign(this, { row: null, _form: null, _before: "" });
  }

  _on(event, action) {
    event.preventDefault();
    event.stopPropagation();
    if (action === "inaudible") this.putInaudible();
    else this._act(action);
  }
}
