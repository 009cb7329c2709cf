#!/usr/bin/env bash
# Installs the Debian packages that Kaiku is built and tested with. Quick when nothing is missing.
#
#   scripts/bootstrap.sh          build and test
#   scripts/bootstrap.sh bench    also the peer that scripts/bench.sh measures against
set -euo pipefail

build=(
    g++ cmake ninja-build ccache pkg-config python3 gettext
    libimgui-dev libstb-dev libfreetype-dev libsdl2-dev
    libsdl2-mixer-dev espeak-ng vorbis-tools
    libsqlitecpp-dev libsqlite3-dev libsodium-dev libqrencode-dev libzbar-dev libcurl4-openssl-dev libssl-dev
    libboost1.81-dev libboost-locale1.81-dev
    nlohmann-json3-dev libtomlplusplus-dev libcli11-dev libspdlog-dev libfmt-dev
    libexpected-dev prometheus-cpp-dev libpq-dev libx11-dev libxdamage-dev
    fonts-inter fonts-dejavu-core tzdata
)
test=(catch2 clang clang-format clang-tidy libvalijson-dev openssl python3-jsonschema python3-yaml postgresql systemd xvfb zbar-tools)
# Browser tests; a Node.js that is there already is as good.
command -v chromium >/dev/null || test+=(chromium)
command -v node >/dev/null || test+=(nodejs)
command -v npm >/dev/null || test+=(npm)
bench=(chromium)

case "${1:-}" in
    "") wanted=("${build[@]}" "${test[@]}") ;;
    bench) wanted=("${build[@]}" "${test[@]}" "${bench[@]}") ;;
    *) echo "usage: scripts/bootstrap.sh [bench]" >&2; exit 2 ;;
esac

# ImGui's SDL_Renderer backend is shipped as source among the examples.
imgui_source=/usr/share/doc/libimgui-dev/examples/backends/imgui_impl_sdlrenderer.cpp

missing_packages() {
    dpkg-query -W -f='${Package} ${db:Status-Status}\n' "${wanted[@]}" 2>/dev/null |
        awk '$2 == "installed" { print $1 }' | sort -u |
        comm -13 - <(printf '%s\n' "${wanted[@]}" | sort -u)
}

mapfile -t missing < <(missing_packages)
if ((${#missing[@]} == 0)) && [[ -f $imgui_source ]]; then
    exit 0
fi

as_root=()
if ((EUID != 0)); then
    if ! command -v sudo >/dev/null; then
        echo "bootstrap: these packages are missing: ${missing[*]:-libimgui-dev (its examples)}" >&2
        echo "bootstrap: run this script as root, or install sudo" >&2
        exit 1
    fi
    as_root=(sudo)
fi
apt_get() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 \
        -o Acquire::Retries=3 "$@"
}
install_packages() { apt_get install -y --no-install-recommends "$@" >/dev/null; }

if ((${#missing[@]})); then
    echo "bootstrap: installing ${missing[*]}"
    # The package lists may be empty or too old: refresh them only if the first try fails.
    if ! install_packages "${missing[@]}" 2>/dev/null; then
        apt_get update
        install_packages "${missing[@]}"
    fi
fi
if [[ ! -f $imgui_source ]]; then
    # Slim images tell dpkg to leave out /usr/share/doc.
    echo "bootstrap: fetching ImGui's SDL_Renderer backend, which this image leaves out"
    reinstall=(-o "Dpkg::Options::=--path-include=/usr/share/doc/libimgui-dev/*" --reinstall)
    install_packages "${reinstall[@]}" libimgui-dev 2>/dev/null ||
        { apt_get update && install_packages "${reinstall[@]}" libimgui-dev; }
    if [[ ! -f $imgui_source ]]; then
        echo "bootstrap: libimgui-dev came without $imgui_source" >&2
        exit 1
    fi
fi
