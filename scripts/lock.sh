#!/usr/bin/env bash
# make lock: write down the versions that both environments hold now.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
exec 9>&-
pin() { # environment name [base]
    "$1/bin/python" scripts/lock.py "requirements/$2.in" ${3:+--without "requirements/$3.txt"} >"requirements/$2.new"
    mv "requirements/$2.new" "requirements/$2.txt"
}
pin "$CONSOLE" console
pin "$CONSOLE" dev console
pin "$BOT" bot
pin "$BOT" bot-dev bot
