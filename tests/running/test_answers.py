"""Commands whose answer finds no reader or no room end with a sentence, never with a traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def tellmore(redirect: str, home: Path) -> subprocess.CompletedProcess[str]:
    line = f"TELLMORE_HOME={home} {sys.executable} -m web.cli protocols list {redirect}"
    command = ["bash", "-c", f"{line}; exit ${{PIPESTATUS[0]}}"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("redirect", [">&-", "| true", ">/dev/full"])
def test_an_answer_nobody_can_have(redirect: str, tmp_path: Path) -> None:
    done = tellmore(redirect, tmp_path)
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    assert done.returncode in (0, 1)


def test_a_full_disk_is_named(tmp_path: Path) -> None:
    done = tellmore(">/dev/full", tmp_path)
    assert (done.returncode, done.stderr) == (
        1,
        "The answer could not be written: No space left on device.\n",
    )
