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

# The lock names every package, so none is looked for; each file's hash is checked before it is unpacked. Python compiles
# what is imported when it is, a tenth of all.
locked() { pip install --quiet --no-compile --require-hashes --no-deps --requirement "$1"; }

# By itself, as the build depends on the machine: the one that pip's settings offer here, which may be for CPUs.
# Where the lock lacks its hash, PyPI's is taken, which needs CUDA's libraries beside it on Linux: several gigabytes.
torch() {
  local pin build
  pin=$(grep -oE '^torch==[^ ]+' locks/constraints-torch.txt)
  build=$(pip install --quiet --dry-run --ignore-installed --no-deps --report - "$pin" \
    | "$venv/bin/python" -c 'import json, sys; print(json.load(sys.stdin)["install"][0]["metadata"]["version"])')
  sed "s/^$pin /torch==$build /" locks/constraints-torch.txt >"$pinned"
  locked "$pinned" || locked locks/constraints-torch.txt
}

# At the same time as all the rest: pip works on one core, and no package is in both locks.
pinned=$(mktemp)
trap 'rm -f "$pinned"' EXIT
torch &
job=$!
failed=0
locked locks/constraints.txt || failed=$?
wait "$job"
((failed == 0)) || exit "$failed"
missing=$(pip check | sed -nE 's/^torch [^ ]+ requires ([^ ,]+), which is not installed.*/\1/p' || true)
if grep -qxF "$missing" <(sed -nE 's/^([a-z0-9.-]+)==.*/\1/p' locks/constraints-cuda.txt); then
  locked locks/constraints-cuda.txt
fi
pip install --quiet --no-deps --no-build-isolation --editable .
pip check
