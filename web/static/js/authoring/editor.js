// The text of one file of a draft: line numbers, a look at what is typed, saving by key, nothing lost by a reload.
import { api } from "../base.js";
import { Checker } from "./check.js";
import { showDrawing, showFaults } from "./findings.js";
import { Kept } from "./kept.js";
import { count, excerpt, numbers, range } from "./lines.js";
import { looked, onSaveKey } from "./page.js";
import { Saving } from "./saving.js";

const form = document.querySelector("#editor");
const area = document.querySelector("#text");
const gutter = document.querySelector("#line-numbers");
const state = document.querySelector("#save-state");
const told = document.querySelector("#faults-told");
const clash = document.querySelector("#clash");
const theirs = document.querySelector("#theirs");
const exchange = document.querySelector("#take-theirs");
const words = form.dataset;
let marked = new Set();
let drawnAs = "";

function drawNumbers() {
  const total = count(area.value);
  const as = `${total}:${[...marked]}`;
  if (as === drawnAs) return;
  drawnAs = as;
  gutter.replaceChildren(
    ...numbers(total, marked).map((piece) => {
      if (!piece.marked) return document.createTextNode(piece.text);
      const mark = document.createElement("b");
      mark.textContent = piece.text;
      return mark;
    }),
  );
  gutter.scrollTop = area.scrollTop;
}

function say(text) {
  if (state.textContent !== text) state.textContent = text;
}

function jump(number) {
  const [start, end] = range(area.value, number);
  area.focus();
  area.setSelectionRange(start, end);
  const height = parseFloat(getComputedStyle(area).lineHeight);
  area.scrollTop = Math.max(0, (number - 1) * height - area.clientHeight / 3);
  area.scrollLeft = 0;
}

function followAddress() {
  const line = /^#line-(\d+)$/.exec(location.hash);
  if (line) jump(Number(line[1]));
}

const saving = new Saving({
  // What the server put into the page unsaved, a clash or a check, is not what stands in the draft.
  text: state.textContent === words.saved ? area.value : null,
  seen: form.elements.seen.value,
  kept: new Kept(sessionStorage, words.key),
  put: (body) => api("PUT", form.action, body),
  told: (how, problem) => {
    say(how === "failed" ? (problem.detail ?? words.failed) : words[how]);
    if (how === "clash") showClash(problem);
  },
});

function showClash({ seen, theirs: text }) {
  theirs.value = text;
  clash.hidden = false;
  exchange.hidden = false;
  saving.goOnFrom(seen, text);
  say(words.clash);
  document.querySelector("#clash-title").focus();
}

async function save() {
  if (await saving.save()) clash.hidden = true; // not before: exchanged texts are both still needed
}

const checker = new Checker({
  ask: async (text, signal) => {
    const body = { path: words.path, text };
    return api("POST", words.check, body, signal);
  },
  show: looked(told, words.lost, (answer) => {
    showFaults(document.querySelector("#faults"), answer.problems, words.path, (line) => excerpt(area.value, line));
    showDrawing(document.querySelector("#drawing"), document.querySelector("#no-drawing"), answer.drawing);
    marked = new Set(answer.problems.filter((one) => one.file === words.path).map((one) => one.line));
    drawNumbers();
  }),
});

function typed() {
  saving.typed(area.value);
  drawNumbers();
  checker.changed(() => area.value);
}

area.addEventListener("input", typed);
area.addEventListener("scroll", () => (gutter.scrollTop = area.scrollTop));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.submitter?.value === "check") checker.now(area.value);
  else save();
});
onSaveKey(save);
document.querySelector("#faults").addEventListener("click", (event) => {
  const link = event.target.closest("a[data-line]");
  if (!link) return;
  event.preventDefault();
  jump(Number(link.dataset.line));
});
exchange.addEventListener("click", () => {
  [area.value, theirs.value] = [theirs.value, area.value];
  typed();
  area.focus();
});
window.addEventListener("beforeunload", (event) => {
  if (saving.dirty || !clash.hidden) event.preventDefault();
});
window.addEventListener("hashchange", followAddress);
new ResizeObserver(() => (gutter.style.blockSize = `${area.offsetHeight}px`)).observe(area);

gutter.hidden = false;
exchange.hidden = clash.hidden;
const waiting = saving.waiting();
if (waiting !== null && clash.hidden) {
  area.value = waiting;
  typed();
  say(words.back);
} else {
  marked = new Set([...document.querySelectorAll("#faults a[data-line]")].map((link) => Number(link.dataset.line)));
  saving.typed(area.value);
  drawNumbers();
}
followAddress();
