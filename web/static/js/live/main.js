// Puts the live room together: events in, one state, the views; keys and buttons out through the outbox.

import { Api } from "./api.js";
import { Clock } from "./clock.js";
import { Dialogs, keyName } from "./dialogs.js";
import { byId, perFrame, renewedToken, say, tokenOf } from "./dom.js";
import { DraftCheck } from "./draft.js";
import { Feed } from "./feed.js";
import { Interpreted } from "./interpreter.js";
import { actionOf, load, save } from "./keys.js";
import { Outbox } from "./outbox.js";
import { RevealDialog } from "./reveal.js";
import { SayLine } from "./say_line.js";
import { Sound } from "./sound.js";
import { apply, cardsOnPage, initial, lastTranslated, lifeShown, nextCue, withPending } from "./state.js";
import { translator } from "./texts.js";
import { showDraft } from "./view_draft.js";
import { HeardView, after } from "./view_heard.js";
import { NowView } from "./view_now.js";
import { RibbonView } from "./view_ribbon.js";
import { showSuggestion } from "./view_suggestion.js";
import { TopView } from "./view_top.js";
import { TranscriptView } from "./view_transcript.js";
import { TO_CHILD, bodyOf, voiceOf } from "./voices.js";
import { Translations } from "./view_translation.js";

const SWIPE_PX = 70;
const LONGEST_NOTE = 4000; // characters, as the server takes them

const room = byId("room");
const page = JSON.parse(byId("room-data").content.textContent);
const t = translator(page.texts, page.locale);
const api = new Api(page.base, tokenOf(document), { renew: renewedToken });
const clock = new Clock(page.now);

let events = initial(); // what the record says
let heard = []; // what somebody is saying just now
let online = true;
let keys = load(localStorage);
let quiet = null; // null: as the record says
let focused = false; // the page has put the focus where the work is

const draw = perFrame(() => render());
const outbox = new Outbox({
  send: (kind, body) => api.post(kind, body).then((answer) => {
    if (answer.seq) feed.expect(answer.seq);
    return answer;
  }),
  changed: draw,
});

const feed = new Feed({
  base: page.base,
  api,
  position: () => events.seq,
  receive,
  hearing: (lines) => {
    heard = lines;
    draw();
  },
  connected: (yes) => {
    if (yes && !online) resend();
    if (!yes) heard = [];
    online = yes;
    draw();
  },
});

const sound = new Sound({
  t,
  api,
  interview: page.id,
  workletUrl: page.worklet,
  clock: () => clock.since(events.startedAt) ?? 0,
  changed: draw,
  started: () => Boolean(events.startedAt),
  began: () => markSpeaker(line.speaker), // else the first key press would say who spoke before it
  before: marksSent,
});

const drafts = new DraftCheck({
  ask: (text) => api.post("drafts", { text }),
  show: showDraft,
  shown: (text, { remark }) => act("draft", { text: text.slice(0, LONGEST_NOTE), reason: remark.reason }),
});
const line = new SayLine({ send: sendTurn, speaker: markSpeaker, drafted: (text) => drafts.typed(text) });
const dialogs = new Dialogs({ t, act, remap });
const interpreted = new Interpreted({
  t,
  language: page.interpreted,
  present: page.interpreting,
  note: (values) => outbox.add("interpreter", values),
  storage: localStorage,
});
const file = new RevealDialog({ t, api, show: (id) => dialogs.show(id) });
const translations = new Translations({
  t,
  locale: page.locale,
  check: (turn, on) => act("check_translation", { turn, on }),
  storage: localStorage,
});
const views = {
  now: new NowView({ t, take, resume: () => act("resume") }),
  heard: new HeardView({ t }),
  transcript: new TranscriptView({ t, putBack, translations }),
  ribbon: new RibbonView({ t }),
  top: new TopView({ t, clock: () => clock.now() }),
};

function receive(event) {
  clock.heard(event.at);
  const began = events.startedAt === null;
  events = apply(events, event);
  if (event.kind === "turn") heard = after(heard, event);
  outbox.seen(event);
  if (began && events.startedAt) sound.interviewBegan();
  if (event.kind === "action" && event.action === "quiet") quiet = null;
  draw();
}

function resend() {
  outbox.retry();
  sound.recorder.retry();
}

function act(action, values = {}, local = {}) {
  outbox.add("actions", { action, ...values }, { at: new Date(clock.now()).toISOString(), ...local });
}

