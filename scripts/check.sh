#!/usr/bin/env bash
# make check: everything that needs no running server.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
console_env requirements/dev.txt
bot_env requirements/bot-dev.txt
exec 9>&-
bin=$CONSOLE/bin status=0
step() { "$@" || { say "failed: $*"; status=1; }; }
step "$bin/ruff" format --check --quiet .
step "$bin/ruff" check --quiet .
step "$bin/mypy"
step "$bin/tellmore" migrate --check
step "$bin/tellmore" protocols validate
step "$BOT/bin/python" -m scripts.check_nlu_data
step "$bin/python" -m pytest -q tests/docs
exit $status
