// The page of speech models: sends a file with its progress, and follows what is being fetched or measured.

import { follow, send } from "../errands.js";

const form = document.getElementById("bring");

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const [file] = form.querySelector("input[type=file]").files;
  const name = document.getElementById("which").value;
  if (file) send(form, form.dataset.url.replace("NAME", encodeURIComponent(name)), file);
});

follow(form.dataset.state);
