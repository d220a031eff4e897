"""What the server loads. Models start loading in the background once the process serves."""

from __future__ import annotations

from web import news
from web.app import create_app
from web.config import Config
from web.services import build_services

services = build_services(Config.from_environment())
services.engines.start(after_s=1.0)  # the first page comes before the models
news.listen(services.config.home, services.interviews.feed)
app = create_app(services.config, services)
