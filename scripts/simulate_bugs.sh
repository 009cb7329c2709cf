#!/usr/bin/env bash
# Shows that the simulator finds what it is there for: plants each bug of tests/sim/bugs in a copy of
# the tree, builds the simulator there, and fails unless some seed of the first 1,000 breaks a promise.
#   scripts/simulate_bugs.sh            all of them
#   scripts/simulate_bugs.sh id_made    only those whose name contains this
#   scripts/simulate_bugs.sh --apply    builds nothing: whether they can still be planted
set -euo pipefail
cd "$(dirname "$0")/.."
if [[ ${1:-} == --apply ]]; then
    for patch in tests/sim/bugs/*.patch; do patch -p1 --dry-run --quiet <"$patch"; done
    exit 0
fi
seeds=1000
copy=$(mktemp -d "${TMPDIR:-/tmp}/kaiku-bugs.XXXXXX")
trap 'rm -rf "$copy"' EXIT
git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$copy"

build() {
    CCACHE_BASEDIR=$copy cmake --build "$copy/build" --parallel 2 --target kaiku-simulator >"$copy/log" 2>&1 ||
        { tail -30 "$copy/log" >&2; exit 1; }
}
run() { "$copy/build/bin/kaiku-simulator" --workers 1 --seeds "$seeds" --until-broken; }

CCACHE_BASEDIR=$copy cmake --preset release -S "$copy" -B "$copy/build" >/dev/null
build
seeds=50 run >"$copy/out" 2>/dev/null || { echo "without a bug: a promise is broken" >&2; exit 1; }
echo "without a bug: 50 seeds, no promise broken"

failed=0
for patch in tests/sim/bugs/*"${1:-}"*.patch; do
    name=$(basename "$patch" .patch)
    patch -d "$copy" -p1 --quiet <"$patch"
    build
    if run >"$copy/out" 2>"$copy/trace"; then
        echo "$name: NOT FOUND in $seeds seeds"
        failed=1
    else
        seed=$(sed -n 's/^promises broken in .* first in seed //p' "$copy/out")
        promise=$(sed -n "s/^seed $seed breaks promise //p" "$copy/trace" | sort | uniq | paste -sd';')
        echo "$name: found in seed ${seed:?the simulator ended without a verdict}; promise $promise"
    fi
    patch -d "$copy" -p1 --quiet --reverse <"$patch"
done
exit $failed
