// Lines of a text, counted from 1 as the validator does.

export const count = (text) => text.split("\n").length;

/** Where a line begins and ends; the last one for a number beyond the text, the first below 1. */
export function range(text, number) {
  const lines = text.split("\n");
  const at = Math.min(Math.max(number, 1), lines.length) - 1;
  const start = lines.slice(0, at).reduce((sum, line) => sum + line.length + 1, 0);
  return [start, start + lines[at].length];
}

/** What stands in a line, for showing it beside what is wrong with it. */
export function excerpt(text, number) {
  if (number < 1 || number > count(text)) return "";
  return text.slice(...range(text, number)).trim();
}

/** Line numbers as pieces of text; those in `marked` alone, so that they can be set apart. */
export function numbers(total, marked) {
  const pieces = [];
  let plain = "";
  for (let number = 1; number <= total; number += 1) {
    const end = number < total ? "\n" : "";
    if (!marked.has(number)) {
      plain += number + end;
      continue;
    }
    if (plain) pieces.push({ text: plain, marked: false });
    pieces.push({ text: String(number), marked: true });
    plain = end;
  }
  if (plain) pieces.push({ text: plain, marked: false });
  return pieces;
}
