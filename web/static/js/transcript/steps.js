// Sends steps one after the other. The same step keeps its key however often it is tried, so that it is taken once.

import { Refused } from "../live/outbox.js";

export class Steps {
  /** `post(body)` resolves to {number}; `number` is the last step this page has drawn. */
  constructor({ post, number, newKey = () => crypto.randomUUID() }) {
    Object.assign(this, { _post: post, number, _newKey: newKey, _keys: new Map(), _waiting: [], _own: 0, _last: Promise.resolve() });
  }

  /** Whether steps are under way. */
  get pending() {
    return this._waiting.length > 0;
  }

  /** The last step this page knows of: one's own may be saved and not drawn yet, where the connection broke. */
  get seen() {
    return Math.max(this.number, this._own);
  }

  /**
   * `fields` may be a function, asked when it is the step's turn. `then(outcome)` is done before the next step is sent.
   * Gives {done: true}, or {done: false, why} with why = "clash" (somebody was faster: look again), "refused" with a
   * `detail`, or "unsaved" (no connection: the same again later).
   */
  take(kind, fields, then = async () => {}) {
    const asked = { seen: typeof fields === "function" ? null : this.seen };
    this._waiting.push(asked);
    const taken = this._last.then(async () => {
      const outcome = await this._send(kind, fields, asked);
      await then(outcome);
      return outcome;
    });
    const over = () => this._waiting.shift();
    this._last = taken.then(over, over);
    return taken;
  }

  async _send(kind, fields, asked) {
    const given = typeof fields === "function" ? fields() : fields;
    const content = JSON.stringify([kind, given]);
    if (!this._keys.has(content)) this._keys.set(content, this._newKey());
    const seen = asked.seen ?? this.seen;
    try {
      const { number } = await this._post({ kind, ...given, key: this._keys.get(content), seen });
      // One's own step is nobody else's, for those that were asked for in the meantime.
      if (number === seen + 1) {
        this._own = number;
        for (const one of this._waiting) if (one.seen === seen) one.seen = number;
      }
    } catch (error) {
      if (!(error instanceof Refused)) return { done: false, why: "unsaved" };
      this._keys.delete(content);
      return { done: false, why: error.status === 409 ? "clash" : "refused", detail: error.detail };
    }
    this._keys.delete(content);
    return { done: true };
  }
}
