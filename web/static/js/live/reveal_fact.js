// Which fact from the file stays in sight.

const ALIKE = 4; // letters: rougher than the record's comparison, for it decides only what is in sight

/** The fact in sight after a turn: it goes when the child has spoken to what the interviewer put in its words. */
export function factAfter(fact, turn) {
  if (!fact) return null;
  if (turn.speaker === "child") return fact.put ? null : fact;
  return fact.put || says(turn.text, fact.words ?? []) ? { ...fact, put: true } : fact;
}

/** The fact in sight once it was noted as not needed. */
export const factLeft = (fact) => (fact?.put ? fact : null);

function says(text, words) {
  const begins = (word) => word.toLowerCase().slice(0, ALIKE);
  const known = new Set(words.map(begins));
  return !known.size || (text.match(/\p{L}+/gu) ?? []).some((word) => known.has(begins(word)));
}
