// One suggestion on its way. What could not be sent keeps its key, so that trying again makes no second one.

import { Refused } from "../live/outbox.js";

export class Sender {
  /** `api` is the interview's; `newKey()` makes an idempotency key. */
  constructor(api, newKey = () => crypto.randomUUID()) {
    Object.assign(this, { _api: api, _newKey: newKey, _pending: null });
    this.busy = false;
  }

  /** {ok: true}, {refused: why} for good, or {late: true} where trying again makes sense; null while busy. */
  suggest(text, replaces) {
    return this._send("post", "suggestion", { text, replaces });
  }

  withdraw(number) {
    return this._send("delete", "suggestion", { of: number });
  }

  async _send(method, path, body) {
    if (this.busy) return null;
    this.busy = true;
    const content = JSON.stringify([method, body]);
    if (this._pending?.content !== content) this._pending = { content, key: this._newKey() };
    try {
      await this._api[method](path, { ...body, key: this._pending.key });
      this._pending = null;
      return { ok: true };
    } catch (error) {
      if (!(error instanceof Refused)) return { late: true };
      this._pending = null;
      return { refused: error.detail };
    } finally {
      this.busy = false;
    }
  }
}
