#!/usr/bin/env bash
# Everything that must be green before a change goes in: format, build and tests under the sanitizers.
#
#   scripts/test.sh           that; long tests are left out, and walks over all screens are thinned
#   scripts/test.sh --quick   the same tests in an ordinary build, which is faster
#   scripts/test.sh --full    both, with every test, and every walk whole
set -euo pipefail
cd "$(dirname "$0")/.."

extent=daily
case "${1:-}" in
    "") ;;
    --quick | --full) extent=${1#--} ;;
    *) echo "usage: scripts/test.sh [--quick|--full]" >&2; exit 2 ;;
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

sanitized() {
    step "build with address and undefined-behaviour sanitizers"
    build asan
    step "tests under the sanitizers"
    ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1 \
        UBSAN_OPTIONS=print_stacktrace=1 \
        LSAN_OPTIONS=suppressions=$PWD/tests/support/leaks.supp:print_suppressions=0 \
        KAIKU_WALK=short \
        ctest --preset asan -j "$jobs" --label-exclude long --no-tests=error
}

# The last lines are the totals of the largest suite.
case $extent in
    daily)
        step "the programs without sanitizers, and what only they can show"
        build dev --target kaiku-kiosk kaiku-central kaiku-fill-outbox
        ctest --preset dev -L plain --no-tests=error
        sanitized
        ;;
    quick)
        step "build"
        build dev
        step "tests"
        KAIKU_WALK=short ctest --preset dev -j "$jobs" --label-exclude long --no-tests=error
        ;;
    full)
        sanitized
        step "build"
        build dev
        step "all tests"
        ctest --preset dev -j "$jobs" --no-tests=error
        ;;
esac
