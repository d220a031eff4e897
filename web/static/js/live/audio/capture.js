// From microphones to numbered chunks of 16 kHz sound. One track, or two: two devices, or the two
// channels of one.

import { Chunker, bytesOf } from "./chunker.js";
import { Resampler, toInt16 } from "./resample.js";

const RATE = 16_000;
const CHUNK = 2 * RATE;

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
   * gets each chunk; `lost(name)` is called when a microphone goes away.
   */
  constructor({ sources, chunk, lost, workletUrl }) {
    Object.assign(this, { sources, chunk, lost, workletUrl });
    this._context = null;
    this._streams = [];
    this._nodes = [];
    this._tracks = new Map();
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
    const lines = source.tracks.map(({ name }) => this._line(name));
    node.port.onmessage = ({ data }) => data.slice(0, lines.length).forEach((samples, i) => lines[i](samples));
    this._context.createMediaStreamSource(stream).connect(node);
    this._nodes.push(node);
    stream.getAudioTracks().forEach((track) => (track.onended = () => this.lost(source.tracks[0].name)));
  }

  _line(name) {
    const resampler = new Resampler(this._context.sampleRate, RATE);
    const chunker = new Chunker(CHUNK, (number, samples) => this.chunk(name, number, bytesOf(samples)));
    this._tracks.set(name, { resampler, chunker });
    return (samples) => chunker.push(toInt16(resampler.push(samples)));
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
    const counts = new Map();
    for (const [name, { resampler, chunker }] of this._tracks) {
      chunker.push(toInt16(resampler.flush()));
      counts.set(name, chunker.flush());
    }
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
