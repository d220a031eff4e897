// Looks at what is typed in a pause after the last key. A newer text ends the look at an older one.

const PAUSE_MS = 400;

export class Checker {
  /**
   * `ask(text, signal)` gives the answer of the server; `show(state, answer)` puts it on the page, where state is
   * "waiting", "done" or "failed".
   */
  constructor({ ask, show, timers = globalThis }) {
    Object.assign(this, { _ask: ask, _show: show, _timers: timers });
    this._running = null;
    this._timer = null;
  }

  /** `text` is a string, or a function that gives it when it is needed. */
  changed(text) {
    this._stop();
    this._show("waiting", null);
    this._timer = this._timers.setTimeout(() => this.now(text), PAUSE_MS);
  }

  async now(text) {
    this._stop();
    const running = new AbortController();
    this._running = running;
    let state = "done";
    let answer = null;
    try {
      answer = await this._ask(typeof text === "function" ? text() : text, running.signal);
    } catch {
      state = "failed"; // a look is a help: saving and publishing look again
    }
    if (this._running !== running) return;
    this._running = null;
    this._show(state, answer);
  }

  _stop() {
    this._timers.clearTimeout(this._timer);
    this._running?.abort();
    this._running = null;
  }
}
