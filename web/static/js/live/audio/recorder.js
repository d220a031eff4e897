// One recording from the wish to record to the last acknowledged chunk.

import { Capture } from "./capture.js";
import { openQueue } from "./queue.js";
import { Spare } from "./spare.js";
import { Uploader } from "./uploader.js";

const USUAL = 2; // chunks of a track that are on their way while all is well

export class Recorder {
  /** `clock()`: milliseconds on the interview's clock. `changed()` is called when the state changed. */
  constructor({ interview, api, clock, changed, workletUrl, before }) {
    Object.assign(this, { interview, api, clock, changed, workletUrl, before });
    this.status = "off"; // off, armed, on
    this.waiting = 0;
    this.refused = null;
    this.lostTrack = null;
    this.gaps = 0; // how often sound was missing in between
    this._capture = null;
    this._offset = 0;
    this._tracks = new Map();
    this._writing = Promise.resolve();
  }

  /** Open the queue and send what an earlier visit to this page left behind. */
  async prepare() {
    this.keep(await openQueue(this.interview));
    this._uploader = new Uploader({
      queue: this._queue,
      api: this.api,
      before: this.before,
      changed: ({ waiting, refused }) => {
        Object.assign(this, { waiting, refused });
        this.changed();
      },
    });
    for (const track of await this._queue.tracks()) {
      if (track.total === null) await this._queue.putTrack({ ...track, total: track.count });
    }
    await this._uploader.pump();
  }

  /** Keep sound in this queue, and in memory what that refuses. */
  keep(queue) {
    this._queue = new Spare(queue, () => this.changed());
  }

  /** Whether sound is held in memory only: the browser's store refused it. */
  get unkept() {
    return this._queue?.held ?? false;
  }

  /** Ask for the microphones. Throws what the browser throws. */
  async arm(sources) {
    const named = sources.map((source) => ({ ...source, tracks: source.tracks.map((track) => ({ ...track })) }));
    nameAnew(named);
    this._capture = new Capture({
      sources: named,
      workletUrl: this.workletUrl,
      chunk: (name, number, bytes) => this._keep(name, number, bytes),
      behind: () => this.waiting > USUAL * named.flatMap(({ tracks }) => tracks).length,
      gap: () => this._gap(named),
      lost: (name) => {
        this.lostTrack = name;
        this.changed();
      },
    });
    await this._capture.open();
    this._tracks = new Map(named.flatMap((source) => source.tracks).map((track) => [track.name, track]));
    this.lostTrack = null;
    this._set("armed");
  }

  /** Record. The interview must have begun: its clock is what the sound is placed on. */
  async begin() {
    this._offset = Math.max(0, Math.round(this.clock()));
    for (const track of this._tracks.values()) {
      Object.assign(track, { offset_ms: this._offset, total: null, count: 0 });
      await this._queue.putTrack(track);
    }
    await this._capture.start();
    this._set("on");
  }

  /** The place in the recording that is being spoken now, on the interview's clock; null when off. */
  get at() {
    return this.status === "on" ? this._offset + this._capture.ms : null;
  }

  /** Whether one track holds several people, told apart by the speaker key. */
  get shared() {
    return [...this._tracks.values()].some((track) => track.speaker === null);
  }

  /** Whether an interpreter has a track: the speaker key then says which language is spoken on it. */
  get interprets() {
    return [...this._tracks.values()].some((track) => track.speaker === "interpreter");
  }

  /** Stop; resolves when everything recorded is in the queue, not when it has been sent. */
  async stop() {
    if (this.status === "off") return;
    const counts = this.status === "on" ? await this._capture.stop() : await this._capture.close();
    await this._writing;
    for (const [name, total] of counts ?? []) {
      const track = { ...this._tracks.get(name), total, count: total };
      await this._queue.putTrack(track);
    }
    this._set("off");
    this._uploader.pump();
  }

  /** Send now: the network came back. */
  retry() {
    this._uploader?.pump();
  }

  /** Sound is missing: what comes now goes into new tracks, each at its own place in time. */
  _gap(sources) {
    const old = new Map([...this._tracks].map(([name, track]) => [name, { ...track }]));
    const counts = this._capture.renew(() => nameAnew(sources));
    this._offset = Math.max(0, Math.round(this.clock()));
    const fresh = sources.flatMap(({ tracks }) => tracks);
    for (const track of fresh) Object.assign(track, { offset_ms: this._offset, total: null, count: 0 });
    this._tracks = new Map([...old, ...fresh.map((track) => [track.name, track])]);
    const begun = fresh.map((track) => ({ ...track })); // by the time it is written they may be others
    this._write(async () => {
      for (const [name, total] of counts) await this._queue.putTrack({ ...old.get(name), total, count: total });
      for (const track of begun) await this._queue.putTrack(track);
    });
    this.gaps += 1;
    this.changed();
  }

  _keep(name, number, bytes) {
    this._write(async () => {
      const track = this._tracks.get(name);
      track.count = number + 1;
      await this._queue.putTrack(track);
      await this._uploader.add(name, number, bytes);
    });
  }

  // In order; what goes wrong with one write is not the end of those after it.
  _write(work) {
    this._writing = this._writing.then(work).catch(() => this.retry());
  }

  _set(status) {
    this.status = status;
    this.changed();
  }
}

let newest = 0;

// The server knows a track by its name, for good: none is given twice, not even within a millisecond.
function nameAnew(sources) {
  newest = Math.max(Date.now(), newest + 1);
  const stamp = newest.toString(36);
  sources.forEach(({ tracks }, s) => tracks.forEach((track, t) => (track.name = `${stamp}-${s + 1}${t + 1}`)));
}
