#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Start to ready with seven bundles of 60 operations each, and the memory of an idle host with the cost plugin."""

import argparse, os, pathlib, re, statistics, subprocess, sys, tempfile, time, urllib.error, urllib.request

N_BUNDLES, N_OPERATIONS = 7, 60
SOURCE = pathlib.Path(__file__).resolve().parents[2]


def write_bundle(folder, number, build):
    name = f"bench{number}"
    bundle = folder / name
    (bundle / "migrations").mkdir(parents=True)
    (bundle / "plugin.yaml").write_text(
        f"id: {name}\nname: Bench {number}\nversion: 1.0.0\nsummary: Sixty operations\nsdk: \"1.0\"\n"
        f"asks: [store]\npermissions:\n  - {{id: \"{name}:read\", title: Read}}\n")
    (bundle / "migrations/0001-thing.sql").write_text("CREATE TABLE thing (id BIGINT PRIMARY KEY, name TEXT NOT NULL);\n")
    paths = "".join(
        f"  /things{i}/{{id}}:\n    get:\n      operationId: getThing{i}\n      summary: Gets a thing\n"
        f"      x-heptad: {{permission: \"{name}:read\"}}\n      parameters:\n"
        f"        - {{name: id, in: path, required: true, schema: {{type: string, maxLength: 64}}}}\n"
        f"        - {{name: limit, in: query, schema: {{type: integer, minimum: 1, maximum: 100, default: 10}}}}\n"
        f"      responses:\n        \"200\":\n          description: It\n          content:\n            application/json:\n"
        f"              schema: {{$ref: \"#/components/schemas/Thing\"}}\n" for i in range(N_OPERATIONS))
    (bundle / "openapi.yaml").write_text(
        f"openapi: 3.1.0\ninfo: {{title: Bench {number}, version: 1.0.0}}\npaths:\n{paths}components:\n  schemas:\n"
        "    Thing:\n      type: object\n      required: [id]\n      properties:\n        id: {type: string}\n        name: {type: string}\n")
    entries = "".join(f'  HEPTAD_OPERATION ("getThing{i}", on_get),\n' for i in range(N_OPERATIONS))
    source = folder / f"{name}.c"
    source.write_text(
        "#include <heptad.h>\nstatic void\non_get (HeptadCall *call, gpointer self)\n{\n"
        "  heptad_call_return (call, heptad_value_new_null ());\n}\n"
        f"static const HeptadOperationEntry operations[] = {{\n{entries}  {{ NULL }},\n}};\n"
        f'HEPTAD_DEFINE_PLUGIN (.id = "{name}", .version = "1.0.0", .operations = operations)\n')
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", "gio-2.0"], capture_output=True, text=True, check=True).stdout.split()
    subprocess.run(["cc", "-O2", "-fPIC", "-shared", "-fvisibility=hidden", "-Wl,-z,defs,-z,now", "-o",
                    bundle / f"{name}-plugin.so", source, f"-I{SOURCE}/sdk", f"-I{build}/sdk", f"-L{build}/sdk", "-lheptad", *flags], check=True)
    return bundle


class Host:
    def __init__(self, build, data, *flags):
        self.begun = time.monotonic()
        self.process = subprocess.Popen([build / "core/heptadd", "--data-dir", data, "--listen", "127.0.0.1:0", "--log-level", "warning",
                                         "--bootstrap-key-file", f"{data}.key", *flags], stdout=subprocess.PIPE, text=True)
        address = next(line.split()[2] for line in self.process.stdout if line.startswith("Listening on "))
        while not self.ready(address):
            time.sleep(0.001)
        self.ready_ms = 1000 * (time.monotonic() - self.begun)

    @staticmethod
    def ready(address):
        try:
            return urllib.request.urlopen(f"{address}/readyz").status == 200
        except urllib.error.HTTPError:
            return False

    def pss_mb(self):
        return int(re.search(r"^Pss:\s+(\d+)", pathlib.Path(f"/proc/{self.process.pid}/smaps_rollup").read_text(), re.M).group(1)) / 1024

    def stop(self):
        self.process.terminate()
        self.process.wait()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    build = parser.parse_args().build.resolve()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        flags = [flag for i in range(N_BUNDLES) for flag in ("--plugin-path", str(write_bundle(folder, i, build)))]
        times = []
        for _ in range(8):
            host = Host(build, folder / "data", *flags)
            times.append(host.ready_ms)
            host.stop()
        print(f"{'start to ready, 7 × 60 operations':44}{'ms':>8}{'must':>10}")
        print(f"{'first start (empty data, modules probed)':44}{times[0]:8.0f}{'≤ 300':>10}")
        print(f"{'later starts, median of seven':44}{statistics.median(times[1:]):8.0f}{'≤ 300':>10}")
        host = Host(build, folder / "idle", "--plugin-path", str(build / "plugins"))
        time.sleep(2)
        print(f"\n{'memory (PSS), idle, cost plugin loaded':44}{host.pss_mb():5.1f} MB{'≤ 40 MB':>10}")
        host.stop()


if __name__ == "__main__":
    main()
