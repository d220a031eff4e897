"""The live room's scripts are tested in their own language; this runs those tests with the others."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "js"


@pytest.mark.skipif(
    shutil.which("node") is None, reason="node is not installed; the browser tests run these scripts"
)
def test_the_scripts_pass_their_tests() -> None:
    done = subprocess.run(
        ["node", "--test"], cwd=FOLDER, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:]
    assert "# fail 0" in done.stdout
    assert int(done.stdout.rsplit("# pass ", 1)[1].split()[0]) > 80
