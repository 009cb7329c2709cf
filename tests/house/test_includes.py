#!/usr/bin/env python3
"""Who may include whom (docs/ARCHITECTURE.md). A room not in the tables may include nothing."""
import re
import unittest

import sources

# Room -> our rooms it may include besides itself. "sync/protocol" is what both sides share.
CENTRAL_SHARED = {"survey", "locales", "sync/protocol"}
ARROWS = {
    "survey": set(),
    "locales": {"survey"},
    "sync": {"survey", "locales", "sync/protocol"},
    "sync/protocol": {"survey", "sync"},
    "kiosk/flow": {"survey"},
    "kiosk/ui": {"survey", "locales", "kiosk/flow"},
    "kiosk/speech": {"survey", "locales", "kiosk/flow"},
    "kiosk/platform": {"survey", "locales", "kiosk/flow", "kiosk/ui", "kiosk/speech"},
    "kiosk/main": {"survey", "locales", "sync", "sync/protocol", "kiosk/flow", "kiosk/ui",
                   "kiosk/speech", "kiosk/platform"},
    "central/sql": CENTRAL_SHARED,
    "central/store": CENTRAL_SHARED | {"central/sql"},
    "central/results": CENTRAL_SHARED | {"central/store"},
    "central/ops": CENTRAL_SHARED | {"central/sql", "central/store"},
    "central/fleet": CENTRAL_SHARED | {"central/sql", "central/store"},
    "central/people": CENTRAL_SHARED | {"central/sql", "central/store"},
    "central/service": CENTRAL_SHARED | {"central/store", "central/results", "central/ops", "central/fleet"},
    "central/http": CENTRAL_SHARED | {"central/service"},
    "central/keys": CENTRAL_SHARED,
    "central/web": CENTRAL_SHARED | {"central/service"},
    "central/main": CENTRAL_SHARED | {"central/sql", "central/store", "central/results", "central/service",
                                      "central/ops", "central/fleet", "central/people", "central/http", "central/keys", "central/web"},
}
# Foreign header -> rooms that may see it.
CENTRAL = {room for room in ARROWS if room.startswith("central/")}
FOREIGN = [
    (r"tl/expected\.hpp", {"survey"}),
    (r"nlohmann/", {"survey", "sync", "sync/protocol", "kiosk/ui", "kiosk/main"} | (CENTRAL - {"central/http"})),
    (r"SDL", {"kiosk/platform"}),
    (r"imgui|stb_", {"kiosk/ui", "kiosk/platform"}),
    (r"qrencode\.h", {"kiosk/ui"}),
    (r"zbar\.h", {"kiosk/platform"}),
    (r"ft2build\.h|freetype/", {"kiosk/platform"}),
    (r"backends/imgui", {"kiosk/platform"}),
    (r"sqlite3\.h|SQLiteCpp/", {"sync", "central/sql"}),
    (r"libpq-fe\.h", {"central/sql"}),
    (r"curl/", {"sync", "central/fleet"}),
    (r"boost/(beast|asio)", {"central/http", "central/main"}),
    (r"boost/locale", {"locales"}),
    (r"openssl/", CENTRAL),
    (r"sodium", {"sync", "sync/protocol", "kiosk/main"} | CENTRAL),
    (r"prometheus/", {"central/service", "central/http"}),
    (r"toml\+\+/", {"sync/protocol"}),
    (r"CLI/", {"kiosk/main", "central/main"}),
    (r"fmt/", {"kiosk/main", "kiosk/platform", "kiosk/ui", "sync"} | CENTRAL),
    (r"spdlog/", {"kiosk/main", "kiosk/platform", "sync"} | CENTRAL),
    # The operating system: not for the pure rooms, nor for screens.
    (r"(sys|linux|arpa|netinet)/|(unistd|fcntl|signal|poll|pthread|dirent|dlfcn|pwd|time|errno|malloc|"
     r"spawn|string|termios)\.h",
     {"sync", "sync/protocol", "kiosk/platform", "kiosk/main"} | CENTRAL),
]
# What pure rooms may not reach for, though it is standard.
IMPURE = re.compile(r"(fstream|iostream|cstdio|filesystem|thread|mutex|shared_mutex|atomic|future|"
                    r"condition_variable|random|ctime)")
PURE_ROOMS = {"survey", "kiosk/flow"}
CODECS = {"survey": {"wire.cpp", "instrument_loader.cpp", "json_source.cpp", "json_source.hpp"},
          "kiosk/ui": {"dump.cpp"}}
