# SPDX-License-Identifier: LGPL-2.1-or-later
"""The host on sockets that a supervisor opened, as under systemd's socket activation."""
import os
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

HOST = os.path.abspath(sys.argv.pop(1))


def start(folder, sockets, process="$$"):
    """Starts the host with these sockets as descriptors 3 and up."""
    spare = [os.dup2(each.fileno(), 100 + i, inheritable=True) for i, each in enumerate(sockets)]

    def place():
        for i, number in enumerate(spare):
            os.dup2(number, 3 + i, inheritable=True)

    host = subprocess.Popen(
        ["sh", "-c", f'LISTEN_PID={process} LISTEN_FDS={len(sockets)} exec "$0" "$@"', HOST,
         "--data-dir", os.path.join(folder, "data"), "--listen", "127.0.0.1:0"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, close_fds=False,
        preexec_fn=place)
    for number in spare:
        os.close(number)
    return host


def ask(client):
    client.settimeout(20)
    client.sendall(b"GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    answer = b""
    while piece := client.recv(65536):
        answer += piece
    return answer


def connect(listener):
    client = socket.socket(listener.family)
    client.connect(listener.getsockname())
    return client


class SocketActivation(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def stop(self, host):
        host.send_signal(signal.SIGTERM)
        host.communicate(timeout=20)
        self.assertEqual(host.returncode, 0)

    def test_a_restart_refuses_nobody(self):
        tcp = socket.create_server(("127.0.0.1", 0))
        unix = socket.socket(socket.AF_UNIX)
        path = os.path.join(self.folder.name, "socket")
        unix.bind(path)
        unix.listen()
        for _ in range(2):
            early = [connect(tcp), connect(unix)]  # before the host runs
            host = start(self.folder.name, [tcp, unix])
            for client in early:
                self.assertIn(b"200 OK", ask(client))
            self.stop(host)
            self.assertTrue(os.path.exists(path), "the supervisor's socket was removed")
            for client in early:
                client.close()
        tcp.close()
        unix.close()

    def test_what_does_not_listen_is_refused_by_its_number(self):
        deaf = socket.socket()
        host = start(self.folder.name, [deaf])
        _, errors = host.communicate(timeout=20)
        deaf.close()
        self.assertEqual(host.returncode, 1)
        self.assertIn("descriptor 3", errors)

    def test_sockets_for_another_process_are_left_alone(self):
        tcp = socket.create_server(("127.0.0.1", 0))
        host = start(self.folder.name, [tcp], process="1")
        for line in host.stdout:
            if line.startswith("Listening on"):
                self.assertNotIn(f":{tcp.getsockname()[1]}", line)
                break
        self.stop(host)
        tcp.close()


if __name__ == "__main__":
    unittest.main(verbosity=2)
