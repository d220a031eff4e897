// From microphones to numbered chunks of 16 kHz sound. One track, or two: two devices, or the two
// channels of one.

import { Chunker, bytesOf } from "./chunker.js";
import { Resampler, toInt16 } from "./resample.js";

const RATE = 16_000;
const LONGEST = 2 * RATE;
const SHORTEST = RATE / 5;
const GAP_MS = 2000;
const DRIFT = 0.0003; // the clocks of sound cards run so much slower than a computer's, at the most

/** Why a microphone cannot be used here: "insecure", "missing", or null when it may be tried. */
export function obstacle() {
  if (!globalThis.isSecureContext) return "insecure";
  if (!navigator.mediaDevices?.getUserMedia || !globalThis.AudioWorkletNode) return "missing";
  return null;
}

/** The name of what went wrong, for a message in plain words: denied, none, busy or failed. */
export function failure(error) {
  const names = { NotAllowedError: "denied", SecurityError: "denied", NotFoundError: "none", NotReadableError: "busy" };
  return names[error?.name] ?? "failed";
}

/** Microphones by name; names are empty until the browser has been allowed to listen once. */
export async function devices() {
  const all = await navigator.mediaDevices.enumerateDevices();
  return all.filter(({ kind }) => kind === "audioinput").map(({ deviceId, label }) => ({ id: deviceId, label }));
}

export class Capture {
  /**
   * `sources`: [{device, tracks: [{name, speaker}]}], one track per channel. `chunk(track, number, bytes)`
   * gets each chunk; `lost(name)` is called when a microphone goes away. `behind()`: sound waits to be sent, so
   * that more of it goes into a chunk. `gap()` is called where sound is missing, as after a laptop slept.
   */
  constructor({ sources, chunk, lost, workletUrl, behind, gap }) {
    Object.assign(this, { sources, chunk, lost, workletUrl, behind, gap });
    this._context = null;
    this._streams = [];
    this._nodes = [];
    this._missing = []; // per microphone, see gaps()
    this._tracks = new Map();
    this._resumed = -Infinity;
  }

  /** Ask for the microphones. Throws what the browser throws; nothing is left open then. */
  async open() {
    try {
      for (const source of this.sources) this._streams.push(await listen(source));
      this._context = new AudioContext();
      await this._context.audioWorklet.addModule(this.workletUrl);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** Begin to record. */
  async start() {
    this.sources.forEach((source, i) => this._connect(source, this._streams[i]));
    await this._context.resume();
  }

  _connect(source, stream) {
    const node = new AudioWorkletNode(this._context, "tellmore-recorder", {
      numberOfOutputs: 0,
      channelCount: source.tracks.length,
      channelCountMode: "explicit",
    });
    source.tracks.forEach(({ name }) => this._line(name));
    const missing = gaps(this._context.sampleRate);
    this._missing.push(missing);
    node.port.onmessage = ({ data: { at, channels } }) => {
      const samples = channels[0]?.length ?? 0;
      if (missing(at, samples) > GAP_MS) this._missed(at - (samples * 1000) / this._context.sampleRate);
      source.tracks.forEach(({ name }, i) => this._take(name, channels[i]));
    };
    this._context.createMediaStreamSource(stream).connect(node);
    this._nodes.push(node);
    stream.getAudioTracks().forEach((track) => (track.onended = () => this.lost(source.tracks[0].name)));
  }

  // Each microphone sees the same gap, and all go on in new tracks with the first that does.
  _missed(resumed) {
    if (resumed - this._resumed < GAP_MS) return;
    this._resumed = resumed;
    this._missing.forEach((missing) => missing.again());
    this.gap();
  }

  _line(name) {
    const resampler = new Resampler(this._context.sampleRate, RATE);
    const enough = () => (this.behind() ? LONGEST : SHORTEST);
    const chunker = new Chunker(LONGEST, (number, samples) => this.chunk(name, number, bytesOf(samples)), enough);
    this._tracks.set(name, { resampler, chunker });
  }

  _take(name, samples) {
    const { resampler, chunker } = this._tracks.get(name);
    if (samples) chunker.push(toInt16(resampler.push(samples)));
  }

  /** End all tracks: Map(name -> count). The sources have others from now on, named by `rename()`. */
  renew(rename) {
    const counts = this._flush();
    rename();
    this._tracks.clear();
    for (const { tracks } of this.sources) tracks.forEach(({ name }) => this._line(name));
    return counts;
  }

  _flush() {
    const counts = new Map();
    for (const [name, { resampler, chunker }] of this._tracks) {
      chunker.push(toInt16(resampler.flush()));
      counts.set(name, chunker.flush());
    }
    return counts;
  }

  /** Milliseconds recorded so far. */
  get ms() {
    const longest = Math.max(0, ...[...this._tracks.values()].map(({ chunker }) => chunker.samples));
    return Math.round((longest / RATE) * 1000);
  }

  /** Stop and hand over the rest. Gives how many chunks each track has: Map(name -> count). */
  async stop() {
    this._nodes.forEach((node) => node.port.postMessage("hand over"));
    await new Promise((resolve) => setTimeout(resolve, 150));
    const counts = this._flush();
    await this.close();
    return counts;
  }

  async close() {
    this._streams.forEach((stream) => stream.getTracks().forEach((track) => track.stop()));
    this._streams = [];
    await this._context?.close();
    this._context = null;
  }
}

/**
 * Tells at each piece of sound how many milliseconds are missing by now, at once or bit by bit; `again()`: from
 * here on. A piece that came late itself, as one of a busy computer does, is outweighed by those in time.
 */
export function gaps(rate) {
  let [played, least] = [0, Infinity];
  const missing = (at, samples) => {
    played += (samples * 1000) / rate;
    least = Math.min(least, at - played);
    return at - played - least - played * DRIFT;
  };
  missing.again = () => ([played, least] = [0, Infinity]);
  return missing;
}

function listen({ device, tracks }) {
  return navigator.mediaDevices.getUserMedia({
    audio: {
      ...(device ? { deviceId: { exact: device } } : {}),
      channelCount: tracks.length,
      echoCancellation: false,
      noiseSuppression: false,
      autoGainControl: false,
    },
  });
}
