#!/bin/sh
# Draws the golden pictures anew. Look at every changed one before you commit it.
# They are kept with a palette of 256 colours, a third of the size: needs ImageMagick.
# Usage: tests/ui/update_golden.sh [BUILD_DIR]
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
build=${1:-$here/build/dev}
command -v mogrify >/dev/null || { echo "update_golden: install imagemagick" >&2; exit 1; }
cmake --build "$build" --target ui_golden_test
rm -rf "$here/tests/ui/golden"
KAIKU_UPDATE_GOLDEN=1 "$build/bin/ui_golden_test"
find "$here/tests/ui/golden" -name '*.png' -exec mogrify +dither -colors 256 -strip \
    -define png:exclude-chunks=date,time -define png:compression-level=9 -type Palette {} +
git -C "$here" status --short tests/ui/golden
