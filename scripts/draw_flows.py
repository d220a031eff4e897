"""Draw every protocol anew into docs/flows/ and write docs/protocols.md: `python -m scripts.draw_flows`."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from protocols.library import Flow, Library, load_library
from protocols.reading import bands
from web.cli.protocols import command

DOCS = Path(__file__).parents[1] / "docs"
HEAD = """# The protocols

Each is a flow of steps that the console walks through beside the interviewer. The drawings are made by
`python -m scripts.draw_flows` from `protocols/`, as is this page; one alone by `tellmore protocols draw ID`.
In the console, *Protocols* shows the same with every card, why it is there and where that is from.
How flows are written: [the flow language](flows.md).
"""


def drawing(protocol: str) -> str:
    """What `tellmore protocols draw` gives."""
    answer = CliRunner().invoke(command, ["draw", protocol], catch_exceptions=False)
    return answer.stdout


def page(library: Library) -> str:
    """docs/protocols.md."""
    flows = sorted(library.flows.values(), key=lambda flow: (flow.kind != "interview", flow.title))
    return "\n".join([HEAD, *(_section(flow) for flow in flows)])


def _section(flow: Flow) -> str:
    low, high = flow.ages
    phases = " · ".join(band.phase.title for band in bands(flow) if not band.again)
    sources = "\n".join(f"- {source}" for source in flow.sources)
    return (
        f"## {flow.title}\n\n{flow.purpose}\n\nAges {low} to {high}, version {flow.version}. {phases}.\n\n"
        f"{sources}\n\n![{flow.title}: flow chart](flows/{flow.id}.svg)\n"
    )


def main() -> None:
    library = load_library()
    folder = DOCS / "flows"
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.svg"):
        old.unlink()
    for flow in library.flows:
        (folder / f"{flow}.svg").write_text(drawing(flow), encoding="utf-8")
    (DOCS / "protocols.md").write_text(page(library), encoding="utf-8")


if __name__ == "__main__":
    main()
