// The rail of phases, the time in the phase, and whether everything is saved.

import { byId, el, fill, say } from "./dom.js";

const SHOW_WAITING_AFTER_MS = 3000;

/** A count that is shown only once it has stood for a while: a queue that empties at once is no news. */
export class Steady {
  constructor(after = SHOW_WAITING_AFTER_MS) {
    this._after = after;
    this._since = null;
  }

  /** The number to show for `count` at the time `now` (ms). */
  shown(count, now) {
    if (!count) {
      this._since = null;
      return 0;
    }
    this._since ??= now;
    return now - this._since >= this._after ? count : 0;
  }
}

export class TopView {
  /** `clock()`: the server's time in ms, as well as it is known. */
  constructor({ t, clock }) {
    Object.assign(this, { t, clock });
    this._parts = new Steady();
    this._unsent = new Steady(1500);
  }

  render(state, { sound, unsent, trouble, online }) {
    this._phases(state.phases);
    this._time(state);
    say(byId("saved"), this._saved(state, sound, unsent));
    this._notices(state, sound, trouble, online);
  }

  _phases(phases) {
    if (this._shown === phases) return;
    this._shown = phases;
    const items = phases.map((phase) =>
      el(
        "li",
        { class: `phase phase-${phase.state}`, "aria-current": phase.state === "now" ? "step" : null },
        phase.title,
        el("span", { class: "visually-hidden" }, ` (${this.t(`phase_${phase.state}`)})`),
      ),
    );
    fill(byId("phases"), ...items);
    byId("phases").querySelector(".phase-now")?.scrollIntoView({ block: "nearest", inline: "center" });
  }

  _time(state) {
    const ms = state.phaseSince && state.life !== "closed" ? this.clock() - Date.parse(state.phaseSince) : NaN;
    const n = Math.max(0, Math.floor(ms / 60_000));
    say(byId("phase-time"), Number.isNaN(ms) ? "" : n ? this.t("minutes_here", { n }) : this.t("just_begun"));
  }

  _saved(state, sound, unsent) {
    if (state.life === "planned") return "";
    const now = Date.now();
    const waiting = this._parts.shown(sound.waiting, now);
    const texts = [sound.status === "on" ? this.t("recording") : this.t("not_recording")];
    const late = this._unsent.shown(unsent, now);
    if (waiting) texts.push(this.t("parts_waiting", { n: waiting }));
    if (late) texts.push(this.t("unsent", { n: late }));
    if (!waiting && !late) texts.push(this.t("all_saved"));
    return texts.join(" · ");
  }

  _notices(state, sound, trouble, online) {
    const texts = [];
    if (trouble === 401) texts.push(this.t("signed_out"));
    else if (!online || trouble === 0) texts.push(this.t("offline"));
    if (state.engines.bot && state.engines.bot !== "ready") texts.push(this.t(`bot_${loadingOr(state.engines.bot)}`));
    if (state.engines.language && state.engines.language !== "ready") {
      texts.push(this.t(`language_${loadingOr(state.engines.language)}`));
    }
    if (sound.problem) texts.push(sound.problem);
    if (state.life === "closed") texts.push(this.t("closed"));
    const box = byId("notices");
    if (box.dataset.shown === texts.join("\n")) return;
    box.dataset.shown = texts.join("\n");
    fill(box, ...texts.map((text) => el("p", {}, text)));
  }
}

const loadingOr = (state) => (state === "loading" ? "loading" : "away");
