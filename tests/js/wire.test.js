import assert from "node:assert/strict";
import { test } from "node:test";

import { Api, Unavailable } from "../../web/static/js/live/api.js";
import { Clock } from "../../web/static/js/live/clock.js";
import { Feed } from "../../web/static/js/live/feed.js";
import { Refused } from "../../web/static/js/live/outbox.js";
import { translator } from "../../web/static/js/live/texts.js";
import { Steady } from "../../web/static/js/live/view_top.js";

const reply = (status, body) => ({ ok: status < 400, status, json: async () => body });

function makeApi(...replies) {
  const requests = [];
  const fetcher = async (url, request) => {
    requests.push({ url, ...request });
    return replies.shift();
  };
  return { api: new Api("/api/interviews/7", "old", { fetcher, renew: async () => "new" }), requests };
}

test("every request carries the token and is never cached", async () => {
  const { api, requests } = makeApi(reply(201, { seq: 4 }));
  assert.deepEqual(await api.post("turns", { text: "hello" }), { seq: 4 });
  const [{ url, headers, cache, body }] = requests;
  assert.deepEqual([url, headers["X-CSRFToken"], cache, body], ["/api/interviews/7/turns", "old", "no-store", '{"text":"hello"}']);
});

for (const status of [400, 404, 409, 413, 422]) {
  test(`${status} is a refusal with the server's words`, async () => {
    const { api } = makeApi(reply(status, { detail: "because" }));
    await assert.rejects(api.post("turns", {}), (error) => error instanceof Refused && error.detail === "because");
  });
}

for (const status of [401, 429, 500, 502, 503]) {
  test(`${status} may pass`, async () => {
    const { api } = makeApi(reply(status, {}));
    await assert.rejects(api.post("turns", {}), (error) => error instanceof Unavailable && error.status === status);
  });
}

test("after a new sign-in in another tab the new token is fetched and used", async () => {
  const { api, requests } = makeApi(reply(400, { code: "csrf" }), reply(200, { seq: 1 }));
  await assert.rejects(api.post("turns", {}), Unavailable);
  await api.post("turns", {});
  assert.equal(requests[1].headers["X-CSRFToken"], "new");
});

class Source {
  static made = [];
  constructor(url) {
    Object.assign(this, { url, listeners: {}, readyState: 0 });
    Source.made.push(this);
  }
  addEventListener(kind, run) { this.listeners[kind] = run; }
  close() { this.readyState = 2; }
}

function makeFeed(get) {
  Source.made = [];
  const seen = [];
  const states = [];
  const feed = new Feed({
    base: "/b", Source, api: { get }, position: () => seen.length,
    receive: (event) => seen.push(event), connected: (yes) => states.push(yes),
  });
  return { feed, seen, states };
}

test("the stream begins after the last number seen and its events are handed on", (context) => {
  const { feed, seen } = makeFeed();
  context.after(() => feed.close());
  feed.open();
  assert.equal(Source.made[0].url, "/b/events?after=0");
  Source.made[0].listeners.turn({ data: '{"seq":1,"kind":"turn"}' });
  assert.deepEqual(seen, [{ seq: 1, kind: "turn" }]);
});

test("a break in the line is told, and the browser's own reconnect is left to work", (context) => {
  const { feed, states } = makeFeed();
  context.after(() => feed.close());
  feed.open();
  Source.made[0].onopen();
  Source.made[0].onerror();
  assert.deepEqual(states, [true, false]);
  assert.equal(Source.made.length, 1);
});

test("where no stream is free, the events are asked for from the last number on", async (context) => {
  const asked = [];
  const { feed, seen, states } = makeFeed(async (path) => {
    asked.push(path);
    return { events: [{ seq: 1, kind: "turn" }] };
  });
  context.after(() => feed.close());
  feed.open();
  Source.made[0].readyState = 2;
  Source.made[0].onerror();
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(asked, ["events?poll=1&after=0"]);
  assert.equal(seen.length, 1);
  assert.equal(states.at(-1), true);
});

test("the clock follows the server although the local one is wrong", () => {
  let local = Date.parse("2026-03-03T12:00:00Z");
  const clock = new Clock("2026-03-03T10:00:00Z", () => local);
  local += 60_000;
  assert.equal(clock.since("2026-03-03T10:00:30Z"), 30_000);
  assert.equal(clock.since("2026-03-03T10:05:00Z"), 0);
  assert.equal(clock.since(null), null);
});

test("an event cannot have come before it was made: the clock is put right", () => {
  const local = Date.parse("2026-03-03T10:00:00Z");
  const clock = new Clock("2026-03-03T09:59:50Z", () => local);
  clock.heard("2026-03-03T09:59:58Z");
  assert.equal(clock.now(), Date.parse("2026-03-03T09:59:58Z"));
  clock.heard("2026-03-03T08:00:00Z"); // an old event, replayed
  assert.equal(clock.now(), Date.parse("2026-03-03T09:59:58Z"));
});

test("texts take the plural form of the reader's language", () => {
  const forms = { one: "{n} частина", few: "{n} частини", many: "{n} частин", other: "{n} частини" };
  const t = translator({ parts: forms, hello: "Hello {name}" }, "uk");
  assert.deepEqual([1, 3, 5, 21].map((n) => t("parts", { n })), ["1 частина", "3 частини", "5 частин", "21 частина"]);
  assert.equal(t("hello", { name: "{n}" }), "Hello {n}");
  assert.equal(t("unknown"), "unknown");
});

test("a queue that empties at once is no news, one that stands is", () => {
  const steady = new Steady(3000);
  assert.equal(steady.shown(1, 0), 0);
  assert.equal(steady.shown(0, 1000), 0);
  assert.equal(steady.shown(1, 2000), 0);
  assert.equal(steady.shown(4, 5000), 4);
});
