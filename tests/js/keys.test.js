import assert from "node:assert/strict";
import { test } from "node:test";

import { DEFAULTS, actionOf, allowed, chordOf, clashes, load, save } from "../../web/static/js/live/keys.js";

const press = (key, more = {}) => ({ key, code: "", ctrlKey: false, altKey: false, metaKey: false, shiftKey: false, ...more });
const store = (start = {}) => {
  const kept = { ...start };
  return { getItem: (name) => kept[name] ?? null, setItem: (name, value) => (kept[name] = value), kept };
};

test("keys are named as they are printed on the page", () => {
  assert.equal(chordOf(press("F2")), "F2");
  assert.equal(chordOf(press("F9", { shiftKey: true })), "Shift+F9");
  assert.equal(chordOf(press("c", { altKey: true })), "Alt+C");
  assert.equal(chordOf(press("Escape")), "Escape");
});

test("Alt with a letter works on keyboards where it gives another sign", () => {
  assert.equal(chordOf(press("ç", { altKey: true, code: "KeyC" })), "Alt+C");
  assert.equal(chordOf(press("с", { altKey: true, code: "KeyC" })), "Alt+C");
  assert.equal(chordOf(press("¡", { altKey: true, code: "Digit1" })), "Alt+1");
});

test("a modifier alone, AltGr and a word being composed are nobody's keys", () => {
  assert.equal(chordOf(press("Shift")), "");
  assert.equal(chordOf(press("é", { isComposing: true })), "");
  assert.equal(chordOf(press("@", { altKey: true, ctrlKey: true, getModifierState: (name) => name === "AltGraph" })), "");
});

test("typed letters are never taken, whatever the map says", () => {
  const map = { ...DEFAULTS, break: "b", stop: "Shift+S", child: "Enter" };
  for (const event of [press("b"), press("S", { shiftKey: true }), press("Enter"), press(" "), press("5")]) {
    assert.equal(actionOf(map, event, true), null);
    assert.equal(actionOf(map, event, false), null);
  }
});

test("the question mark opens the list only where nobody types", () => {
  assert.equal(actionOf(DEFAULTS, press("?", { shiftKey: true }), false), "help");
  assert.equal(actionOf(DEFAULTS, press("?", { shiftKey: true }), true), null);
});

test("function keys work while typing", () => {
  assert.equal(actionOf(DEFAULTS, press("F3"), true), "child");
  assert.equal(actionOf(DEFAULTS, press("F8"), true), "safety");
  assert.equal(actionOf(DEFAULTS, press("F9", { shiftKey: true }), true), "choose_step");
});

for (const chord of ["F1", "F5x", "Alt+Ctrl+C", "Ctrl+C", "Meta+Q", "a", "Tab", "Enter", "Backspace", "ArrowUp", "Alt+ArrowLeft"]) {
  test(`${chord} cannot be given away`, () => assert.equal(allowed(chord, "break"), false));
}

test("no two actions share a key by default", () => {
  assert.deepEqual(clashes(DEFAULTS), []);
  assert.deepEqual(clashes({ a: "F2", b: "F2", c: "F3" }), ["a", "b"]);
});

test("own keys are kept, and only what differs from the usual ones", () => {
  const storage = store();
  save(storage, { ...DEFAULTS, break: "F10" });
  assert.deepEqual(Object.values(storage.kept).map(JSON.parse), [{ break: "F10" }]);
  assert.equal(load(storage).break, "F10");
  assert.equal(load(storage).stop, "F7");
});

test("a broken or hostile store gives the usual keys", () => {
  for (const kept of ["{", "null", '{"break":"b"}', '{"fire":"F6"}', '{"break":7}', '{"break":"F7"}']) {
    assert.deepEqual(load(store({ "tellmore.keys": kept })), { ...DEFAULTS }, kept);
  }
});