function sendTurn({ speaker: voice, text, began, ended }) {
  const times = events.startedAt
    ? { started_ms: clock.since(events.startedAt, began), ended_ms: clock.since(events.startedAt, ended) }
    : {};
  outbox.add("turns", { ...bodyOf(voice, page.interpreted), text, ...times });
  if (sound.recorder.status !== "on") line.speak(interpreted.after(voice)); // else the key would be pressed too late
}

function markSpeaker(voice) {
  const { at, shared, interprets } = sound.recorder;
  const body = bodyOf(voice, page.interpreted);
  if (at === null || !(shared || (interprets && body.speaker === "interpreter"))) return;
  outbox.add("speaker", { at_ms: at, ...body });
}

// Sound is heard as soon as it arrives: who spoke has to be known by then. Not waited for without end.
async function marksSent() {
  const late = () => outbox.unsent.some(({ kind }) => kind === "speaker");
  for (let tries = 0; late() && tries < 50; tries += 1) await new Promise((resolve) => setTimeout(resolve, 100));
}

function take(card) {
  if (!card) return;
  if (card.id) act("take_card", { card: card.id });
  if (card.spoken !== false && line.speaker === "interviewer" && sound.recorder.status !== "on") line.offer(card.text);
  line.focus();
}

const onPage = (index) => cardsOnPage(shown(), "")[index];

function useCue() {
  const cue = nextCue(events);
  if (!cue) return;
  act("use_cue", { turn: cue.turn, start: cue.start });
  if (line.speaker === "interviewer" && sound.recorder.status !== "on") line.offer(cue.prompt);
}

function takeSuggestion() {
  const { suggestion } = shown();
  if (!suggestion) return;
  outbox.add("suggestion/taken", { of: suggestion.of });
  if (sound.recorder.status === "on") return;
  if (line.empty) line.speak("interviewer");
  if (line.speaker === "interviewer") line.offer(suggestion.text);
}

function putBack(item) {
  outbox.discard(item.key);
  if (item.body.text) line.putBack(item.body.text, voiceOf(item.body, page.interpreted));
}

function checkLast() {
  const turn = lastTranslated(shown());
  if (turn) act("check_translation", { turn: turn.number, on: !turn.check });
}

function unfold(on) {
  translations.unfold(on);
  views.transcript.again();
  draw();
}

function toggleQuiet() {
  quiet = !(quiet ?? shown().quiet);
  act("quiet", { on: quiet });
  draw();
}

function toggleView() {
  room.dataset.view = room.dataset.view === "now" ? "transcript" : "now";
  for (const tab of document.querySelectorAll("[data-show]")) {
    tab.setAttribute("aria-pressed", String(tab.dataset.show === room.dataset.view));
  }
  if (room.dataset.view === "transcript") views.transcript.toEnd();
}

function remap(map) {
  keys = map;
  save(localStorage, map);
  hints();
}

const COMMANDS = {
  interviewer: () => line.press("interviewer"),
  child: () => line.press("child"),
  interpreter: () => line.press("interpreter"),
  interpreter_to_child: () => page.interpreted && line.press(TO_CHILD),
  break: () => act(lifeShown(shown()) === "break" ? "resume" : "break"),
  stop: () => act("stop"),
  safety: () => act("safety"),
  next_step: () => act(shown().life === "planned" ? "start" : "next_step"),
  choose_step: () => dialogs.chooseStep(events.step),
  card_1: () => take(onPage(0)),
  card_2: () => take(onPage(1)),
  card_3: () => take(onPage(2)),
  cue: useCue,
  suggestion: takeSuggestion,
  child_wants: () => dialogs.show("wants-dialog"),
  observe: () => dialogs.show("observe-dialog"),
  file: () => file.open(),
  check_translation: checkLast,
  consecutive: () => {
    interpreted.toggle();
    draw();
  },
  interpreter_note: () => page.interpreted && dialogs.show("interpreter-dialog"),
  transcript: toggleView,
  quiet: toggleQuiet,
  help: () => dialogs.showKeys(keys),
  start: () => act("start"),
  resume: () => act("resume"),
  sound: () => sound.open(),
};

const EVEN_IN_DIALOGS = new Set(["break", "stop", "safety"]);
const BEFORE = new Set(["start", "next_step", "sound", "help"]);
const IN_BREAK = new Set(["break", "resume", "stop", "safety", "help"]);
const WHEN_CLOSED = new Set(["help", "transcript"]);

