#!/bin/sh
# Draws the golden pictures anew. Look at every changed one before you commit it.
# Usage: tests/ui/update_golden.sh [BUILD_DIR]
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
build=${1:-$here/build/dev}
cmake --build "$build" --target ui_golden_test
rm -rf "$here/tests/ui/golden"
KAIKU_UPDATE_GOLDEN=1 "$build/bin/ui_golden_test"
git -C "$here" status --short tests/ui/golden
