import assert from "node:assert/strict";
import { test } from "node:test";

import { gaps } from "../../web/static/js/live/audio/capture.js";
import { Chunker } from "../../web/static/js/live/audio/chunker.js";
import { after } from "../../web/static/js/live/view_heard.js";

const line = (speaker, start_ms) => ({ speaker, start_ms, text: "words" });
const turn = (speaker, ended_ms, source = "speech") => ({ speaker, ended_ms, source });

test("what was being heard goes when its turn has come, and only that", () => {
  const lines = [line("child", 1000), line("interviewer", 1200), line("child", 5000)];
  assert.deepEqual(after(lines, turn("child", 4000)), [lines[1], lines[2]]);
  assert.deepEqual(after(lines, turn("interviewer", 1100)), lines);
  assert.deepEqual(after(lines, turn("child", 9000, "typed")), lines);
});

test("chunks are short while nothing waits, and long while sound waits to be sent", () => {
  let behind = false;
  const lengths = [];
  const all = [];
  const keep = (_, samples) => {
    lengths.push(samples.length);
    all.push(...samples);
  };
  const chunker = new Chunker(20, keep, () => (behind ? 20 : 4));
  const samples = Int16Array.from({ length: 70 }, (_, i) => i);
  chunker.push(samples.subarray(0, 10));
  behind = true;
  chunker.push(samples.subarray(10, 45));
  behind = false;
  chunker.push(samples.subarray(45, 70));
  assert.equal(chunker.flush(), lengths.length);
  assert.deepEqual(lengths.slice(0, 3), [4, 4, 20]);
  assert.ok(lengths.slice(3).every((length) => length <= 18));
  assert.deepEqual(all, [...samples]);
});

test("missing sound is noticed at its place, whatever was late before", () => {
  const missing = gaps(48_000);
  assert.ok(Math.abs(missing(5000, 1024)) < 1);
  assert.ok(Math.abs(missing(5000 + 1024 / 48, 1024)) < 1);
  assert.ok(Math.abs(missing(65_000, 1024) - (60_000 - (2 * 1024) / 48)) < 1);
  missing.again();
  assert.ok(missing(65_000 + 1024 / 48, 1024) < 1);
});

test("sound that goes missing bit by bit is noticed, a late piece and a slow sound card are not", () => {
  const missing = gaps(48_000);
  const piece = 1024 / 48;
  let at = 0;
  for (let n = 0; n < 100; n += 1) missing((at += piece), 1024);
  assert.ok(Math.abs(missing(at + piece + 900, 1024) - 900) < 5, "late itself");
  at += piece;
  assert.ok(missing((at += piece), 1024) < 5, "nothing was lost");
  for (let n = 0; n < 5; n += 1) missing((at += piece + 500), 1024);
  assert.ok(missing((at += piece), 1024) > 2000);
  const slow = gaps(48_000);
  const pieces = Math.round(3 * 3_600_000 / piece);
  let most = 0;
  for (let n = 1; n <= pieces; n += 1) most = Math.max(most, slow(n * piece * 1.0002, 1024));
  assert.ok(most < 2000, "three hours of a slow sound card");
});
