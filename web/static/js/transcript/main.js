// The transcript room: listen by key or pedal, correct in place, each correction a step on record.

import { Api } from "../live/api.js";
import { byId, renewedToken, say, tokenOf } from "../live/dom.js";
import { translator } from "../live/texts.js";
import { Editor } from "./editor.js";
import { Hold, actionOf, load, save } from "./keys.js";
import { KeysDialog } from "./keys_dialog.js";
import { Player } from "./player.js";
import { Steps } from "./steps.js";
import { characters, clock, momentAt, segmentAt } from "./text.js";

const SPEED_STEP = 0.1;
const AGAIN_MS = 3000;

const data = JSON.parse(byId("transcript-data").content.textContent);
const t = translator(data.texts, data.locale);
const api = new Api(data.base, tokenOf(document), { renew: renewedToken });
const list = byId("segments");
const rows = () => [...list.children];
const rowOf = (id) => byId(`seg-${id}`);
const notice = (text) => say(byId("notice"), text);

let kept = load(localStorage);
let current = null;
let newest = data.newest;
let saving = null;
const steps = new Steps({ post: (body) => api.post("transcript/steps", body), number: data.number });
const editor = new Editor({ act: (action) => ACTIONS[action](), inaudible: data.inaudible });
const player = data.tracks.length ? new Player({ tracks: data.tracks, load: fetchSound, unload: (url) => URL.revokeObjectURL(url), changed: drawSound }) : null;
const hold = new Hold({ down: () => player?.play(kept.numbers.resume * 1000), up: () => player?.pause() });

async function fetchSound(name, from, to) {
  const answer = await fetch(`${data.base}/audio/${encodeURIComponent(name)}.wav?from_ms=${from}&to_ms=${to}`, { credentials: "same-origin", cache: "no-store" });
  if (!answer.ok) throw new Error(String(answer.status));
  return URL.createObjectURL(await answer.blob());
}

function drawSound() {
  say(byId("toggle"), t(player.playing ? "pause" : "play"));
  say(byId("position"), clock(player.position));
  byId("rate").value = String(player.rate);
  if (player.state === "loading") notice(t("loading"));
  else if (player.state === "failed") notice(t("no_sound"));
  else if (byId("notice").textContent === t("loading")) notice("");
  if (!player.playing || editor.open) return;
  const starts = rows().map((row) => ({ row, start: row.dataset.start === undefined ? null : Number(row.dataset.start) }));
  const found = segmentAt(starts, player.position);
  if (found && found.row !== current) choose(found.row, byId("follow").checked);
}

function choose(row, scroll = true) {
  current?.removeAttribute("aria-current");
  current = row;
  row?.setAttribute("aria-current", "true");
  if (scroll) row?.scrollIntoView({ block: "nearest" });
}

function move(by) {
  const all = rows();
  const row = all[Math.min(Math.max(all.indexOf(current) + by, 0), all.length - 1)];
  if (!row || editor.open) return;
  choose(row);
  if (row.dataset.start !== undefined) player?.seek(Number(row.dataset.start));
}

function toggle() {
  if (player?.playing) player.pause();
  else player?.play(kept.numbers.resume * 1000);
}

function jump(seconds) {
  player?.seek(player.position + seconds * 1000);
}

function setRate(rate) {
  player.rate = Math.min(2, Math.max(0.5, Math.round(rate * 100) / 100));
  if (![...byId("rate").options].some((one) => Number(one.value) === player.rate)) byId("rate").add(new Option(`${player.rate}×`, player.rate));
  byId("rate").value = String(player.rate);
  remember({ ...kept, numbers: { ...kept.numbers, rate: player.rate } });
}

function again() {
  const row = editor.row ?? current;
  if (row?.dataset.start === undefined || !player) return;
  player.seek(Number(row.dataset.start)).then(() => player.play());
}

function edit(place = null) {
  if (!data.editable || !current || !mayLeave()) return;
  editor.show(current, place);
}

