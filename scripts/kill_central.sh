#!/usr/bin/env bash
# Kills central with -9 under load, over SQLite and over PostgreSQL, 100 times each: what was
# acknowledged is stored, and nothing twice.   scripts/kill_central.sh [KILLS]
set -euo pipefail
cd "$(dirname "$0")/.."
build=${BUILD_DIR:-build/release}
[[ -f $build/build.ninja ]] || cmake --preset release -B "$build" >/dev/null
cmake --build "$build" --parallel 2 --target kaiku-central kaiku-sim >/dev/null
exec /usr/bin/python3 -B tests/central/kill_test.py "$build/bin/kaiku-central" "$build/bin/kaiku-sim" \
    "${1:-100}"
