"""A real Chromium, as quiet as it can be made."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

FLAGS = (
    "--headless=new",
    "--no-sandbox",  # CI runs as root in a container
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
)
NARROW, WIDE = 360, 1440


def make_driver(
    audio_file: Path | None = None, width: int = WIDE, height: int = 900, dark: bool = False
) -> webdriver.Chrome:
    """A browser of its own with an empty profile; close it with `close`. `audio_file`: a WAV that the
    microphone hears, once. Needs Debian's chromium and chromium-driver."""
    options = Options()
    options.binary_location = _program("chromium")
    profile = tempfile.mkdtemp(prefix="tellmore-browser-")
    for flag in (*FLAGS, f"--user-data-dir={profile}", f"--window-size={width},{height}"):
        options.add_argument(flag)
    if audio_file is not None:
        options.add_argument("--use-fake-ui-for-media-stream")
        options.add_argument("--use-fake-device-for-media-stream")
        options.add_argument(f"--use-file-for-fake-audio-capture={audio_file.resolve()}%noloop")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(_program("chromedriver")))
    driver.profile_folder = profile  # type: ignore[attr-defined]
    features = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)  # windows are never below 500 px
    return driver


def close(driver: webdriver.Chrome) -> None:
    driver.quit()
    shutil.rmtree(driver.profile_folder, ignore_errors=True)  # type: ignore[attr-defined]


@contextmanager
def browser(
    audio_file: Path | None = None, width: int = WIDE, height: int = 900, dark: bool = False
) -> Iterator[webdriver.Chrome]:
    driver = make_driver(audio_file, width, height, dark)
    try:
        yield driver
    finally:
        close(driver)


def console_errors(driver: webdriver.Chrome) -> list[str]:
    """What the browser complained about since the last call: script errors, blocked styles, missing files."""
    return [entry["message"] for entry in driver.get_log("browser") if entry["level"] == "SEVERE"]


def _program(name: str) -> str:
    path = shutil.which(name)
    assert path, f"{name} is not installed: apt-get install chromium chromium-driver"
    return path
