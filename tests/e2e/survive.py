#!/usr/bin/env python3
"""What a run of esimctl leaves that was ended by force: nothing is lost, and one more run puts it right.

  survive.py [--all] [--every N] [--size OCTETS] [--workers N]

The card is a process behind pcscd that keeps its state, and so is the server. Runs of a download, an enable, a delete
and a delivery are killed (SIGKILL) at an APDU, around a request, or at a write of the journal. Others lose the network
at a request, the card at an APDU, or all room at a write; have the wrong time; have another download beside them; or
meet a server that answers 500. After each of them the same command once more, and then `notification send`, must
leave the profile there once (enabled, gone), a card that answers, and every notification that the card ever made at
the server. What is neither there nor waits is lost; any other failure is stuck. What was sent and not yet recorded as
sent may come twice, in the same octets: it is counted as repeated.

Killed is before every APDU, before and after every request, at every answer, and once the last octet of every
transaction of the journal is written. --all kills after every APDU and before every single write of the journal as
well, and takes the network, the card and the room away at every moment, not at some. --every takes a sample of all
that: of the moments of each kind the first, every Nth after it, and the last.

Two faults are tried with the journal, and once more with the journal wiped after the kill: that must lose something,
or this could not fail.
"""

import argparse
import asyncio
import collections
import contextlib
import ctypes
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from books import Books, outbox  # noqa: E402
from simulated import SIM, Smdp, fresh_orders  # noqa: E402
from support import ESIMCTL, Result, esimctl, wait_for_card  # noqa: E402

HTTPS = 443
YEAR = 365 * 86400
OPERATOR = "localhost"
SECOND_EID = "89049032000000000000000000050134"
SKIPPED = 77

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


def swapped(digits):
    return "".join(digits[at + 1] + digits[at] for at in range(0, len(digits), 2))


