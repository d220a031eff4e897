# Shared by run.sh, test.sh and check.sh: find Pythons, build environments once, say what happens.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"
ENVS=${TELLMORE_ENVS:-$ROOT/.venv}
CONSOLE=$ENVS/console
BOT=$ENVS/bot
export TELLMORE_BOT_PYTHON=$BOT/bin/python PIP_DISABLE_PIP_VERSION_CHECK=1

say() { printf '%s  %s\n' "$(date +%H:%M:%S)" "$*"; }
stop() { printf '\n%s\n' "$*" >&2; exit 2; }

# A Python counts only if it starts and can make environments: a pyenv shim may do neither.
usable() { "$1" -c "import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != tuple(map(int, '$2'.split('.'))))" >/dev/null 2>&1; }

find_python() { # version → path
    local version=$1 path
    for path in "python$version" "/usr/bin/python$version" "/usr/local/bin/python$version" \
        "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$version".*/bin/python; do
        if usable "$path" "$version"; then command -v "$path"; return 0; fi
    done
    if command -v uv >/dev/null; then
        uv python find "$version" 2>/dev/null || { uv python install "$version" >&2 && uv python find "$version"; }
        return
    fi
    return 1
}

console_python() {
    local version
    for version in ${TELLMORE_PYTHON:-3.11 3.12 3.13}; do find_python "$version" && return 0; done
    return 1
}

# build_env FOLDER PYTHON REQUIREMENTS… — does nothing when the same files were installed before.
build_env() {
    local folder=$1 python=$2 name stamp
    shift 2
    name=$(basename "$folder")
    stamp=$(cat "$@" pyproject.toml | sha256sum | cut -d' ' -f1)-$("$python" -V 2>&1 | tr -d ' ')
    [ "$(cat "$folder/.ready-$(basename "${!#}")" 2>/dev/null)" = "$stamp" ] && return 0
    say "Building the $name environment with $("$python" -V) (first time: 2 to 4 minutes)"
    [ -x "$folder/bin/python" ] || "$python" -m venv "$folder"
    local files=() file
    for file in "$@"; do files+=(-r "$file"); done
    "$folder/bin/python" -m pip install "${files[@]}" 2>&1 |
        { grep --line-buffered -E '^(Downloading|Processing|Installing|Building|Successfully|ERROR|error)' || true; } |
        sed -u -E 's,^(Processing|Downloading) [^ ]*/([^/ ]+).*$,\1 \2,; s/^(.{90}).*/\1…/; s/^/          /' ||
        stop "Installing for $name failed; the lines above say why. Run the same command again: what was downloaded is kept."
    if [ "$name" = console ]; then
        "$folder/bin/python" -m pip install --quiet --no-deps --no-build-isolation --editable .
    fi
    echo "$stamp" >"$folder/.ready-$(basename "${!#}")"
    say "The $name environment is ready"
}

console_env() {
    local python
    python=$(console_python) || stop "Tellmore needs Python 3.11, 3.12 or 3.13 with venv and found none.
Debian and Ubuntu:  apt-get install python3.11 python3.11-venv
Anywhere:           install uv (pip install uv) and run this again; it will fetch one."
    build_env "$CONSOLE" "$python" requirements/console.txt "$@"
}

bot_env() {
    local python
    python=$(find_python 3.10) || stop "The guide (Rasa 3.6) needs Python 3.10 exactly and found none.
With pyenv:  pyenv install 3.10
Anywhere:    install uv (pip install uv) and run this again; it will fetch one."
    build_env "$BOT" "$python" requirements/bot.txt "$@"
}

mkdir -p "$ENVS"
exec 9>"$ENVS/.lock"
if command -v flock >/dev/null && ! flock -n 9; then
    say "Another Tellmore command is preparing the same environments; waiting for it"
    flock 9
fi
