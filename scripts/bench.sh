#!/usr/bin/env bash
# Measures Kaiku against a peer and against physical limits; each benchmark writes its own section
# of bench/RESULTS.md. Exit 1 if something that is demanded is not met.
#
#   scripts/bench.sh kiosk          the terminal against Chromium's kiosk mode
#   scripts/bench.sh sync           a terminal with 100,000 waiting answers
#   scripts/bench.sh central        central on SQLite and PostgreSQL: single answers, reports
#   scripts/bench.sh central --part single     or reports: one of them
#   scripts/bench.sh central --answers 1000000 20000000    reports over both; hours to fill
#   scripts/bench.sh sync --runs 9  medians of 9 instead of 5 (kiosk: 7)
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1:-}
case $what in
    kiosk) targets=(kaiku-kiosk kaiku-x-probe kaiku-save-bench) packages=(bench) ;;
    sync) targets=(kaiku-kiosk kaiku-central kaiku-sync-bench) packages=() ;;
    central) targets=(kaiku-central kaiku-sim kaiku-central-bench) packages=() ;;
    *) echo "usage: scripts/bench.sh kiosk|sync|central [--runs N]" >&2; exit 2 ;;
esac
shift
scripts/bootstrap.sh "${packages[@]}"
{ cmake --preset release && cmake --build --preset release \
    -j $(($(nproc) < 3 ? $(nproc) : 3)) --target "${targets[@]}"; } \
    > >(scripts/quiet_build.sh) 2>&1 || { echo "bench: the build failed" >&2; exit 1; }
exec python3 -B "bench/$what/run.py" --bin build/release/bin --out bench/RESULTS.md "$@"
