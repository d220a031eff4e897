import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { Sending, newId } from "../../web/static/js/live/audio/upload.js";
import { Unavailable } from "../../web/static/js/live/api.js";
import { Refused } from "../../web/static/js/live/outbox.js";
import { doable, moving, sentence, share } from "../../web/static/js/recordings/wording.js";

const PART = 4;

/** Stands for the server: keeps parts in order, as web/recording/upload_parts.py does. */
class Server {
  constructor({ trouble = () => false } = {}) {
    Object.assign(this, { parts: [], state: "receiving", size: 0, trouble, asked: [] });
  }

  status() {
    return { state: this.state, next: this.parts.length, of: Math.ceil(this.size / PART), part_bytes: PART };
  }

  _maybe(what) {
    this.asked.push(what);
    const fault = this.trouble(what, this);
    if (fault === "before") throw new TypeError("network");
    return fault;
  }

  async replace(path, { size }) {
    this._maybe("begin");
    this.size = size;
    return this.status();
  }

  async get() {
    return this.status();
  }

  async put(path, bytes, digest) {
    const number = Number(path.split("/").at(-1));
    const fault = this._maybe(number);
    const text = Buffer.from(bytes).toString();
    assert.equal(digest, createHash("sha256").update(text).digest("hex"));
    if (this.state !== "receiving" || number > this.parts.length) throw new Refused(409, "awaited");
    if (number < this.parts.length && this.parts[number] !== text) throw new Refused(409, "another file");
    if (number === this.parts.length) this.parts.push(text);
    if (this.parts.length === Math.ceil(this.size / PART)) this.state = "waiting";
    if (fault === "after") throw new TypeError("network");
    return this.status();
  }
}

const send = (server, text, more = {}) =>
  new Sending({ api: server, file: new Blob([text]), later: async () => {}, ...more });

test("an id is 24 hexadecimal digits and never the same", () => {
  assert.match(newId(), /^[0-9a-f]{24}$/);
  assert.notEqual(newId(), newId());
});

test("a file arrives whole, in order, and progress only grows", async () => {
  const server = new Server();
  const told = [];
  const done = await send(server, "abcdefghij", { progress: (part) => told.push(part) }).run();
  assert.deepEqual(server.parts, ["abcd", "efgh", "ij"]);
  assert.equal(done.state, "waiting");
  assert.deepEqual(told, [0, 1 / 3, 2 / 3, 1]);
});

test("requests and answers that get lost are sent again, and each part is there once", async () => {
  let count = 0;
  const server = new Server({ trouble: () => ["before", "after", false][(count += 1) % 3] });
  const lost = [];
  await send(server, "abcdefghij", { lost: (yes) => lost.push(yes) }).run();
  assert.equal(server.parts.join(""), "abcdefghij");
  assert.ok(lost.includes(true));
  assert.equal(lost.at(-1), false);
});

test("the rest of the same file is sent after a break", async () => {
  const server = new Server();
  server.parts = ["abcd"];
  await send(server, "abcdefghij", { id: "a".repeat(24) }).run();
  assert.deepEqual(server.asked, ["begin", 0, 1, 2]);
  assert.equal(server.parts.join(""), "abcdefghij");
});

test("another file in its place is refused before anything is sent", async () => {
  const server = new Server();
  server.parts = ["wxyz"];
  await assert.rejects(send(server, "abcdefghij").run(), (error) => error.detail === "another file");
  assert.deepEqual(server.parts, ["wxyz"]);
});

test("where another tab sends the same file too, both end well", async () => {
  const server = new Server({
    trouble: (what, here) => what === 1 && here.parts.length === 1 && here.parts.push("efgh") && false,
  });
  await send(server, "abcdefghij").run();
  assert.equal(server.parts.join(""), "abcdefghij");
});

test("a file cancelled elsewhere is not sent further", async () => {
  const server = new Server({
    trouble: (what, here) => {
      if (what === 1) here.state = "cancelled";
    },
  });
  const done = await send(server, "abcdefghij").run();
  assert.equal(done.state, "cancelled");
  assert.deepEqual(server.asked, ["begin", 0, 1]);
});

test("a stopped sending sends no further part, even without a connection", async () => {
  const server = new Server({ trouble: () => "before" });
  const sending = send(server, "abcdefghij", { later: async () => sending.stop() });
  assert.equal(await sending.run(), undefined);
  assert.deepEqual(server.asked, ["begin"]);
});

test("a refusal for good is no reason to try again", async () => {
  const server = new Server();
  server.replace = async () => {
    throw new Refused(422, "too large");
  };
  await assert.rejects(send(server, "abc").run(), Refused);
});

test("a full disk is said at once, in the server's words, and not called a lost connection", async () => {
  const server = new Server();
  const said = [];
  server.replace = async () => {
    throw new Unavailable(507, "The disk takes nothing more");
  };
  const sending = send(server, "abc", { lost: (yes) => said.push(yes) });
  await assert.rejects(sending.run(), (error) => error instanceof Refused && error.detail.includes("The disk"));
  assert.deepEqual(said, []);
});

test("a console that is away is another matter", async () => {
  const server = new Server();
  const real = server.replace.bind(server);
  let times = 0;
  server.replace = async (...asked) => {
    if (++times < 3) throw new Unavailable(503, "Starting");
    return real(...asked);
  };
  await send(server, "abc").run();
  assert.equal(server.state, "waiting");
});

const t = (name, values = {}) => `${name} ${Object.values(values).join("/")}`.trim();
const upload = (state, more = {}) => ({
  state, size: 9_000_000, part_bytes: 4_000_000, next: 3, of: 3, read_ms: 0, total_ms: null, problem: null, again: false, ...more,
});

for (const [given, words, part, acts] of [
  [upload("receiving", { next: 1 }), "state_receiving size 4/size 9", 1 / 3, ["send", "cancel"]],
  [upload("waiting"), "state_waiting 0", null, ["cancel"]],
  [upload("reading"), "state_checking", null, ["stop"]],
  [upload("reading", { read_ms: 90_000 }), "state_reading_unknown 1", null, ["stop"]],
  [upload("reading", { read_ms: 90_000, total_ms: 180_000 }), "state_reading 1/3", 0.5, ["stop"]],
  [upload("done", { read_ms: 180_000, problem: "broke_off" }), "state_done 3 problem_broke_off", null, []],
  [upload("cancelled", { next: 0 }), "state_cancelled", null, []],
  [upload("cancelled", { read_ms: 60_000, again: true, kept: true }), "state_stopped 1", null, ["again", "give", "remove"]],
  [upload("cancelled", { read_ms: 60_000 }), "state_removed 1", null, []],
  [upload("cancelled", { again: true, kept: true }), "state_held", null, ["again", "give", "remove"]],
  [upload("done", { read_ms: 60_000, kept: true }), "state_done 1", null, ["give"]],
  [upload("failed", { problem: "no_sound" }), "state_failed problem_no_sound", null, []],
  [upload("failed", { problem: "disk", again: true, kept: true }), "state_failed problem_disk", null, ["again", "give", "remove"]],
  [upload("failed", { read_ms: 7_200_000, again: true, kept: true }), "state_failed_later 120", null, ["again", "give", "remove"]],
]) {
  test(`how a file stands: ${words}`, () => {
    assert.equal(sentence(given, t), words);
    assert.equal(share(given), part);
    assert.deepEqual(doable(given), acts);
    assert.equal(moving(given), ["receiving", "waiting", "reading"].includes(given.state));
  });
}
