#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Proves from the linker's symbols what the include rules claim.

    symbols.py BUILD          checks the build
    symbols.py --module FILE --library FILE…   checks one module against these libraries

A plugin's module needs nothing that libheptad, GLib and the C library do not give, and exports only its
one entry; heptadd exports nothing; libheptad needs nothing of the host and exports only its own names.
"""
import argparse
import glob
import os
import re
import subprocess
import sys

BASE = ("libglib-2.0", "libgobject-2.0", "libgio-2.0", "libgmodule-2.0", "libc", "libm")
SANITIZER = re.compile(r"^(__asan_|__ubsan_|__sanitizer_|__lsan_|__gcov_|__cyg_profile_)")


def read(file, *options):
    """The dynamic symbols of one file, without their versions."""
    out = subprocess.run(["nm", "-D", "-P", *options, file], check=True, text=True,
                         stdout=subprocess.PIPE).stdout
    return [(fields[0].split("@")[0], fields[1]) for fields in map(str.split, out.splitlines()) if len(fields) > 1]


def exported(file):
    # 'A' are version names, not symbols.
    return {name for name, kind in read(file, "--defined-only") if kind != "A"}


def needed(file):
    # Weak ones may stay absent.
    return {name for name, kind in read(file, "--undefined-only") if kind == "U" and not SANITIZER.match(name)}


def system_libraries(file):
    out = subprocess.run(["ldd", file], check=True, text=True, stdout=subprocess.PIPE).stdout
    found = dict(re.findall(r"(\S+) => (\S+)", out))
    return [path for soname, path in found.items() if soname.split(".so")[0] in BASE]


def check_module(module, offered):
    for name in sorted(needed(module) - offered):
        yield f"{module}: it needs '{name}', which neither libheptad nor GLib gives"
    for name in sorted(exported(module) - {"heptad_plugin_query"}):
        if not name.startswith("_"):
            yield f"{module}: it exports '{name}'; a plugin exports heptad_plugin_query and nothing else"


def check_build(build):
    library = os.path.realpath(glob.glob(os.path.join(build, "sdk", "libheptad.so"))[0])
    base = set().union(*map(exported, system_libraries(library)))
    for name in sorted(needed(library) - base):
        yield f"{library}: libheptad needs '{name}', which is neither GLib's nor the C library's"
    for name in sorted(exported(library)):
        if not name.startswith(("heptad_", "_", "HEPTAD_")):
            yield f"{library}: it exports '{name}', which has not the prefix heptad_"
    for name in sorted(exported(os.path.join(build, "core", "heptadd"))):
        if name.startswith("heptad_"):
            yield f"heptadd exports '{name}'; a plugin could come to need it"
    for module in glob.glob(os.path.join(build, "plugins", "*", "*.so")):
        yield from check_module(module, base | exported(library))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("build", nargs="?")
    parser.add_argument("--module")
    parser.add_argument("--library", nargs="*", default=[])
    options = parser.parse_args()
    if options.module:
        libraries = options.library + [p for lib in options.library for p in system_libraries(lib)]
        faults = list(check_module(options.module, set().union(*map(exported, libraries))))
    else:
        faults = list(check_build(options.build))
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
