import assert from "node:assert/strict";
import { test } from "node:test";

import { Interpreted } from "../../web/static/js/live/interpreter.js";
import { TO_CHILD, awaited, bodyOf, following, voiceOf, written } from "../../web/static/js/live/voices.js";

const turn = (speaker, language) => ({ speaker, language });

test("an interpreter's turn to the child says its language, others leave it to the interview", () => {
  assert.deepEqual(bodyOf(TO_CHILD, "uk"), { speaker: "interpreter", language: "uk" });
  assert.deepEqual(bodyOf("interpreter", "uk"), { speaker: "interpreter" });
  assert.deepEqual(bodyOf("child", "uk"), { speaker: "child" });
});

test("what was refused goes back to the voice it came from", () => {
  for (const voice of ["interviewer", "child", "interpreter", TO_CHILD]) {
    assert.equal(voiceOf(bodyOf(voice, "uk"), "uk"), voice);
  }
  assert.equal(voiceOf(turn("interpreter", "en"), "uk"), "interpreter");
  assert.equal(voiceOf(turn("child", "uk"), "uk"), "child");
});

test("one speaks after the other, and round again", () => {
  let voice = "interviewer";
  const heard = [];
  for (let i = 0; i < 4; i += 1) heard.push((voice = following(voice)));
  assert.deepEqual(heard, [TO_CHILD, "child", "interpreter", "interviewer"]);
});

test("by hand, an interviewer writes what the interpreter says to them", () => {
  assert.equal(written("interviewer"), "interpreter");
  assert.equal(written("interpreter"), "interviewer");
  assert.equal(written(TO_CHILD), "child");
  assert.equal(written("child"), "interpreter");
});

test("a rendering is waited for after each side, and after a rendering none", () => {
  const talk = [turn("interviewer", "en"), turn("interpreter", "uk"), turn("child", "uk"), turn("interpreter", "en")];
  assert.deepEqual(
    talk.map((_, i) => awaited(talk.slice(0, i + 1), "uk")),
    [TO_CHILD, null, "interpreter", null],
  );
  assert.equal(awaited([], "uk"), null);
});

test("a voice follows by itself only while somebody is noted as interpreting; the other wish is remembered", (at) => {
  globalThis.document = { querySelectorAll: () => [] };
  at.after(() => delete globalThis.document);
  const kept = new Map();
  const storage = {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => kept.set(name, value),
    removeItem: (name) => kept.delete(name),
  };
  const room = (present) => new Interpreted({ language: "uk", present, storage });
  const nobody = room(false);
  nobody.toggle();
  assert.equal(nobody.after("interviewer"), "interviewer");
  const here = room(true);
  assert.equal(here.after("interviewer"), "interpreter");
  here.toggle();
  assert.equal(room(true).after("interviewer"), "interviewer");
  here.toggle();
  assert.equal(room(true).after("interviewer"), "interpreter");
});
