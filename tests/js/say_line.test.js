import assert from "node:assert/strict";
import { test } from "node:test";

import { SayLine } from "../../web/static/js/live/say_line.js";

class Part extends EventTarget {
  value = "";
  focus() {}
  select() {}
}

class Radio extends Part {
  constructor(value, form) {
    super();
    Object.assign(this, { value, _form: form });
  }

  /** As a browser does it: what is pointed at is chosen before anybody is told, and only news is a change. */
  click() {
    const news = this._form.elements.speaker.value !== this.value;
    this._form.elements.speaker.value = this.value;
    this.dispatchEvent(new Event("click"));
    if (news) this.dispatchEvent(new Event("change"));
  }
}

function room() {
  const form = new Part();
  const radios = ["interviewer", "child"].map((name) => new Radio(name, form));
  form.elements = { speaker: Object.assign(radios, { value: "interviewer" }) };
  const parts = { say: form, "say-text": new Part() };
  globalThis.document = { getElementById: (id) => parts[id] };
  const told = [];
  const line = new SayLine({ send() {}, speaker: (name) => told.push(name), drafted() {} });
  return { line, told, radios };
}

test("a key counts though its speaker is chosen already", () => {
  const { line, told } = room();
  line.press("interviewer");
  line.press("child");
  line.press("child");
  assert.deepEqual(told, ["interviewer", "child", "child"]);
  assert.equal(line.speaker, "child");
});

test("so does the pointer, once for each press", () => {
  const { told, radios } = room();
  radios[0].click();
  radios[1].click();
  radios[1].click();
  radios[0].click();
  assert.deepEqual(told, ["interviewer", "child", "child", "interviewer"]);
});

test("what the page does by itself is nobody's press", () => {
  const { line, told } = room();
  line.speak("interviewer");
  assert.deepEqual(told, []);
  line.speak("child");
  line.speak("child");
  assert.deepEqual(told, ["child"]);
});
