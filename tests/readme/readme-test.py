#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs the commands of README.md, in order, against the real host (TAP).

Each `sh` block is one test: all its commands must succeed, and each line of a `text` block after it must
stand in what they print. `./dev run` is started beside the rest, at a free port and with its data in a
folder of its own; the addresses and paths of the page are turned into those.
"""
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

SOURCE = os.environ["HEPTAD_SOURCE_ROOT"]
BUILD = os.environ["HEPTAD_BUILD_ROOT"]
PAGE_ADDRESS = "http://127.0.0.1:8080"
START_SECONDS = 60
BLOCK = re.compile(r"^```sh\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.M | re.S)


def read_blocks():
    with open(os.path.join(SOURCE, "README.md"), encoding="utf-8") as page:
        return [(commands, (expected or "").splitlines()) for commands, expected in BLOCK.findall(page.read())]


class Page:
    """One reader who follows the page: a folder, a shell that keeps its variables, a host."""

    def __init__(self, folder):
        self.folder = folder
        self.state = os.path.join(folder, ".heptad")
        self.host = None
        self.address = PAGE_ADDRESS
        self.environment = dict(os.environ, HEPTAD_BUILD=BUILD, HEPTAD_STATE=self.state)
        # Commands run in the reader's folder, so that what they make does not land in the sources.
        os.symlink(os.path.join(SOURCE, "dev"), os.path.join(folder, "dev"))
        self.variables = os.path.join(folder, "variables")

    def start_host(self, command):
        log_path = os.path.join(self.folder, "host.log")
        with open(log_path, "w", encoding="utf-8") as log:
            self.host = subprocess.Popen([*command.split(), "--listen", "127.0.0.1:0"], cwd=self.folder,
                                         env=self.environment, stdout=log, stderr=subprocess.STDOUT,
                                         start_new_session=True)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.host.poll() is None:
            text = open(log_path, encoding="utf-8").read()
            found = re.search(r"Listening on (http://\S+)", text)
            if found and "Ready" in text:
                self.address = found.group(1)
                self.environment["HEPTAD_SERVER"] = self.address
                return 0, text
            time.sleep(0.05)
        return 1, open(log_path, encoding="utf-8").read()

    def run(self, commands):
        if commands.strip().startswith("./dev run"):
            return self.start_host(commands.strip())
        script = (f"set -eo pipefail\ntouch {self.variables}; . {self.variables}\n"
                  + commands.replace(PAGE_ADDRESS, self.address)
                  + f"\n{{ declare -p key 2>/dev/null || true; }} > {self.variables}\n")
        done = subprocess.run(["bash", "-c", script], cwd=self.folder, env=self.environment, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
        return done.returncode, done.stdout

    def stop(self):
        """Whether the host, if it was started, ended as it should."""
        if self.host is None:
            return False, "the page never starts the host"
        os.killpg(self.host.pid, signal.SIGTERM)
        status = self.host.wait(timeout=60)
        return status == 0, f"heptadd ended with status {status}"


def report(number, name, good, output):
    print(f"{'ok' if good else 'not ok'} {number} - {name}", flush=True)
    if not good:
        print("\n".join("# " + line for line in output.splitlines()[-60:]), flush=True)
    return good


def main():
    blocks = read_blocks()
    print(f"1..{len(blocks) + 1}")
    all_good = True
    with tempfile.TemporaryDirectory(prefix="heptad-readme-") as folder:
        page = Page(folder)
        try:
            for number, (commands, expected) in enumerate(blocks, 1):
                status, output = page.run(commands)
                missing = [line for line in expected if line not in output]
                good = status == 0 and not missing
                detail = f"{output}\nstatus {status}; not in the output: {missing}"
                all_good &= report(number, commands.splitlines()[0].replace("#", ""), good, detail)
        finally:
            good, detail = page.stop()
        all_good &= report(len(blocks) + 1, "the host ends in order", good, detail)
    return 0 if all_good else 1


if __name__ == "__main__":
    sys.exit(main())
