#!/usr/bin/env bash
# Runs every fuzzer for a while, two at once, on a copy of its corpus; fails on a finding.
#
#   scripts/fuzz.sh [SECONDS]   each this long (60); 600 before a release
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
[[ $seconds =~ ^[1-9][0-9]*$ ]] || { echo "usage: scripts/fuzz.sh [SECONDS]" >&2; exit 2; }
scripts/bootstrap.sh
cmake --preset fuzz >/dev/null
names=(instrument masking wire message sealed scan http config script)
cmake --build --preset fuzz -j "$(($(nproc) < 3 ? $(nproc) : 3))" --target "${names[@]/%/_fuzzer}" 2>&1 |
    scripts/quiet_build.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

run_one() {
    local name=$1
    cp -r "tests/fuzz/corpus/$name" "$work/$name"
    if build/fuzz/bin/"${name}_fuzzer" -max_total_time="$seconds" -print_final_stats=1 -verbosity=0 \
        -artifact_prefix="build/fuzz/$name-" "$work/$name" >"$work/$name.log" 2>&1; then
        awk -v name="$name" '/number_of_executed_units/ { runs = $2 } /average_exec_per_sec/ { rate = $2 }
            END { printf "%-12s %12d runs  %8d a second  no finding\n", name, runs, rate }' "$work/$name.log"
    else
        echo "$name: a finding; the input is build/fuzz/$name-*" >&2
        tail -n 30 "$work/$name.log" >&2
        return 1
    fi
}
export -f run_one
export work seconds
printf '%s\n' "${names[@]}" | xargs -P 2 -I {} bash -c 'set -euo pipefail; run_one {}'