function possible(name) {
  const only = { planned: BEFORE, break: IN_BREAK, closed: WHEN_CLOSED }[lifeShown(shown())];
  return !only || only.has(name);
}

function command(name) {
  if (!possible(name)) return;
  if (dialogs.open) {
    if (!EVEN_IN_DIALOGS.has(name)) return;
    document.querySelector("dialog[open]").close();
  }
  COMMANDS[name]();
}

function shown() {
  return withPending(events, outbox.pending, page.interrupts);
}

function render() {
  const state = shown();
  const was = room.dataset.life;
  const life = lifeShown(state);
  room.dataset.life = life;
  const wasQuiet = room.dataset.quiet;
  room.dataset.quiet = String(quiet ?? state.quiet);
  room.dataset.ready = "true";
  byId("ready").hidden = life !== "planned";
  byId("break").hidden = life !== "break";
  byId("leave").hidden = life !== "planned";
  byId("to-summary").hidden = life !== "closed";
  byId("say-text").disabled = byId("say-send").disabled = life === "closed";
  say(byId("break-time"), breakTime(state));
  const context = { sound: sound.state, unsent: outbox.unsent.filter((item) => !item.arrived).length, trouble: outbox.trouble, online };
  views.now.render(state);
  showSuggestion(state);
  file.render(state);
  interpreted.render(state);
  views.heard.render(heard, sound.recorder.status === "on");
  views.transcript.render(state, outbox.shown);
  views.ribbon.render(state);
  views.top.render(state, context);
  if (was !== life || !focused) moved(was, life);
  else if (wasQuiet === "true" && room.dataset.quiet === "false") line.focus();
  hints();
}

function breakTime({ breakAt, childAsked }) {
  if (!breakAt) return "";
  const values = { time: clock.time(breakAt, page.locale), name: page.name };
  return t(childAsked ? "break_child" : "break_by", values);
}

function moved(was, life) {
  if (life === "break") byId("break-resume").focus();
  else if (life === "planned") byId("start").focus();
  else if (life === "live") line.focus();
  focused = true;
  if (was === "break" || was === "planned") views.transcript.toEnd();
}

function hints() {
  for (const hint of document.querySelectorAll("kbd[data-key]")) say(hint, keyName(keys[hint.dataset.key], t));
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input:not([type=radio], [type=checkbox]), textarea, select") !== null;
  const name = actionOf(keys, event, typing);
  if (!name || (dialogs.open && !EVEN_IN_DIALOGS.has(name))) return;
  event.preventDefault();
  if (!event.repeat) command(name);
});

for (const button of document.querySelectorAll("[data-command]")) {
  button.addEventListener("click", () => command(button.dataset.command));
}
for (const tab of document.querySelectorAll("[data-show]")) {
  tab.addEventListener("click", () => tab.dataset.show !== room.dataset.view && toggleView());
}
let touch = null;
room.addEventListener(
  "touchstart",
  ({ touches, target }) => (touch = target.closest(".phases-box") ? null : touches[0]), // the rail scrolls
  { passive: true },
);
room.addEventListener("touchend", ({ changedTouches: [end] }) => {
  const across = touch ? end.clientX - touch.clientX : 0;
  const along = touch ? Math.abs(end.clientY - touch.clientY) : 0;
  if (Math.abs(across) > SWIPE_PX && along < SWIPE_PX / 2) toggleView();
  touch = null;
});

for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("close", () => lifeShown(shown()) === "live" && line.focus());
}

byId("drafts").addEventListener("change", ({ target }) => drafts.switched(target.checked));
const unfolded = byId("unfold"); // only where a machine may say the interviewer's words again
if (unfolded) {
  unfolded.checked = translations.unfolded;
  unfolded.addEventListener("change", () => unfold(unfolded.checked));
}
byId("end").addEventListener("click", async (event) => {
  if (sound.recorder.status !== "on") return;
  event.preventDefault();
  await sound.recorder.stop();
  location.assign(event.target.href);
});

window.addEventListener("offline", () => {
  online = false;
  draw();
});
window.addEventListener("online", () => {
  feed.open();
  resend();
});
window.addEventListener("beforeunload", (event) => {
  if (outbox.unsent.length || sound.recorder.status === "on" || sound.recorder.unkept) event.preventDefault();
});
setInterval(draw, 1000);

sound.prepare();
feed.open();
draw();
