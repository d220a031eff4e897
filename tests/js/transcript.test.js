import assert from "node:assert/strict";
import { test } from "node:test";

import { Refused } from "../../web/static/js/live/outbox.js";
import { Editor } from "../../web/static/js/transcript/editor.js";
import { DEFAULTS, Hold, NUMBERS, actionOf, allowed, load, save } from "../../web/static/js/transcript/keys.js";
import { Steps } from "../../web/static/js/transcript/steps.js";
import { characters, clock, inserted, momentAt, segmentAt } from "../../web/static/js/transcript/text.js";

const press = (key, more = {}) => ({ key, code: "", ctrlKey: false, altKey: false, metaKey: false, shiftKey: false, ...more });
const store = (text) => {
  const kept = { "tellmore.transcript": text };
  return { getItem: (name) => kept[name] ?? null, setItem: (name, value) => (kept[name] = value), kept };
};

test("a pedal may be any key that types nothing", () => {
  for (const chord of ["F4", "F13", "F24", "MediaPlayPause", "Pause", "Alt+P", "Escape"]) assert.ok(allowed(chord), chord);
  for (const chord of ["a", "F1", "Enter", " ", "Ctrl+S", "Tab", "ArrowLeft", "Shift+A", "Alt+ArrowLeft", "F25"]) assert.ok(!allowed(chord), chord);
});

test("keys work while words are typed, letters never do", () => {
  assert.equal(actionOf(DEFAULTS, press("F4")), "hold");
  assert.equal(actionOf(DEFAULTS, press("s", { altKey: true, code: "KeyS" })), "split");
  assert.equal(actionOf({ ...DEFAULTS, hold: "s" }, press("s")), null);
  assert.equal(actionOf(DEFAULTS, press("F4", { isComposing: true })), null);
});

test("the map is kept per browser, and what cannot be is passed over", () => {
  const storage = store(undefined);
  save(storage, { keys: { ...DEFAULTS, hold: "F13" }, numbers: { jump: 5, resume: 0, rate: 0.75 } });
  assert.equal(storage.kept["tellmore.transcript"], '{"keys":{"hold":"F13"},"numbers":{"jump":5,"resume":0,"rate":0.75}}');
  assert.equal(load(storage).keys.hold, "F13");
  assert.equal(load(storage).keys.toggle, DEFAULTS.toggle);
  assert.deepEqual(load(storage).numbers, { jump: 5, resume: 0, rate: 0.75 });
});

for (const text of ["", "null", "7", "{", '{"keys":{"hold":"a","dog":"F9","toggle":3},"numbers":{"jump":999,"rate":"x"}}', '{"keys":{"hold":"F8"}}']) {
  test(`a store that holds ${text || "nothing"} gives the usual keys`, () => {
    assert.deepEqual(load(store(text)), { keys: { ...DEFAULTS }, numbers: { ...NUMBERS } });
  });
}

test("holding a pedal plays once and letting go pauses, however often the keyboard repeats", () => {
  const told = [];
  const hold = new Hold({ down: () => told.push("down"), up: () => told.push("up") });
  hold.press(press("F4", { code: "F4" }));
  hold.press(press("F4", { code: "F4", repeat: true }));
  assert.equal(hold.release(press("a", { code: "KeyA" })), false);
  assert.equal(hold.release(press("F4", { code: "F4" })), true);
  assert.equal(hold.release(press("F4", { code: "F4" })), false);
  hold.press(press("F4", { code: "F4" }));
  hold.drop();
  hold.drop();
  assert.deepEqual(told, ["down", "up", "down", "up"]);
});

test("a held pedal is let go by its key whatever modifier came with it", () => {
  let up = 0;
  const hold = new Hold({ down: () => {}, up: () => (up += 1) });
  hold.press(press("p", { code: "KeyP", altKey: true }));
  hold.release(press("P", { code: "KeyP" }));
  assert.equal(up, 1);
});

test("places are counted as the record counts them", () => {
  assert.equal(characters("a🦊b", 3), 2);
  assert.equal(characters("أمي", 2), 2);
});

test("a click on a word finds when it was said", () => {
  const words = [[0, 1000], [3, 1200], [8, 2000]];
  assert.equal(momentAt(words, 0), 1000);
  assert.equal(momentAt(words, 4), 1200);
  assert.equal(momentAt(words, 99), 2000);
  assert.equal(momentAt([], 3), null);
});

test("the segment that sounds is the last one that has begun, of several the later", () => {
  const segments = [{ id: 1, start: null }, { id: 2, start: 1000 }, { id: 4, start: 3000 }, { id: 3, start: 3000 }];
  assert.equal(segmentAt(segments, 999), null);
  assert.equal(segmentAt(segments, 2999).id, 2);
  assert.equal(segmentAt(segments, 5000).id, 3);
});

test("times are said in minutes and seconds", () => {
  assert.equal(clock(61_500), "1:01");
  assert.equal(clock(3_661_000), "61:01");
  assert.equal(clock(-4), "0:00");
});

test("a mark is put where the cursor is, with room around it", () => {
  assert.deepEqual(inserted("he me", 2, 2, "[x]"), ["he [x] me", 6]);
  assert.deepEqual(inserted("he hit me", 3, 6, "[x]"), ["he [x] me", 6]);
  assert.deepEqual(inserted("", 0, 0, "[x]"), ["[x]", 3]);
});

