// Runs in the sound thread: collects what the microphone gives and hands it over many times a second.

const FRAMES = 1024;

class Recorder extends AudioWorkletProcessor {
  constructor() {
    super();
    this._channels = [];
    this._filled = 0;
    this.port.onmessage = () => this._hand();
  }

  process([input]) {
    if (!input.length) return true;
    while (this._channels.length < input.length) this._channels.push(new Float32Array(FRAMES));
    input.forEach((samples, i) => this._channels[i].set(samples, this._filled));
    this._filled += input[0].length;
    if (this._filled >= FRAMES) this._hand();
    return true;
  }

  _hand() {
    this.port.postMessage({ at: Date.now(), channels: this._channels.map((samples) => samples.slice(0, this._filled)) });
    this._filled = 0;
  }
}

registerProcessor("tellmore-recorder", Recorder);
