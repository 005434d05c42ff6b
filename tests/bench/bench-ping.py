#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""CPU a request of GET /api/v1/host/ping?text=hello beside a bare libsoup server, in alternating rounds."""

import argparse, os, pathlib, re, statistics, subprocess, sys, tempfile, time

TICK = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def measure(pid, url, headers, seconds, threads):
    command = ["wrk", "-t", str(threads), "-c", str(8 * threads), "-d", f"{seconds}s"]
    for header in headers:
        command += ["-H", header]
    before = cpu_seconds(pid)
    output = subprocess.run(command + [url], capture_output=True, text=True, check=True).stdout
    spent = cpu_seconds(pid) - before
    if "Non-2xx" in output:
        sys.exit(f"{url}: not every answer was 200:\n{output}")
    requests = int(re.search(r"(\d+) requests in", output).group(1))
    return 1e6 * spent / requests


class Host:
    def __init__(self, build, threads):
        self.directory = tempfile.TemporaryDirectory()
        base = pathlib.Path(self.directory.name)
        self.process = subprocess.Popen(
            [build / "core/heptadd", "--data-dir", base / "data", "--listen", "127.0.0.1:0", "--log-level", "warning",
             "--bootstrap-key-file", base / "key", "--connection-threads", str(threads), "--plugin-path", build / "plugins"],
            stdout=subprocess.PIPE, text=True)
        for line in self.process.stdout:
            if line.startswith("Listening on "):
                self.address = line.split()[2]
                break
        self.key = (base / "key").read_text().strip()
        self.pid = self.process.pid


class Bare:
    def __init__(self, build):
        self.process = subprocess.Popen([build / "tests/bench/bench-bare-libsoup"], stdout=subprocess.PIPE, text=True)
        self.address = self.process.stdout.readline().strip().rstrip("/")
        self.pid = self.process.pid


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seconds", type=int, default=3)
    arguments = parser.parse_args()
    one, two, bare = Host(arguments.build, 1), Host(arguments.build, 2), Bare(arguments.build)
    try:
        time.sleep(1)
        auth = [f"Authorization: Bearer {one.key}"]
        auth_two = [f"Authorization: Bearer {two.key}"]
        cases = {
            "bare libsoup": lambda: measure(bare.pid, f"{bare.address}/ping", [], arguments.seconds, 1),
            "inline": lambda: measure(one.pid, f"{one.address}/api/v1/host/ping?text=hello", auth, arguments.seconds, 1),
            "pool": lambda: measure(one.pid, f"{one.address}/api/v1/host/whoami", auth, arguments.seconds, 1),
            "inline, two threads": lambda: measure(two.pid, f"{two.address}/api/v1/host/ping?text=hello", auth_two, arguments.seconds, 2),
        }
        for case in cases.values():
            case()
        figures = {name: [] for name in cases}
        for _ in range(arguments.rounds):
            for name, case in cases.items():
                figures[name].append(case())
        median = {name: statistics.median(list_) for name, list_ in figures.items()}
        limits = {"inline": ("bare libsoup", 1.4), "pool": ("bare libsoup", 2.2), "inline, two threads": ("inline", 1.1 * 1.15)}
        print(f"{'CPU a request':24}{'µs':>8}{'ratio':>8}{'must':>10}   against")
        for name, value in median.items():
            peer, limit = limits.get(name, (None, None))
            ratio = f"{value / median[peer]:8.2f}{'≤ %.2f' % limit:>10}   {peer}" if peer else ""
            print(f"{name:24}{value:8.1f}{ratio}")
    finally:
        for server in (one, two, bare):
            server.process.terminate()
            server.process.wait()


if __name__ == "__main__":
    main()
