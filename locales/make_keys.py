#!/usr/bin/env python3
"""Writes keys.hpp from en.po: every msgid "screen.word" becomes locales::Key::screen_word.

Usage: make_keys.py en.po keys.hpp
"""
import re
import sys


def msgids(path):
    """Message ids of a .po file in the order of the file, the empty header id left out."""
    with open(path, encoding="utf-8") as source:
        found = re.findall(r'^msgid "([^"]+)"', source.read(), re.MULTILINE)
    for name in found:
        if not re.fullmatch(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+", name):
            sys.exit(f'{path}: msgid "{name}": write keys as area.word, lower case')
    if len(found) != len(set(found)):
        twice = sorted({name for name in found if found.count(name) > 1})
        sys.exit(f"{path}: defined twice: {', '.join(twice)}")
    return found


def main():
    source, target = sys.argv[1:]
    names = msgids(source)
    enumerators = "\n".join(f"    {name.replace('.', '_')}," for name in names)
    listed = "\n".join(f"    Key::{name.replace('.', '_')}," for name in names)
    texts = "\n".join(f'    "{name}",' for name in names)
    with open(target, "w", encoding="utf-8") as out:
        out.write(f"""#pragma once
// Made from locales/en.po by locales/make_keys.py.
#include <array>
#include <cstdint>
#include <string_view>

namespace kaiku::locales {{

/// A sentence of the programs.
enum class Key : std::uint16_t {{
{enumerators}
}};

inline constexpr std::array<Key, {len(names)}> kAllKeys{{
{listed}
}};

inline constexpr std::array<std::string_view, {len(names)}> kKeyNames{{
{texts}
}};

/// The msgid of a key, for example "thanks.title".
constexpr std::string_view key_name(Key key) noexcept {{
    return kKeyNames[static_cast<std::size_t>(key)];
}}

}}  // namespace kaiku::locales
""")


main()