function sender(answers) {
  const sent = [];
  let count = 0;
  const post = async (body) => {
    sent.push(body);
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { sent, steps: new Steps({ post, number: 4, newKey: () => `k${(count += 1)}` }) };
}

test("the same step tried again has the same key, another one a new key", async () => {
  const { sent, steps } = sender([new Error("offline"), new Error("offline"), { number: 5 }, { number: 6 }]);
  assert.deepEqual(await steps.take("text", { segment: "2", text: "a" }), { done: false, why: "unsaved" });
  await steps.take("text", { segment: "2", text: "b" });
  assert.deepEqual(await steps.take("text", { segment: "2", text: "b" }), { done: true });
  await steps.take("text", { segment: "2", text: "b" });
  assert.deepEqual(sent.map((body) => body.key), ["k1", "k2", "k2", "k3"]);
  assert.deepEqual(sent.map((body) => body.seen), [4, 4, 4, 5], "one's own step is known, drawn or not");
});

test("somebody faster is told apart from what can never be", async () => {
  const { steps } = sender([new Refused(409, "theirs"), new Refused(422, "no such segment")]);
  assert.deepEqual(await steps.take("undo", { of: 1 }), { done: false, why: "clash", detail: "theirs" });
  assert.deepEqual(await steps.take("undo", { of: 1 }), { done: false, why: "refused", detail: "no such segment" });
});

test("steps asked for while one is under way are sent in order, each after the one before was drawn", async () => {
  const log = [];
  const steps = new Steps({
    post: async (body) => log.push([body.speaker ?? body.of, body.seen]) && { number: body.seen + 1 },
    number: 4,
    newKey: () => "k",
  });
  const drawn = async () => {
    await null;
    log.push("drawn");
    steps.number += 1;
  };
  const taken = [
    steps.take("speaker", { segment: "1", speaker: "child" }, drawn),
    steps.take("speaker", { segment: "2", speaker: "interviewer" }, drawn),
    steps.take("undo", () => ({ of: steps.number }), drawn),
  ];
  assert.ok(steps.pending);
  assert.deepEqual(await Promise.all(taken), [{ done: true }, { done: true }, { done: true }]);
  assert.deepEqual(log, [["child", 4], "drawn", ["interviewer", 5], "drawn", [6, 6], "drawn"]);
});

test("a step that was asked for before somebody else's was seen does not claim to have seen it", async () => {
  const { sent, steps } = sender([{ number: 9 }, { number: 10 }]);
  const drawn = async () => (steps.number = 9);
  await Promise.all([steps.take("text", { segment: "2", text: "a" }, drawn), steps.take("text", { segment: "2", text: "b" }, drawn)]);
  assert.deepEqual(sent.map((body) => body.seen), [4, 4]);
});

test("an editor is known again only while the same row is open and nothing was typed since", () => {
  const opened = (value) => ({ querySelector: () => ({ value }) });
  const editor = new Editor({});
  assert.equal(editor.holds(editor.state), false);
  editor._form = opened("he hit");
  const sent = editor.state;
  assert.ok(editor.holds(sent));
  editor._form = opened("he hit");
  assert.equal(editor.holds(sent), false);
  const typed = editor.state;
  editor._form.querySelector = () => ({ value: "he hit me" });
  assert.equal(editor.holds(typed), false);
});

function typing(before, value) {
  const field = { value, selectionStart: value.length };
  const editor = new Editor({});
  Object.assign(editor, { row: { dataset: { id: "2" } }, _form: { querySelector: () => field }, _before: before });
  return { editor, field };
}

const drawn = (text) => ({ dataset: { id: "2" }, querySelector: () => ({ textContent: text }), append() {} });

test("what is typed while a step is being saved goes on under the row drawn anew, and is not taken for saved", async () => {
  const { editor, field } = typing("he bit", "he hit");
  const sent = editor.state;
  let answer;
  const steps = new Steps({ post: () => new Promise((done) => (answer = done)), number: 4 });
  const taken = steps.take("text", { segment: "2", text: editor.text }, async ({ done }) => {
    if (done && editor.holds(sent)) editor.close();
    else editor.moveTo(drawn("he hit"));
  });
  await null;
  field.value = "he hit me";
  assert.ok(steps.pending);
  answer({ number: 5 });
  assert.deepEqual(await taken, { done: true });
  assert.ok(editor.open && editor.changed);
  assert.equal(editor.text, "he hit me");
});

test("another row opened while a step is being saved stays open with its words", () => {
  const { editor } = typing("he bit", "he hit");
  const sent = editor.state;
  const other = { value: "no, the dog" };
  Object.assign(editor, { row: { dataset: { id: "3" } }, _form: { querySelector: () => other }, _before: "no" });
  assert.equal(editor.holds(sent), false);
  assert.deepEqual([editor.id, editor.text, editor.changed], ["3", "no, the dog", true]);
});

test("a row that somebody else changed shows theirs where nothing was typed, and keeps what was", () => {
  const idle = typing("he bit", "he bit");
  idle.editor.moveTo(drawn("he hit"));
  assert.deepEqual([idle.editor.text, idle.editor.changed], ["he hit", false]);
  const busy = typing("he bit", "he bit me");
  busy.editor.moveTo(drawn("he hit"));
  assert.deepEqual([busy.editor.text, busy.editor.changed], ["he bit me", true]);
});
