"""`tellmore models`: the speech models of this machine."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

import click

from web.artifacts import Busy, Cancelled, Errand, FetchFailed
from web.config import Config, ConfigError
from web.speech.installing import Installer
from web.speech.measure import Measured, measure, measured
from web.speech.models import BadModel, Models


@click.group("models")
def command() -> None:
    """The models that write down speech. Only `install` without --from uses the network."""


def _installer(mirror: str | None = None) -> Installer:
    try:
        config = Config.from_environment()
    except ConfigError as error:
        _refuse(str(error))
    return Installer(Models(config.speech_models), mirror or config.models_mirror)


@command.command("list")
def list_() -> None:
    """One JSON line for each model that is known, whether it is here or not."""
    installer = _installer()
    models = installer.models
    here, figures, used = models.installed(), measured(models), models.in_use()
    for name, known in models.catalogue.models.items():
        line: dict[str, Any] = {
            "name": name,
            "installed": name in here,
            "state": "ready" if name in here else installer.errands.status(name).state,
            "bytes": known.size,
            "memory_mb": known.memory_mb,
            "languages": list(known.languages),
            "licence": known.licence,
            "in_use_for": [language for language, chosen in used.items() if chosen == name],
        }
        if name in here:
            line |= {"sha256": here[name].sha256, "source": here[name].source}
        click.echo(json.dumps(line | ({"measured": _figures(figures[name])} if name in figures else {})))


@command.command("install")
@click.argument("name")
@click.option("--from", "place", type=click.Path(path_type=Path), help="A folder, zip or tar file instead.")
@click.option("--mirror", metavar="URL", help="Fetch from this address, which has the hub's layout.")
@click.option("--new-files", is_flag=True, help="Take files without checksum on trust again.")
def install_(name: str, place: Path | None, mirror: str | None, new_files: bool) -> None:
    """Get the model NAME from the hub (or what somebody carried here), check it and put it in place.

    Fetching again after an interruption goes on where it stopped. Proxies as in HTTPS_PROXY.
    """
    installer = _installer(mirror)
    try:
        work = installer.fetch(name) if place is None else installer.carried(name, place, place.name)
        if new_files:
            installer.forget(name)
        if place is None:
            click.echo(f"fetching {name} from {installer.host}", err=True)
        installer.errands.run(name, _shown(work))
    except (BadModel, Busy, Cancelled, FetchFailed, OSError) as error:
        _refuse(str(error) or "called off")
    model = installer.models.find(name)
    click.echo(json.dumps({"name": name, "sha256": model.sha256, "source": model.source}))


@command.command("remove")
@click.argument("name")
def remove_(name: str) -> None:
    """Remove the model NAME; what it was in use for falls to another."""
    try:
        _installer().models.remove(name)
    except BadModel as error:
        _refuse(str(error))


@command.command("use")
@click.argument("name")
@click.option(
    "--language", "languages", multiple=True, metavar="L", help="Only for this one; may be repeated."
)
def use_(name: str, languages: tuple[str, ...]) -> None:
    """Let the model NAME write all its languages from now on; Tellmore need not be started anew."""
    models = _installer().models
    try:
        models.use(name, languages)
    except BadModel as error:
        _refuse(str(error))
    click.echo(json.dumps(models.in_use()))


@command.command("measure")
@click.argument("name", required=False)
@click.option(
    "--threads", default=1, show_default=True, type=click.IntRange(1, 64), help="Processor threads."
)
def measure_(name: str | None, threads: int) -> None:
    """Let the model NAME (or the default one) write down the samples that come with Tellmore.

    Says how many words are wrong and how long it takes on this machine: a minute for small models.
    """
    models = _installer().models
    try:
        found = measure(models, name or models.catalogue.default, threads)
    except BadModel as error:
        _refuse(str(error))
    click.echo(json.dumps({"name": found.name} | _figures(found), indent=1))


def _figures(found: Measured) -> dict[str, Any]:
    about = {key: value for key, value in asdict(found).items() if key not in {"name", "sha256"}}
    return {"real_time_factor": found.real_time_factor} | about


def _shown(work: Callable[[Errand], None]) -> Callable[[Errand], None]:
    """The same work, with its progress on a terminal."""
    if not sys.stderr.isatty():
        return work

    def told(errand: Errand) -> None:
        progress = errand.progress

        def tell(done: int, total: int | None = None) -> None:
            progress(done, total)
            all_ = f" of {total / 1e6:.0f}" if total else ""
            click.echo(f"\r{done / 1e6:.1f}{all_} MB", nl=False, err=True)

        errand.progress = tell  # type: ignore[method-assign]
        work(errand)
        click.echo(err=True)

    return told


def _refuse(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(2)
