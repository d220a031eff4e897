// Any sample rate to 16 kHz, block by block, by a windowed-sinc filter: what a microphone gives differs
// from device to device, what the record holds does not. Pure.

const HALF_WIDTH = 16; // zero crossings kept on each side
const PASS = 0.94; // share of the lower Nyquist frequency that is kept

export class Resampler {
  /** From `from` Hz to `to` Hz, whole numbers. */
  constructor(from, to = 16_000) {
    const divisor = gcd(from, to);
    this._up = to / divisor;
    this._down = from / divisor;
    const cutoff = Math.min(1, to / from) * PASS;
    this._half = Math.ceil(HALF_WIDTH / cutoff);
    this._cutoff = cutoff;
    this._phases = new Map();
    this._buffer = new Float32Array(this._half); // silence before the first sample
    this._start = -this._half; // index of buffer[0] in the input
    this._next = 0; // index of the next output sample
  }

  /** Samples in, samples out; the last few wait for the next block. */
  push(block) {
    this._append(block);
    const end = this._start + this._buffer.length;
    const out = [];
    for (;;) {
      const position = this._next * this._down;
      const centre = Math.floor(position / this._up);
      if (centre + this._half >= end) break;
      out.push(this._at(centre, position % this._up));
      this._next += 1;
    }
    this._drop();
    return Float32Array.from(out);
  }

  /** What still waits, with silence after it. */
  flush() {
    return this.push(new Float32Array(this._half));
  }

  _at(centre, phase) {
    const taps = this._taps(phase);
    const first = centre - this._half + 1 - this._start;
    let sum = 0;
    for (let i = 0; i < taps.length; i += 1) sum += taps[i] * this._buffer[first + i];
    return sum;
  }

  _taps(phase) {
    let taps = this._phases.get(phase);
    if (!taps) {
      taps = windowedSinc(this._half, this._cutoff, phase / this._up);
      this._phases.set(phase, taps);
    }
    return taps;
  }

  _append(block) {
    const joined = new Float32Array(this._buffer.length + block.length);
    joined.set(this._buffer);
    joined.set(block, this._buffer.length);
    this._buffer = joined;
  }

  _drop() {
    const centre = Math.floor((this._next * this._down) / this._up);
    const keep = Math.max(0, centre - this._half - this._start);
    this._buffer = this._buffer.slice(keep);
    this._start += keep;
  }
}

function windowedSinc(half, cutoff, fraction) {
  const taps = new Float32Array(2 * half);
  let total = 0;
  for (let i = 0; i < taps.length; i += 1) {
    const x = i - half + 1 - fraction;
    const window = 0.5 + 0.5 * Math.cos((Math.PI * x) / (half + 1));
    taps[i] = (x === 0 ? cutoff : Math.sin(Math.PI * cutoff * x) / (Math.PI * x)) * window;
    total += taps[i];
  }
  return taps.map((tap) => tap / total);
}

function gcd(a, b) {
  return b ? gcd(b, a % b) : a;
}

/** Samples from -1 to 1 as signed 16 bit; louder ones are cut. */
export function toInt16(samples) {
  return Int16Array.from(samples, (value) => Math.round(Math.max(-1, Math.min(1, value)) * 32767));
}
