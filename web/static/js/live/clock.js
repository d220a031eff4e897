// The server's time, as well as a page can know it: the interview's clock is the server's.

export class Clock {
  /** `serverNow`: the server's time when the page was made, as text. */
  constructor(serverNow, localNow = () => Date.now()) {
    this._local = localNow;
    this._ahead = localNow() - Date.parse(serverNow); // how far the local clock is ahead
  }

  /** An event made at `at` has arrived: it cannot have come before it was made. */
  heard(at) {
    const ahead = this._local() - Date.parse(at);
    if (ahead < this._ahead) this._ahead = ahead;
  }

  /** Server time now, in ms. */
  now() {
    return this._local() - this._ahead;
  }

  /** Whole milliseconds from `start` (text) to a local time in ms, never negative; null without a start. */
  since(start, local = this._local()) {
    return start ? Math.max(0, Math.round(local - this._ahead - Date.parse(start))) : null;
  }

  /** A time of day as people say it. */
  time(at, locale) {
    return new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" }).format(new Date(at));
  }
}
