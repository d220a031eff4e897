// Puts the monitor room together: events in, one state, the views; one suggestion out.

import { Api } from "../live/api.js";
import { Clock } from "../live/clock.js";
import { byId, perFrame, renewedToken, say, tokenOf } from "../live/dom.js";
import { Feed } from "../live/feed.js";
import { translator } from "../live/texts.js";
import { RibbonView } from "../live/view_ribbon.js";
import { TranscriptView } from "../live/view_transcript.js";
import { Translations } from "../live/view_translation.js";
import { Sender } from "./sender.js";
import { apply, initial, waiting } from "./state.js";
import { GapsView, RailView, SuggestionView } from "./view.js";

const watch = byId("watch");
const page = JSON.parse(byId("watch-data").content.textContent);
const t = translator(page.texts, page.locale);
const clock = new Clock(page.now);
const sender = new Sender(new Api(page.base, tokenOf(document), { renew: renewedToken }));
const line = byId("suggest-text");

let state = initial();
let online = true;

const draw = perFrame(() => render());
const feed = new Feed({
  base: `${page.base}/observe`,
  api: new Api(`${page.base}/observe`, ""),
  position: () => state.room.seq,
  receive: (event) => {
    clock.heard(event.at);
    state = apply(state, event);
    draw();
  },
  connected: (yes) => {
    online = yes;
    draw();
  },
});

const views = [
  new GapsView({ t, page, usePrompt, showTurn }),
  new SuggestionView({ t, withdraw: (one) => send(sender.withdraw(one.seq)) }),
];
const rail = new RailView({ t, clock: () => clock.now() });
const translations = new Translations({ t, locale: page.locale });
const transcript = new TranscriptView({ t, putBack: () => {}, translations });
const ribbon = new RibbonView({ t });

function usePrompt(text) {
  line.value = text;
  line.focus();
}

function showTurn(number) {
  const row = [...byId("turns").children].find((one) => one.value === number);
  row?.scrollIntoView({ block: "center" });
  row?.animate?.([{ outline: "3px solid" }, { outline: "3px solid transparent" }], 1500);
}

async function send(answering) {
  say(byId("suggest-problem"), t("sending"));
  const answer = await answering;
  if (!answer) return;
  say(byId("suggest-problem"), answer.refused ?? (answer.late ? t("not_sent") : ""));
  if (answer.late) feed.open();
}

byId("suggest").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = line.value.trim();
  if (!text || sender.busy) return;
  const answering = sender.suggest(text, waiting(state)?.seq ?? null);
  await send(answering);
  if ((await answering).ok && line.value.trim() === text) line.value = "";
});
line.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  byId("suggest").requestSubmit();
});

function render() {
  watch.dataset.life = state.room.life;
  watch.dataset.ready = "true";
  rail.render(state.room, { sound: {}, unsent: 0, trouble: null, online });
  transcript.render(state.room, []);
  ribbon.render(state.room);
  for (const view of views) view.render(state);
}

window.addEventListener("online", () => feed.open());
setInterval(draw, 1000);
feed.open();
draw();
