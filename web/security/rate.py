"""How often one address may knock. (How often one name may be tried: attempts.py.)"""

from __future__ import annotations

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from web.config import Config

limiter = Limiter(get_remote_address, headers_enabled=True)


def init_rate(app: Flask, config: Config) -> None:
    """Counts in Redis when there is one, so that several processes share the count."""
    app.config["RATELIMIT_STORAGE_URI"] = config.redis_url or "memory://"
    limiter.init_app(app)
