#!/usr/bin/env bash
# Measures Kaiku against a peer and against physical limits, and writes bench/RESULTS.md.
#
#   scripts/bench.sh kiosk          the terminal against Chromium's kiosk mode
#   scripts/bench.sh kiosk --runs 9 medians of 9 instead of 7
set -euo pipefail
cd "$(dirname "$0")/.."
if [[ ${1:-} != kiosk ]]; then
    echo "usage: scripts/bench.sh kiosk [--runs N]" >&2
    exit 2
fi
shift
scripts/bootstrap.sh bench
{ cmake --preset release && cmake --build --preset release \
    -j $(($(nproc) < 3 ? $(nproc) : 3)) --target kaiku-kiosk kaiku-x-probe kaiku-save-bench; } \
    > >(scripts/quiet_build.sh) 2>&1 || { echo "bench: the build failed" >&2; exit 1; }
exec python3 bench/kiosk/run.py --bin build/release/bin --page bench/kiosk/page.html \
    --out bench/RESULTS.md "$@"
