// One file of a draft: what is typed, what is saved, and what somebody else has saved meanwhile.

export class Saving {
  /**
   * `put({text, seen})` saves and gives {seen}; it throws {status: 409, seen, theirs} when somebody was faster.
   * `told(state, more)`: saved, unsaved, saving, failed, clash. `kept` outlives a reload.
   */
  constructor({ text, seen, put, kept, told }) {
    Object.assign(this, { seen, _saved: text, _text: text, _put: put, _kept: kept, _told: told });
    this._running = null;
  }

  get dirty() {
    return this._text !== this._saved;
  }

  typed(text) {
    this._text = text;
    if (this.dirty) this._kept.keep(text, this.seen);
    else this._kept.drop();
    this._told(this.dirty ? "unsaved" : "saved");
  }

  /** Text that waited in this window, if it is not what is saved. It goes on from the state it began with. */
  waiting() {
    const kept = this._kept.found();
    if (!kept || kept.text === this._saved) return null;
    this.seen = kept.seen;
    return kept.text;
  }

  /** Goes on from what somebody else has saved, in the knowledge of it. */
  goOnFrom(seen, text) {
    this.seen = seen;
    this._saved = text;
    this.typed(this._text);
  }

  async save() {
    if (this._running) return this._running;
    this._running = this._save().finally(() => (this._running = null));
    return this._running;
  }

  async _save() {
    const text = this._text;
    this._told("saving");
    try {
      const { seen } = await this._put({ text, seen: this.seen });
      this.seen = seen;
      this._saved = text;
      this.typed(this._text); // more may have been typed meanwhile
      return true;
    } catch (problem) {
      this._told(problem.status === 409 ? "clash" : "failed", problem);
      return false;
    }
  }
}
