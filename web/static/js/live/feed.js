// Follows the interview's events: as a stream where one is free, else by asking again and again.
// Positions are sequence numbers; whatever comes twice is passed over by the reducer.

const KINDS = ["turn", "coding", "guidance", "translation", "state", "action", "engine", "audio", "tags"];
const POLL_MS = 1000;
const BACK_TO_STREAM_MS = 60_000;

export class Feed {
  /**
   * `position()` gives the last number seen, `receive(event)` takes one event, `connected(yes)` is told
   * when the connection comes and goes, `hearing(lines)` what is being heard: no event, and only of a stream.
   */
  constructor({ base, api, position, receive, connected, hearing = () => {}, Source = globalThis.EventSource }) {
    Object.assign(this, { base, api, position, receive, connected, hearing, Source });
    this._source = null;
    this._timer = null;
    this._closed = false;
  }

  open() {
    this._stop();
    if (this._closed) return;
    const source = new this.Source(`${this.base}/events?after=${this.position()}`);
    this._source = source;
    source.onopen = () => this.connected(true);
    source.onerror = () => {
      this.connected(false);
      // A closed source was refused (no stream free, or signed out) and will not come back by itself.
      if (source.readyState === 2) this._poll(Date.now() + BACK_TO_STREAM_MS);
    };
    source.addEventListener("hearing", ({ data }) => this.hearing(JSON.parse(data).lines));
    for (const kind of KINDS) source.addEventListener(kind, (message) => this.receive(JSON.parse(message.data)));
  }

  /** Called when the server has acknowledged `seq`: if it does not come down soon, the stream is dead. */
  expect(seq) {
    setTimeout(() => {
      if (!this._closed && this.position() < seq) this.open();
    }, 4000);
  }

  close() {
    this._closed = true;
    this._stop();
  }

  _stop() {
    this._source?.close();
    this._source = null;
    clearTimeout(this._timer);
  }

  async _poll(until) {
    this._stop();
    if (this._closed) return;
    try {
      const { events } = await this.api.get(`events?poll=1&after=${this.position()}`);
      this.connected(true);
      events.forEach(this.receive);
      if (Date.now() > until) return this.open();
    } catch {
      this.connected(false);
    }
    this._timer = setTimeout(() => this._poll(until), POLL_MS);
  }
}
