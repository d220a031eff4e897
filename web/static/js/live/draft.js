// What the interviewer types is looked at in a pause, before it is said. It can be switched off.

const PAUSE_MS = 700;
const LEAST_WORDS = 3;

export class DraftCheck {
  /**
   * `ask(text)` gives {type, label, remark}; `show(answer or null)` puts it on the page, and `shown(text, answer)`
   * is told of each remark that got there.
   */
  constructor({ ask, show, shown, timers = globalThis }) {
    Object.assign(this, { _ask: ask, _show: show, _shown: shown, _timers: timers });
    this.on = true;
    this._text = "";
    this._asked = 0;
  }

  /** The draft as it stands now; "" when there is none, or when it is not the interviewer's own. */
  typed(text) {
    this._text = text.trim();
    this._again();
  }

  switched(on) {
    this.on = on;
    this._again();
  }

  _again() {
    this._timers.clearTimeout(this._timer);
    this._asked += 1;
    this._show(null);
    if (!this.on || this._text.split(/\s+/).length < LEAST_WORDS) return;
    this._timer = this._timers.setTimeout(() => this._look(this._text, this._asked), PAUSE_MS);
  }

  async _look(text, asked) {
    let answer = null;
    try {
      answer = await this._ask(text);
    } catch {
      return; // a look is a help, not a duty: the turn itself will be looked at
    }
    if (asked !== this._asked || !answer.remark) return;
    this._show(answer);
    this._shown(text, answer);
  }
}
