# SPDX-License-Identifier: LGPL-2.1-or-later
"""The host's life: start, credentials, faults of its surroundings, stop."""

import os
import signal
import socket
import stat
import subprocess
import threading
import time
import unittest

from host import BUILD, Host

DEPOT = BUILD / "tests/plugins/depot"


class FirstStart(unittest.TestCase):
    def test_leaves_a_key_that_only_its_owner_reads_and_a_password_that_works_once_printed(self):
        with Host() as host:
            mode = stat.S_IMODE((host.base / "admin.key").stat().st_mode)
            self.assertEqual(mode, 0o600)
            password = next(line.strip() for line in host.printed if line.startswith("    "))
            answer = host.request("POST", "/api/v1/host/session", f'{{"name":"admin","password":"{password}"}}',
                                  {"Content-Type": "application/json"})
            self.assertEqual(answer.status, 200)
            cookie = answer.headers["Set-Cookie"]
            self.assertIn("HttpOnly", cookie)
            self.assertIn("SameSite=Strict", cookie)
            session = {"Cookie": cookie.split(";")[0]}
            self.assertEqual(host.request("GET", "/api/v1/host/whoami", headers=session).json["id"], "user/admin")
            # A page of another origin must not act with it.
            foreign = {**session, "Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
            self.assertEqual(host.request("DELETE", "/api/v1/host/session", headers=foreign).status, 401)
            self.assertEqual(host.request("DELETE", "/api/v1/host/session", headers=session).status, 204)
            self.assertEqual(host.request("GET", "/api/v1/host/whoami", headers=session).status, 401)
            host.stop()
            host.start()
            self.assertFalse(any("password" in line for line in host.printed))

    def test_pages_answer_without_a_credential(self):
        with Host() as host:
            for path, type_ in (("/", "text/html"), ("/docs", "text/html"), ("/openapi.json", "application/json"),
                                ("/livez", "application/json"), ("/assets/site.css", "text/css"),
                                ("/favicon.ico", "image/svg+xml")):
                answer = host.request("GET", path)
                self.assertEqual(answer.status, 200, path)
                self.assertTrue(answer.headers["Content-Type"].startswith(type_), path)
            self.assertEqual(host.request("GET", "/metrics").status, 401)
            host.call("GET", "/api/v1/host/ping")
            metrics = host.call("GET", "/metrics").body.decode()
            self.assertRegex(metrics, r'heptad_operation_duration_seconds_count\{plugin="host",operation="ping"\} 1\b')


class Credentials(unittest.TestCase):
    def test_a_key_does_what_its_scope_says_until_it_is_revoked(self):
        with Host() as host:
            made = host.call("POST", "/api/v1/host/keys", {"name": "reader", "permissions": ["host:ping"]})
            self.assertEqual(made.status, 201)
            secret = made.json["secret"]
            self.assertEqual(host.call("GET", "/api/v1/host/ping", key=secret).status, 200)
            self.assertEqual(host.call("GET", "/api/v1/host/users", key=secret).status, 403)
            refused = host.call("GET", "/metrics", key=secret)
            self.assertEqual(refused.status, 403)
            self.assertIn("host:read", refused.json["detail"])
            listed = host.call("GET", "/api/v1/host/keys").body.decode()
            self.assertNotIn(secret, listed)
            self.assertEqual(host.call("DELETE", f"/api/v1/host/keys/{made.json['id']}").status, 204)
            self.assertEqual(host.call("GET", "/api/v1/host/ping", key=secret).status, 401)
            for path in (host.base / "data").rglob("*"):
                if path.is_file():
                    self.assertNotIn(secret.encode(), path.read_bytes(), path)

    def test_users_have_roles(self):
        with Host() as host:
            user = {"name": "ada", "password": "correct horse battery", "roles": ["viewer"]}
            self.assertEqual(host.call("POST", "/api/v1/host/users", user).status, 201)
            self.assertEqual(host.call("POST", "/api/v1/host/users", user).status, 409)
            wrong = host.request("POST", "/api/v1/host/session", '{"name":"ada","password":"guess"}',
                                 {"Content-Type": "application/json"})
            self.assertEqual(wrong.status, 401)
            token = host.request("POST", "/api/v1/host/session", '{"name":"ada","password":"correct horse battery"}',
                                 {"Content-Type": "application/json"}).json["token"]
            self.assertEqual(host.call("GET", "/api/v1/host/status", key=token).status, 200)
            self.assertEqual(host.call("POST", "/api/v1/host/keys", {"name": "k"}, key=token).status, 403)
            self.assertEqual(host.call("DELETE", "/api/v1/host/users/ada").status, 204)
            self.assertEqual(host.call("GET", "/api/v1/host/status", key=token).status, 401)


class Surroundings(unittest.TestCase):
    def run_once(self, *flags):
        return subprocess.run([str(BUILD / "core/heptadd"), *flags], capture_output=True, text=True, timeout=30)

    def test_a_second_host_on_the_same_folder_is_refused_by_name(self):
        with Host() as host:
            second = self.run_once("--data-dir", str(host.base / "data"), "--listen", "127.0.0.1:0")
            self.assertEqual(second.returncode, 1)
            self.assertIn(str(host.process.pid), second.stderr)

    def test_a_wrong_setting_is_named_with_its_line(self):
        with Host(start=False) as host:
            file = host.base / "heptad.yaml"
            file.write_text("log-level: info\nlisten: [\"127.0.0.1:0\"]\nrate-limt: 5\n")
            result = self.run_once("--config", str(file), "--data-dir", str(host.base / "data"))
            self.assertEqual(result.returncode, 2)
            self.assertIn("heptad.yaml:3", result.stderr)
            self.assertIn("rate-limit", result.stderr)

    def test_an_address_in_use_is_named(self):
        with Host() as host:
            result = self.run_once("--data-dir", str(host.base / "other"), "--listen", f"127.0.0.1:{host.port}")
            self.assertEqual(result.returncode, 1)
            self.assertIn(str(host.port), result.stderr)

    def test_a_damaged_database_is_named_and_kept(self):
        with Host() as host:
            host.stop()
            damaged = [path for path in (host.base / "data").rglob("*.db") if path.stat().st_size > 4096][0]
            content = bytearray(damaged.read_bytes())
            content[:4096] = b"x" * 4096
            damaged.write_bytes(content)
            result = self.run_once("--data-dir", str(host.base / "data"), "--listen", "127.0.0.1:0")
            self.assertEqual(result.returncode, 1)
            self.assertIn(damaged.name, result.stderr)
            self.assertEqual(damaged.read_bytes(), bytes(content))

    @unittest.skipIf(os.geteuid() == 0, "root writes everywhere")
    def test_a_folder_that_cannot_be_written_is_named(self):
        with Host(start=False) as host:
            (host.base / "data").mkdir(mode=0o555)
            result = self.run_once("--data-dir", str(host.base / "data"), "--listen", "127.0.0.1:0")
            self.assertEqual(result.returncode, 1)
            self.assertIn(str(host.base / "data"), result.stderr)


class Stopping(unittest.TestCase):
    def test_a_request_in_flight_is_answered(self):
        with Host(plugins=[DEPOT]) as host:
            with socket.create_connection(("127.0.0.1", host.port)) as client:
                head = (f"POST /api/v1/depot/texts HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer {host.key}\r\n"
                        "Content-Type: text/plain\r\nContent-Length: 11\r\nConnection: close\r\n\r\n")
                client.sendall(head.encode() + b"hello ")
                time.sleep(0.2)
                host.process.send_signal(signal.SIGTERM)
                time.sleep(0.2)
                client.sendall(b"world")
                answer = b"".join(iter(lambda: client.recv(65536), b""))
            self.assertTrue(answer.startswith(b"HTTP/1.1 202"), answer[:200])
            self.assertEqual(host.process.wait(30), 0)
            host.process.stdout.close()
            host.start()

    def test_stopping_ends_with_success(self):
        with Host() as host:
            self.assertEqual(host.stop(), 0)


class Plugins(unittest.TestCase):
    def test_upload_job_event_and_summary(self):
        with Host(plugins=[DEPOT]) as host:
            added = host.call("POST", "/api/v1/depot/texts", body="one two three", type_="text/plain")
            self.assertEqual(added.status, 202)
            job = host.wait_job(added.json["job"]["id"])
            self.assertEqual((job["state"], job["result"]), ("succeeded", 3))
            end = time.monotonic() + 10
            while host.call("GET", "/api/v1/depot/summary").json != {"texts": 1, "words": 3}:
                self.assertLess(time.monotonic(), end)
                time.sleep(0.02)

    def test_the_same_key_takes_effect_once(self):
        with Host(plugins=[DEPOT]) as host:
            key = {"Idempotency-Key": "4d1c"}
            first = host.call("POST", "/api/v1/depot/texts", headers=key, body="one two", type_="text/plain")
            again = host.call("POST", "/api/v1/depot/texts", headers=key, body="one two", type_="text/plain")
            self.assertEqual((first.status, again.status), (202, 202))
            self.assertEqual(first.json, again.json)
            other = host.call("POST", "/api/v1/depot/texts", body="one two", type_="text/plain")
            self.assertNotEqual(other.json, first.json)
            bad = host.call("POST", "/api/v1/depot/texts", headers={"Idempotency-Key": "ä"}, body="x", type_="text/plain")
            self.assertEqual(bad.status, 422)

    def test_reload_while_it_is_called(self):
        with Host(plugins=[DEPOT]) as host:
            statuses, stop = [], threading.Event()

            def call():
                while not stop.is_set():
                    statuses.append(host.call("GET", "/api/v1/depot/summary").status)

            thread = threading.Thread(target=call)
            thread.start()
            for _ in range(5):
                self.assertEqual(host.call("POST", "/api/v1/host/plugins/depot/reload").json["state"], "active")
            stop.set()
            thread.join()
            self.assertEqual(set(statuses), {200})
            host.call("POST", "/api/v1/host/plugins/depot/unload")
            self.assertEqual(host.call("GET", "/api/v1/depot/summary").status, 404)
            self.assertEqual(host.call("POST", "/api/v1/host/plugins/depot/load").json["state"], "active")

    def test_settings_fit_their_schema(self):
        with Host(plugins=[DEPOT]) as host:
            path = "/api/v1/host/plugins/depot/settings"
            self.assertEqual(host.call("GET", path).json, {"keepDays": 30})
            self.assertEqual(host.call("PUT", path, {"keepDays": 0}).status, 422)
            self.assertEqual(host.call("PUT", path, {"keepDays": 7}).json, {"keepDays": 7})
            host.stop()
            host.start()
            self.assertEqual(host.call("GET", path).json, {"keepDays": 7})

    def test_a_folder_of_broken_bundles_leaves_the_host_serving(self):
        broken = [path for path in (BUILD / "tests/plugins").iterdir()
                  if path.is_dir() and not path.name.startswith(("test-", "hangs", "slow", "crashes-in-start"))]
        with Host("--plugin-start-timeout", "3", plugins=sorted(broken)) as host:
            listed = {plugin["id"]: plugin for plugin in host.call("GET", "/api/v1/host/plugins").json["items"]}
            self.assertEqual(listed["depot"]["state"], "active")
            failed = [plugin for plugin in listed.values() if plugin["state"] == "failed"]
            self.assertGreater(len(failed), 15)
            for plugin in failed:
                self.assertGreater(len(plugin["reason"]), 20, plugin)


if __name__ == "__main__":
    unittest.main(verbosity=2)
