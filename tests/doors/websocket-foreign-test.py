# SPDX-License-Identifier: LGPL-2.1-or-later
"""A foreign client against the real host: calls, a subscription, and the end by SIGTERM."""
import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import tempfile

import websockets


def start_host(folder):
    key_file = os.path.join(folder, "key")
    host = subprocess.Popen(
        [sys.argv[1], "--data-dir", os.path.join(folder, "data"), "--listen", "127.0.0.1:0",
         "--bootstrap-key-file", key_file],
        stdout=subprocess.PIPE, text=True)
    for line in host.stdout:
        found = re.search(r"http://(127\.0\.0\.1:\d+)", line)
        if found:
            with open(key_file, encoding="ascii") as file:
                return host, found.group(1), file.read().strip()
    raise SystemExit("the host did not start")


async def ask(socket, **message):
    await socket.send(json.dumps(message))
    return json.loads(await asyncio.wait_for(socket.recv(), 10))


async def talk(host, address, key):
    headers = {"Authorization": "Bearer " + key}
    async with websockets.connect(f"ws://{address}/ws", extra_headers=headers,
                                  subprotocols=["heptad.1"]) as socket:
        assert socket.subprotocol == "heptad.1"
        answer = await ask(socket, type="ping", id="p")
        assert answer == {"type": "pong", "id": "p"}, answer
        answer = await ask(socket, type="subscribe", id="s", topics=["host.*"])
        assert answer["type"] == "subscribed" and answer["cursor"], answer
        answer = await ask(socket, type="call", id=1, operation="host.ping",
                           input={"text": "from Python"})
        assert answer["value"] == {"text": "from Python"}, answer
        answer = await ask(socket, type="call", id=2, operation="host.getStatus")
        assert answer["type"] == "result" and answer["value"]["plugins"] is not None, answer
        answer = await ask(socket, type="call", id=3, operation="host.nothing")
        assert answer["problem"]["code"] == "not-found", answer

        host.send_signal(signal.SIGTERM)
        answer = json.loads(await asyncio.wait_for(socket.recv(), 10))
        assert answer["type"] == "going-away" and answer["code"] == 1001, answer
        try:
            await asyncio.wait_for(socket.recv(), 10)
            raise AssertionError("the socket stayed open")
        except websockets.ConnectionClosed as closed:
            assert closed.code == 1001, closed
    assert await asyncio.to_thread(host.wait, 15) == 0


def main():
    with tempfile.TemporaryDirectory() as folder:
        host, address, key = start_host(folder)
        try:
            asyncio.run(talk(host, address, key))
        finally:
            host.kill()
    print("a foreign client calls, subscribes and is told of the end")


main()
