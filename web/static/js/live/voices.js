// Who speaks on the input line: an interpreter is two voices, one to each side. And who is to speak next,
// where one speaks after the other.

export const TO_CHILD = "interpreter_to_child";
const ORDER = { interviewer: TO_CHILD, [TO_CHILD]: "child", child: "interpreter", interpreter: "interviewer" };

/** What is sent for a voice: {speaker}, and the language where the interpreter speaks the child's. */
export function bodyOf(voice, childLanguage) {
  return voice === TO_CHILD ? { speaker: "interpreter", language: childLanguage } : { speaker: voice };
}

/** The voice of a turn, or of something that was to be sent. */
export function voiceOf({ speaker, language }, childLanguage) {
  return speaker === "interpreter" && language === childLanguage ? TO_CHILD : speaker;
}

/** Who speaks after this voice. */
export const following = (voice) => ORDER[voice];

/** Who is written down after this voice: by hand, hardly anybody writes what is said to the child. */
export const written = (voice) => (voice === "interviewer" ? "interpreter" : following(voice));

/** Whose rendering is waited for after these turns: a voice of the interpreter's, or null. */
export function awaited(turns, childLanguage) {
  const last = turns.at(-1);
  const next = last ? following(voiceOf(last, childLanguage)) : null;
  return next === TO_CHILD || next === "interpreter" ? next : null;
}
