#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Holds docs/configuration.md against the settings that heptadd itself lists; --write makes the page anew."""
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
PAGE = os.path.join(HERE, "..", "..", "docs", "configuration.md")
HEAD = """# Configuration

Each setting is a flag, an environment variable and a key of the configuration file, all of one name: `--data-dir`,
`HEPTAD_DATA_DIR`, `data-dir:`. A flag wins over a variable, a variable over the file. The file is
`/etc/heptad/heptad.yaml`, or what `--config` or `HEPTAD_CONFIG` names; [data/heptad.yaml](../data/heptad.yaml) is one with
every key explained. A wrong setting ends the start with the flag, the variable, or the file and line at fault.

This page is made from `heptadd --help` by `tests/docs/configuration.py --write`, and a test compares the two.

| setting | default | meaning |
|---|---|---|
"""
SETTING = re.compile(r"^  --([a-z-]+) ?([^ \n]*)(?:  \(default ([^)]*)\))?\n((?: {8}.*\n)+)", re.M)


def make_page(heptadd):
    text = subprocess.run([heptadd, "--help"], check=True, text=True, stdout=subprocess.PIPE).stdout
    rows = []
    for name, argument, default, meaning in SETTING.findall(text + "\n"):
        if name in ("help", "version"):
            continue
        meaning = " ".join(meaning.split()).replace("|", "\\|")
        shown = f"`{name}: {argument}`".replace("|", "\\|") if argument else f"`{name}`"
        rows.append(f"| {shown} | {'`' + default + '`' if default else ''} | {meaning} |\n")
    return HEAD + "".join(rows)


def main():
    page = make_page(os.path.join(os.environ["HEPTAD_BUILD_ROOT"], "core", "heptadd"))
    if "--write" in sys.argv:
        with open(PAGE, "w", encoding="utf-8") as handle:
            handle.write(page)
        return 0
    with open(PAGE, encoding="utf-8") as handle:
        same = handle.read() == page
    print("1..1")
    print(f"{'ok' if same else 'not ok'} 1 - docs/configuration.md tells the settings that heptadd has")
    if not same:
        print("# make it anew: HEPTAD_BUILD_ROOT=build tests/docs/configuration.py --write")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
