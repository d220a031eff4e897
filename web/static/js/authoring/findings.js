// What the validator found, put on the page as the server puts it there without scripts.

function element(tag, kind, text, more = {}) {
  const made = Object.assign(document.createElement(tag), more);
  made.className = kind;
  const isolated = document.createElement("bdi");
  isolated.textContent = text;
  made.append(isolated);
  return made;
}

function place(one, here) {
  if (one.file === here && one.line) {
    const link = element("a", "fault-place", one.place, { href: "#text" });
    link.dataset.line = one.line;
    return link;
  }
  if (one.file !== here && one.url) return element("a", "fault-place", one.place, { href: one.url });
  return element("span", "fault-place", one.place);
}

/** `lineText(n)` gives what stands in a line of the open file now. */
export function showFaults(box, problems, here, lineText) {
  const list = document.createElement("ol");
  list.className = "faults";
  for (const one of problems) {
    const item = document.createElement("li");
    item.className = "fault";
    item.append(place(one, here), element("span", "fault-what", one.what));
    if (one.how) item.append(element("span", "fault-how", one.how));
    const excerpt = one.file === here ? lineText(one.line) : one.excerpt;
    if (excerpt) item.append(element("code", "fault-excerpt", excerpt, { dir: "ltr" }));
    list.append(item);
  }
  box.replaceChildren(list);
}

/** The last drawing stays, so that the page does not jump with every key, until there is another one. */
export function showDrawing(box, none, drawing) {
  if (!box || !drawing) return;
  const svg = new DOMParser().parseFromString(drawing, "image/svg+xml").documentElement;
  box.replaceChildren(document.importNode(svg, true));
  box.hidden = false;
  none.hidden = true;
}
