import assert from "node:assert/strict";
import { test } from "node:test";

import { DEFAULTS, allowed } from "../../web/static/js/live/keys.js";
import { factAfter } from "../../web/static/js/live/reveal_fact.js";
import { apply, initial } from "../../web/static/js/live/state.js";

const shown = { seq: 1, kind: "action", action: "reveal", number: 1, text: "a photo", source: "a report", words: ["photo"] };
const said = (seq, speaker, text = "Were there photos?") => ({ seq, kind: "turn", number: seq, speaker, text });
const after = (...events) => events.reduce(apply, initial()).fact;

test("a fact stays in sight until the child has answered it", () => {
  assert.equal(after(shown).text, "a photo");
  assert.equal(after(shown, said(2, "child")).text, "a photo");
  assert.equal(after(shown, said(2, "interviewer"), said(3, "interpreter")).text, "a photo");
  assert.equal(after(shown, said(2, "interviewer"), said(3, "child")), null);
});

test("a fact that was not put stays in sight, until it is noted as not needed", () => {
  const told = [shown, said(2, "interviewer", "Okay."), said(3, "child")];
  const unneeded = { seq: 9, kind: "action", action: "reveal_not_needed", reason: "told alone" };
  assert.equal(after(...told).text, "a photo");
  assert.equal(after(...told, unneeded), null);
  assert.equal(after(shown, said(2, "interpreter"), unneeded).text, "a photo");
});

test("the next fact takes its place", () => {
  assert.equal(after(shown, { ...shown, seq: 2, number: 2, text: "a message" }).number, 2);
});

test("where none was shown none comes", () => {
  assert.equal(initial().fact, null);
  assert.equal(factAfter(null, said(1, "child")), null);
});

test("the window has a key of its own", () => assert.ok(allowed(DEFAULTS.file, "file")));
