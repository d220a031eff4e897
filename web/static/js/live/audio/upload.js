// A recorded file goes to the server in parts, in order, each until it is acknowledged. Sending can be broken
// off and taken up again with the same file: the server knows which part is next.

import { Refused } from "../outbox.js";
import { sha256 } from "./uploader.js";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
const FULL = 507; // no room on the server's disk: a person has to make some

/** A new id for a file: 24 hexadecimal digits. */
export const newId = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");

export class Sending {
  /**
   * `progress(share)` is told how much has arrived, `lost(yes)` whether the connection is away. `later(ms)`
   * resolves after a while.
   */
  constructor({
    api,
    file,
    speakers = [],
    beside = false,
    id = newId(),
    progress = () => {},
    lost = () => {},
    later = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  }) {
    Object.assign(this, { api, file, speakers, beside, id, progress, lost, later });
    this._stopped = false;
  }

  /** Resolves to how the file stands when all of it has arrived, or sending was stopped; throws Refused. */
  async run() {
    if (!globalThis.crypto?.subtle) throw new Refused(0, "");
    let known = await this._until(() =>
      this.api.replace(`uploads/${this.id}`, {
        size: this.file.size,
        speakers: this.speakers,
        beside: this.beside,
      }),
    );
    if (known?.next > 0 && known.state === "receiving") await this._until(() => this._put(0, known));
    while (known?.state === "receiving" && !this._stopped) {
      this.progress(known.next / known.of);
      known = (await this._part(known)) ?? known;
    }
    if (known && known.state !== "receiving") this.progress(1);
    return known;
  }

  /** Send no further part. */
  stop() {
    this._stopped = true;
  }

  async _part(known) {
    try {
      return await this._until(() => this._put(known.next, known));
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 409) throw error;
      const now = await this._until(() => this.api.get(`uploads/${this.id}`));
      if (now && now.next === known.next && now.state === known.state) throw error;
      return now; // another tab sends the same file, or somebody cancelled it
    }
  }

  async _put(number, { part_bytes: size }) {
    const bytes = await this.file.slice(number * size, (number + 1) * size).arrayBuffer();
    return this.api.put(`uploads/${this.id}/${number}`, bytes, await sha256(bytes));
  }

  /** Try until the server says yes or no. */
  async _until(ask) {
    for (let wait = FIRST_WAIT_MS; !this._stopped; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      try {
        const answer = await ask();
        this.lost(false);
        return answer;
      } catch (error) {
        if (error.status === FULL) throw new Refused(FULL, error.message);
        if (error instanceof Refused || error.name === "NotReadableError") throw error;
        this.lost(true);
        await this.later(wait);
      }
    }
    return undefined;
  }
}
