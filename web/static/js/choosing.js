// Puts the protocols in their new order as soon as place, purpose or age change. Without this a button does it.
// The server makes the order; only these answers are sent, and nothing goes into an address.

const ASKED = ["setting", "purpose", "child_age"];
const PAUSE_MS = 300;
const form = document.querySelector(".new-interview");
const list = document.querySelector("#protocols");
const button = document.querySelector("#sort-protocols");
let latest = 0;
let waiting = null;

async function ask() {
  const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value, sort: "1" });
  for (const name of ASKED) body.set(name, form.elements[name].value);
  const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin", redirect: "error" });
  if (!answer.ok) throw new Error(String(answer.status));
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

/** Takes over order, reasons and what is out of range; what was chosen or opened stays, and so does the focus. */
function show(page) {
  const focused = document.activeElement;
  list.className = page.querySelector("#protocols").className;
  for (const fresh of page.querySelectorAll("#protocols > li")) {
    const item = list.querySelector(`[data-protocol="${CSS.escape(fresh.dataset.protocol)}"]`);
    item.className = fresh.className;
    const lists = item.querySelectorAll(".fit-reasons");
    fresh.querySelectorAll(".fit-reasons").forEach((reasons, i) => lists[i].replaceWith(reasons));
    const radio = item.querySelector("input");
    radio.disabled = fresh.classList.contains("outside") && !radio.checked;
    list.append(item);
  }
  if (focused !== document.activeElement) focused.focus({ preventScroll: true });
  document.querySelector("#protocol-order").textContent = page.querySelector("#protocol-order").textContent;
}

async function sort() {
  const turn = ++latest;
  try {
    const page = await ask();
    if (turn !== latest) return;
    show(page);
    button.hidden = true;
  } catch {
    button.hidden = false; // by hand, which says what is wrong
  }
}

function later() {
  clearTimeout(waiting);
  waiting = setTimeout(sort, PAUSE_MS);
}

for (const name of ASKED) form.elements[name].addEventListener("input", later);
button.hidden = true;
