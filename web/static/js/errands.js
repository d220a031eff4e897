// What pages of large files have in common: sending one with its progress, and following what is being fetched.

import { api, csrfToken } from "./base.js";

const EVERY_MS = 1000;
const mb = (bytes) => (bytes / 1e6).toFixed(1);

function told(answer) {
  try {
    return JSON.parse(answer);
  } catch {
    return {};
  }
}

/** Puts a file there; fetch() says nothing of how much has been sent, this older way does. The form has a
 * button, an element #bring-state, and the texts as data. */
export function send(form, url, file) {
  const request = new XMLHttpRequest();
  const button = form.querySelector("button");
  const state = form.querySelector("#bring-state");
  const end = (text) => {
    state.textContent = text;
    button.disabled = false;
  };
  request.open("PUT", url);
  request.setRequestHeader("X-CSRFToken", csrfToken());
  request.setRequestHeader("Accept", "application/json");
  request.setRequestHeader("Content-Type", "application/octet-stream");
  request.upload.addEventListener("progress", (event) => {
    const share = form.dataset.sent.replace("{done}", mb(event.loaded)).replace("{all}", mb(file.size));
    state.textContent = event.loaded < file.size ? share : form.dataset.checking;
  });
  request.addEventListener("error", () => end(form.dataset.lost));
  request.addEventListener("load", () => {
    const answer = told(request.responseText);
    if (request.status === 200) {
      history.replaceState(null, "", answer.url); // the same page with another anchor would not be loaded anew
      location.reload();
    } else end([answer.title, answer.detail].filter(Boolean).join(". ") || form.dataset.lost);
  });
  button.disabled = true;
  state.textContent = "";
  request.send(file);
}

/** Says how far things are in every [data-errand], each second while something goes on; a new page when all
 * is done. */
export async function follow(url, before = false) {
  let found;
  try {
    found = await api("GET", url);
  } catch {
    return;
  }
  for (const place of document.querySelectorAll("[data-errand]")) {
    const text = found.texts[place.dataset.errand] ?? "";
    if (place.textContent !== text) place.textContent = text;
  }
  if (found.running) setTimeout(follow, EVERY_MS, url, true);
  else if (before) location.reload();
}
