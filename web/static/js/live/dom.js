// Elements from plain values. Whatever people said or typed only ever becomes a text node.

/** An element; `props` are attributes (false and null are left out), functions are event listeners. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === false || value === null || value === undefined) continue;
    if (typeof value === "function") node.addEventListener(name, value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

/** Replace all children. */
export function fill(node, ...children) {
  node.replaceChildren(...children.filter((child) => child !== null && child !== undefined && child !== ""));
}

/** Set a text only when it differs, so that a screen reader does not hear it twice. */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** `draw()` as often as one likes: it is done once before the screen is painted again. */
export function perFrame(draw) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      draw();
    });
  };
}

/** The token against forged requests that a page holds. */
export const tokenOf = (root) => root.querySelector('meta[name="csrf-token"]')?.content ?? "";

/** The token of this page as the server would make it now: somebody may have signed in anew in another tab. */
export async function renewedToken() {
  const html = await (await fetch(location.pathname, { credentials: "same-origin" })).text();
  return tokenOf(new DOMParser().parseFromString(html, "text/html"));
}

export const byId = (id) => document.getElementById(id);