# assertion_failed writes its last words before it aborts; dates are formatted with snprintf.
IMPURE_ALLOWED = {("survey/result.cpp", "cstdio"), ("survey/response.cpp", "cstdio")}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def room_of(path):
    """The room of one of our files; None for a file outside every room (tests, bench)."""
    if re.match(r"sync/(protocol|clock_reading|device_config|enrolment_message|envelope|headers|heartbeat|keyring|ledger|local_day|opener|sealing|signing|base32|checked_toml|in_parallel)\.[ch]pp$", path):
        return "sync/protocol"
    parts = path.split("/")
    if parts[0] in ("kiosk", "central"):
        return "/".join(parts[:2]) if len(parts) > 2 else None
    return parts[0] if parts[0] in ARROWS else None


def wrong_own(room, header):
    target = room_of(header)
    if header.startswith("locales/keys.hpp"):
        target = "locales"
    if target is None or target == room or target in ARROWS[room]:
        return None
    return f"{room} may not include {target}"


def wrong_foreign(path, room, header):
    for pattern, rooms in FOREIGN:
        if re.match(pattern, header):
            if room not in rooms:
                return f"{header} is not for {room}"
            if header.startswith("nlohmann/") and path.name not in CODECS.get(room, {path.name}):
                return f"{header} is only for the codecs of {room}"
            return None
    if "/" in header or header.endswith((".h", ".hpp")):
        return f"{header} is in no row of the table of foreign headers"
    if room in PURE_ROOMS and IMPURE.fullmatch(header):
        if (path.as_posix(), header) not in IMPURE_ALLOWED:
            return f"{header}: {room} has no I/O, no clock, no thread"
    return None


def findings(root):
    """One line for every include that breaks an arrow."""
    result = []
    for path in sources.files(root, (".hpp", ".cpp"), ("survey", "locales", "sync", "kiosk",
                                                       "central")):
        room = room_of(path.as_posix())
        if room not in ARROWS:
            result.append(f"{path}: lies in no known room")
            continue
        for quote, header in INCLUDE.findall((root / path).read_text(encoding="utf-8")):
            own = quote == '"' and header.split("/")[0] in sources.CODE_ROOMS
            wrong = wrong_own(room, header) if own else wrong_foreign(path, room, header)
            if own and header.startswith(("tests/", "bench/")):
                wrong = f"{room} may not include {header}"
            if wrong:
                result.append(f"{path}: {wrong}")
    return result


class Includes(unittest.TestCase):
    maxDiff = None

    def test_every_include_follows_the_arrows(self):
        self.assertEqual(findings(sources.ROOT), [])

    def test_a_planted_violation_is_found(self):
        for name, line in {
            "survey/a.cpp": '#include "sync/outbox.hpp"',
            "survey/b.cpp": "#include <fstream>",
            "survey/statistics.cpp": "#include <nlohmann/json.hpp>",
            "kiosk/flow/a.cpp": '#include "locales/catalogue.hpp"',
            "kiosk/flow/b.cpp": "#include <nlohmann/json.hpp>",
            "kiosk/ui/a.cpp": "#include <SDL2/SDL.h>",
            "kiosk/ui/b.cpp": '#include "sync/outbox.hpp"',
            "kiosk/ui/c.cpp": "#  include <sqlite3.h>",
            "kiosk/main/a.cpp": "#include <curl/curl.h>",
            "central/store/a.cpp": '#include "central/http/server.hpp"',
            "central/service/a.cpp": "#include <boost/beast/core.hpp>",
            "central/results/a.cpp": '#include "sync/sqlite_outbox.hpp"',
            "sync/a.cpp": '#include "kiosk/flow/flow.hpp"',
            "sync/b.cpp": "#include <unheard/of.hpp>",
            "survey/c.cpp": '#include "tests/support/catch.hpp"',
            "central/web/a.cpp": '#include "central/store/store.hpp"',
            "kiosk/somewhere/a.cpp": "",
        }.items():
            with self.subTest(name), sources.planted({name: line + "\n"}) as root:
                self.assertEqual(len(findings(root)), 1, findings(root))

    def test_what_is_allowed_is_not_found(self):
        allowed = {
            "survey/wire.cpp": "#include <nlohmann/json.hpp>\n#include <map>\n",
            "kiosk/main/a.cpp": '#include "sync/outbox.hpp"\n#include "kiosk/ui/screens.hpp"\n',
            "kiosk/platform/a.cpp": "#include <SDL2/SDL.h>\n#include <imgui.h>\n",
            "central/service/a.cpp": '#include "sync/protocol.hpp"\n',
        }
        with sources.planted(allowed) as root:
            self.assertEqual(findings(root), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
