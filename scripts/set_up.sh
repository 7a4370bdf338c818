#!/usr/bin/env bash
# Makes the virtual environment and installs the locked dependencies and this package, editable, into it.
# usage: scripts/set_up.sh VENV
set -euo pipefail

venv=$1
cd "$(dirname "${BASH_SOURCE[0]}")/.."

find_python() {
  local candidate
  for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  echo "Python 3.11 or newer was not found. Install it, or name it: make PYTHON=/path/to/python3.12" >&2
  return 1
}

if [ ! -x "$venv/bin/python" ]; then
  python=$(find_python)
  "$python" -m venv "$venv"
fi

pip() { "$venv/bin/python" -m pip --disable-pip-version-check "$@"; }

# First and alone, at its exact version: pip then takes a CPU build where its settings offer one, and no later
# requirement draws in another build with gigabytes of CUDA libraries.
pip install --quiet "$(grep -E '^torch==' constraints.txt)"
pip install --quiet --constraint constraints.txt --editable '.[dev]'
