import assert from "node:assert/strict";
import { test } from "node:test";

import { Outbox, Refused } from "../../web/static/js/live/outbox.js";

const settle = () => new Promise((resolve) => setImmediate(resolve));

/** An outbox whose server answers as `answers` says, and whose timers are pressed by hand. */
function make(answer) {
  const sent = [];
  const timers = [];
  let count = 0;
  const outbox = new Outbox({
    send: async (kind, body) => {
      sent.push({ kind, ...body });
      return answer(body, sent.length);
    },
    later: (ms, run) => {
      const timer = { ms, run, live: true };
      timers.push(timer);
      return () => (timer.live = false);
    },
    newKey: () => `k${(count += 1)}`,
  });
  return { outbox, sent, timers };
}

const saves = (body, n) => ({ seq: n });

test("things are sent one by one in order, each with its own key", async () => {
  const { outbox, sent } = make(saves);
  outbox.add("turns", { text: "one" });
  outbox.add("actions", { action: "break" });
  assert.equal(sent.length, 1);
  await settle();
  assert.deepEqual(sent.map(({ kind, key }) => [kind, key]), [["turns", "k1"], ["actions", "k2"]]);
  assert.equal(outbox.unsent.length, 0);
});

test("without a network nothing is lost: the same thing is sent again with the same key, then the rest in order", async () => {
  let online = false;
  const { outbox, sent, timers } = make((body, n) => {
    if (!online) throw new TypeError("network");
    return { seq: n };
  });
  outbox.add("turns", { text: "one" });
  outbox.add("turns", { text: "two" });
  await settle();
  assert.equal(outbox.unsent.length, 2);
  assert.deepEqual(sent.map(({ text }) => text), ["one"]);
  online = true;
  timers.at(-1).run();
  await settle();
  assert.deepEqual(sent.map(({ text, key }) => [text, key]), [["one", "k1"], ["one", "k1"], ["two", "k2"]]);
  assert.equal(outbox.unsent.length, 0);
});

test("waiting gets longer, to a limit, and short again after success", async () => {
  let online = false;
  const { outbox, timers } = make((body, n) => {
    if (!online) throw new TypeError("network");
    return { seq: n };
  });
  outbox.add("turns", {});
  for (let i = 0; i < 8; i += 1) {
    await settle();
    timers.at(-1).run();
  }
  await settle();
  const waits = timers.map(({ ms }) => ms);
  assert.deepEqual(waits.slice(0, 3), [500, 1000, 2000]);
  assert.equal(Math.max(...waits), 10_000);
  online = true;
  timers.at(-1).run();
  await settle();
  online = false;
  outbox.add("turns", {});
  await settle();
  assert.equal(timers.at(-1).ms, 500);
});

test("when the network is back, sending starts at once and no old timer sends a second time", async () => {
  let online = false;
  const { outbox, sent, timers } = make((body, n) => {
    if (!online) throw new TypeError("network");
    return { seq: n };
  });
  outbox.add("turns", {});
  await settle();
  online = true;
  await outbox.retry();
  assert.equal(timers[0].live, false);
  assert.equal(sent.length, 2);
});

test("what is refused for good stops nothing behind it, and its words can be taken back", async () => {
  const { outbox, sent } = make((body, n) => {
    if (body.text === "bad") throw new Refused(413, "Too long for one turn.");
    return { seq: n };
  });
  const bad = outbox.add("turns", { text: "bad" });
  outbox.add("turns", { text: "good" });
  await settle();
  assert.deepEqual(sent.map(({ text }) => text), ["bad", "good"]);
  assert.deepEqual(outbox.refused.map(({ reason }) => reason), ["Too long for one turn."]);
  outbox.discard(bad.key);
  assert.equal(outbox.refused.length, 0);
});

test("a thing stays pending until its event has come back", async () => {
  const { outbox } = make(() => ({ seq: 7 }));
  outbox.add("turns", {});
  await settle();
  outbox.seen({ seq: 6, kind: "coding" });
  assert.equal(outbox.pending.length, 1);
  outbox.seen({ seq: 7, kind: "turn" });
  assert.equal(outbox.pending.length, 0);
});

test("a turn whose event overtakes its answer is not shown twice, and is forgotten with the answer", async () => {
  let answer;
  const { outbox } = make(() => new Promise((resolve) => (answer = resolve)));
  outbox.add("turns", { speaker: "child", text: "yes", started_ms: 5 });
  outbox.add("turns", { speaker: "child", text: "yes", started_ms: 9 });
  outbox.seen({ seq: 3, kind: "turn", speaker: "child", text: "yes", started_ms: 5 });
  assert.deepEqual(outbox.shown.map((item) => item.body.started_ms), [9]);
  assert.equal(outbox.unsent.length, 2);
  answer({ seq: 3 });
  await settle();
  assert.deepEqual(outbox.items.map((item) => item.body.started_ms), [9]);
});

test("somebody else's turn is not taken for one's own", () => {
  const { outbox } = make(() => new Promise(() => {}));
  outbox.add("turns", { speaker: "child", text: "yes" });
  outbox.seen({ seq: 3, kind: "turn", speaker: "interviewer", text: "yes", started_ms: null });
  assert.equal(outbox.shown.length, 1);
});

test("waiting things cannot be discarded", async () => {
  const { outbox } = make(() => new Promise(() => {}));
  const item = outbox.add("turns", {});
  outbox.discard(item.key);
  assert.equal(outbox.unsent.length, 1);
});

test("what stays on the page is not sent", async () => {
  const { outbox, sent } = make(saves);
  outbox.add("actions", { action: "break" }, { at: "now" });
  await settle();
  assert.deepEqual(sent, [{ kind: "actions", action: "break", key: "k1" }]);
});

test("an answer of the server that may pass is told apart from no network", async () => {
  const { outbox } = make(() => {
    throw Object.assign(new Error("signed out"), { status: 401 });
  });
  outbox.add("turns", {});
  await settle();
  assert.equal(outbox.trouble, 401);
  const away = make(() => {
    throw new TypeError("network");
  }).outbox;
  away.add("turns", {});
  await settle();
  assert.equal(away.trouble, 0);
});
