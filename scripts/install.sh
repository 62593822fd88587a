#!/bin/sh
# Make .venv with what requirements.txt pins, unless it is there already.
# Needs Python >= 3.11 and nothing else. PYTHON=/path/to/python overrides.
set -eu
cd "$(dirname "$0")/.."

fresh_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for name in ${PYTHON:-python3.12 python3.11 python3 python python3.13}; do
        if fresh_enough "$name"; then
            echo "$name"
            return
        fi
    done
}

key=$(cat requirements.txt pyproject.toml | cksum)
if [ -x .venv/bin/python ] && [ "$(cat .venv/.key 2>/dev/null)" = "$key" ]
then
    exit 0
fi

start=$(date +%s)
if ! fresh_enough .venv/bin/python; then
    python=$(find_python)
    if [ -z "$python" ]; then
        echo "No Python 3.11 or newer was found. Install one, or say where" >&2
        echo "it is: make PYTHON=/path/to/python3.12" >&2
        exit 1
    fi
    if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
        echo "$python cannot make virtual environments. On Debian and" >&2
        echo "Ubuntu: apt-get install python3-venv" >&2
        exit 1
    fi
    echo "install: .venv from $("$python" --version)"
    rm -rf .venv
    "$python" -m venv .venv
fi
echo "install: what requirements.txt pins (torch is large)"
log=.venv/install.log
if ! .venv/bin/python -m pip install --disable-pip-version-check \
    --no-input --progress-bar off -r requirements.txt >"$log" 2>&1 ||
    ! .venv/bin/python -m pip install --disable-pip-version-check \
        --no-input --no-deps --no-build-isolation -e . >>"$log" 2>&1
then
    tail -n 25 "$log" >&2
    echo "install: failed; the whole log is in $log" >&2
    exit 1
fi
# A linter of workflows that fetches its program from GitHub while it installs:
# where that is not possible, make check goes on without it and says so.
if ! .venv/bin/python -c '
import subprocess, sys
subprocess.run([sys.executable, *sys.argv[1:]], check=True, timeout=30)
' -m pip install --disable-pip-version-check --no-input --no-deps \
    --require-hashes -r .github/actionlint.txt >>"$log" 2>&1
then
    echo "install: actionlint is not to be had here (GitHub did not answer)"
fi
echo "$key" >.venv/.key
mkdir -p _build
seconds=$(($(date +%s) - start))
echo "$seconds" >_build/install.seconds
echo "install: $seconds s"
