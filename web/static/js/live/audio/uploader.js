// Takes waiting sound to the server: tracks in the order they were begun, chunks in the order of their
// numbers, each until it is acknowledged. What is acknowledged is removed from the queue.

import { Refused } from "../outbox.js";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

export class Uploader {
  /**
   * `changed({waiting, refused})` is told how much waits and why something was refused for good; `before()`
   * is waited for before each chunk.
   */
  constructor({ queue, api, changed, before = async () => {}, later = (ms, run) => setTimeout(run, ms) }) {
    Object.assign(this, { queue, api, changed, before, later });
    this._opened = new Set();
    this._stuck = new Set();
    this._busy = false;
    this._again = false;
    this._wait = FIRST_WAIT_MS;
    this.refused = null;
  }

  async add(track, number, bytes) {
    await this.queue.put(track, number, bytes);
    await this._tell();
    this.pump();
  }

  /** How many chunks wait. */
  async waiting() {
    const tracks = await this.queue.tracks();
    const counts = await Promise.all(tracks.map(async ({ name }) => (await this.queue.numbers(name)).length));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** Send what waits. Resolves when all is sent or sending had to pause. */
  async pump() {
    if (this._busy) {
      this._again = true;
      return;
    }
    this._busy = true;
    try {
      do {
        this._again = false;
        for (const track of await this.queue.tracks()) await this._send(track);
      } while (this._again);
      this._wait = FIRST_WAIT_MS;
    } catch {
      this.later(this._wait, () => this.pump());
      this._wait = Math.min(this._wait * 2, LONGEST_WAIT_MS);
    } finally {
      this._busy = false;
      await this._tell();
    }
  }

  async _send(track) {
    if (this._stuck.has(track.name)) return;
    try {
      await this._open(track);
      for (const number of await this.queue.numbers(track.name)) await this._chunk(track.name, number);
      await this._end(track.name);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this._stuck.add(track.name); // kept in the queue: nothing that was recorded is thrown away
      this.refused = error.detail;
    }
  }

  async _open(track) {
    if (this._opened.has(track.name)) return;
    await this.api.post(`audio/${track.name}`, { speaker: track.speaker, offset_ms: track.offset_ms });
    this._opened.add(track.name);
  }

  async _chunk(name, number) {
    const bytes = await this.queue.get(name, number);
    await this.before();
    await this.api.put(`audio/${name}/${number}`, bytes, await sha256(bytes));
    await this.queue.drop(name, number);
    await this._tell();
  }

  async _end(name) {
    const track = (await this.queue.tracks()).find((one) => one.name === name);
    if (!track || track.total === null || (await this.queue.numbers(name)).length) return;
    await this.api.post(`audio/${name}/end`, { chunks: track.total });
    await this.queue.dropTrack(name);
  }

  async _tell() {
    this.changed({ waiting: await this.waiting(), refused: this.refused });
  }
}

/** SHA-256 in hexadecimal. */
export async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
