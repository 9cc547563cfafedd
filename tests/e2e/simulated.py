"""Simulated servers for a test or a bench: started, asked what they have seen, and ended."""

import json
import os
import pathlib
import subprocess

SIM = os.environ.get("ESIMCTL_SIM", "build/esimctl-sim")


class Server:
    """`esimctl-sim` with these words; it runs while it is entered. Its files are in `directory`."""

    def __init__(self, directory, *words):
        self.directory = pathlib.Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        self.ca = self.directory / "ca.pem"
        self.log = self.directory / "log.jsonl"
        self.port = 0
        self._words = words
        self._process = None

    def __enter__(self):
        self._process = subprocess.Popen(
            [SIM, *self._words, "--port", "0", "--ca-out", self.ca, "--log", self.log],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.port = int(self._process.stdout.readline().split()[1])
        return self

    def __exit__(self, *_):
        self._process.terminate()
        self._process.wait()

    def events(self, kind):
        lines = self.log.read_text(encoding="utf-8").splitlines()
        return [event for event in map(json.loads, lines) if event["event"] == kind]


def fresh_orders():
    """The orders of a new SM-DP+."""
    return json.loads(subprocess.run([SIM, "orders"], capture_output=True, check=True).stdout)


class Smdp(Server):
    """A simulated SM-DP+."""

    def __init__(self, directory, orders=None):
        self.orders_file = pathlib.Path(directory) / "orders.json"
        super().__init__(directory, "smdp", "--orders", self.orders_file)
        self.orders_file.write_text(json.dumps(orders or fresh_orders()), encoding="utf-8")

    def code(self, matching_id, *rest, port=None):
        return "$".join(["LPA:1", f"localhost:{port or self.port}", matching_id, *rest])

    def download(self, matching_id, *words, port=None):
        """The words of a command that downloads."""
        return ["download", self.code(matching_id, port=port), "--smdp-ca", str(self.ca), *words]

    def state(self, matching_id):
        """How the order stands."""
        orders = json.loads(self.orders_file.read_text(encoding="utf-8"))["orders"]
        return next(order["state"] for order in orders if order["matching_id"] == matching_id)


class Carrier(Server):
    """A simulated carrier; `change` gets its state before it starts."""

    def __init__(self, directory, provider, change=lambda state: None):
        self.state_file = pathlib.Path(directory) / "state.json"
        super().__init__(directory, "carrier", provider, "--state", self.state_file)
        fresh = subprocess.run([SIM, "carrier", provider, "--fresh"], capture_output=True, check=True)
        state = json.loads(fresh.stdout)
        change(state)
        self.state_file.write_text(json.dumps(state), encoding="utf-8")

    def state(self):
        return json.loads(self.state_file.read_text(encoding="utf-8"))
