// Own words: what the coder says of them stands under the field as one types. Nothing is lost by a reload.
import { csrfToken } from "../base.js";
import { Checker } from "./check.js";
import { Kept } from "./kept.js";
import { looked, onSaveKey } from "./page.js";

const form = document.querySelector("#words");
const told = document.querySelector("#faults-told");
const others = document.querySelector("#faults-others");
const toFirst = document.querySelector("#first-fault");
const state = document.querySelector("#save-state");
const words = form.dataset;
const kept = new Kept(sessionStorage, `words/${words.key}`);
const SENT = "sent:";
const NOT_TYPED = ["csrf_token", "seen", "do"];
const filled = () => Object.fromEntries([...new FormData(form)].filter(([name]) => !NOT_TYPED.includes(name)));
const asText = () => JSON.stringify(filled());
const asLoaded = asText();
const unsaved = document.querySelector(".error-box") !== null;
let sent = false;

const dirty = () => !sent && (unsaved || asText() !== asLoaded);

async function ask(_text, signal) {
  const headers = { Accept: "application/json", "X-CSRFToken": csrfToken() };
  const body = new URLSearchParams(new FormData(form));
  const answer = await fetch(form.action, { method: "POST", headers, body, signal, credentials: "same-origin", redirect: "error" });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

function mark(card, faults) {
  const line = document.getElementById(`fault-${card}`);
  const text = faults.join(" ");
  if (line.textContent !== text) line.textContent = text;
  const field = document.getElementById(`words-${card}`);
  if (faults.length) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
}

const first = () => form.querySelector('[data-card][aria-invalid="true"]');

const checker = new Checker({
  ask,
  show: looked(told, words.lost, (answer) => {
    for (const field of form.querySelectorAll("[data-card]")) mark(field.dataset.card, answer.cards[field.dataset.card] ?? []);
    others.replaceChildren(
      ...answer.others.map((text) => Object.assign(document.createElement("li"), { textContent: text })),
    );
    toFirst.hidden = first() === null;
  }),
});

function typed() {
  if (dirty()) kept.keep(asText(), form.elements.seen.value);
  else kept.drop();
  const now = dirty() ? words.unsaved : "";
  if (state.textContent !== now) state.textContent = now;
  for (const field of form.querySelectorAll("[data-card]")) field.closest(".words-card").toggleAttribute("data-own", field.value.trim() !== "");
}

function putBack() {
  const found = kept.found();
  if (!found || found.text === asLoaded) return;
  const began = found.seen.replace(SENT, "");
  if (began !== found.seen && began !== form.elements.seen.value) {
    kept.drop(); // it arrived
    return;
  }
  for (const [name, value] of Object.entries(JSON.parse(found.text))) {
    const field = form.elements.namedItem(name);
    if (!field || field.value === value) continue;
    field.value = value;
    const phase = field.closest(".words-phase");
    if (phase) phase.open = true;
  }
  form.elements.seen.value = began;
  typed();
  state.textContent = words.back;
  checker.changed("");
}

form.addEventListener("input", () => {
  typed();
  checker.changed("");
});
form.addEventListener("submit", (event) => {
  if (event.submitter?.value === "check") {
    event.preventDefault();
    checker.now("");
    return;
  }
  sent = true;
  kept.keep(asText(), SENT + form.elements.seen.value); // in case no answer comes
});
onSaveKey(() => form.requestSubmit(form.querySelector('button[value="save"]')));
toFirst.querySelector("a").addEventListener("click", (event) => {
  event.preventDefault();
  const field = first();
  field.closest(".words-phase").open = true;
  field.focus();
});
window.addEventListener("beforeunload", (event) => {
  if (dirty()) event.preventDefault();
});

toFirst.hidden = first() === null;
if (unsaved) typed();
else putBack();
