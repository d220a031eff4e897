"""Makes web/speech/voice_model/ again: `python scripts/voice_model.py Resemblyzer-0.1.4-py3-none-any.whl`.

Takes the encoder's weights out of the wheel that PyPI carries (`pip download --no-deps Resemblyzer==0.1.4`)
and keeps them in half precision, without what only training needs; the licence comes along. The same wheel
gives the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
import zipfile
from pathlib import Path

import torch
from safetensors.torch import save

HERE = Path(__file__).parents[1] / "web" / "speech" / "voice_model"
WEIGHTS, LICENCE = "resemblyzer/pretrained.pt", "Resemblyzer-0.1.4.dist-info/LICENSE"
WHEEL_SHA256 = "8f12eb2f1a9982d32e8db7856de754709b59c93a77bcf0ff536584b619a9dd1f"


def main() -> None:
    content = Path(sys.argv[1]).read_bytes()
    if (found := hashlib.sha256(content).hexdigest()) != WHEEL_SHA256:
        sys.exit(f"{sys.argv[1]} is another file than Resemblyzer 0.1.4 on PyPI: SHA-256 {found}")
    with zipfile.ZipFile(io.BytesIO(content)) as wheel:
        weights, licence = wheel.read(WEIGHTS), wheel.read(LICENCE)
    state = torch.load(io.BytesIO(weights), map_location="cpu", weights_only=True)["model_state"]
    kept = {name: value.half().contiguous() for name, value in state.items() if "." in name}
    made = save(kept)
    about = {
        "name": "GE2E speaker encoder of Resemblyzer 0.1.4",
        "licence": "Apache-2.0",
        "source": "https://pypi.org/project/Resemblyzer/0.1.4/",
        "wheel_sha256": WHEEL_SHA256,
        "sha256": hashlib.sha256(made).hexdigest(),
    }
    HERE.mkdir(exist_ok=True)
    (HERE / "encoder.safetensors").write_bytes(made)
    (HERE / "LICENSE").write_bytes(licence)
    (HERE / "about.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
