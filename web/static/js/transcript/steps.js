// Sends steps one at a time. The same step keeps its key however often it is tried, so that it is taken once.

import { Refused } from "../live/outbox.js";

export class Steps {
  /** `post(body)` resolves to {number}; `number` is the last step this page knows of. */
  constructor({ post, number, newKey = () => crypto.randomUUID() }) {
    Object.assign(this, { _post: post, number, _newKey: newKey, _tried: null, busy: false });
  }

  /**
   * Gives {done: true}, or {done: false, why} with why = "clash" (somebody was faster: look again), "refused" with a
   * `detail`, "unsaved" (no connection: the same again later) or "busy".
   */
  async take(kind, fields) {
    if (this.busy) return { done: false, why: "busy" };
    this.busy = true;
    try {
      await this._post({ kind, ...fields, key: this._keyOf(kind, fields), seen: this.number });
      this._tried = null;
      return { done: true };
    } catch (error) {
      if (!(error instanceof Refused)) return { done: false, why: "unsaved" };
      this._tried = null;
      return { done: false, why: error.status === 409 ? "clash" : "refused", detail: error.detail };
    } finally {
      this.busy = false;
    }
  }

  _keyOf(kind, fields) {
    const content = JSON.stringify([kind, fields]);
    if (this._tried?.content !== content) this._tried = { content, key: this._newKey() };
    return this._tried.key;
  }
}
