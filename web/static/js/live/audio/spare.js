// What the browser refuses to keep on its disk is held in memory until the server has it.

export class Spare {
  /** Stands in front of a queue and is used as one; `changed()` is called when `held` becomes another. */
  constructor(queue, changed = () => {}) {
    Object.assign(this, { _queue: queue, _changed: changed, _tracks: new Map(), _chunks: new Map() });
  }

  /** Whether there is something that a reload of the page would lose. */
  get held() {
    return this._tracks.size + this._chunks.size > 0;
  }

  async putTrack(track) {
    await this._keep(this._tracks, track.name, { ...track }, () => this._queue.putTrack(track));
  }

  async tracks() {
    const all = new Map((await this._queue.tracks()).map((track) => [track.name, track]));
    for (const [name, track] of this._tracks) all.set(name, track);
    return [...all.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async dropTrack(name) {
    await this._queue.dropTrack(name);
    this._forget(this._tracks, name);
  }

  async put(track, number, bytes) {
    await this._keep(this._chunks, key(track, number), { track, number, bytes }, () =>
      this._queue.put(track, number, bytes),
    );
  }

  async numbers(track) {
    const here = [...this._chunks.values()].filter((chunk) => chunk.track === track);
    const all = new Set([...(await this._queue.numbers(track)), ...here.map(({ number }) => number)]);
    return [...all].sort((a, b) => a - b);
  }

  async get(track, number) {
    return this._chunks.get(key(track, number))?.bytes ?? this._queue.get(track, number);
  }

  async drop(track, number) {
    if (this._chunks.has(key(track, number))) this._forget(this._chunks, key(track, number));
    else await this._queue.drop(track, number);
  }

  async _keep(held, name, what, write) {
    try {
      await write();
      this._forget(held, name);
    } catch {
      held.set(name, what);
      this._changed();
    }
  }

  _forget(held, name) {
    if (held.delete(name)) this._changed();
  }
}

const key = (track, number) => `${track} ${number}`;
