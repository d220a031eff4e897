// Which fact from the file stays in sight.

/** The fact in sight after a turn: it goes when the child has spoken to what the interviewer put. */
export function factAfter(fact, turn) {
  if (!fact) return null;
  if (turn.speaker === "interviewer") return { ...fact, put: true };
  return turn.speaker === "child" && fact.put ? null : fact;
}
