// Names and words of the child's own: a short list that can be added to, and taken from, one at a time.

import { csrfToken } from "./base.js";
import { Api } from "./live/api.js";

const place = document.getElementById("own-words");
const api = new Api(place.dataset.base, csrfToken());
const [form, list, answer] = ["form", "ul", "[role=status]"].map((one) => place.querySelector(one));
const field = form?.querySelector("input");

function draw(words) {
  list.replaceChildren(
    ...words.map((word) => {
      const row = document.createElement("li");
      const said = document.createElement("bdi");
      said.textContent = word;
      said.lang = place.dataset.lang;
      row.append(said);
      if (form) row.append(" ", remover(word));
      return row;
    }),
  );
}

function remover(word) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "plain" });
  button.textContent = place.dataset.remove;
  button.setAttribute("aria-label", place.dataset.removeWord.replace("{word}", word));
  button.addEventListener("click", async () => {
    await note(word, false);
    field.focus();
  });
  return button;
}

let sent = { what: "", key: "" };

/** The same word keeps its key until it is saved. */
async function note(word, on) {
  const what = JSON.stringify([word, on]);
  if (sent.what !== what) sent = { what, key: crypto.randomUUID() };
  try {
    draw((await api.post("own-words", { key: sent.key, word, on })).words);
  } catch (error) {
    answer.textContent = error.detail ?? place.dataset.unsaved;
    return false;
  }
  sent = { what: "", key: "" };
  answer.textContent = "";
  return true;
}

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const word = field.value.trim();
  if (word && (await note(word, true))) field.value = "";
});

api.get("own-words").then(({ words }) => draw(words)).catch(() => (answer.textContent = place.dataset.unread));
