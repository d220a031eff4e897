// The page of translation packages: sends a file with its progress, and follows what is being fetched.

import { follow, send } from "../errands.js";

const form = document.getElementById("bring");

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const [file] = form.querySelector("input[type=file]").files;
  if (file) send(form, form.dataset.url, file);
});

follow(form.dataset.state);
