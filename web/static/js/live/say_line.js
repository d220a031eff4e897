// The input line: who speaks, what was said, Enter.

import { byId } from "./dom.js";

export class SayLine {
  /**
   * `send({speaker, text, began, ended})` gets each turn; `speaker(name)` is told when the speaker changes or is
   * chosen again, `drafted(text)` when the interviewer's own draft changes.
   */
  constructor({ send, speaker, drafted }) {
    Object.assign(this, { _send: send, _speaker: speaker, _drafted: drafted });
    this._form = byId("say");
    this._text = byId("say-text");
    this._began = null;
    this._form.addEventListener("submit", (event) => {
      event.preventDefault();
      this._submit();
    });
    this._text.addEventListener("keydown", (event) => this._enter(event));
    this._text.addEventListener("input", () => this._typed());
    for (const radio of this._form.elements.speaker) {
      radio.addEventListener("change", () => this._changed());
      radio.addEventListener("click", () => radio.value === this._told && this._speaker(radio.value));
    }
    this._told = this.speaker;
  }

  get speaker() {
    return this._form.elements.speaker.value;
  }

  get empty() {
    return !this._text.value.trim();
  }

  /** Somebody pressed the key of a speaker: that counts, whoever was chosen before. */
  press(name) {
    if (this.speaker === name) this._speaker(name);
    this.speak(name);
  }

  speak(name) {
    if (this.speaker !== name) {
      this._form.elements.speaker.value = name;
      this._changed();
    }
    this.focus();
  }

  focus() {
    this._text.focus({ preventScroll: true });
  }

  /** Offer words to be sent or typed over; words that somebody is typing are left alone. */
  offer(text) {
    if (this._text.value.trim() && this._text.value !== this._offered) return;
    this._offered = text;
    this._text.value = text;
    this._text.select();
    this._typed();
  }

  putBack(text, speaker) {
    this._text.value = [text, this._text.value].filter(Boolean).join(" ");
    this.speak(speaker);
    this._typed();
  }

  _changed() {
    this._told = this.speaker;
    this._speaker(this.speaker);
    this._typed();
  }

  _typed() {
    this._began = this._text.value ? (this._began ?? Date.now()) : null;
    this._text.rows = Math.min(5, this._text.value.split("\n").length);
    const own = this.speaker === "interviewer" && this._text.value !== this._offered;
    this._drafted(own ? this._text.value : "");
  }

  _enter(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.altKey) return;
    event.preventDefault();
    this._submit();
  }

  _submit() {
    const text = this._text.value.trim();
    if (!text) return;
    this._send({ speaker: this.speaker, text, began: this._began ?? Date.now(), ended: Date.now() });
    this._text.value = "";
    this._offered = null;
    this._typed();
  }
}
