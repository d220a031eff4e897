#!/usr/bin/env bash
# make test: installs what is missing and runs everything. Extra words go to pytest.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
need() { # program package…
    command -v "$1" >/dev/null || [ -x "${3:-/nonexistent}" ] && return 0
    say "Installing $2 (for the tests)"
    [ "$(id -u)" = 0 ] || stop "The tests need $2: sudo apt-get install $2"
    [ -n "${APT_FRESH:-}" ] || { apt-get update -qq && APT_FRESH=1; }
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $2 >/dev/null
}
need chromium "chromium chromium-driver"
need chromedriver "chromium-driver"
compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || need initdb postgresql
command -v node >/dev/null || need node nodejs
console_env requirements/dev.txt
bot_env requirements/bot-dev.txt
exec 9>&-
export TELLMORE_ENVS=$ENVS OMP_NUM_THREADS=1 TOKENIZERS_PARALLELISM=false
status=0
say "1/5  Checks: format, lint, types, migrations, documentation"
bash scripts/check.sh || status=1
say "2/5  The guide (Rasa)"
"$BOT/bin/python" -m pytest -c bot/pytest.ini tests/bot -q "$@" || status=1
say "3/5  The pages' own code (node)"
node --test tests/js/ || status=1
say "4/5  Packages, services and both databases"
"$CONSOLE/bin/python" -m pytest -q -n 2 --dist loadfile --ignore=tests/bot --ignore=tests/e2e "$@" || status=1
say "5/5  Browser and recovery"
"$CONSOLE/bin/python" -m pytest -q tests/e2e "$@" || status=1
[ $status = 0 ] && say "All tests passed" || say "Some tests failed: see above"
exit $status
