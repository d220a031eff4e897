// The page of translation packages: sends a file with its progress, and follows what is being fetched.

import { api, csrfToken } from "../base.js";

const EVERY_MS = 1000;
const form = document.getElementById("bring");
const state = document.getElementById("bring-state");
const mb = (bytes) => (bytes / 1e6).toFixed(1);

function told(answer) {
  try {
    return JSON.parse(answer);
  } catch {
    return {};
  }
}

/** fetch() says nothing of how much has been sent; this older way does. */
function send(file) {
  const request = new XMLHttpRequest();
  const button = form.querySelector("button");
  const end = (text) => {
    state.textContent = text;
    button.disabled = false;
  };
  request.open("PUT", form.dataset.url);
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
    if (request.status === 200) location.assign(answer.url);
    else end([answer.title, answer.detail].filter(Boolean).join(". ") || form.dataset.lost);
  });
  button.disabled = true;
  state.textContent = "";
  request.send(file);
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  const [file] = form.querySelector("input[type=file]").files;
  if (file) send(file);
});

/** How far fetching is, each second while something is fetched; a new page when all is done. */
async function follow(before) {
  let found;
  try {
    found = await api("GET", form.dataset.state);
  } catch {
    return;
  }
  for (const place of document.querySelectorAll("[data-errand]")) {
    const text = found.texts[place.dataset.errand] ?? "";
    if (place.textContent !== text) place.textContent = text;
  }
  if (found.running) setTimeout(follow, EVERY_MS, true);
  else if (before) location.reload();
}

follow(false);
