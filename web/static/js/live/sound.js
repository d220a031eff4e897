// The microphone dialog and the recorded file. Whatever goes wrong here, typing goes on.

import { byId, el, fill, say } from "./dom.js";
import { devices, failure, obstacle } from "./audio/capture.js";
import { Recorder } from "./audio/recorder.js";
import { Sending } from "./audio/upload.js";

const SPEAKERS = ["interviewer", "child"];
const THREE = [...SPEAKERS, "interpreter"];

export class Sound {
  constructor({ t, api, interview, workletUrl, clock, changed, started, began, before }) {
    Object.assign(this, { t, api, started, began });
    this.problem = null;
    this.recorder = new Recorder({ interview, api, workletUrl, clock, changed, before });
    this._changed = changed;
    this._wire();
  }

  /** Send what an earlier visit left behind, if sound can be kept here at all. */
  async prepare() {
    if (!globalThis.isSecureContext) return;
    try {
      await this.recorder.prepare();
    } catch {
      this.problem = this.t("mic_no_store");
    }
  }

  /** What the top of the page shows. */
  get state() {
    const { status, waiting, refused, lostTrack, gaps, unkept } = this.recorder;
    let problem = this.problem;
    if (gaps && status === "on") problem = this.t("mic_gap", { n: gaps });
    if (unkept) problem = this.t("mic_unkept");
    if (refused) problem = `${this.t("mic_refused")} ${refused}`;
    if (lostTrack) problem = this.t("mic_lost");
    return { status, waiting, problem };
  }

  /** The interview has begun: an armed microphone records from now on. */
  async interviewBegan() {
    if (this.recorder.status !== "armed") return;
    await this._begin();
  }

  async _begin() {
    await this.recorder.begin();
    this.began();
  }

  _wire() {
    this._dialog = byId("sound-dialog");
    byId("sound-layout").addEventListener("change", () => this._layout());
    byId("sound-start").addEventListener("click", () => this._start());
    byId("sound-stop").addEventListener("click", () => this.recorder.stop());
    byId("sound-file-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this._bringIn();
    });
  }

  async open() {
    const why = obstacle();
    say(byId("sound-problem"), why ? this.t(`mic_${why}`) : "");
    byId("sound-start").disabled = Boolean(why);
    this._buttons();
    if (!this._dialog.open) this._dialog.showModal();
    if (!why) await this._list();
  }

  async _list() {
    const found = await devices().catch(() => []);
    for (const select of this._dialog.querySelectorAll("select[data-device]")) {
      const kept = select.value;
      const options = found.map(({ id, label }, i) =>
        el("option", { value: id }, label || this.t("mic_number", { n: i + 1 })),
      );
      fill(select, el("option", { value: "" }, this.t("mic_default")), ...options);
      select.value = found.some(({ id }) => id === kept) ? kept : "";
    }
    this._layout();
  }

  _layout() {
    const layout = byId("sound-layout").value;
    byId("sound-second").hidden = layout !== "two" && layout !== "three";
    byId("sound-third").hidden = layout !== "three";
  }

  _sources() {
    const [first, second, third] = [1, 2, 3].map((n) => byId(`sound-device-${n}`).value);
    const both = SPEAKERS.map((speaker) => ({ speaker }));
    if (byId("sound-layout").value === "channels") return [{ device: first, tracks: both }];
    if (byId("sound-layout").value === "two") {
      return [first, second].map((device, i) => ({ device, tracks: [both[i]] }));
    }
    if (byId("sound-layout").value === "three") {
      return [first, second, third].map((device, i) => ({ device, tracks: [{ speaker: THREE[i] }] }));
    }
    return [{ device: first, tracks: [{ speaker: null }] }];
  }

  async _start() {
    byId("sound-start").disabled = true;
    say(byId("sound-problem"), "");
    try {
      await this.recorder.arm(this._sources());
      this.problem = null;
      if (this.started()) await this._begin();
      this._dialog.close();
    } catch (error) {
      this.problem = this.t(`mic_${failure(error)}`);
      say(byId("sound-problem"), this.problem);
      byId("sound-start").disabled = false;
      this._changed();
    }
    this._buttons();
  }

  _buttons() {
    const on = this.recorder.status !== "off";
    byId("sound-start").hidden = on;
    byId("sound-setup").hidden = on;
    byId("sound-stop").hidden = !on;
  }

  async _bringIn() {
    const file = byId("sound-file").files[0];
    const line = byId("sound-file-state");
    if (!file) return say(line, this.t("file_choose"));
    const bar = byId("sound-progress");
    bar.hidden = false;
    try {
      await new Sending({
        api: this.api,
        file,
        speakers: byId("sound-file-channels").checked ? SPEAKERS : [],
        progress: (share) => {
          bar.value = share;
          say(line, this.t("file_sending", { n: Math.round(share * 100) }));
        },
        lost: (yes) => yes && say(line, this.t("file_lost")),
      }).run();
      say(line, this.t("file_done"));
      byId("sound-file-form").reset();
    } catch (error) {
      say(line, `${this.t("file_failed")} ${error.message}`);
    } finally {
      bar.hidden = true;
    }
  }
}
