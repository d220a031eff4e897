// What every page has: the sign in the header that says which parts are ready.

const EVERY_MS = 15_000;

export const csrfToken = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

/** JSON to and from our own server. Throws the problem (title, detail, status …) when it refuses. */
export async function api(method, url, body, signal) {
  const headers = { Accept: "application/json", "X-CSRFToken": csrfToken() };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const response = await fetch(url, {
    method, headers, body: body === undefined ? undefined : JSON.stringify(body),
    credentials: "same-origin", redirect: "error", signal,
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw Object.assign(new Error(answer.title ?? String(response.status)), { status: response.status }, answer);
  return answer;
}

async function refresh(pill) {
  if (document.hidden) return;
  try {
    const status = await api("GET", pill.dataset.source);
    pill.textContent = status.summary;
    pill.dataset.state = status.ready ? "ready" : "loading";
  } catch {
    delete pill.dataset.state; // the page itself says when the connection is lost
  }
}

const pill = document.getElementById("status-pill");
if (pill) {
  refresh(pill);
  setInterval(refresh, EVERY_MS, pill);
  document.addEventListener("visibilitychange", () => refresh(pill));
}
