#!/usr/bin/env bash
# make run: from nothing to a served console. Can be stopped and repeated at any point.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
console_env
bot_env
exec 9>&-
exec "$CONSOLE/bin/tellmore" serve "$@"
