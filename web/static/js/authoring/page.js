// What the two pages on which one writes do alike.

/** The `show` of a Checker: what the look said stands in `told`, `lost` where it failed; `put` places the rest. */
export function looked(told, lost, put) {
  return (how, answer) => {
    if (how === "waiting") return;
    if (how === "failed") {
      told.textContent = lost;
      return;
    }
    if (told.textContent !== answer.told) told.textContent = answer.told;
    put(answer);
  };
}

/** Ctrl+S saves here, and not the page. */
export function onSaveKey(save) {
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    save();
  });
}
