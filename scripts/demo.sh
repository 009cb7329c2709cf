#!/usr/bin/env bash
# Shows the whole way of an answer on this machine: terminal, outbox, endpoint, report.
#
#   scripts/demo.sh           a window when there is a display, otherwise a scripted run
#   scripts/demo.sh --keep    leaves central running at the end
#
# KAIKU_DEMO_HEADLESS=1 chooses the scripted run although there is a display.
set -euo pipefail
cd "$(dirname "$0")/.."

keep=0
case "${1:-}" in
    "") ;;
    --keep) keep=1 ;;
    *) echo "usage: scripts/demo.sh [--keep]" >&2; exit 2 ;;
esac

scripts/bootstrap.sh

bin=$PWD/build/release/bin
if ! { cmake --preset release && cmake --build --preset release \
        -j $(($(nproc) < 3 ? $(nproc) : 3)) --target kaiku-kiosk kaiku-central; } \
    > >(scripts/quiet_build.sh) 2>&1; then
    echo "demo: the build failed" >&2
    exit 1
fi

folder=$(mktemp -d "${TMPDIR:-/tmp}/kaiku-demo-XXXXXX")
store=sqlite:$folder/central.db
log=$folder/central.log
central_pid=""
kiosk_pid=""

stop() {
    local code=$?
    trap - EXIT INT TERM
    if [[ -n $kiosk_pid ]]; then
        kill -TERM "$kiosk_pid" 2>/dev/null || true
        wait "$kiosk_pid" 2>/dev/null || true
    fi
    if [[ -n $central_pid ]] && { ((!keep)) || ((code)); }; then
        kill -TERM "$central_pid" 2>/dev/null || true
        wait "$central_pid" 2>/dev/null || true
    fi
    ((code == 0)) || echo "demo: ended early (exit $code); what there is lies in $folder" >&2
    exit "$code"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
url=http://127.0.0.1:$port
start_central() {
    local detach=()
    ((keep)) && detach=(setsid)
    "${detach[@]}" "$bin/kaiku-central" serve --listen "127.0.0.1:$port" --store "$store" \
        >"$log" 2>&1 </dev/null &
    central_pid=$!
    for _ in $(seq 100); do
        if ! kill -0 "$central_pid" 2>/dev/null; then
            echo "demo: central did not start:" >&2
            cat "$log" >&2
            exit 1
        fi
        if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            return
        fi
        sleep 0.05
    done
    echo "demo: central does not answer on $url; see $log" >&2
    exit 1
}

"$bin/kaiku-central" unit add --store "$store" --code DEMO \
    --name-fi "Keskustan terveysasema" --name-sv "Centrums hälsostation" >/dev/null
start_central
# The code can be used once, so it may stand on a command line.
code=$("$bin/kaiku-central" enroll --store "$store" --unit DEMO)
"$bin/kaiku-kiosk" --enroll "$code" --central "$url" --data-dir "$folder/device"

kiosk=("$bin/kaiku-kiosk" --data-dir "$folder/device" --window 1280x800 --instrument national-adult)
# In the background, so that a signal to this script ends the terminal too. Returns its exit code.
play() {
    "${kiosk[@]}" "$@" 2>"$folder/kiosk.log" &
    kiosk_pid=$!
    local code=0
    wait "$kiosk_pid" || code=$?
    kiosk_pid=""
    return "$code"
}

shown=0
if [[ -n ${DISPLAY:-}${WAYLAND_DISPLAY:-} && -z ${KAIKU_DEMO_HEADLESS:-} ]]; then
    echo
    echo "The terminal opens in a window. Answer a few times, then close the window."
    if play; then
        shown=1
        "$bin/kaiku-kiosk" --sync --data-dir "$folder/device"
    elif ! grep -q "no display" "$folder/kiosk.log"; then
        cat "$folder/kiosk.log" >&2
        exit 1
    fi
fi
if ((!shown)); then
    echo
    echo "No display: three respondents tap and type by script, in Finnish, Swedish and English."
    play --headless --script scripts/demo.jsonl --screenshots "$folder/screenshots" ||
        { cat "$folder/kiosk.log" >&2; exit 1; }
    echo "All three answers were thanked for, sent and acknowledged."
fi

echo
# A demo has few answers; a county's report holds back groups this small.
today=$(TZ=Europe/Helsinki date +%F)
yesterday=$(TZ=Europe/Helsinki date -d yesterday +%F)
"$bin/kaiku-central" report --store "$store" --from "$yesterday" --to "$today" \
    --by language --min-n 1 --format text

echo
echo "Everything of this run lies in $folder:"
[[ -d $folder/screenshots ]] && echo "  screenshots         $folder/screenshots/"
echo "  central's database  $folder/central.db"
echo "  device's outbox     $folder/device/outbox.db"
echo "  logs                $log, $folder/kiosk.log"
if ((keep)); then
    echo "Central keeps running at $url; stop it with: kill $central_pid"
    echo "Open the terminal again with:"
    echo "  ${kiosk[*]}"
fi
