# SPDX-License-Identifier: LGPL-2.1-or-later
"""A real heptadd on a port of its own, for tests. Only the standard library."""

import http.client
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time
import urllib.parse

BUILD = pathlib.Path(os.environ["HEPTAD_BUILD_ROOT"])
SOURCE = pathlib.Path(os.environ["HEPTAD_SOURCE_ROOT"])
HEPTADD = BUILD / "core/heptadd"


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body)


class Host:
    """Starts in a data folder, which is kept over restarts until close()."""

    def __init__(self, *flags, plugins=(), environment=None, start=True):
        self.folder = tempfile.TemporaryDirectory(prefix="heptad-test-")
        self.base = pathlib.Path(self.folder.name)
        self.flags = list(flags)
        for plugin in plugins:
            self.flags += ["--plugin-path", str(plugin)]
        self.environment = {**os.environ, **(environment or {})}
        self.process = None
        self.key = None
        if start:
            self.start()

    def command(self):
        return [str(HEPTADD), "--data-dir", str(self.base / "data"), "--listen", "127.0.0.1:0",
                "--bootstrap-key-file", str(self.base / "admin.key"), *self.flags]

    def start(self):
        with open(self.base / "log", "ab") as log:
            self.process = subprocess.Popen(self.command(), stdout=subprocess.PIPE, stderr=log, text=True,
                                            env=self.environment)
        self.printed = []
        for line in self.process.stdout:
            self.printed.append(line)
            if line.startswith("Listening on "):
                self.address = line.split()[2]
                break
        else:
            raise AssertionError(f"heptadd ended with {self.process.wait()}:\n{self.read_log()}")
        self.port = urllib.parse.urlsplit(self.address).port
        self.key = (self.base / "admin.key").read_text().strip()
        self.wait_ready()

    def wait_ready(self, seconds=30):
        end = time.monotonic() + seconds
        while self.request("GET", "/readyz").status != 200:
            if time.monotonic() > end:
                raise AssertionError(f"not ready: {self.request('GET', '/readyz').body}\n{self.read_log()}")
            time.sleep(0.02)

    def read_log(self):
        return (self.base / "log").read_text()

    def request(self, method, target, body=None, headers=None, key=None, timeout=30):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, target, body=body, headers=dict(headers or {}))
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def call(self, method, target, value=None, headers=None, key=None, body=None, type_="application/json"):
        headers = {"Authorization": f"Bearer {key or self.key}", **(headers or {})}
        if value is not None:
            body = json.dumps(value)
        if body is not None:
            headers.setdefault("Content-Type", type_)
        return self.request(method, target, body, headers)

    def wait_job(self, job_id, seconds=60):
        end = time.monotonic() + seconds
        while True:
            job = self.call("GET", f"/api/v1/host/jobs/{job_id}").json
            if job["state"] in ("succeeded", "failed", "cancelled"):
                return job
            if time.monotonic() > end:
                raise AssertionError(f"the job does not end: {job}")
            time.sleep(0.02)

    def stop(self, how=signal.SIGTERM, timeout=30):
        self.process.send_signal(how)
        status = self.process.wait(timeout)
        self.process.stdout.close()
        return status

    def close(self):
        if self.process is not None and self.process.poll() is None:
            self.stop(signal.SIGKILL)
        elif self.process is not None:
            self.process.stdout.close()
        self.folder.cleanup()

    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        self.close()
