"""`python -m web.cli` is `tellmore`."""

from web.cli import main

main(prog_name="tellmore")
