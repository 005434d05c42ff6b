# SPDX-License-Identifier: LGPL-2.1-or-later
"""A real heptadd on a data directory of its own, and what a client does with it."""
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

BUILD = os.environ["HEPTAD_BUILD_ROOT"]
SOURCE = os.environ["HEPTAD_SOURCE_ROOT"]
SHARED = os.environ.get("HEPTAD_SHARED", os.path.join(SOURCE, "..", "shared"))


def shared_bill(name):
    """The bytes of a real bill, or None where there are none."""
    path = os.path.join(SHARED, "data", "bills", name)
    if not os.path.exists(path):
        return None
    with open(path, "rb") as file:
        return file.read()


class Host:
    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="heptad-cost-")
        self.process = None
        self.url = None
        self.key = None
        self.next_page = None

    def start(self):
        self.log = open(os.path.join(self.dir, "log"), "a+", encoding="utf-8")
        self.log.seek(0, os.SEEK_END)
        begin = self.log.tell()
        self.process = subprocess.Popen(
            [os.path.join(BUILD, "core", "heptadd"), "--data-dir", os.path.join(self.dir, "data"),
             "--listen", "127.0.0.1:0", "--bootstrap-key-file", os.path.join(self.dir, "key"),
             "--plugin-path", os.path.join(BUILD, "plugins"), "--password-memory", "8192",
             "--rate-limit", "0"],
            stdout=self.log, stderr=self.log)
        self.url = self.wait_for(lambda: self.find_url(begin), "the address")
        with open(os.path.join(self.dir, "key"), encoding="ascii") as file:
            self.key = file.read().strip()
        self.wait_for(self.is_ready, "readiness")

    def find_url(self, begin):
        with open(os.path.join(self.dir, "log"), encoding="utf-8") as file:
            file.seek(begin)
            found = re.search(r"http://[0-9.]+:[0-9]+", file.read())
        return found and found.group(0)

    def is_ready(self):
        try:
            with urllib.request.urlopen(self.url + "/readyz", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def wait_for(self, what, name, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = what()
            if found:
                return found
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        with open(os.path.join(self.dir, "log"), encoding="utf-8") as file:
            raise AssertionError(f"no {name} after {seconds} s; the host said:\n{file.read()}")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=60)

    def close(self):
        self.stop()
        self.log.close()
        shutil.rmtree(self.dir)

    def call(self, path, data=None, timeout=60, **query):
        """Returns (status, body). A list in the query becomes a comma-separated value."""
        query = {name: ",".join(value) if isinstance(value, list) else value for name, value in query.items()}
        url = f"{self.url}/api/v1/{path}" + ("?" + urllib.parse.urlencode(query) if query else "")
        request = urllib.request.Request(url, data=data, headers={"Authorization": f"Bearer {self.key}"})
        if data is not None:
            request.add_header("Content-Type", "text/csv")
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                self.next_page = re.search(r'<[^>]*/api/v1/([^>]*)>; rel="next"', answer.headers.get("Link", ""))
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def pages(self, path, **query):
        """The items of each page, as the links lead from one to the next."""
        status, answer = self.call(path, **query)
        while True:
            assert status == 200, answer
            yield answer["items"]
            if self.next_page is None:
                return
            status, answer = self.call(self.next_page.group(1))

    def upload(self, bill, **query):
        return self.call("cost/bills", data=bill, **query)

    def wait_for_job(self, job_id):
        def find():
            status, job = self.call(f"host/jobs/{job_id}")
            assert status == 200, job
            return job if job["finishedAt"] is not None else None

        return self.wait_for(find, f"end of job {job_id}")

    def load(self, bill, **query):
        """Uploads a bill and waits until it is loaded. Returns the finished job."""
        status, answer = self.upload(bill, **query)
        assert status == 202, (status, answer)
        return self.wait_for_job(answer["job"]["id"])

    def costs(self, **query):
        status, answer = self.call("cost/costs", **query)
        assert status == 200, answer
        return answer
