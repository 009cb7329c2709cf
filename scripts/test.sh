#!/usr/bin/env bash
# Everything that must be green before a change goes in: build, format, all tests, sanitizers.
#
#   scripts/test.sh           all of it
#   scripts/test.sh --quick   without the sanitizer build and the long end-to-end tests
set -euo pipefail
cd "$(dirname "$0")/.."

quick=0
case "${1:-}" in
    "") ;;
    --quick) quick=1 ;;
    *) echo "usage: scripts/test.sh [--quick]" >&2; exit 2 ;;
esac

began=$SECONDS
step() { printf '\n== %s (%d s)\n' "$1" $((SECONDS - began)); }
jobs=$(($(nproc) < 3 ? $(nproc) : 3))

# Builds a preset quietly; on failure shows what the compiler said.
build() {
    local preset=$1 log=build/$1.log
    shift
    mkdir -p build
    if ! { cmake --preset "$preset" && cmake --build --preset "$preset" -j "$jobs" "$@"; } \
        >"$log" 2>&1; then
        tail -n 120 "$log"
        echo "test: building preset $preset failed; the whole log is $log" >&2
        exit 1
    fi
}

step "packages"
scripts/bootstrap.sh

step "format"
scripts/format.sh --check

if ((!quick)); then
    # First, so that the last lines are the totals of the whole suite.
    step "build with address and undefined-behaviour sanitizers"
    build asan
    step "tests under the sanitizers"
    ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1 \
        UBSAN_OPTIONS=print_stacktrace=1 \
        LSAN_OPTIONS=suppressions=$PWD/tests/support/leaks.supp:print_suppressions=0 \
        ctest --preset asan -j "$jobs" --label-exclude 'long|house' --no-tests=error
fi

step "build"
build dev
step "all tests"
selection=()
((quick)) && selection=(--label-exclude long)
ctest --preset dev -j "$jobs" --no-tests=error "${selection[@]}"
