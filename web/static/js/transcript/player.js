// Plays all tracks of a recording together, from any moment, in pieces that are fetched as they are needed.
// Moments are milliseconds on the interview's clock.

const PIECE_MS = 60_000;
const KEEP = 3;

export class Player {
  /**
   * `tracks`: [{name, offset, length}]. `load(name, from, to)` resolves to an address of that stretch of a track (in
   * the track's own time), `unload(address)` lets go of it. `changed()` is called when anything to be shown differs.
   */
  constructor({ tracks, load, unload = () => {}, audio = () => new Audio(), changed = () => {}, later = setTimeout, forget = clearTimeout }) {
    Object.assign(this, { _tracks: tracks, _load: load, _unload: unload, _audio: audio, _changed: changed, _later: later, _forget: forget });
    this.start = Math.min(...tracks.map((track) => track.offset));
    this.end = Math.max(...tracks.map((track) => track.offset + track.length));
    this.playing = false;
    this.state = "ready"; // or "loading", "failed"
    this._at = this.start;
    this._rate = 1;
    this._pieces = new Map();
    this._voices = [];
    this._timers = [];
    this._turn = 0; // counts what was asked for, so that a late answer to an older wish is passed over
  }

  get position() {
    const lead = this._voices[0];
    return lead ? lead.from + lead.sound.currentTime * 1000 : this._at;
  }

  get rate() {
    return this._rate;
  }

  set rate(value) {
    this._rate = value;
    for (const voice of this._voices) voice.sound.playbackRate = value;
    this._changed();
  }

  /** Go on playing; `back` milliseconds are heard again. */
  play(back = 0) {
    if (this.playing) return Promise.resolve();
    this.playing = true;
    return this._from(this.position - back);
  }

  pause() {
    this._at = this.position;
    this._silence();
    this.playing = false;
    this.state = "ready";
    this._turn += 1;
    this._changed();
  }

  seek(moment) {
    const at = this._within(moment);
    if (this.playing) return this._from(at);
    this._silence();
    this._at = at;
    this._changed();
    return Promise.resolve();
  }

  _within(moment) {
    return Math.min(Math.max(moment, this.start), this.end);
  }

  async _from(moment) {
    const at = this._within(moment);
    this._silence();
    this._at = at;
    if (at >= this.end) return this.pause();
    const turn = (this._turn += 1);
    const number = Math.floor(at / PIECE_MS);
    let voices;
    try {
      this._say("loading");
      voices = await this._piece(number);
    } catch {
      if (turn === this._turn) {
        this.playing = false;
        this._say("failed");
      }
      return undefined;
    }
    if (turn !== this._turn) return undefined;
    this.state = "ready";
    this._sound(voices, at, number);
    this._piece(number + 1).catch(() => {}); // the next piece, before it is needed
    return undefined;
  }

  _say(state) {
    this.state = state;
    this._changed();
  }

  /** The tracks heard in one piece: [{sound, from}], `from` being where the sound begins. */
  _piece(number) {
    const known = this._pieces.get(number);
    if (known) return known;
    const from = number * PIECE_MS;
    const heard = this._tracks
      .map((track) => ({ track, begin: Math.max(0, from - track.offset), end: Math.min(track.length, from + PIECE_MS - track.offset) }))
      .filter(({ begin, end }) => end > begin);
    const voices = Promise.all(
      heard.map(async ({ track, begin, end }) => {
        const sound = this._audio();
        sound.preload = "auto";
        sound.src = await this._load(track.name, begin, end);
        return { sound, from: track.offset + begin, to: track.offset + end };
      }),
    );
    this._pieces.set(number, voices);
    voices.catch(() => this._pieces.delete(number));
    for (const old of [...this._pieces.keys()].slice(0, -KEEP)) this._drop(old);
    return voices;
  }

  _drop(number) {
    this._pieces.get(number).then((voices) => voices.forEach(({ sound }) => this._unload(sound.src)), () => {});
    this._pieces.delete(number);
  }

  _sound(voices, at, number) {
    const next = Math.min((number + 1) * PIECE_MS, this.end);
    const waiting = voices.filter((voice) => voice.to > at).sort((one, other) => other.to - one.to);
    const now = waiting.filter((voice) => voice.from <= at);
    for (const voice of now) this._begin(voice, (at - voice.from) / 1000);
    for (const voice of waiting.filter((voice) => voice.from > at)) {
      this._timers.push(this._later(() => this._begin(voice, 0), (voice.from - at) / this._rate));
    }
    if (!now.length) {
      // a silence between tracks is passed over
      const following = waiting.map((voice) => voice.from).sort((one, other) => one - other)[0] ?? next;
      this._from(following);
      return;
    }
    this._voices = now;
    const [lead] = now;
    lead.sound.ontimeupdate = () => this._changed();
    lead.sound.onended = () => this._voices[0] === lead && this._from(Math.max(lead.to, at + 1));
    this._changed();
  }

  _begin({ sound }, second) {
    sound.currentTime = second;
    sound.playbackRate = this._rate;
    sound.preservesPitch = true;
    Promise.resolve(sound.play()).catch(() => {});
    if (!this._voices.some((voice) => voice.sound === sound)) this._voices.push({ sound, from: this.position, to: 0 });
  }

  _silence() {
    for (const timer of this._timers) this._forget(timer);
    for (const { sound } of this._voices) {
      sound.ontimeupdate = sound.onended = null;
      sound.pause();
    }
    this._timers = [];
    this._voices = [];
  }
}
