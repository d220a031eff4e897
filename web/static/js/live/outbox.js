// What was said or pressed and is not yet in the record. Kept in memory only, sent one by one in order,
// each with the same key however often it is tried: the server keeps one row.

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;

/** A refusal that trying again cannot mend. */
export class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
    this.detail = detail;
  }
}

export class Outbox {
  /**
   * `send(kind, body)` resolves to {seq}, throws Refused for good, anything else for "try again".
   * `changed()` is called whenever the list changes. `later(ms, run)` sets a timer and gives its cancel.
   */
  constructor({ send, changed = () => {}, later = laterByTimer, newKey = () => crypto.randomUUID() }) {
    this.items = [];
    this.trouble = null; // why the last try failed: an HTTP status, 0 where nobody answered, null if it did not
    this._send = send;
    this._changed = changed;
    this._later = later;
    this._newKey = newKey;
    this._seen = 0;
    this._busy = false;
    this._wait = FIRST_WAIT_MS;
    this._cancel = null;
  }

  /** Put something in line and start sending. `local` stays on this page. Gives the item. */
  add(kind, body, local = {}) {
    const key = this._newKey();
    const item = { key, kind, body: { ...body, key }, local, state: "waiting", seq: null, reason: null, since: Date.now() };
    this.items.push(item);
    this._changed();
    this.pump();
    return item;
  }

  /** Things not yet acknowledged, in order. */
  get unsent() {
    return this.items.filter((item) => item.state === "waiting");
  }

  /** Things to show as pending: on their way, or saved but not yet come back as events. */
  get pending() {
    return this.items.filter((item) => item.state !== "refused");
  }

  get refused() {
    return this.items.filter((item) => item.state === "refused");
  }

  /**
   * An event came in: what it acknowledges is forgotten. A turn often comes back as an event before its own
   * request is answered; only the first waiting item can be on its way, so it is known by its content.
   */
  seen(event) {
    this._seen = event.seq;
    const first = this.unsent[0];
    const same = (name) => (event[name] ?? null) === (first.body[name] ?? null);
    if (event.kind === "turn" && first?.kind === "turns" && ["speaker", "text", "started_ms"].every(same)) {
      first.arrived = true;
    }
    this._forget();
  }

  _forget() {
    const before = this.items.length;
    this.items = this.items.filter((item) => item.seq === null || item.seq > this._seen);
    if (this.items.length !== before) this._changed();
  }

  /** What the page shows besides the record: refused things, and what has not come back yet. */
  get shown() {
    return this.items.filter((item) => !item.arrived);
  }

  /** Take a refused item out of the list. */
  discard(key) {
    this.items = this.items.filter((item) => item.key !== key || item.state !== "refused");
    this._changed();
  }

  /** Try now: the network came back. */
  retry() {
    this._wait = FIRST_WAIT_MS;
    this._cancel?.();
    this._cancel = null;
    return this.pump();
  }

  async pump() {
    if (this._busy || this._cancel) return;
    this._busy = true;
    try {
      let item;
      while ((item = this.unsent[0])) {
        if (!(await this._try(item))) break;
      }
    } finally {
      this._busy = false;
    }
  }

  async _try(item) {
    try {
      const answer = await this._send(item.kind, item.body);
      this.trouble = null;
      item.state = "saved";
      item.seq = answer?.seq ?? 0;
      this._wait = FIRST_WAIT_MS;
      this._forget();
    } catch (error) {
      if (!(error instanceof Refused)) {
        this.trouble = error.status ?? 0;
        this._pause();
        return false;
      }
      item.state = "refused";
      item.reason = error.detail;
    }
    this._changed(item);
    return true;
  }

  _pause() {
    this._changed();
    this._cancel = this._later(this._wait, () => {
      this._cancel = null;
      this.pump();
    });
    this._wait = Math.min(this._wait * 2, LONGEST_WAIT_MS);
  }
}

function laterByTimer(ms, run) {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}
