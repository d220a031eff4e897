import assert from "node:assert/strict";
import { test } from "node:test";

import { Recorder } from "../../web/static/js/live/audio/recorder.js";

const RATE = 16_000;

/** A browser whose microphones give what the test hands over. */
function studio() {
  let port = null;
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
    port = (port = { postMessage() {} });
  };
  const getUserMedia = async () => ({ getAudioTracks: () => [], getTracks: () => [] });
  Object.defineProperty(globalThis, "navigator", { value: { mediaDevices: { getUserMedia } }, configurable: true });
  return (at, ms) => port.onmessage({ data: { at, channels: [sound(ms), sound(ms)] } });
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
