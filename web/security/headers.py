"""The same strict headers on every response."""

from __future__ import annotations

from flask import Flask, Response, request

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; media-src 'self' blob:; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)

HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=(), display-capture=()",
}
HSTS = "max-age=31536000"
NO_STORE = "no-store"
REVALIDATE = "no-cache"  # style sheets and scripts may be kept, but are asked after each time


def init_headers(app: Flask, secure: bool) -> None:
    @app.after_request
    def add(response: Response) -> Response:
        response.headers.update(HEADERS)
        response.headers["Cache-Control"] = REVALIDATE if request.endpoint == "static" else NO_STORE
        if secure:
            response.headers["Strict-Transport-Security"] = HSTS
        return response
