import assert from "node:assert/strict";
import { test } from "node:test";

import { Player } from "../../web/static/js/transcript/player.js";

class Sound {
  constructor(log) {
    Object.assign(this, { log, currentTime: 0, playbackRate: 1, src: "", onended: null, ontimeupdate: null });
  }

  play() {
    this.log.push(`play ${this.src} at ${this.currentTime}`);
  }

  pause() {
    this.log.push(`pause ${this.src}`);
  }
}

function room(tracks, { fail = () => false } = {}) {
  const log = [];
  const sounds = [];
  const timers = [];
  const loaded = [];
  const player = new Player({
    tracks,
    load: async (name, from, to) => {
      loaded.push(`${name} ${from}-${to}`);
      if (fail()) throw new Error("503");
      return `${name}:${from}`;
    },
    audio: () => {
      sounds.push(new Sound(log));
      return sounds.at(-1);
    },
    later: (run, ms) => timers.push({ run, ms }),
    forget: () => {},
  });
  const sound = (src) => sounds.find((one) => one.src === src);
  return { player, log, timers, loaded, sound };
}

const ONE = [{ name: "room", offset: 500, length: 150_000 }];

test("it begins where the recording begins and fetches the next piece beforehand", async () => {
  const { player, log, loaded } = room(ONE);
  await player.play();
  assert.deepEqual(log, ["play room:0 at 0"]);
  assert.deepEqual(loaded, ["room 0-59500", "room 59500-119500"]);
  assert.equal(player.position, 500);
});

test("after a pause some of it is heard again", async () => {
  const { player, log, sound } = room(ONE);
  await player.play();
  sound("room:0").currentTime = 10;
  player.pause();
  assert.equal(player.position, 10_500);
  await player.play(1000);
  assert.equal(log.at(-1), "play room:0 at 9");
});

test("at the end of a piece the next goes on, and at the end of all it stops", async () => {
  const { player, log, sound } = room(ONE);
  await player.seek(119_900);
  await player.play();
  sound("room:59500").onended();
  await new Promise(setImmediate);
  assert.equal(log.at(-1), "play room:119500 at 0");
  assert.equal(player.position, 120_000);
  sound("room:119500").onended();
  assert.equal(player.playing, false);
  assert.equal(player.position, 150_500);
});

test("two tracks sound together, a later one when its time has come", async () => {
  const { player, log, timers } = room([
    { name: "child", offset: 2000, length: 30_000 },
    { name: "anna", offset: 0, length: 40_000 },
  ]);
  player.rate = 0.5;
  await player.seek(1000);
  await player.play();
  assert.deepEqual(log, ["play anna:0 at 1"]);
  assert.deepEqual(timers.map(({ ms }) => ms), [2000]);
  timers[0].run();
  assert.equal(log.at(-1), "play child:0 at 0");
  assert.equal(player.position, 1000);
  await player.seek(5000);
  assert.deepEqual(log.slice(-2), ["play anna:0 at 5", "play child:0 at 3"]);
});

test("where no track sounds the silence is passed over", async () => {
  const { player, log } = room([
    { name: "a", offset: 0, length: 1000 },
    { name: "b", offset: 30_000, length: 1000 },
  ]);
  await player.seek(5000);
  await player.play();
  await new Promise(setImmediate);
  assert.equal(log.at(-1), "play b:0 at 0");
});

test("a jump goes no further than the recording", async () => {
  const { player } = room(ONE);
  await player.seek(-900);
  assert.equal(player.position, 500);
  await player.seek(9_999_999);
  assert.equal(player.position, 150_500);
});

test("letting go before the sound is there leaves it silent", async () => {
  const { player, log } = room(ONE);
  const begun = player.play();
  player.pause();
  await begun;
  assert.deepEqual(log, []);
  assert.equal(player.state, "ready");
});

test("sound that cannot be fetched is said, and fetched anew the next time", async () => {
  let away = true;
  const { player, log } = room(ONE, { fail: () => away });
  await player.play();
  assert.deepEqual([player.state, player.playing], ["failed", false]);
  away = false;
  await new Promise(setImmediate);
  await player.play();
  assert.equal(log.length, 1);
});
