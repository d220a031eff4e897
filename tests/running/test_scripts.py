"""The shell around it: finds Pythons that work, builds once, speaks plainly when something is missing."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def bash(code: str, tmp_path: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TELLMORE_ENVS": str(tmp_path / "envs")}
    return subprocess.run(
        ["bash", "-c", f". scripts/lib.sh\n{code}"],
        cwd=ROOT, env={**environment, **environ}, capture_output=True, text=True, check=False,
    )  # fmt: skip


def fake(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def test_a_shim_that_does_not_start_is_no_python(tmp_path: Path) -> None:
    fake(tmp_path / "bin" / "python3.10", "echo 'command not found' >&2; exit 127")
    real = fake(tmp_path / ".pyenv" / "versions" / "3.10.99" / "bin" / "python", "exit 0")
    path = f"{tmp_path}/bin:/usr/bin:/bin"
    answer = bash("find_python 3.10", tmp_path, PATH=path, PYENV_ROOT=str(tmp_path / ".pyenv"))
    assert answer.stdout.strip() == str(real)


def test_what_is_missing_is_said_with_a_way_to_get_it(tmp_path: Path) -> None:
    answer = bash("find_python() { return 1; }; bot_env requirements/bot-dev.txt", tmp_path)
    assert answer.returncode == 2
    assert "needs Python 3.10" in answer.stderr
    assert "uv" in answer.stderr


def test_an_environment_that_is_ready_is_left_alone(tmp_path: Path) -> None:
    python = fake(
        tmp_path / "python", 'if [ "$1" = -V ]; then echo Python 3.11.9; else echo built >>"$0.log"; fi'
    )
    fake(tmp_path / "envs" / "bot" / "bin" / "python", 'echo "$@" >>"$0.log"')
    build = f"build_env {tmp_path}/envs/bot {python} requirements/bot.txt"
    first = bash(build, tmp_path)
    assert first.returncode == 0, first.stderr
    log = tmp_path / "envs" / "bot" / "bin" / "python.log"
    once = log.read_text()
    assert "requirements/bot.txt" in once
    assert bash(build, tmp_path).returncode == 0
    assert log.read_text() == once


def test_a_failed_install_is_not_taken_for_a_finished_one(tmp_path: Path) -> None:
    python = fake(tmp_path / "python", "echo Python 3.11.9")
    fake(tmp_path / "envs" / "bot" / "bin" / "python", "echo 'ERROR: no matching distribution'; exit 1")
    answer = bash(f"build_env {tmp_path}/envs/bot {python} requirements/bot.txt", tmp_path)
    assert answer.returncode == 2
    assert "no matching distribution" in answer.stdout
    assert "Run the same command again" in answer.stderr
    assert not list((tmp_path / "envs" / "bot").glob(".ready-*"))


@pytest.mark.parametrize("name", ["run.sh", "test.sh", "check.sh", "bench.sh", "lock.sh", "lib.sh"])
def test_the_scripts_are_well_formed(name: str) -> None:
    done = subprocess.run(["bash", "-n", f"scripts/{name}"], cwd=ROOT, check=False)
    assert done.returncode == 0
