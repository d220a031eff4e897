// What is not saved yet outlives a reload of this window. It holds words of a protocol, never of a child.

export class Kept {
  /** `storage` as sessionStorage; `key` names what is edited. */
  constructor(storage, key) {
    this._storage = storage;
    this._key = `authoring:${key}`;
  }

  /** `seen`: which saved state the text began from. */
  keep(text, seen) {
    try {
      this._storage.setItem(this._key, JSON.stringify({ text, seen }));
      return true;
    } catch {
      return false; // full or switched off: leaving the page still asks
    }
  }

  /** {text, seen}, or null where nothing waits. */
  found() {
    try {
      const kept = JSON.parse(this._storage.getItem(this._key));
      return typeof kept?.text === "string" && typeof kept.seen === "string" ? kept : null;
    } catch {
      return null;
    }
  }

  drop() {
    try {
      this._storage.removeItem(this._key);
    } catch {
      // nothing was kept either
    }
  }
}
