"""`python -m web.translation.training`: train, judge and publish the packages Tellmore carries."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
import torch
import yaml

from web.translation.training import carried, convert, judge, pieces, publish
from web.translation.training.batches import Recipe, Rounds
from web.translation.training.corpora import BadCorpus
from web.translation.training.learn import Course, Pace, inherit
from web.translation.training.network import Network, Shape

HERE = Path(__file__).parent
SEED = 2026
TOKENS = 5000  # word pieces in a batch, both sides together


def _recipe(name: str) -> Recipe:
    return Recipe.of(name, yaml.safe_load((HERE / "recipes.yml").read_text(encoding="utf-8"))[name])


@click.group()
@click.option("--data", type=click.Path(path_type=Path, exists=True), required=True, help="Folder of pairs.")
@click.option("--work", type=click.Path(path_type=Path), required=True, help="Where weights lie meanwhile.")
@click.pass_context
def main(context: click.Context, data: Path, work: Path) -> None:
    """Sentence pairs in, translation packages out. Interrupted work goes on where it was."""
    work.mkdir(parents=True, exist_ok=True)
    context.obj = (data, work)


@main.command()
@click.argument("name")
@click.option("--steps", type=int, required=True, help="Steps at full speed; more than last time goes on.")
@click.option("--slow", type=int, required=True, help="Steps of slowing down after that.")
@click.option("--carried", "go_on", is_flag=True, help="Where nothing is kept, begin with what is shipped.")
@click.pass_obj
def train(where: tuple[Path, Path], name: str, steps: int, slow: int, go_on: bool) -> None:
    """Train the network NAME of recipes.yml."""
    data, work = where
    recipe, model = _recipe(name), work / f"{name}.spm"
    shipped: Network | None = None
    if go_on and not model.exists():
        carried.unpack(_package(recipe), model, shipped := Network(Shape(recipe.pieces)))
    if not model.exists():
        texts = (
            text for _, _, pairs in recipe.pairs(data) for p in pairs for text in (p.text, p.translation)
        )
        targets = recipe.targets if len(recipe.targets) > 1 else ()
        pieces.learn(texts, model, recipe.pieces, targets, SEED)
    rounds = Rounds(recipe, data, model, TOKENS, SEED)
    course = Course(Shape(recipe.pieces), rounds, work / f"{name}.pt", Pace(), SEED)
    if shipped is not None:
        course.network.load_state_dict(shipped.state_dict())
    elif recipe.after and course.step == 0:
        _begin_as(course.network, model, work, recipe.after)
    course.go(steps, slow, lambda line: click.echo(line, err=True))
    done = work / f"{name}.done"
    torch.save({"network": course.network.state_dict(), "shape": asdict(course.network.shape)}, done)
    _convert(course.network, model, work / name / "model")


def _package(recipe: Recipe) -> Path:
    """The first of the recipe's packages that is shipped. Each holds the whole network; recipes name first
    the one that is published oftenest."""
    for pair in recipe.packages:
        file = publish.SHIPPED / publish.file_name(*pair.split("-"))
        if file.exists():
            return file
    raise click.ClickException(f"no package of {recipe.name} is shipped: train it without --carried")


def _begin_as(network: Network, model: Path, work: Path, elder: str) -> None:
    done = work / f"{elder}.done"
    if not done.exists():
        raise click.ClickException(f"it begins with the weights of {elder}: train {elder} first")
    state = torch.load(done, weights_only=True)["network"]
    inherit(network, pieces.known(model), state, pieces.known(work / f"{elder}.spm"))


def _convert(network: Network, model: Path, folder: Path) -> None:
    convert.convert(network.eval(), pieces.known(model), folder)


@main.command("judge")
@click.argument("name")
@click.option("--unfinished", is_flag=True, help="Judge the state that is kept, before slowing down.")
@click.pass_obj
def judge_(where: tuple[Path, Path], name: str, unfinished: bool) -> None:
    """chrF and BLEU of the network NAME on the held-out sets of each of its packages, as JSON.

    An unfinished one is judged on the set for decisions only.
    """
    data, work = where
    recipe, model, folder = _recipe(name), work / f"{name}.spm", work / name / "model"
    if unfinished:
        state: dict[str, Any] = torch.load(work / f"{name}.pt", weights_only=True)
        network = Network(Shape(**state["shape"]))
        network.load_state_dict(state["network"])
        folder = work / f"{name}.unfinished" / "model"
        _convert(network, model, folder)
    click.echo(json.dumps(_judged(recipe, data, model, folder, unfinished), indent=1))


def _judged(
    recipe: Recipe, data: Path, model: Path, folder: Path, unfinished: bool
) -> dict[str, dict[str, Any]]:
    several = len(recipe.targets) > 1
    found: dict[str, dict[str, Any]] = {}
    for pair in recipe.packages:
        source, target = pair.split("-")
        translate = judge.translator(folder, model, pieces.prefix(target) if several else "")
        sets = (
            judge.on_disk(data, judge.ON_THE_WAY, source, target)
            if unfinished
            else judge.held_out(data, source, target)
        )
        found[pair] = {name: asdict(judge.judge(translate, texts, wanted)) for name, texts, wanted in sets}
    return found


@main.command("publish")
@click.argument("name")
@click.option("--version", required=True, help="Of the packages, such as 1.0.")
@click.option("--only", multiple=True, metavar="PAIR", help="Only these packages, such as uk-en.")
@click.pass_obj
def publish_(where: tuple[Path, Path], name: str, version: str, only: tuple[str, ...]) -> None:
    """Judge the finished network NAME and put its packages among those that are shipped."""
    data, work = where
    recipe, model, folder = _recipe(name), work / f"{name}.spm", work / name / "model"
    for pair, quality in _judged(recipe, data, model, folder, unfinished=False).items():
        if only and pair not in only:
            continue
        try:
            trained = publish.Trained(pair, version, folder, model, len(recipe.targets) > 1)
            entry = publish.publish(trained, quality)
        except BadCorpus as error:
            click.echo(f"not shipped: {error}", err=True)
        else:
            click.echo(json.dumps({name: entry[name] for name in ("file", "bytes", "sha256", "quality")}))


if __name__ == "__main__":
    main()
