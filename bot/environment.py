"""The environment Rasa runs in: quiet, frugal, without telemetry, writing nowhere but below its home."""

from __future__ import annotations

import os

from bot.paths import ROOT, home

SETTINGS = {
    "RASA_TELEMETRY_ENABLED": "false",
    "LOG_LEVEL": "WARNING",
    "LOG_LEVEL_LIBRARIES": "ERROR",
    "SANIC_ACCESS_LOG": "false",
    "SANIC_REQUEST_MAX_SIZE": str(600 * 1024),
    "SANIC_REQUEST_TIMEOUT": "10",
    "TF_CPP_MIN_LOG_LEVEL": "2",
    "TF_INTRA_OP_PARALLELISM_THREADS": "1",
    "TF_INTER_OP_PARALLELISM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "RASA_MAX_CACHE_SIZE": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONWARNINGS": "ignore::DeprecationWarning",
    "PYTHONUNBUFFERED": "1",
}


def environment() -> dict[str, str]:
    """This process's environment with what Rasa needs; creates the bot's home."""
    folder = home()
    telemetry = folder / ".config" / "rasa" / "global.yml"
    telemetry.parent.mkdir(parents=True, exist_ok=True)
    if not telemetry.exists():
        # Rasa makes this file when it is absent, with an identity of its own.
        telemetry.write_text("metrics:\n  enabled: false\n  metrics_id: none\n  date: 2000-01-01\n")
    return {
        **os.environ,
        **SETTINGS,
        "HOME": str(folder),
        "TELLMORE_HOME": str(folder.parent),
        "RASA_CACHE_DIRECTORY": str(folder / "cache"),
        "MPLCONFIGDIR": str(folder / "cache"),
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")])),
    }
