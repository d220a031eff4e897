import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

import { Chunker, bytesOf } from "../../web/static/js/live/audio/chunker.js";
import { Resampler, toInt16 } from "../../web/static/js/live/audio/resample.js";
import { Uploader, sha256 } from "../../web/static/js/live/audio/uploader.js";
import { Refused } from "../../web/static/js/live/outbox.js";

const sine = (hz, rate, seconds) =>
  Float32Array.from({ length: rate * seconds }, (_, i) => Math.sin((2 * Math.PI * hz * i) / rate));
const loudness = (samples) => Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);
const middle = (samples) => samples.slice(1600, -1600);

for (const rate of [8000, 16_000, 22_050, 44_100, 48_000, 96_000]) {
  test(`a second at ${rate} Hz becomes a second at 16 kHz`, () => {
    const resampler = new Resampler(rate);
    const length = resampler.push(sine(300, rate, 1)).length + resampler.flush().length;
    assert.ok(Math.abs(length - 16_000) <= 2, `${length} samples`);
  });

  test(`a voice tone from ${rate} Hz keeps height and loudness`, () => {
    const out = new Resampler(rate).push(sine(1000, rate, 1));
    const wanted = sine(1000, 16_000, 1);
    const worst = Math.max(...middle(out).map((value, i) => Math.abs(value - wanted[i + 1600])));
    assert.ok(worst < 0.02, `off by ${worst}`);
  });
}

test("what 16 kHz cannot hold is taken out and does not come back as another tone", () => {
  for (const hz of [9000, 12_000, 20_000]) {
    const out = new Resampler(48_000).push(sine(hz, 48_000, 1));
    assert.ok(loudness(middle(out)) < 0.01, `${hz} Hz leaves ${loudness(middle(out))}`);
  }
});

test("blocks of any size give the same samples as one piece", () => {
  const input = sine(440, 44_100, 1);
  const whole = new Resampler(44_100).push(input);
  const resampler = new Resampler(44_100);
  const parts = [];
  for (let at = 0, size = 1; at < input.length; at += size, size = (size * 7) % 4099) {
    parts.push(...resampler.push(input.subarray(at, at + size)));
  }
  assert.deepEqual(Float32Array.from(parts), whole.slice(0, parts.length));
  assert.equal(parts.length, whole.length);
});

test("samples become 16 bit and too loud ones are cut, not wrapped round", () => {
  assert.deepEqual([...toInt16(Float32Array.of(0, 0.5, 1, 7, -7))], [0, 16384, 32767, 32767, -32767]);
});

test("bytes are little-endian", () => {
  assert.deepEqual([...new Uint8Array(bytesOf(Int16Array.of(1, -2, 0x1234)))], [1, 0, 0xfe, 0xff, 0x34, 0x12]);
});

test("chunks are numbered, full, and together every sample once", () => {
  const chunks = [];
  const chunker = new Chunker(10, (number, samples) => chunks.push([number, ...samples]));
  const all = Int16Array.from({ length: 37 }, (_, i) => i);
  chunker.push(all.subarray(0, 3));
  chunker.push(all.subarray(3, 29));
  chunker.push(all.subarray(29));
  assert.equal(chunker.flush(), 4);
  assert.deepEqual(chunks.map(([number]) => number), [0, 1, 2, 3]);
  assert.deepEqual(chunks.flatMap(([, ...samples]) => samples), [...all]);
  assert.deepEqual(chunks.map((chunk) => chunk.length - 1), [10, 10, 10, 7]);
  assert.equal(chunker.samples, 37);
});

test("an empty rest makes no chunk", () => {
  const chunker = new Chunker(4, () => {});
  chunker.push(new Int16Array(8));
  assert.equal(chunker.flush(), 2);
});

test("the hash is SHA-256 in hexadecimal", async () => {
  const bytes = Uint8Array.of(1, 2, 3).buffer;
  assert.equal(await sha256(bytes), createHash("sha256").update(new Uint8Array(bytes)).digest("hex"));
});

/** The queue's contract, in memory. */
class Shelf {
  constructor() {
    this.kept = new Map();
    this.known = new Map();
  }
  async putTrack(track) { this.known.set(track.name, track); }
  async tracks() { return [...this.known.values()]; }
  async dropTrack(name) { this.known.delete(name); }
  async put(track, number, bytes) { this.kept.set(`${track}/${number}`, bytes); }
  async numbers(track) {
    return [...this.kept.keys()].filter((key) => key.startsWith(`${track}/`)).map((key) => Number(key.split("/")[1])).sort((a, b) => a - b);
  }
  async get(track, number) { return this.kept.get(`${track}/${number}`); }
  async drop(track, number) { this.kept.delete(`${track}/${number}`); }
}

