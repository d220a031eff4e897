// The list of recorded files: rows stay where they are and only their words change, so that no focus is lost.

import { el, fill, say } from "../live/dom.js";
import { doable, sentence, share } from "./wording.js";

const LABELS = { again: "go_on_reading", cancel: "cancel", stop: "stop", remove: "remove" };

export class UploadsView {
  /**
   * `act(name, upload)` for the buttons, `send(upload, file)` for the rest of a file that was broken off;
   * `address(upload)` is where the file itself is given out.
   */
  constructor({ list, empty, t, locale, act, send, address }) {
    Object.assign(this, { list, empty, t, act, send, address });
    this._when = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
    this._rows = new Map();
  }

  /** `sending`: ids of the files this page is sending itself. */
  draw(uploads, sending) {
    this.empty.hidden = uploads.length > 0;
    const rows = uploads.map((upload) => this._row(upload, sending.has(upload.id)));
    const before = [...this.list.children];
    if (rows.length !== before.length || rows.some((row, i) => row !== before[i])) fill(this.list, ...rows);
  }

  _row(upload, sending) {
    const row = this._rows.get(upload.id) ?? this._make(upload);
    row.now = upload;
    say(row.state, sentence(upload, this.t));
    say(row.hash, upload.kept && upload.sha256 ? this.t("sha256", { digest: upload.sha256 }) : "");
    const part = share(upload);
    row.bar.hidden = part === null;
    row.bar.value = part ?? 0;
    const able = doable(upload).filter((name) => name !== "send" || !sending);
    if (able.join() !== row.able) {
      row.able = able.join();
      fill(row.acts, ...able.map((name) => this._way(row, name)));
    }
    return row.node;
  }

  _make(upload) {
    const about = `${this.t("begun", { when: this._when.format(new Date(upload.created_at)) })} · ${this.t("size", {
      n: Math.ceil(upload.size / 1_000_000),
    })}`;
    const row = {
      able: null,
      state: el("p", { id: `state-${upload.id}` }),
      bar: el("progress", { max: 1, "aria-labelledby": `state-${upload.id}` }),
      hash: el("span", { class: "small hash" }),
      acts: el("div", { class: "upload-acts" }),
    };
    row.node = el("li", { class: "row upload", "data-id": upload.id });
    row.node.append(el("div", { class: "grow" }, row.state, row.bar, el("span", { class: "small" }, about), row.hash), row.acts);
    this._rows.set(upload.id, row);
    return row;
  }

  _way(row, name) {
    if (name === "send") return this._choose(row);
    if (name === "give") return el("a", { href: this.address(row.now), download: "" }, this.t("give"));
    return this._button(row, name);
  }

  _button(row, name) {
    return el("button", { type: "button", class: "quiet", "data-act": name, click: () => this.act(name, row.now) },
      this.t(LABELS[name]));
  }

  _choose(row) {
    const input = el("input", { type: "file", change: () => this.send(row.now, input.files[0]) });
    return el("label", { class: "upload-again" }, el("span", {}, this.t("go_on_sending")), input);
  }
}