class Child:
    """A process that can be ended and started again."""

    def __init__(self, *words):
        self.words = list(map(str, words))
        self.process = None
        self.start()

    def start(self):
        # Not even the death of this program may leave it behind.
        self.process = subprocess.Popen(
            self.words,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            preexec_fn=lambda: LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL),
        )

    def end(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class Card(Child):
    """A simulated card in the first reader, whose profiles all have their operator at the one server."""

    def __init__(self, file, eid=None):
        self.file = file
        self.insertion = None
        state = json.loads(subprocess.run([SIM, "fresh"], capture_output=True, check=True).stdout)
        for profile in state["profiles"]:
            profile["notifications"] = [{**each, "address": OPERATOR} for each in profile["notifications"][:1]]
        state["eid"] = eid or state["eid"]
        file.write_text(json.dumps(state))
        super().__init__(SIM, "card", "--state", file, "--port", os.environ["VPCD_PORTS"].split()[0])

    def start(self):
        super().start()
        self.insertion = wait_for_card(True)

    def end(self):
        super().end()
        wait_for_card(False, since=self.insertion)

    def state(self):
        return json.loads(self.file.read_text())

    def profile(self, printed):
        """How often it is there, and whether it is enabled."""
        found = [each for each in self.state()["profiles"] if each["iccid"] == swapped(printed + "F")]
        return len(found), any(each["state"] == "enabled" for each in found)


class Relay(Child):
    """The way from port 443, where operators are told, to the server: it can be cut."""

    def __init__(self, port):
        super().__init__(sys.executable, __file__, "--relay", port)

    def start(self):
        super().start()
        self.process.stdout.readline()


async def relay(port):
    async def pump(source, sink):
        try:
            while data := await source.read(65536):
                sink.write(data)
                await sink.drain()
        except OSError:
            pass
        sink.close()

    async def accept(client_in, client_out):
        server_in, server_out = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(pump(client_in, server_out), pump(server_in, client_out))

    server = await asyncio.start_server(accept, "127.0.0.1", HTTPS)
    print("ready", flush=True)
    await server.serve_forever()


class World:
    """A card, a server, the way between them, and the place for esimctl's journal."""

    def __init__(self, size, label):
        self.size = size
        self.directory = pathlib.Path("/run") / label
        self.directory.mkdir()
        self.made = collections.Counter()
        self.books = Books()
        self.card = self.smdp = self.relay = None
        self.orders = 0
        self.serve()
        self.put_in()
        self.move()

    def file(self, name):
        self.made[name] += 1
        return self.directory / f"{name}-{self.made[name]}"

    def put_in(self, eid=None):
        """Another card; what the one before still had is gone with it."""
        if self.card:
            self.look()
            self.card.end()
        self.card = Card(self.file("card"), eid)
        self.look()

    def serve(self, *faults, relayed=True):
        """Another server, which knows nothing of what the one before has done."""
        self.stop_serving()
        made = fresh_orders()
        model = made["orders"][0]
        made["faults"] = list(faults)
        made["orders"] = [
            {
                **model,
                "matching_id": f"ORDER-{number}",
                "size": self.size,
                "profile": {**model["profile"], "iccid": swapped(self.iccid(number) + "F")},
            }
            for number in range(self.orders, self.orders + 800)
        ]
        # pylint: disable-next=unnecessary-dunder-call
        self.smdp = Smdp(self.file("smdp"), made).__enter__()
        self.relay = Relay(self.smdp.port) if relayed else None

    def stop_serving(self):
        if self.relay:
            self.relay.end()
        if self.smdp:
            self.books.read(self.smdp.log)
            self.smdp.__exit__()
        self.relay = self.smdp = None

    def move(self, room=None):
        """A new place for the journal, with so much room."""
        self.home = self.file("home")
        self.home.mkdir()
        if room:
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={room}", "none", self.home], check=True)

    def wipe(self):
        subprocess.run(["rm", "-rf", self.home / "esimctl"], check=True)

    def close(self):
        self.stop_serving()
        self.card.end()

    def look(self):
        self.books.look_at_card(self.card.state())

    # Commands

    def environment(self, **more):
        return {"XDG_STATE_HOME": str(self.home), **more}

    def run(self, *words, **more):
        return esimctl(*words, "--smdp-ca", str(self.smdp.ca), **self.environment(**more))

    def must(self, *words):
        result = self.run(*words)
        if result.code != 0:
            raise RuntimeError(f"{words}: {result}")

    def spoilt(self, *words, **faults):
        """The command with a fault, and its events: how many of each kind, and whether the fault came."""
        trace = self.file("trace")
        result = self.run(
            *words,
            LD_PRELOAD=os.environ["FAULTS"],
            ASAN_OPTIONS="verify_asan_link_order=0",
            FAULT_TRACE=str(trace),
            **{f"FAULT_{name}": str(value) for name, value in faults.items()},
        )
        events = collections.Counter(trace.read_text().split())
        trace.unlink()
        return result, events

    def order(self):
        self.orders += 1
        return self.orders - 1

    @staticmethod
    def iccid(order):
        return f"8900100{order:011}1"

    def download(self, order):
        address = OPERATOR if self.relay else f"{OPERATOR}:{self.smdp.port}"
        return ["download", f"LPA:1${address}$ORDER-{order}", "--yes"]

    # Faults

    def after(self, kind):
        self.books.read(self.smdp.log)
        self.books.after_fault(kind, outbox(self.home))

    def send(self):
        """Delivers what waits, and shows that the card can be used."""
        script = self.directory / "send-and-list"
        script.write_text("notification send\nlist\n")
        return self.run("batch", script)

    def judge(self, label, good, story):
        self.books.read(self.smdp.log)
        self.look()
        sound = all(each.code != 125 and "Sanitizer" not in each.err for each in story)
        self.books.judge(label, good and sound, outbox(self.home), story)

    def attempt(self, fault, words, done):
        """The command with a fault, once more without, and what it left delivered. Whether the fault came."""
        kind, at = fault
        result, events = self.spoilt(*words, **self.faults(kind, at))
        if not events["FAULT"] and kind != "clock":
            if result.code != 0:
                self.books.problems.append(f"{kind} {at} of {words[0]}: no fault came, and yet: {result}")
            return False
        self.after(kind)
        if kind == "cut":
            self.relay.end()
            self.relay.start()
        if kind == "pulled":
            self.card.end()
            self.card.start()
        if kind == "full":
            (self.home / "filler").unlink(missing_ok=True)
        further = self.run(*words)
        sent = self.send()
        good = done(further) and sent.code == 0
        self.judge(f"{words[0]}, {kind} at {at}", good, [result, further, sent])
        return True

    def faults(self, kind, at):
        return {
            "killed": lambda: {"AT": at},
            "cut": lambda: {"AT": at, "PID": self.relay.process.pid},
            "pulled": lambda: {"AT": at, "PID": self.card.process.pid},
            "full": lambda: {"AT": at, "FILL": self.home / "filler"},
            "clock": lambda: {"CLOCK": at},
        }[kind]()

    def is_installed(self, order, further):
        return (
            further.code in (0, 7)
            and self.card.profile(self.iccid(order))[0] == 1
            and self.smdp.state(f"ORDER-{order}") == "installed"
        )

    def cycle(self, plan):
        """A profile from its download to its end, with the next fault of the plan for each command."""

        def step(words, done):
            faults = plan.get(words[0])
            if faults:
                self.attempt(faults.pop(0), words, done)
            else:
                self.must(*words)

        order = self.order()
        profile = self.iccid(order)
        step(self.download(order), lambda further: self.is_installed(order, further))
        if self.card.profile(profile)[0] != 1:
            return

        def enable(wanted):
            step(["enable", wanted], lambda further: further.code == 0 and self.card.profile(wanted)[1])

        if faults := plan.get("notification"):
            self.must("enable", profile, "--no-send")
            self.attempt(faults.pop(0), ["notification", "send"], lambda further: further.code == 0)
        else:
            enable(profile)
        enable(self.home_profile())
        # Deleted already is what the user wanted, too.
        step(
            ["delete", profile, "--yes"],
            lambda further: further.code in (0, 3) and self.card.profile(profile)[0] == 0,
        )

    def home_profile(self):
        return swapped(self.card.state()["profiles"][0]["iccid"]).rstrip("F")


def moments(events, every_one):
    """When a command with so many events of each kind is killed."""
    found = []
    for number in range(1, events["apdu"] + 2):
        found += [f"apdu {number} before"] + [f"apdu {number} after"] * every_one
    for number in range(1, events["request"] + 1):
        # The head of a request is one write, its body the next.
        found += [f"request {number} before"] + [f"request {number} after"] * (number % 2 == 0)
    found += [f"answer {number} before" for number in range(1, events["answer"] + 1)]
    writes = "journal" if every_one else "commit"
    found += [f"{writes} {number} before" for number in range(1, events[writes] + 1)]
    return found


def sample(found, every):
    """Of the moments of each kind the first, every Nth after it, and the last, in the order that they have."""
    kinds = collections.defaultdict(list)
    for place, moment in enumerate(found):
        kinds[re.sub(r"\d+", "", str(moment))].append(place)
    taken = {place for places in kinds.values() for place in [*places[::every], places[-1]]}
    return [found[place] for place in sorted(taken)]


def measure(world):
    """The events of each command, once the journal is there."""
    world.cycle({})
    events = {}
    order = world.order()
    profile = world.iccid(order)
    _, events["download"] = world.spoilt(*world.download(order))
    _, events["enable"] = world.spoilt("enable", profile)
    world.must("enable", world.home_profile(), "--no-send")
    _, events["notification"] = world.spoilt("notification", "send")
    _, events["delete"] = world.spoilt("delete", profile, "--yes")
    return events


def drain(world, plan):
    while any(plan.values()):
        world.cycle(plan)


def kills(world, share, every_one):
    events = measure(world)
    plan = {name: [("killed", at) for at in share(moments(each, every_one))] for name, each in events.items()}
    drain(world, plan)
    # The journal itself is made by the first download.
    world.move()
    for number in share(range(1, 60, 1 if every_one else 6)):
        world.move()
        world.cycle({"download": [("killed", f"journal {number} before")]})
    return events


def accidents(world, share, every_one, events):
    def requests(name):
        return [
            ("cut", f"request {number} {when}")
            for number in range(1, events[name]["request"] + 1)
            for when in ("before", "after")
        ]

    def sampled(found):
        """Each takes seconds: a card is put back, or a server asked again and again."""
        return found if every_one else found[len(found) // 4 :: len(found) // 2]

    pulled = {
        name: [("pulled", f"apdu {number} before") for number in range(1, events[name]["apdu"] + 1)]
        for name in events
    }
    clock = [("clock", str(-20 * YEAR)), ("clock", str(60 * YEAR))]
    plan = {name: share(sampled(requests(name)) + sampled(pulled[name]) + clock) for name in events}
    drain(world, plan)
    for name in ("download", "enable", "delete"):
        most = 100 if name == "download" else 30
        for at in share(range(1, most, 1 if every_one else most // 5)):
            world.move(room="2m")
            world.cycle({name: [("full", f"journal {at} before")]})
    world.move()


def refusals(world):
    """A server that answers 500 to what it is told."""
    for name in ("download", "enable", "delete", "notification"):
        order = world.order()
        world.serve({"function": "handleNotification", "fault": "http", "http": 500, "times": 1})
        order = world.order()
        profile = world.iccid(order)
        download = world.download(order)
        if name != "download":
            download.append("--no-send")
        story = [world.run(*download)]
        if name in ("enable", "notification"):
            story.append(world.run("enable", profile, *["--no-send"] * (name == "notification")))
        if name == "notification":
            story.append(world.run("notification", "send"))
        if name == "delete":
            story.append(world.run("delete", profile, "--yes"))
        world.after("500")
        sent = world.send()
        good = sent.code == 0 and world.smdp.state(f"ORDER-{order}") == "installed"
        world.judge(f"{name}, 500", good, [*story, sent])
        world.must("enable", world.home_profile())
        if name != "delete":
            world.must("delete", profile, "--yes")
    world.serve()


def both(world, first, second):
    """Two downloads at once."""
    commands = [
        subprocess.Popen(
            [ESIMCTL, *world.download(order), "--smdp-ca", str(world.smdp.ca)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **world.environment()},
        )
        for order in (first, second)
    ]
    story = []
    for each in commands:
        out, err = each.communicate(timeout=90)
        story.append(Result(each.returncode, out, err))
    world.after("two at once")
    sent = world.send()
    good = sent.code == 0 and all(world.is_installed(order, each) for order, each in zip((first, second), story))
    world.judge("two downloads at once", good, [*story, sent])
    for order in {first, second}:
        world.must("delete", world.iccid(order), "--yes")


def journal_matters(world, wiped):
    """Two faults that only the journal survives."""
    events = measure(world)
    # Installed and in the journal, and the operator is about to be told.
    at = f"request {events['download']['request'] - 1} before"

    def killed(order):
        result, came = world.spoilt(*world.download(order), **world.faults("killed", at))
        if not came["FAULT"]:
            raise RuntimeError(f"not killed: {result}")
        world.after("killed")
        if wiped:
            world.wipe()
        return result

    # The card breaks for good. Another one is put in, and the operator of the first still hears of it.
    result = killed(world.order())
    world.put_in(SECOND_EID)
    sent = world.send()
    world.judge("download onto a card that breaks", sent.code == 0, [result, sent])
    # The card knows the server's name and no port, and nobody listens at the usual one.
    world.serve(relayed=False)
    order = world.order()
    result = killed(order)
    further = world.run(*world.download(order))
    sent = world.send()
    good = sent.code == 0 and world.is_installed(order, further)
    world.judge("download from a server with a port", good, [result, further, sent])


def work(given):
    found = {"kept": [], "wiped": [], "moments": 0, "taken": 0}

    def share(whole):
        whole = list(whole)
        taken = sample(whole, given.every)
        found["moments"] += len(whole)
        found["taken"] += len(taken)
        return taken[given.worker :: given.workers]

    @contextlib.contextmanager
    def world(label, journal="kept"):
        with contextlib.closing(World(given.size, label)) as made:
            yield made
            found[journal].append(made.books.results())

    with world("world") as one:
        events = kills(one, share, given.all)
        accidents(one, share, given.all, events)
        if given.worker == 0:
            refusals(one)
        if given.worker == given.workers - 1:
            order = one.order()
            both(one, order, order)
            both(one, one.order(), one.order())
    if given.worker == 0:
        with world("kept") as one:
            journal_matters(one, wiped=False)
        with world("wiped", "wiped") as one:
            journal_matters(one, wiped=True)
    print(json.dumps(found))


class Sum:
    def __init__(self, all_results):
        self.faults = collections.Counter()
        for each in all_results:
            self.faults.update(each["faults"])
        self.lost, self.stuck, self.repeated = (
            sum(each[name] for each in all_results) for name in ("lost", "stuck", "repeated")
        )
        self.problems = [problem for each in all_results for problem in each["problems"]]

    def __str__(self):
        injected = sum(self.faults.values())
        return f"faults injected {injected}, lost {self.lost}, stuck {self.stuck}, repeated {self.repeated}"


def coordinate(given):
    with tempfile.TemporaryDirectory(prefix="survive-") as directory:
        faults = pathlib.Path(directory) / "faults.so"
        subprocess.run(["gcc", "-O1", "-shared", "-fPIC", "-o", faults, HERE / "faults.c", "-ldl"], check=True)
        command = [HERE / "with-pcscd", "--readers", "1", sys.executable, __file__]
        command += ["--size", str(given.size), "--workers", str(given.workers), "--every", str(given.every)]
        command += ["--all"] * given.all
        workers = [
            subprocess.Popen(
                [*command, "--worker", str(number)],
                stdout=subprocess.PIPE,
                text=True,
                env={**os.environ, "FAULTS": str(faults)},
            )
            for number in range(given.workers)
        ]
        said = [each.communicate()[0] for each in workers]
    if SKIPPED in (each.returncode for each in workers):
        return SKIPPED
    if any(each.returncode for each in workers):
        return 1
    found = [json.loads(each.splitlines()[-1]) for each in said]
    kept, wiped = (Sum([one for each in found for one in each[name]]) for name in ("kept", "wiped"))
    for problem in kept.problems:
        print(f"failed: {problem}")
    print(f"by kind: {', '.join(f'{name} {count}' for name, count in sorted(kept.faults.items()))}")
    print(f"the journal wiped: {wiped}")
    # Each worker counts the moments of all of them.
    taken, moments = max((one["taken"], one["moments"]) for one in found)
    print(kept if given.every == 1 else f"{kept}; a sample, {taken} of {moments} moments")
    if not wiped.lost or not wiped.stuck:
        print("failed: nothing is lost without the journal, so this test shows nothing")
        return 1
    return 1 if kept.problems or kept.lost or kept.stuck else 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--size", type=int, default=2000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--worker", type=int)
    parser.add_argument("--relay", type=int)
    given = parser.parse_args()
    if given.relay:
        return asyncio.run(relay(given.relay))
    if given.worker is not None:
        return work(given)
    return coordinate(given)


sys.exit(main())
