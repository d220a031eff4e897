// Places in a text: the record counts characters, the browser counts halves of some of them.

/** How many characters stand before this place. */
export const characters = (text, place) => Array.from(text.slice(0, place)).length;

/** When the word at this many characters was said: words are [[place, ms], …]; null where no time is known. */
export function momentAt(words, place) {
  let found = null;
  for (const [at, ms] of words) {
    if (at > place && found !== null) break;
    found = ms;
  }
  return found;
}

/** The segment that sounds at a moment: the last one that began before it. [{id, start}] in any order. */
export function segmentAt(segments, moment) {
  let found = null;
  for (const one of segments) {
    if (one.start !== null && one.start <= moment && (found === null || one.start >= found.start)) found = one;
  }
  return found;
}

/** Minutes and seconds. */
export function clock(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** `mark` put into a text in place of what is selected, with spaces around it where words stand. Gives [text, cursor]. */
export function inserted(text, from, to, mark) {
  const before = text.slice(0, from);
  const after = text.slice(to);
  const left = before && !/\s$/.test(before) ? " " : "";
  const right = after && !/^\s/.test(after) ? " " : "";
  return [before + left + mark + right + after, before.length + left.length + mark.length];
}
