import assert from "node:assert/strict";
import test from "node:test";

import { DraftCheck } from "../../web/static/js/live/draft.js";

const REMARK = { type: "yes_no", label: "Closed question", remark: { reason: "These words are not the child's" } };

function bench(ask = async () => REMARK) {
  const asked = [];
  const shown = [];
  const told = [];
  let waiting = null;
  const timers = {
    setTimeout: (work) => ((waiting = work), 1),
    clearTimeout: () => (waiting = null),
  };
  const check = new DraftCheck({
    ask: (text) => (asked.push(text), ask(text)),
    show: (answer) => shown.push(answer),
    shown: (text, { remark }) => told.push([text, remark]),
    timers,
  });
  const pause = async () => {
    const work = waiting;
    waiting = null;
    await work?.();
  };
  return { check, asked, shown, told, pause };
}

test("a draft is looked at in a pause, once, as it stands then", async () => {
  const { check, asked, shown, told, pause } = bench();
  check.typed("did he hit");
  check.typed("did he hit you ");
  await pause();
  await pause();
  assert.deepEqual(asked, ["did he hit you"]);
  assert.deepEqual(shown.at(-1), REMARK);
  assert.deepEqual(told, [["did he hit you", REMARK.remark]]);
});

test("two words are no question yet", async () => {
  const { check, asked, pause } = bench();
  check.typed("did he");
  await pause();
  assert.deepEqual(asked, []);
});

test("an answer to an older draft is not shown", async () => {
  let answer;
  const { check, shown, told, pause } = bench(() => new Promise((resolve) => (answer = resolve)));
  check.typed("did he hit you");
  const looking = pause();
  check.typed("");
  answer(REMARK);
  await looking;
  assert.equal(shown.at(-1), null);
  assert.deepEqual(told, []);
});

test("what needs no remark shows none, and a look that fails leaves the page as it is", async () => {
  const good = bench(async () => ({ ...REMARK, remark: null }));
  good.check.typed("tell me about that");
  await good.pause();
  assert.deepEqual(good.shown, [null]);
  assert.deepEqual(good.told, []);
  const lost = bench(async () => {
    throw new Error("no network");
  });
  lost.check.typed("did he hit you");
  await lost.pause();
  assert.deepEqual(lost.shown, [null]);
});

test("switched off it asks nothing; switched on it looks at what stands there", async () => {
  const { check, asked, shown, pause } = bench();
  check.switched(false);
  check.typed("did he hit you");
  await pause();
  assert.deepEqual(asked, []);
  check.switched(true);
  await pause();
  assert.deepEqual(shown.at(-1), REMARK);
});
