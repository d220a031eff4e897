// The page of an interview's recorded files: choose one, leave, come back, see how far it is.

import { Api } from "../live/api.js";
import { Sending } from "../live/audio/upload.js";
import { byId, renewedToken, say, tokenOf } from "../live/dom.js";
import { Refused } from "../live/outbox.js";
import { translator } from "../live/texts.js";
import { UploadsView } from "./view.js";
import { moving } from "./wording.js";

const LOOK_MS = 3000;
const SPEAKERS = ["interviewer", "child"];

const page = JSON.parse(byId("uploads-data").content.textContent);
const locale = document.documentElement.lang;
const t = translator(page.texts, locale);
const api = new Api(page.base, tokenOf(document), { renew: renewedToken });
const line = byId("upload-state");
const sending = new Map();
let uploads = page.uploads;

const view = new UploadsView({
  list: byId("uploads"),
  empty: byId("no-uploads"),
  t,
  locale,
  act,
  send: goOn,
  address: (upload) => `${page.base}/${fileOf(upload)}`,
});

function fileOf(upload) {
  return `uploads/${upload.id}/file`;
}

async function look() {
  try {
    uploads = (await api.get("uploads")).uploads;
    draw();
  } catch {
    // the next look may get through
  }
}

function draw() {
  view.draw(uploads, sending);
}

async function send(file, more) {
  const one = new Sending({
    api,
    file,
    ...more,
    progress: (share) => {
      say(line, share < 1 ? t("sending", { n: Math.round(share * 100) }) : t("sent"));
      look();
    },
    lost: (yes) => yes && say(line, t("lost")),
  });
  sending.set(one.id, one);
  try {
    await one.run();
  } catch (error) {
    say(line, `${t("refused")} ${error instanceof Refused ? error.detail : ""}`);
  } finally {
    sending.delete(one.id);
    await look();
  }
}

function goOn(upload, file) {
  if (!file) return;
  if (file.size !== upload.size) say(line, t("other_size"));
  else send(file, { id: upload.id, speakers: upload.speakers, beside: upload.beside });
}

const ASK = {
  again: (upload) => api.post(`uploads/${upload.id}/again`, {}),
  remove: (upload) => api.delete(fileOf(upload), {}),
  cancel: (upload) => api.delete(`uploads/${upload.id}`, {}),
  stop: (upload) => api.delete(`uploads/${upload.id}`, {}),
};

async function act(name, upload) {
  if (name !== "again" && !globalThis.confirm(t(`${name}_sure`))) return;
  sending.get(upload.id)?.stop();
  try {
    await ASK[name](upload);
    say(line, "");
  } catch (error) {
    say(line, error.message);
  }
  await look();
}

byId("upload-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const [file] = byId("upload-file").files;
  if (!file) {
    say(line, t("choose"));
    return;
  }
  send(file, {
    speakers: byId("upload-channels").checked ? SPEAKERS : [],
    beside: byId("upload-place").value === "beside",
  });
  byId("upload-form").reset();
});

draw();
setInterval(() => {
  if (uploads.some(moving)) look();
}, LOOK_MS);
