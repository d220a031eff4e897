import assert from "node:assert/strict";
import { test } from "node:test";

import { Recorder } from "../../web/static/js/live/audio/recorder.js";
import { Uploader } from "../../web/static/js/live/audio/uploader.js";

const RATE = 16_000;

/** A browser whose microphones give what the test hands over. */
function studio() {
  const ports = [];
  globalThis.AudioContext = class {
    sampleRate = RATE;
    audioWorklet = { addModule: async () => {} };
    createMediaStreamSource() {
      return { connect() {} };
    }
    async resume() {}
    async close() {}
  };
  globalThis.AudioWorkletNode = class {
    port = ports[ports.push({ postMessage() {} }) - 1];
  };
  const getUserMedia = async () => ({ getAudioTracks: () => [], getTracks: () => [] });
  Object.defineProperty(globalThis, "navigator", { value: { mediaDevices: { getUserMedia } }, configurable: true });
  return (at, ms, device = 0) => ports[device].onmessage({ data: { at, channels: [sound(ms), sound(ms)] } });
}

const sound = (ms) => new Float32Array((ms * RATE) / 1000);
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

test("after a laptop slept the sound goes on in new tracks, at its own time, and no sample is lost", async () => {
  const hand = studio();
  const tracks = new Map();
  const lengths = new Map();
  let now = 1000;
  const recorder = new Recorder({ interview: "i", api: {}, clock: () => now, changed() {}, workletUrl: "" });
  recorder._queue = { putTrack: async (track) => tracks.set(track.name, { ...track }) };
  const add = async (name, number, bytes) => lengths.set(name, (lengths.get(name) ?? 0) + bytes.byteLength / 2);
  recorder._uploader = { add, pump() {} };
  await recorder.arm([{ device: "", tracks: [{ speaker: "interviewer" }, { speaker: "child" }] }]);
  await recorder.begin();
  for (const at of [0, 100, 200]) hand(at, 100);
  await settled();
  now = 61_000;
  for (const at of [60_300, 60_400]) hand(at, 100);
  assert.equal(recorder.gaps, 1);
  assert.ok(Math.abs(recorder.at - 61_200) <= 1);
  await recorder.stop();

  const found = [...tracks.values()].sort((a, b) => a.name.localeCompare(b.name));
  assert.deepEqual(
    found.map(({ speaker, offset_ms: offset, total }) => [speaker, offset, total]),
    [["interviewer", 1000, 2], ["child", 1000, 2], ["interviewer", 61_000, 1], ["child", 61_000, 1]],
  );
  assert.deepEqual(found.map(({ name }) => lengths.get(name)), [4800, 4800, 3200, 3200]);
  assert.deepEqual(new Set(found.map(({ count, total }) => count - total)), new Set([0]));
});

/** A recorder at work; `kept`: what is in the queue, by track and number. */
async function recording(sources, { clock = () => 0, changed = () => {}, putTrack = async () => {} } = {}) {
  const kept = [];
  const recorder = new Recorder({ interview: "i", api: {}, clock, changed, workletUrl: "" });
  recorder.keep({ putTrack });
  recorder._uploader = { add: async (...chunk) => kept.push(chunk), pump() {} };
  await recorder.arm(sources);
  await recorder.begin();
  return { recorder, kept };
}

test("two microphones sleep once: each goes on in one new track, and no name is used twice", async () => {
  const hand = studio();
  const speakers = new Map();
  const both = ["interviewer", "child"].map((speaker) => ({ device: speaker, tracks: [{ speaker }] }));
  const putTrack = async ({ name, speaker, offset_ms: offset }) => speakers.set(name, [speaker, offset]);
  let now = 1000;
  const { recorder, kept } = await recording(both, { clock: () => now, putTrack });
  const hear = (...times) => times.forEach((at) => [0, 1].forEach((device) => hand(at + device, 100, device)));
  hear(0, 100);
  now = 61_000;
  hear(60_000, 60_100);
  assert.equal(recorder.gaps, 1);
  now = 91_000;
  hear(90_000, 90_100);
  assert.equal(recorder.gaps, 2);
  await recorder.stop();

  assert.deepEqual(
    [...speakers.values()],
    [1000, 61_000, 91_000].flatMap((at) => [["interviewer", at], ["child", at]]),
  );
  const places = kept.map(([name, number]) => `${name} ${number}`);
  assert.equal(new Set(places).size, places.length);
  const heard = [...speakers.keys()].map((name) =>
    kept.filter((chunk) => chunk[0] === name).reduce((sum, [, , bytes]) => sum + bytes.byteLength / 2, 0),
  );
  assert.deepEqual(heard, Array(6).fill(3200));
});

test("what the browser's store refuses is held in memory and sent; no later sound is lost", async () => {
  const hand = studio();
  const sent = [];
  const told = [];
  const [tracks, chunks] = [new Map(), new Map()];
  let full = false;
  const refuse = () => {
    if (full) throw new DOMException("full", "QuotaExceededError");
  };
  const queue = {
    putTrack: async (track) => refuse() ?? tracks.set(track.name, { ...track }),
    tracks: async () => [...tracks.values()],
    dropTrack: async (name) => tracks.delete(name),
    put: async (name, number, bytes) => refuse() ?? chunks.set(number, bytes),
    numbers: async () => [...chunks.keys()].sort((a, b) => a - b),
    get: async (_, number) => chunks.get(number),
    drop: async (_, number) => chunks.delete(number),
  };
  const api = {
    put: async (path) => sent.push(Number(path.split("/").at(-1))),
    post: async (path, body) => path.endsWith("/end") && sent.push(body),
  };
  const recorder = new Recorder({ interview: "i", api, clock: () => 0, workletUrl: "", changed: () => told.push(recorder.unkept) });
  recorder.keep(queue);
  recorder._uploader = new Uploader({ queue: recorder._queue, api, changed() {} });
  await recorder.arm([{ device: "", tracks: [{ speaker: null }] }]);
  await recorder.begin();
  for (let at = 0; at < 2000; at += 200) {
    full = at === 400 || at === 600;
    hand(at, 200);
    await settled();
  }
  await recorder.stop();
  await settled();
  assert.deepEqual(sent, [...Array(10).keys(), { chunks: 10 }]);
  assert.ok(told.includes(true));
  assert.equal(recorder.unkept, false);
  assert.deepEqual([tracks.size, chunks.size], [0, 0]);
});
