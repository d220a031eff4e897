"""The only door to the bot: labels in, guidance out, on loopback, with a token."""

import asyncio
import hmac
import ipaddress
import logging
import os
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.libraries import library
from bot.request import BadRequest, Turn, read_body, read_edition, read_turn
from bot.turns import CHANNEL, Turns
from protocols.editions import EditionError, EditionMissing

TOKEN = "TELLMORE_BOT_TOKEN"  # noqa: S105 - the name of the setting
MIN_TOKEN = 16
logger = logging.getLogger(__name__)


class LabelsChannel(InputChannel):
    """`POST /webhooks/labels/turn` and `GET /webhooks/labels/`; everything else is refused."""

    def __init__(self, token: str) -> None:
        self._token = token.encode()
        self._shipped = library(None)
        self._turns = Turns()

    @classmethod
    def name(cls) -> str:
        return CHANNEL

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """Make the channel; RasaException when the environment holds no token fit for use."""
        token = os.environ.get(TOKEN, "")
        if len(token) < MIN_TOKEN:
            raise RasaException(f"{TOKEN} must be set, with at least {MIN_TOKEN} characters.")
        return cls(token)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        blueprint = Blueprint("labels")

        @blueprint.middleware("request")
        async def gate(request: Request) -> HTTPResponse | None:
            return self._refusal(request)

        @blueprint.get("/")
        async def health(request: Request) -> HTTPResponse:
            hashes = {name: flow.hash for name, flow in self._shipped.flows.items()}
            return response.json({"status": "ok", "protocols": hashes})

        @blueprint.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            return await self._turn(request)

        return blueprint

    def _refusal(self, request: Request) -> HTTPResponse | None:
        if not ipaddress.ip_address(request.ip).is_loopback:
            return problem(403, "only this machine may ask")
        given = request.headers.get("authorization", "")
        if not hmac.compare_digest(given.encode(errors="surrogateescape"), b"Bearer " + self._token):
            return problem(401, "wrong or missing token")
        return None

    async def _turn(self, request: Request) -> HTTPResponse:
        try:
            turn = await self._read(request.body)
        except BadRequest as error:
            return problem(400, str(error))
        try:
            answer = await self._turns.take(request.app.ctx.agent, turn)
        except Exception as error:
            # The type alone: a message could quote what was sent.
            logger.error("Turn failed: %s", type(error).__name__)
            return problem(500, "the turn failed; send everything again with restart")
        return response.json(answer.body, status=answer.status)

    async def _read(self, body: bytes) -> Turn:
        raw = read_body(body)
        edition = read_edition(raw)
        if edition is None:
            return read_turn(raw, self._shipped.flows)
        try:
            # Not here: the first turn of an edition reads some hundred files, and other children wait.
            flows = (await asyncio.to_thread(library, edition)).flows
        except EditionMissing:
            raise BadRequest("edition: not known here") from None
        except EditionError as error:
            logger.error("%s", error)
            raise BadRequest("edition: it is here but cannot be used") from None
        return read_turn(raw, flows)


def problem(status: int, detail: str) -> HTTPResponse:
    """An RFC 9457 problem."""
    body = {"status": status, "detail": detail}
    return response.json(body, status=status, content_type="application/problem+json")
