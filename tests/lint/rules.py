#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The rules of docs/style.md that a machine can see, over the sources of a tree.

    rules.py [TREE]            checks every rule
    rules.py --rule NAME TREE  checks one

Prints `FILE:LINE: RULE: what is wrong and what to do` for each fault; exits 1 when there was one.
"""
import argparse
import os
import re
import subprocess
import sys

MAX_FUNCTION_LINES = 60
MAX_FILE_LINES = 500
LICENCE = "SPDX-License-Identifier: LGPL-2.1-or-later"

# Which folders of core/ each one may include: arrows point one way. The host joins all of them.
CORE_ARROWS = {
    "telemetry": set(),
    "store": {"telemetry"},
    "events": {"store", "telemetry"},
    "jobs": {"store", "events", "telemetry"},
    "identity": {"store", "telemetry"},
    "operations": {"identity", "store", "telemetry"},
    "doors": {"operations", "identity", "events", "jobs", "telemetry"},
    "plugins": {"operations", "identity", "events", "jobs", "store", "telemetry"},
    # A client: it knows the host by its API.
    "ctl": set(),
    "host": {"operations", "identity", "events", "jobs", "store", "telemetry", "plugins", "doors"},
}

INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]')
STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"')


class Tree:
    """The committed sources of a tree, or all of its files where it is no repository of its own."""

    def __init__(self, root):
        self.root = os.path.abspath(root)
        self.files = [f for f in self._list() if os.path.isfile(os.path.join(self.root, f))]
        self._lines = {}

    def _list(self):
        if os.path.exists(os.path.join(self.root, ".git")):
            out = subprocess.run(["git", "-C", self.root, "ls-files"], check=True, text=True,
                                 stdout=subprocess.PIPE).stdout
            return [f for f in out.splitlines() if not f.startswith("tests/lint/fixtures/")]
        return [os.path.relpath(os.path.join(folder, name), self.root)
                for folder, _, names in os.walk(self.root) for name in names]

    def named(self, *endings):
        return [f for f in self.files if f.endswith(endings)]

    def exists(self, path):
        return os.path.exists(os.path.join(self.root, path))

    def lines(self, file):
        if file not in self._lines:
            with open(os.path.join(self.root, file), encoding="utf-8", errors="replace") as handle:
                self._lines[file] = handle.read().splitlines()
        return self._lines[file]

    def code(self, file):
        """The lines with comments blanked, so that a rule does not stumble over prose."""
        text = "\n".join(self.lines(file))
        text = re.sub(r"/\*.*?\*/|//[^\n]*(?=\n)",
                      lambda m: re.sub(r"[^\n]", " ", m.group(0)) if m.group(0)[1] == "*" else m.group(0),
                      text, flags=re.S)
        return text.split("\n")

    def plugin_ids(self):
        return sorted({f.split("/")[1] for f in self.files if f.startswith("plugins/") and f.count("/") > 1})


def check_licence(tree):
    """Every source says its licence in its first two lines."""
    names = tree.named(".c", ".h", ".py", ".js", ".css", "meson.build", ".sh", "/run", "dev")
    for file in names:
        if "corpus/" in file:
            continue
        if not any(LICENCE in line for line in tree.lines(file)[:3]):
            yield file, 1, f"begin it with '{LICENCE}'"


def check_goto(tree):
    """No goto: cleanup is by g_autoptr."""
    for file in tree.named(".c", ".h"):
        for number, line in enumerate(tree.code(file), 1):
            if re.search(r"\bgoto\s+\w+\s*;", STRING.sub('""', line)):
                yield file, number, "no goto; let g_autoptr clean up, or make a function of the part"


def check_function_length(tree):
    """A function fits a screen."""
    for file in tree.named(".c"):
        start = None
        for number, line in enumerate(tree.lines(file), 1):
            if line == "{":
                start = number
            elif line == "}" and start is not None:
                if number - start - 1 > MAX_FUNCTION_LINES:
                    yield file, start, (f"a function of {number - start - 1} lines; split it, "
                                        f"{MAX_FUNCTION_LINES} are the most")
                start = None


def check_file_length(tree):
    """A file holds one concept."""
    for file in tree.named(".c", ".h", ".py", ".js"):
        if len(tree.lines(file)) > MAX_FILE_LINES:
            yield file, MAX_FILE_LINES, (f"{len(tree.lines(file))} lines; split it by concept, "
                                         f"{MAX_FILE_LINES} are the most")


def includes(tree, file):
    for number, line in enumerate(tree.lines(file), 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match.group(1) == "<", match.group(2)


def check_plugin_includes(tree):
    """A plugin sees the SDK and its own files, nothing else of this tree."""
    for file in tree.named(".c", ".h"):
        if not file.startswith(("plugins/", "sdk/samples/")):
            continue
        parts = file.split("/")
        bundle = "/".join(parts[:3] if parts[0] == "sdk" else parts[:2])
        for number, is_system, name in includes(tree, file):
            own = os.path.normpath(os.path.join(os.path.dirname(file), name))
            if is_system and name.startswith(("core/", "sdk/", "backend/", "plugins/")):
                yield file, number, f"<{name}> is not of the SDK; include <heptad.h>"
            elif not is_system and not (own.startswith(bundle + "/") and tree.exists(own)):
                yield file, number, f'"{name}" is outside the bundle; a plugin includes <heptad.h> and its own files'


def check_sdk_includes(tree):
    """libheptad knows nothing of the host, and its public headers nothing of its private ones."""
    for file in tree.named(".c", ".h"):
        if not file.startswith("sdk/") or file.startswith("sdk/samples/"):
            continue
        public = file.endswith(".h") and re.match(r"sdk/(draft/)?heptad(-[a-z-]+)?\.h$", file)
        for number, is_system, name in includes(tree, file):
            if name.startswith(("core/", "plugins/")) or "/core/" in name:
                yield file, number, f"'{name}': the SDK includes nothing of the host"
            elif public and not file.endswith("-private.h") and ("backend/" in name or name.endswith("-private.h")):
                yield file, number, f"'{name}' is not installed; a public header cannot include it"


def check_core_arrows(tree):
    """The folders of core/ include each other one way only."""
    for file in tree.named(".c", ".h"):
        parts = file.split("/")
        # Tests may stand on more than what they test.
        if parts[0] != "core" or len(parts) < 3 or re.search(r"-(test|testing|fixture)\.[ch]$", file):
            continue
        allowed = CORE_ARROWS.get(parts[1])
        if allowed is None:
            yield file, 1, f"core/{parts[1]} is not in the table of arrows in tests/lint/rules.py; say what it may include"
            continue
        for number, _, name in includes(tree, file):
            target = name.split("/")
            if target[0] == "plugins":
                yield file, number, "nothing in core includes a plugin"
            elif target[0] == "core" and target[1] != parts[1] and target[1] not in allowed:
                yield file, number, f"core/{parts[1]} may not include core/{target[1]}; see docs/architecture.md"


def check_core_names_no_plugin(tree):
    """Adding a plugin touches no central list."""
    ids = tree.plugin_ids()
    if not ids:
        return
    pattern = re.compile(r"^/?(?:api/v1/|plugins/)?(%s)(?:$|[:./])" % "|".join(map(re.escape, ids)))
    for file in tree.named(".c", ".h", "meson.build"):
        if not file.startswith("core/") or re.search(r"-(test|testing|fixture)\.[ch]$", file):
            continue
        for number, line in enumerate(tree.code(file), 1):
            for text in re.findall(r"[\"']([^\"']*)[\"']", line):
                match = pattern.match(text)
                # A sentence may give an example; a page of the host's own is called like a plugin to be.
                if match and " " not in text and text not in ("/docs", "docs"):
                    yield file, number, (f"'{text}' names the plugin {match.group(1)}; core knows plugins "
                                         "by their manifests only")


def check_machine_paths(tree):
    """Nothing committed depends on where somebody keeps his files."""
    pattern = re.compile(r"(?<![\w.:/$}-])/(?:home|root|work|Users)/[A-Za-z0-9_.-]+")
    for file in tree.files:
        if "corpus/" in file or not re.search(r"\.(c|h|py|js|md|yaml|json|build|sh|in|service|socket)$|/run$|^dev$", file):
            continue
        for number, line in enumerate(tree.lines(file), 1):
            match = pattern.search(line)
            if match:
                yield file, number, f"'{match.group(0)}' is a path of one machine"


def check_headers(tree):
    """Headers stand once, by pragma."""
    for file in tree.named(".h"):
        if "#pragma once" not in tree.lines(file)[:6]:
            yield file, 1, "a header begins with #pragma once"


def check_names(tree):
    """Files are kebab-case; what the SDK and plugins export carries their prefix."""
    for file in tree.named(".c", ".h"):
        if not re.match(r"^[a-z0-9][a-z0-9-]*\.[ch]$", os.path.basename(file)):
            yield file, 1, "write file names in lower case with hyphens"
        # Inside the host, which is one program, a concept's own name is enough.
        prefix = ("heptad" if file.startswith("sdk/") and "/samples/" not in file
                  else file.split("/")[1] if file.startswith("plugins/") else None)
        if prefix is None or not file.endswith(".h"):
            continue
        code = "\n".join(tree.code(file))
        for match in re.finditer(r"^(?!static|typedef|#|extern|struct|enum|union)[A-Za-z_][\w \*]*?[ \*\n]([a-z]\w*) \(", code, re.M):
            name = match.group(1)
            if not name.startswith((prefix.replace("-", "_") + "_", "g_", "_")):
                yield file, code.count("\n", 0, match.start(1)) + 1, f"'{name}' has no prefix; name it {prefix}_…"


def check_test_names(tree):
    """A test's path reads as behaviour."""
    pattern = re.compile(r'g_test_add(?:_func|_data_func)? \("([^"]*)"')
    for file in tree.named("-test.c"):
        for number, line in enumerate(tree.lines(file), 1):
            match = pattern.search(line)
            if match and not re.match(r"^(/[a-z0-9][a-z0-9.-]*)+/?$", match.group(1)):
                yield file, number, f"'{match.group(1)}': write lower case and hyphens, as /store/a-failed-migration-leaves-the-old-schema"


RULES = {name[len("check_"):].replace("_", "-"): function
         for name, function in sorted(globals().items()) if name.startswith("check_")}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rule", choices=sorted(RULES), help="check only this one")
    parser.add_argument("--list", action="store_true", help="print the names of the rules")
    parser.add_argument("tree", nargs="?", default=os.path.join(os.path.dirname(__file__), "..", ".."))
    options = parser.parse_args()
    if options.list:
        print("\n".join(RULES))
        return 0
    tree = Tree(options.tree)
    faults = 0
    for name, check in RULES.items():
        if options.rule not in (None, name):
            continue
        found = 0
        for file, number, detail in check(tree):
            print(f"{file}:{number}: {name}: {detail}")
            found += 1
        if options.rule is None:
            print(f"{'ok' if found == 0 else 'not ok'} rule {name}: {check.__doc__.splitlines()[0]}")
        faults += found
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
