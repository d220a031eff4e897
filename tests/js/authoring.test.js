import assert from "node:assert/strict";
import test from "node:test";

import { Checker } from "../../web/static/js/authoring/check.js";
import { Kept } from "../../web/static/js/authoring/kept.js";
import { count, excerpt, numbers, range } from "../../web/static/js/authoring/lines.js";
import { Saving } from "../../web/static/js/authoring/saving.js";

function bench(ask) {
  const asked = [];
  const shown = [];
  let waiting = null;
  const timers = { setTimeout: (work) => ((waiting = work), 1), clearTimeout: () => (waiting = null) };
  const checker = new Checker({
    ask: (text, signal) => (asked.push([text, signal]), ask(text, signal)),
    show: (state, answer) => shown.push([state, answer]),
    timers,
  });
  return { checker, asked, shown, pause: () => waiting?.() };
}

test("what is typed is looked at once, in a pause, as it stands then", async () => {
  const { checker, asked, shown, pause } = bench(async () => ({ problems: [] }));
  checker.changed("flow");
  checker.changed("flow:");
  await pause();
  assert.deepEqual(asked.map(([text]) => text), ["flow:"]);
  assert.deepEqual(shown.at(-1), ["done", { problems: [] }]);
});

test("a newer text ends the look at an older one, whose answer is never shown", async () => {
  const answers = [];
  const { checker, asked, shown } = bench(() => new Promise((resolve) => answers.push(resolve)));
  const first = checker.now("old");
  const second = checker.now("new");
  assert.equal(asked[0][1].aborted, true);
  assert.equal(asked[1][1].aborted, false);
  answers[1]("answer to new");
  answers[0]("answer to old");
  await Promise.all([first, second]);
  assert.deepEqual(shown, [["done", "answer to new"]]);
});

test("a key pressed while the server thinks makes its answer void", async () => {
  let answer;
  const { checker, shown } = bench(() => new Promise((resolve) => (answer = resolve)));
  const look = checker.now("old");
  checker.changed("newer");
  answer("late");
  await look;
  assert.deepEqual(shown, [["waiting", null]]);
});

test("a look that fails says so", async () => {
  const { checker, shown } = bench(async () => {
    throw new Error("no network");
  });
  await checker.now("text");
  assert.deepEqual(shown, [["failed", null]]);
});

test("lines are found, and numbers outside the text lead to its ends", () => {
  const text = "flow:\n  id: a\n\nlast";
  assert.equal(count(text), 4);
  assert.equal(text.slice(...range(text, 2)), "  id: a");
  assert.equal(text.slice(...range(text, 3)), "");
  assert.equal(text.slice(...range(text, 99)), "last");
  assert.equal(text.slice(...range(text, 0)), "flow:");
  assert.deepEqual(range("", 1), [0, 0]);
  assert.equal(excerpt(text, 2), "id: a");
  assert.equal(excerpt(text, 99), "");
});

test("numbers of marked lines stand apart, and together they are all numbers", () => {
  const pieces = numbers(5, new Set([1, 3, 4, 9]));
  assert.equal(pieces.map((piece) => piece.text).join(""), "1\n2\n3\n4\n5");
  assert.deepEqual(pieces.filter((piece) => piece.marked).map((piece) => piece.text), ["1", "3", "4"]);
});

function storage() {
  const held = new Map();
  return {
    held,
    getItem: (key) => held.get(key) ?? null,
    setItem: (key, value) => held.set(key, value),
    removeItem: (key) => held.delete(key),
  };
}

test("text that waits outlives a reload, and only that of the same file", () => {
  const held = storage();
  new Kept(held, "1/a.yml").keep("typed", "s1");
  assert.deepEqual(new Kept(held, "1/a.yml").found(), { text: "typed", seen: "s1" });
  assert.equal(new Kept(held, "1/b.yml").found(), null);
  new Kept(held, "1/a.yml").drop();
  assert.equal(new Kept(held, "1/a.yml").found(), null);
});

test("a storage that is full, away or holds something else breaks nothing", () => {
  const closed = { getItem: fail, setItem: fail, removeItem: fail };
  const kept = new Kept(closed, "a");
  assert.equal(kept.keep("text", "s"), false);
  assert.equal(kept.found(), null);
  kept.drop();
  for (const odd of ["null", "[]", "{", '{"text": 3, "seen": "s"}']) {
    assert.equal(new Kept({ ...storage(), getItem: () => odd }, "a").found(), null);
  }
});

function fail() {
  throw new Error("QuotaExceededError");
}

function desk(put, held = storage()) {
  const told = [];
  const saving = new Saving({ text: "as saved", seen: "s1", put, kept: new Kept(held, "f"), told: (...one) => told.push(one) });
  return { saving, told, held };
}

test("saving goes on from the new state and lets go of what was kept", async () => {
  const sent = [];
  const { saving, told, held } = desk(async (body) => (sent.push(body), { seen: `s${sent.length + 1}` }));
  saving.typed("one");
  assert.equal(saving.dirty, true);
  assert.equal(held.held.size, 1);
  assert.equal(await saving.save(), true);
  saving.typed("two");
  await saving.save();
  assert.deepEqual(sent, [{ text: "one", seen: "s1" }, { text: "two", seen: "s2" }]);
  assert.equal(saving.dirty, false);
  assert.equal(held.held.size, 0);
  assert.equal(told.at(-1)[0], "saved");
});

test("what is typed while a save is under way stays unsaved, and two presses are one save", async () => {
  let done;
  let calls = 0;
  const { saving } = desk(() => ((calls += 1), new Promise((resolve) => (done = resolve))));
  saving.typed("one");
  const first = saving.save();
  const second = saving.save();
  saving.typed("one and more");
  done({ seen: "s2" });
  await Promise.all([first, second]);
  assert.equal(calls, 1);
  assert.equal(saving.dirty, true);
});

test("somebody faster: nothing of ours is lost, and ours can be saved in the knowledge of theirs", async () => {
  const sent = [];
  const { saving, told, held } = desk(async (body) => {
    sent.push(body);
    if (body.seen === "s1") throw Object.assign(new Error(), { status: 409, seen: "s9", theirs: "their text" });
    return { seen: "s10" };
  });
  saving.typed("ours");
  assert.equal(await saving.save(), false);
  assert.equal(told.at(-1)[0], "clash");
  assert.equal(told.at(-1)[1].theirs, "their text");
  assert.match([...held.held.values()][0], /ours/);
  saving.goOnFrom("s9", "their text");
  assert.equal(saving.dirty, true);
  assert.equal(await saving.save(), true);
  assert.deepEqual(sent.at(-1), { text: "ours", seen: "s9" });
});

test("text kept over a reload goes on from the state it began with, so that a clash shows", () => {
  const held = storage();
  desk(null, held).saving.typed("typed before the reload");
  const told = [];
  const later = new Saving({ text: "saved by somebody else", seen: "s5", put: null, kept: new Kept(held, "f"), told: (one) => told.push(one) });
  assert.equal(later.waiting(), "typed before the reload");
  assert.equal(later.seen, "s1");
});

test("a save that fails keeps everything and says so", async () => {
  const { saving, told, held } = desk(async () => {
    throw new TypeError("Failed to fetch");
  });
  saving.typed("ours");
  assert.equal(await saving.save(), false);
  assert.equal(told.at(-1)[0], "failed");
  assert.equal(held.held.size, 1);
});