// What was typed is never thrown away by opening another row.
function mayLeave() {
  if (!editor.changed) return true;
  editor.row.scrollIntoView({ block: "nearest" });
  return false;
}

async function take(kind, fields) {
  if (!data.editable) return false;
  notice(t("saving"));
  const why = byId("why").value.trim();
  const whole = kind === "text" || !editor.changed; // else more was typed than is sent
  const sent = editor.id === fields.segment && whole ? editor.state : null;
  const given = typeof fields === "function" ? () => ({ ...fields(), why }) : { ...fields, why };
  const outcome = await steps.take(kind, given, async ({ done, why: reason }) => {
    if (done || reason === "clash") await refresh(done ? sent : null);
  });
  if (outcome.done) {
    notice(t("saved", { n: steps.seen }));
    return true;
  }
  const open = sent !== null && editor.state?.form === sent.form;
  const text = { clash: t("clash"), unsaved: t("unsaved") }[outcome.why] ?? outcome.detail;
  notice(outcome.why === "clash" && !open ? outcome.detail : open ? "" : text);
  if (open) editor.tell(text);
  return false;
}

/** Draw what differs from what this page knows of. The editor is closed where it holds what was `sent`; what is being
 * typed goes on under its new row. */
async function refresh(sent) {
  const answer = await fetch(`${data.changes}?after=${steps.number}`, { credentials: "same-origin", cache: "no-store" }).catch(() => null);
  if (!answer?.ok) return void setTimeout(() => steps.pending || refresh(sent), AGAIN_MS); // what is saved is drawn later
  const found = await answer.json();
  if (editor.holds(sent)) editor.close();
  const goOn = editor.typing();
  const chosen = current?.dataset.id;
  const edited = editor.id;
  for (const [id, html] of Object.entries(found.rows)) {
    const holder = document.createElement("ol");
    holder.innerHTML = html; // drawn by the server, which escapes every word
    const row = holder.firstElementChild;
    const old = rowOf(id);
    if (edited === id) editor.moveTo(row);
    if (old) old.replaceWith(row);
    else list.append(row);
  }
  const order = new Map(found.order.map((id, index) => [id, index]));
  if (edited && !order.has(edited) && !editor.changed) editor.close();
  const gone = rows().filter((row) => !order.has(row.dataset.id));
  for (const row of gone) if (row.dataset.id !== editor.id) row.remove(); // what was typed in it stays to be read
  let before = null;
  for (const id of found.order) {
    const row = rowOf(id);
    const right = before ? before.nextElementSibling : list.firstElementChild;
    if (row && row !== right) list.insertBefore(row, right);
    before = row ?? before;
  }
  goOn();
  choose(rowOf(chosen), false);
  byId("history").innerHTML = found.history;
  Object.assign(steps, { number: found.number });
  newest = found.newest;
  if (byId("undo")) byId("undo").disabled = newest === null;
  // Turns that came late are not drawn here: then what is certified must be read again first.
  if (byId("drawn")?.value === found.before) byId("drawn").value = found.drawn;
}

async function saveText() {
  if (!editor.changed) return void editor.close();
  if (editor.holds(saving)) return;
  saving = editor.state;
  const row = editor.id;
  const done = await take("text", { segment: row, text: editor.text.trim() });
  saving = null;
  if (done && !editor.open) rowOf(row)?.querySelector(".seg-open")?.focus();
}

// A cut or a merge is about the text as it is in the record: what was typed is saved first.
async function settled() {
  if (!editor.changed) return true;
  const { id, place } = editor;
  if (!(await take("text", { segment: id, text: editor.text.trim() }))) return false;
  if (editor.open) return true; // somebody types on
  choose(rowOf(id), false);
  editor.show(current, place);
  return true;
}

async function split() {
  if (!editor.open) return edit();
  const { id, text, place } = editor;
  if (await settled()) await take("split", { segment: id, at: characters(text.trim(), place) });
}

async function merge() {
  const id = editor.id ?? current?.dataset.id;
  const other = id && rowOf(id).nextElementSibling?.dataset.id;
  if (!other) return notice(t("nothing_to_merge"));
  if (!editor.open || (await settled())) await take("merge", { segment: id, other });
}

