#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Proves that each rule of the linter finds what it is there to find, and that the tree keeps them (TAP)."""
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
FIXTURES = os.path.join(HERE, "fixtures")
BUILD = os.environ["HEPTAD_BUILD_ROOT"]


def run(*command):
    return subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def fails_on_its_fixture(rule):
    # A copy, since what is below the fixtures folder is not a tree of its own.
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copytree(os.path.join(FIXTURES, rule), os.path.join(folder, "tree"))
        result = run(os.path.join(HERE, "rules.py"), "--rule", rule, copy)
    return result.returncode == 1 and f": {rule}: " in result.stdout, result.stdout


def finds_foreign_symbols():
    with tempfile.TemporaryDirectory() as folder:
        module = os.path.join(folder, "plugin.so")
        run("cc", "-shared", "-fPIC", "-o", module, os.path.join(FIXTURES, "symbols-plugin.c"))
        result = run(os.path.join(HERE, "symbols.py"), "--module", module, "--library",
                     os.path.join(BUILD, "sdk", "libheptad.so"))
    good = "sqlite3_initialize" in result.stdout and "cost_helper" in result.stdout
    return result.returncode == 1 and good, result.stdout


def finds_dependent_header():
    result = run(os.path.join(HERE, "headers.sh"), "tests/lint/fixtures/header-not-alone.h")
    return result.returncode != 0 and "stand alone" in result.stdout, result.stdout


def keeps_symbols():
    result = run(os.path.join(HERE, "symbols.py"), BUILD)
    return result.returncode == 0, result.stdout


def keeps_rule(rule):
    result = run(os.path.join(HERE, "rules.py"), "--rule", rule)
    return result.returncode == 0, result.stdout


def main():
    rules = run(os.path.join(HERE, "rules.py"), "--list").stdout.split()
    tests = [(f"the rule {rule} fails on its fixture", lambda rule=rule: fails_on_its_fixture(rule)) for rule in rules]
    tests += [(f"the tree keeps the rule {rule}", lambda rule=rule: keeps_rule(rule)) for rule in rules]
    tests += [
        ("a module that needs more than the SDK is found", finds_foreign_symbols),
        ("a header that does not stand alone is found", finds_dependent_header),
        ("the build's modules and libraries keep to their symbols", keeps_symbols),
    ]
    print(f"1..{len(tests)}")
    failed = 0
    for number, (name, test) in enumerate(tests, 1):
        good, output = test()
        print(f"{'ok' if good else 'not ok'} {number} - {name}")
        if not good:
            failed += 1
            print("\n".join("# " + line for line in output.splitlines()))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
