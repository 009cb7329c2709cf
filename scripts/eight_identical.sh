#!/usr/bin/env bash
# Sends the same signed batch over eight connections at once to a real kaiku-central, again and
# again; fails unless every reply is a success and each answer is one row.
#
#   scripts/eight_identical.sh [ROUNDS]   this often (1000)
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-1000}
[[ $rounds =~ ^[1-9][0-9]*$ ]] || { echo "usage: scripts/eight_identical.sh [ROUNDS]" >&2; exit 2; }
program=${KAIKU_BIN_DIR:-build/dev/bin}/kaiku-central
[[ -x $program ]] || { echo "$program is missing; build it first: scripts/build.sh" >&2; exit 1; }
exec /usr/bin/python3 -B tests/central/identical_test.py "$program" "$rounds"
