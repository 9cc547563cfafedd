"""A simulated SM-DP+ for a test or a bench: started, asked what it has seen, and ended."""

import json
import os
import pathlib
import subprocess

SIM = os.environ.get("ESIMCTL_SIM", "build/esimctl-sim")


def fresh_orders():
    """The orders of a new server."""
    return json.loads(subprocess.run([SIM, "orders"], capture_output=True, check=True).stdout)


class Smdp:
    """Runs while it is entered; its files are in `directory`."""

    def __init__(self, directory, orders=None):
        self.directory = pathlib.Path(directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        self.ca = self.directory / "ca.pem"
        self.log = self.directory / "log.jsonl"
        self.orders_file = self.directory / "orders.json"
        self.orders_file.write_text(json.dumps(orders or fresh_orders()), encoding="utf-8")
        self.port = 0
        self._process = None

    def __enter__(self):
        files = ["--orders", self.orders_file, "--ca-out", self.ca, "--log", self.log]
        self._process = subprocess.Popen(
            [SIM, "smdp", "--port", "0", *files], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self.port = int(self._process.stdout.readline().split()[1])
        return self

    def __exit__(self, *_):
        self._process.terminate()
        self._process.wait()

    def code(self, matching_id, *rest, port=None):
        return "$".join(["LPA:1", f"localhost:{port or self.port}", matching_id, *rest])

    def download(self, matching_id, *words, port=None):
        """The words of a command that downloads."""
        return ["download", self.code(matching_id, port=port), "--smdp-ca", str(self.ca), *words]

    def state(self, matching_id):
        """How the order stands."""
        orders = json.loads(self.orders_file.read_text(encoding="utf-8"))["orders"]
        return next(order["state"] for order in orders if order["matching_id"] == matching_id)

    def events(self, kind):
        lines = self.log.read_text(encoding="utf-8").splitlines()
        return [event for event in map(json.loads, lines) if event["event"] == kind]