function make(server = {}) {
  const calls = [];
  const told = [];
  const timers = [];
  const queue = new Shelf();
  const api = {
    post: async (path, body) => {
      calls.push(["POST", path, body]);
      return server.post?.(path, body);
    },
    put: async (path, bytes, hash) => {
      await server.put?.(path, bytes, hash);
      calls.push(["PUT", path, hash]);
    },
  };
  const uploader = new Uploader({ queue, api, changed: (state) => told.push(state), later: (ms, run) => timers.push({ ms, run }) });
  return { queue, uploader, calls, told, timers };
}

const bytes = (n) => Uint8Array.of(n).buffer;

test("a track is opened once, its chunks go in order with their hashes, then it ends and is forgotten", async () => {
  const { queue, uploader, calls } = make();
  await queue.putTrack({ name: "a", speaker: "child", offset_ms: 40, total: null });
  await queue.put("a", 1, bytes(1));
  await queue.put("a", 0, bytes(0));
  await uploader.pump();
  await queue.putTrack({ name: "a", speaker: "child", offset_ms: 40, total: 2 });
  await uploader.pump();
  assert.deepEqual(calls.map(([method, path]) => `${method} ${path}`), ["POST audio/a", "PUT audio/a/0", "PUT audio/a/1", "POST audio/a/end"]);
  assert.deepEqual(calls[0][2], { speaker: "child", offset_ms: 40 });
  assert.equal(calls[1][2], await sha256(bytes(0)));
  assert.deepEqual(calls[3][2], { chunks: 2 });
  assert.deepEqual([await queue.tracks(), await uploader.waiting()], [[], 0]);
});

test("a chunk leaves the queue only when it is acknowledged, and goes out again after a failure", async () => {
  let broken = true;
  const { queue, uploader, calls, timers } = make({
    put: async () => {
      if (broken) throw new TypeError("network");
    },
  });
  await queue.putTrack({ name: "a", speaker: null, offset_ms: 0, total: null });
  await queue.put("a", 0, bytes(0));
  await uploader.pump();
  assert.deepEqual(await queue.numbers("a"), [0]);
  assert.equal(timers.length, 1);
  broken = false;
  await uploader.pump();
  assert.deepEqual(await queue.numbers("a"), []);
  assert.equal(calls.filter(([method]) => method === "PUT").length, 1);
});

test("a track does not end while one of its chunks waits", async () => {
  const { queue, uploader, calls } = make({
    put: async (path) => {
      if (path.endsWith("/1")) throw new TypeError("network");
    },
  });
  await queue.putTrack({ name: "a", speaker: null, offset_ms: 0, total: 2 });
  await queue.put("a", 0, bytes(0));
  await queue.put("a", 1, bytes(1));
  await uploader.pump();
  assert.ok(!calls.some(([, path]) => path.endsWith("/end")));
  assert.equal(await uploader.waiting(), 1);
});

test("sound that the server refuses for good stays in the queue, is reported, and holds up no other track", async () => {
  const { queue, uploader, told } = make({
    put: async (path) => {
      if (path.startsWith("audio/a/")) throw new Refused(409, "Another sound has this number.");
    },
  });
  for (const name of ["a", "b"]) {
    await queue.putTrack({ name, speaker: null, offset_ms: 0, total: null });
    await queue.put(name, 0, bytes(0));
  }
  await uploader.pump();
  assert.deepEqual(await queue.numbers("a"), [0]);
  assert.deepEqual(await queue.numbers("b"), []);
  assert.deepEqual(told.at(-1), { waiting: 1, refused: "Another sound has this number." });
});

test("waiting gets longer while the server is away", async () => {
  const { queue, uploader, timers } = make({
    post: async () => {
      throw new TypeError("network");
    },
  });
  await queue.putTrack({ name: "a", speaker: null, offset_ms: 0, total: null });
  for (let i = 0; i < 7; i += 1) await uploader.pump();
  assert.deepEqual(timers.map(({ ms }) => ms), [500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
});

test("sound recorded while sending goes on is sent too", async () => {
  const { queue, uploader } = make({
    put: async (path) => {
      if (path === "audio/a/0") {
        await queue.put("a", 1, bytes(1));
        uploader.pump();
      }
    },
  });
  await queue.putTrack({ name: "a", speaker: null, offset_ms: 0, total: null });
  await queue.put("a", 0, bytes(0));
  await uploader.pump();
  assert.equal(await uploader.waiting(), 0);
});

test("a chunk waits until it is known who spoke", async () => {
  const { queue, uploader, calls } = make();
  let known;
  uploader.before = () => new Promise((resolve) => (known = resolve));
  await queue.putTrack({ name: "a", speaker: null, offset_ms: 0, total: null });
  await queue.put("a", 0, bytes(0));
  const pumped = uploader.pump();
  while (!known) await new Promise((resolve) => setTimeout(resolve, 1));
  assert.deepEqual(calls.map(([method]) => method), ["POST"]);
  known();
  await pumped;
  assert.deepEqual(calls.map(([method]) => method), ["POST", "PUT"]);
});
