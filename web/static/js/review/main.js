// Review by keyboard: one key decides and moves on; sound plays with a key or a pedal held down.
const STEP_BACK_S = 1;

const typing = (target) => target.closest("input, textarea, select") !== null;

function decide(key) {
  const button = document.querySelector(`#decide button[data-key="${key}"]`);
  if (!button) return false;
  const reason = document.querySelector("#reason");
  if (key !== "a" && !reason.value.trim()) reason.focus();
  else button.click();
  return true;
}

function move(step) {
  const links = [...document.querySelectorAll(".review-queue a")];
  const at = links.findIndex((link) => link.getAttribute("aria-current") === "true");
  const next = links[at + step];
  if (next) next.click();
  return Boolean(next);
}

// A pedal is a key: down plays, up pauses with one second back.
const sound = () => document.querySelector(".review-chosen .listen");
let held = false;

function pedalDown() {
  if (held || !sound()) return;
  held = true;
  sound().play();
}

function pedalUp() {
  if (!held) return;
  held = false;
  sound().pause();
  sound().currentTime = Math.max(0, sound().currentTime - STEP_BACK_S);
}

document.addEventListener("keydown", (event) => {
  if (event.key === "F4") { event.preventDefault(); pedalDown(); return; }
  if (typing(event.target) || event.ctrlKey || event.altKey || event.metaKey) return;
  const done = { a: () => decide("a"), e: () => decide("e"), r: () => decide("r"), j: () => move(1), k: () => move(-1) }[event.key];
  if (done && done()) event.preventDefault();
});
document.addEventListener("keyup", (event) => { if (event.key === "F4") pedalUp(); });

// Words selected in the transcript fill the field for a passage of one's own.
document.addEventListener("selectionchange", () => {
  const chosen = document.getSelection();
  const turn = chosen.anchorNode?.parentElement?.closest(".said");
  const field = document.querySelector("#quote");
  if (field && turn?.getAttribute("aria-current") === "true" && !chosen.isCollapsed) field.value = chosen.toString().trim();
});

// Where the columns stand side by side, bring the chosen turn into view; else the link leads to the passage.
if (matchMedia("(min-width: 70rem)").matches) {
  document.querySelector(".said[aria-current]")?.scrollIntoView({ block: "center" });
}
