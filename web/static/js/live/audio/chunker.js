// Cuts a run of samples into numbered chunks. Pure.

export class Chunker {
  /** `emit(number, samples)` gets each chunk; none is longer than `size` samples, nor than `enough()` says. */
  constructor(size, emit, enough = () => size) {
    this._size = size;
    this._emit = emit;
    this._enough = enough;
    this._buffer = new Int16Array(size);
    this._filled = 0;
    this.number = 0;
    this.samples = 0;
  }

  push(samples) {
    this.samples += samples.length;
    let at = 0;
    while (at < samples.length) {
      const size = Math.max(this._filled + 1, Math.min(this._size, this._enough()));
      const part = samples.subarray(at, at + size - this._filled);
      this._buffer.set(part, this._filled);
      this._filled += part.length;
      at += part.length;
      if (this._filled >= size) this._send();
    }
  }

  /** Send what is left, however short. Gives the number of chunks. */
  flush() {
    if (this._filled) this._send();
    return this.number;
  }

  _send() {
    this._emit(this.number, this._buffer.slice(0, this._filled));
    this.number += 1;
    this._filled = 0;
  }
}

/** Little-endian bytes of 16-bit samples, whatever the machine. */
export function bytesOf(samples) {
  const view = new DataView(new ArrayBuffer(samples.length * 2));
  samples.forEach((sample, i) => view.setInt16(i * 2, sample, true));
  return view.buffer;
}