async function speak(speaker) {
  const id = editor.id ?? current?.dataset.id;
  const known = !steps.pending && rowOf(id)?.dataset.speaker === speaker;
  if (!id || known || (editor.open && !(await settled()))) return;
  await take("speaker", { segment: id, speaker });
}

async function undo(number = null) {
  if (number) await take("undo", { of: number });
  else if (newest || steps.pending) await take("undo", () => ({ of: newest ?? 0 }));
}

function cancel() {
  const row = editor.row;
  editor.close();
  row?.querySelector(".seg-open")?.focus();
}

const ACTIONS = {
  toggle,
  back: () => jump(-kept.numbers.jump),
  forward: () => jump(kept.numbers.jump),
  slower: () => player && setRate(player.rate - SPEED_STEP),
  faster: () => player && setRate(player.rate + SPEED_STEP),
  again,
  previous: () => move(-1),
  next: () => move(1),
  edit: () => edit(),
  split,
  merge,
  inaudible: () => (editor.open ? editor.putInaudible() : edit()),
  interviewer: () => speak("interviewer"),
  child: () => speak("child"),
  interpreter: () => speak("interpreter"),
  undo: () => undo(),
  save: saveText,
  cancel,
  speaker: () => speak(editor.speaker),
};

function remember(changed) {
  kept = changed;
  save(localStorage, kept);
  for (const node of document.querySelectorAll("[data-seconds]")) say(node, String(kept.numbers.jump));
}

function clicked(event) {
  const row = event.target.closest(".seg");
  if (!row || event.target.closest(".seg-edit")) return;
  const action = event.target.dataset.do;
  if (editor.open && action === "edit" && !mayLeave()) return;
  choose(row, false);
  if (action === "edit") edit();
  else if (action === "seek") player?.seek(Number(row.dataset.start));
  else if (event.target.closest(".seg-text")) seekTo(row, event);
}

// A click on a word brings the sound to it, unless words are being selected.
function seekTo(row, event) {
  if (!player || !document.getSelection().isCollapsed) return;
  const caret = document.caretPositionFromPoint?.(event.clientX, event.clientY);
  const text = row.querySelector(".seg-text");
  if (!caret || !text.contains(caret.offsetNode)) return;
  const range = document.createRange();
  range.setStart(text, 0);
  range.setEnd(caret.offsetNode, caret.offset);
  const before = range.toString();
  const moment = momentAt(JSON.parse(row.dataset.words), characters(before, before.length));
  if (moment !== null) player.seek(moment);
}

function pressed(event) {
  if (byId("keys-dialog").open) return;
  const action = actionOf(kept.keys, event);
  if (!action || (action === "cancel" && !editor.open)) return;
  event.preventDefault();
  if (action === "hold") hold.press(event);
  else if (!event.repeat || action === "back" || action === "forward") ACTIONS[action]();
}

document.querySelector(".desk").hidden = false;
remember(kept);
new KeysDialog({ t, kept, changed: remember });
list.addEventListener("click", clicked);
document.addEventListener("keydown", pressed);
document.addEventListener("keyup", (event) => hold.release(event));
window.addEventListener("blur", () => hold.drop());
window.addEventListener("beforeunload", (event) => (editor.changed || steps.pending) && event.preventDefault());
byId("history").addEventListener("click", (event) => event.target.dataset.undo && undo(Number(event.target.dataset.undo)));
byId("undo")?.addEventListener("click", () => undo());
if (player) {
  player.rate = kept.numbers.rate;
  byId("toggle").addEventListener("click", toggle);
  byId("back").addEventListener("click", ACTIONS.back);
  byId("forward").addEventListener("click", ACTIONS.forward);
  byId("rate").addEventListener("change", () => setRate(Number(byId("rate").value)));
  setRate(kept.numbers.rate);
}
choose(rows()[0] ?? null, false);
byId("transcript").dataset.ready = "";
