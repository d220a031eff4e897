// What the observer suggests: in the break under the time, afterwards one quiet line until it is taken up.

import { byId, say } from "./dom.js";

export function showSuggestion({ suggestion, interrupt }) {
  for (const name of ["break-suggestion", "suggestion"]) {
    byId(name).hidden = !suggestion || Boolean(interrupt && name === "suggestion");
    if (suggestion) say(byId(`${name}-text`), suggestion.text);
  }
}
