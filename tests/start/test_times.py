from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from web.pages import when

NOW = datetime(2026, 3, 12, 15, 30).astimezone()


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (NOW, "today 3:30"),
        (NOW - timedelta(hours=15), "today 12:30"),
        (NOW - timedelta(hours=16), "yesterday 11:30"),
        (NOW - timedelta(days=2), "March 10, 2026 3:30"),
    ],
)
def test_times_as_people_say_them(app: Flask, moment: datetime, said: str) -> None:
    with app.test_request_context():
        assert when(moment, NOW).startswith(said)
