// Sound that the server has not yet acknowledged. It survives a reload; on the disk it is encrypted with a
// key that cannot be read out of the browser, and it is removed as soon as it is acknowledged.

const NAME = "tellmore-sound";

/** Open the store of one interview. Needs a secure context. */
export async function openQueue(interview) {
  return new Queue(await openDatabase(), interview);
}

class Queue {
  constructor(database, interview) {
    this._database = database;
    this._interview = interview;
    this._key = null;
  }

  /** Remember a track: {name, speaker, offset_ms, total}; `total` is null until the track has ended. */
  async putTrack(track) {
    await run(this._database, "tracks", "readwrite", (store) => store.put({ ...track, interview: this._interview }));
  }

  async tracks() {
    return run(this._database, "tracks", "readonly", (store) => store.getAll(this._range()));
  }

  /** Forget a track that is saved whole; with the last one goes the key. */
  async dropTrack(name) {
    await run(this._database, "tracks", "readwrite", (store) => store.delete([this._interview, name]));
    if ((await this.tracks()).length) return;
    this._key = null;
    await run(this._database, "keys", "readwrite", (store) => store.delete(this._interview));
  }

  async put(track, number, bytes) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await this._secret(), bytes);
    const row = { interview: this._interview, track, number, iv, sealed };
    await run(this._database, "chunks", "readwrite", (store) => store.put(row));
  }

  /** The numbers that wait, in order. */
  async numbers(track) {
    const keys = await run(this._database, "chunks", "readonly", (store) => store.getAllKeys(this._range(track)));
    return keys.map((key) => key[2]);
  }

  /** The bytes of a waiting chunk. */
  async get(track, number) {
    const key = [this._interview, track, number];
    const row = await run(this._database, "chunks", "readonly", (store) => store.get(key));
    return crypto.subtle.decrypt({ name: "AES-GCM", iv: row.iv }, await this._secret(), row.sealed);
  }

  async drop(track, number) {
    await run(this._database, "chunks", "readwrite", (store) => store.delete([this._interview, track, number]));
  }

  _secret() {
    this._key ??= keyOf(this._database, this._interview).catch((error) => {
      this._key = null;
      throw error;
    });
    return this._key;
  }

  _range(...more) {
    const from = [this._interview, ...more];
    return IDBKeyRange.bound(from, [...from, []]); // an array sorts after every number and text
  }
}

function openDatabase() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("chunks", { keyPath: ["interview", "track", "number"] });
      request.result.createObjectStore("tracks", { keyPath: ["interview", "name"] });
      request.result.createObjectStore("keys");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function keyOf(database, interview) {
  const known = await run(database, "keys", "readonly", (store) => store.get(interview));
  if (known) return known;
  const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  await run(database, "keys", "readwrite", (store) => store.put(fresh, interview));
  return fresh;
}

function run(database, name, mode, work) {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(name, mode);
    const request = work(transaction.objectStore(name));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error ?? request.error);
  });
}
