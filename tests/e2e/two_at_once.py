#!/usr/bin/env python3
"""Two runs of `usage --refresh` at once, on an account whose refresh tokens are good once.

The first is held in the middle of its first request, by a relay before the simulated carrier, until the second has
come to the lock of the account. Counter-run: with a copy of the state directory, and so of the lock, both refresh."""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import threading
import time

from simulated import Carrier
from support import ESIMCTL, expect

DEADLINE = 60


class Relay:
    """Passes connections on to a port of the loopback. While it is closed, what the server says after the handshake
    waits, so that no time limit of connecting is near."""

    def __init__(self, port):
        self.target = port
        self.open = threading.Event()
        self.open.set()
        self.connections = 0
        self.held = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def close(self):
        self.held = 0
        self.open.clear()

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            self.connections += 1
            server = socket.create_connection(("127.0.0.1", self.target))
            said = []  # by the client: its hello, then the end of the handshake
            threading.Thread(target=copy, args=(client, server, lambda said=said: said.append(1)), daemon=True).start()
            threading.Thread(
                target=copy, args=(server, client, lambda said=said: self.hold(len(said))), daemon=True
            ).start()

    def hold(self, flights):
        if flights > 1 and not self.open.is_set():
            self.held += 1
            self.open.wait(DEADLINE)


def copy(source, target, before):
    try:
        while data := source.recv(65536):
            before()
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # the other end is gone, and its own thread sees that


def wait_until(condition, what):
    """Until the condition holds, of which nobody tells: it is looked at anew each hundredth of a second."""
    deadline = time.monotonic() + DEADLINE
    between = threading.Event()
    while not condition():
        if time.monotonic() > deadline:
            raise SystemExit(f"failed: {what}")
        between.wait(0.01)


def has_open(process, name):
    """Whether the process has that file open."""
    try:
        links = [os.readlink(each) for each in pathlib.Path(f"/proc/{process.pid}/fd").iterdir()]
    except OSError:
        return False  # one was closed meanwhile
    return any(link.endswith(name) for link in links)


def short_sessions(state):
    state["settings"]["token_seconds"] = 20  # too short to be used: each run has to refresh


class Stage:
    def __init__(self, directory, carrier):
        self.directory = directory
        self.carrier = carrier
        self.relay = Relay(carrier.port)
        credentials = directory / "credentials"
        credentials.mkdir(mode=0o700)
        (credentials / "esimctl").write_text("a passphrase for tests")
        (credentials / "esimctl").chmod(0o400)

    def start(self, home, *words, given=""):
        process = subprocess.Popen(
            [ESIMCTL, *words],
            cwd=self.directory,
            env={
                **os.environ,
                "XDG_STATE_HOME": str(home),
                "CREDENTIALS_DIRECTORY": str(self.directory / "credentials"),
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        process.stdin.write(given)
        process.stdin.close()
        process.stdin = None
        return process

    def run(self, home, *words, given=""):
        process = self.start(home, *words, given=given)
        out, err = process.communicate(timeout=DEADLINE)
        expect(process.returncode == 0, f"{' '.join(words[:2])} ends with 0", out + err)
        return out

    def refreshes(self):
        return sum(each["path"] == "/v1/mint/refresh" for each in self.carrier.events("request"))


def two_at_once(stage, first, second, is_there):
    """Runs `usage --refresh` in both homes; the second begins while the first has sent a request and has no answer."""
    stage.relay.close()
    one = stage.start(first, "usage", "--refresh", "--json")
    wait_until(lambda: stage.relay.held == 1, "the first asks the carrier")
    two = stage.start(second, "usage", "--refresh", "--json")
    wait_until(lambda: is_there(two), "the second comes as far as it can")
    stage.relay.open.set()
    return [(process, *process.communicate(timeout=DEADLINE)) for process in (one, two)]


def main():
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        with Carrier(directory, "mint", short_sessions) as carrier:
            run_all(Stage(directory, carrier))


def run_all(stage):
    home, copied = stage.directory / "home", stage.directory / "copy"
    stage.run(
        home,
        *("account", "add", "mint", "phone", "--keep-in", "file", "--secrets", "-"),
        *("--set", "msisdn=2065550140", "--set", "app_channel=channel-simulated"),
        *("--host", f"localhost:{stage.relay.port}", "--host-ca", "ca.pem"),
        given="password=correct horse\napp_token=application-simulated\n",
    )
    stage.run(home, "login", "phone")
    shutil.copytree(home, copied)

    # With one lock, the second waits, and has what the first was told.
    connections = stage.relay.connections
    results = two_at_once(stage, home, home, lambda two: has_open(two, "/reading.phone.lock"))
    for process, out, err in results:
        expect(process.returncode == 0, "both end with 0", out + err)
        expect(len(json.loads(out)["lines"]) == 1, "both show the line", out + err)
    expect(stage.refreshes() == 1, "one refresh reached the carrier", stage.carrier.events("request"))
    expect(stage.relay.connections == connections + 1, "the second did not even connect")

    # Counter-run, with a lock for each: as if there were none.
    stage.run(copied, "login", "phone")
    again = stage.directory / "again"
    shutil.copytree(copied, again)
    before = stage.refreshes()
    results = two_at_once(stage, copied, again, lambda _: stage.relay.held == 2)
    told = "".join(out + err for _, out, err in results)
    expect(stage.refreshes() - before >= 2, "without the lock, both refresh", told)


if __name__ == "__main__":
    main()
