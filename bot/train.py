"""Trains the model, in a process of its own so that its memory is given back: `python -m bot.train MODEL`."""

import sys
import tempfile
from pathlib import Path

from bot.paths import BOT


def train(target: Path) -> None:
    """Train and put the model in place in one step, so that no half-written model is ever found."""
    from rasa.model_training import train as rasa_train

    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".training-") as folder:
        result = rasa_train(
            domain="",
            config=str(BOT / "config.yml"),
            training_files=None,
            output=folder,
            force_training=True,
            fixed_model_name="model",
        )
        if result.model is None:
            sys.exit("Training gave no model.")
        Path(result.model).replace(target)


if __name__ == "__main__":
    train(Path(sys.argv[1]))
