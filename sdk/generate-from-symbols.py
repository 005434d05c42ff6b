#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes what follows from symbols.txt: generate-from-symbols.py header|map|sizes SYMBOLS OUTPUT"""
import re
import sys

HEAD = '/* SPDX-License-Identifier: LGPL-2.1-or-later */\n/* Made from symbols.txt. */\n'
COLUMNS = {'function': 3, 'struct': 4, 'draft': 2, 'private': 2}


def fail(path, number, reason):
    sys.exit(f'{path}:{number}: {reason}')


def read(path):
    """The table as lists of words, each line checked."""
    rows, seen = [], set()
    with open(path, encoding='utf-8') as lines:
        for number, line in enumerate(lines, 1):
            words = line.split('#')[0].split()
            if not words:
                continue
            if COLUMNS.get(words[0]) != len(words):
                fail(path, number, f'a line is one of {", ".join(COLUMNS)}, each with its columns')
            if words[1] in seen:
                fail(path, number, f'{words[1]} is listed twice')
            if len(words) > 2 and not re.fullmatch(r'\d+\.\d+', words[2]):
                fail(path, number, f"'{words[2]}' is no version such as 1.0")
            seen.add(words[1])
            rows.append(words)
    return rows


def versions_of(rows):
    since = {row[2] for row in rows if row[0] in ('function', 'struct')}
    return sorted(since, key=lambda version: [int(part) for part in version.split('.')])


def make_header(rows):
    versions = versions_of(rows)
    text = [HEAD, '#pragma once\n', '#include <glib.h>\n']
    for version in versions:
        major, minor = version.split('.')
        text.append(f'#define HEPTAD_VERSION_{major}_{minor} (G_ENCODE_VERSION ({major}, {minor}))')
    newest = versions[-1].replace('.', '_')
    text.append(f'''
/**
 * HEPTAD_VERSION_MAX_ALLOWED:
 *
 * Define to the newest SDK that a plugin may use; what is newer then warns when it is compiled.
 */
#ifndef HEPTAD_VERSION_MAX_ALLOWED
#define HEPTAD_VERSION_MAX_ALLOWED HEPTAD_VERSION_{newest}
#endif
''')
    for version in versions:
        major, minor = version.split('.')
        name = f'{major}_{minor}'
        text.append(f'''#if HEPTAD_VERSION_MAX_ALLOWED < HEPTAD_VERSION_{name}
#define HEPTAD_AVAILABLE_IN_{name} G_UNAVAILABLE ({major}, {minor}) HEPTAD_API
#else
#define HEPTAD_AVAILABLE_IN_{name} HEPTAD_API
#endif
''')
    return '\n'.join(text)


def make_node(name, symbols, parent=None, hide=False):
    lines = [f'  {symbol};' for symbol in sorted(symbols)]
    local = ['local:', '  *;'] if hide else []
    return '\n'.join([f'{name}', '{', 'global:', *lines, *local, f'}}{" " + parent if parent else ""};', ''])


def make_map(rows):
    text, parent = [HEAD], None
    for version in versions_of(rows):
        symbols = [row[1] for row in rows if row[0] == 'function' and row[2] == version]
        if symbols:
            text.append(make_node(f'HEPTAD_{version}', symbols, parent, hide=parent is None))
            parent = f'HEPTAD_{version}'
    for kind in ('draft', 'private'):
        symbols = [row[1] for row in rows if row[0] == kind]
        if symbols:
            text.append(make_node(f'HEPTAD_{kind.upper()}', symbols))
    return '\n'.join(text)


def make_sizes(rows):
    text = [HEAD, '#include "heptad.h"\n']
    for row in rows:
        if row[0] == 'struct':
            text.append(f'G_STATIC_ASSERT (GLIB_SIZEOF_VOID_P != 8 || sizeof ({row[1]}) == {row[3]});')
    return '\n'.join(text) + '\n'


MAKERS = {'header': make_header, 'map': make_map, 'sizes': make_sizes}

if __name__ == '__main__':
    if len(sys.argv) != 4 or sys.argv[1] not in MAKERS:
        sys.exit(__doc__)
    made = MAKERS[sys.argv[1]](read(sys.argv[2]))
    with open(sys.argv[3], 'w', encoding='utf-8') as output:
        output.write(made)
