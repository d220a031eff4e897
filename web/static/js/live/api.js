// Requests to this interview's own address. Errors of the network stay errors; refusals say why.

import { Refused } from "./outbox.js";

const RETRY = new Set([401, 403, 408, 425, 429]);
const STALE = "csrf"; // the page's token is of an earlier sign-in

export class Api {
  /** `base` is /api/interviews/ID; `token` guards against forged requests, `renew()` fetches a new one. */
  constructor(base, token, { fetcher = (...request) => fetch(...request), renew = async () => token } = {}) {
    this.base = base;
    this.token = token;
    this._fetch = fetcher;
    this.renew = async () => {
      this.token = (await renew()) || this.token;
    };
  }

  async _request(path, request) {
    const response = await this._fetch(`${this.base}/${path}`, {
      credentials: "same-origin",
      cache: "no-store",
      ...request,
      headers: { "X-CSRFToken": this.token, ...request.headers },
    });
    const body = await response.json().catch(() => ({}));
    if (response.ok) return body;
    const detail = body.detail || body.title || `${response.status}`;
    if (body.code === STALE) {
      await this.renew();
      throw new Unavailable(response.status, detail);
    }
    if (response.status >= 500 || RETRY.has(response.status)) throw new Unavailable(response.status, detail);
    throw new Refused(response.status, detail);
  }

  /** POST JSON. Throws Refused when the server will never take it, Error when trying again makes sense. */
  post(path, body) {
    return this._json("POST", path, body);
  }

  /** PUT JSON. Errors as for post. */
  replace(path, body) {
    return this._json("PUT", path, body);
  }

  /** DELETE with JSON. Errors as for post. */
  delete(path, body) {
    return this._json("DELETE", path, body);
  }

  _json(method, path, body) {
    const headers = { "Content-Type": "application/json" };
    return this._request(path, { method, headers, body: JSON.stringify(body) });
  }

  /** PUT bytes with their SHA-256. Errors as for post. */
  put(path, bytes, sha256) {
    const headers = { "Content-Type": "application/octet-stream", "X-Chunk-SHA256": sha256 };
    return this._request(path, { method: "PUT", headers, body: bytes });
  }

  get(path) {
    return this._request(path, {});
  }
}

/** The server cannot take it now: signed out, busy, or starting. */
export class Unavailable extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}
