#!/usr/bin/env bash
# Line coverage of survey/, kiosk/flow and sync/ by their tests, by gcov; fails under 95 %.
#
#   scripts/coverage.sh             the figures
#   scripts/coverage.sh --missing   also the lines that no test reaches
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/bootstrap.sh
jobs=$(($(nproc) < 3 ? $(nproc) : 3))
rooms=(tests/survey tests/flow tests/sync tests/trouble)

cmake --preset coverage >/dev/null
cmake --build --preset coverage -j "$jobs" --target "${rooms[@]/%//all}" 2>&1 |
    scripts/quiet_build.sh
find build/coverage -name '*.gcda' -delete
for room in "${rooms[@]}"; do
    ctest --test-dir "build/coverage/$room" -j "$jobs" --output-on-failure --label-exclude house |
        tail -n 4
done
exec python3 scripts/line_coverage.py build/coverage "$@"
