#!/usr/bin/env bash
# make bench: every measurement, one JSON object after the other. Nothing else should run on the machine.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
console_env requirements/dev.txt
bot_env requirements/bot-dev.txt
exec 9>&-
for name in ${*:-guidance accuracy coding designs cues correcting speech live translation bot whole}; do
    say "bench.$name" >&2
    python=$CONSOLE/bin/python
    [ "$name" = bot ] && python=$BOT/bin/python
    "$python" -m "bench.$name"
done
