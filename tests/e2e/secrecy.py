#!/usr/bin/env python3
"""No secret is in anything that the program writes or can be asked for.

What it writes is read off its system calls, so that files that are gone again count as well, and the log of a database
that is still open; its arguments and its environment off /proc while it waits. A secret is looked for in every form that
a program may have given it.
"""

import base64
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.parse

import pexpect

from simulated import Carrier
from support import ESIMCTL, expect

# What the leak checker of a build for tests would say about being traced itself.
os.environ["ASAN_OPTIONS"] = "detect_leaks=0"

PASSWORD = 'Pa\\ss "word" & 100 % /+ ümlaut'
PASSPHRASE = "correct horse battery staple"
NEW_FILE = {"New passphrase": PASSPHRASE, "same again": PASSPHRASE, "[program/systemd/no]": "no"}
CALLS = "write,writev,pwrite64,pwritev,pwritev2,sendto,sendmsg,execve"


def forms(secret):
    """Each form that text may be written in, by its name."""
    octets = secret.encode()
    found = {
        "as it is": octets,
        "hex": octets.hex().encode(),
        "HEX": octets.hex().upper().encode(),
        "URL-escaped": urllib.parse.quote(secret, safe="").encode(),
        "as in a form": urllib.parse.quote_plus(secret).encode(),
        "JSON-escaped": json.dumps(secret, ensure_ascii=False)[1:-1].encode(),
        "JSON-escaped in ASCII": json.dumps(secret)[1:-1].encode(),
    }
    for before in range(3):  # base64 of text that the secret is a part of
        text = base64.b64encode(bytes(before) + octets).rstrip(b"=")
        inner = text[-(-before * 4 // 3) + (before > 0) :][: len(octets) * 4 // 3 - 2]
        found[f"base64 {before}"] = inner
        found[f"base64url {before}"] = inner.translate(bytes.maketrans(b"+/", b"-_"))
    return found


def leaks(secrets, places):
    """Where which secret stands, in which form."""
    return [
        f"{name} {form} in {place}"
        for name, secret in secrets.items()
        for form, text in forms(secret).items()
        for place, octets in places.items()
        if text in octets
    ]


def written(trace):
    """The octets of each traced call, those of one after the other."""
    octets = bytearray()
    for line in trace.read_text().splitlines():
        for text in re.findall(r'"((?:\\x[0-9a-f]{2})*)"', line):
            octets += bytes.fromhex(text.replace("\\x", ""))
        octets += b"\0"
    return bytes(octets)


class Run:
    """A command on a terminal, watched."""

    def __init__(self, home, *words):
        self.home = home
        self.trace = home.parent / "trace"
        self.places = {}
        strace = ["-f", "-v", "-xx", "-qq", "-s", "1000000", "-e", f"trace={CALLS}", "-o", str(self.trace)]
        environment = {name: value for name, value in os.environ.items() if name != "XDG_STATE_HOME"}
        environment.pop("CREDENTIALS_DIRECTORY", None)
        self.child = pexpect.spawn(
            "strace", [*strace, ESIMCTL, *map(str, words)], env={**environment, "HOME": str(home)}, timeout=60
        )
        self.child.delaybeforesend = None
        self.shown = b""

    def answer(self, answers):
        """Types an answer to each of these questions, whatever their order, until it ends."""
        questions = list(answers)
        while (number := self.child.expect_exact([pexpect.EOF, *questions])) > 0:
            self.shown += self.child.before + self.child.after
            self.look(questions[number - 1])
            self.child.sendline(answers[questions[number - 1]])
        self.shown += self.child.before

    def look(self, when):
        """What others can see of it now."""
        children = pathlib.Path(f"/proc/{self.child.pid}/task/{self.child.pid}/children").read_text().split()
        for number in [self.child.pid, *children]:
            entry = pathlib.Path(f"/proc/{number}")
            try:
                name = (entry / "comm").read_text().strip()
                self.places[f"arguments of {name} at {when}"] = (entry / "cmdline").read_bytes()
                self.places[f"environment of {name} at {when}"] = (entry / "environ").read_bytes()
            except OSError:
                continue
        self.keep_files(when)

    def keep_files(self, when):
        for file in self.home.rglob("*"):
            if file.is_file():
                self.places[f"{file.name} at {when}"] = file.read_bytes()

    def end(self):
        """Its exit code; `places` is whole then."""
        self.child.close()
        self.keep_files("the end")
        self.places["the terminal"] = self.shown
        self.places["a system call"] = written(self.trace)
        return self.child.exitstatus


ACCOUNTS = {
    "emnify": {"E-mail": "user", "Password:": "password", "one-time codes": "totp_secret"},
    "mint": {
        "Phone number": "user",
        "Password:": "password",
        "Key of the app": "client_secret",
        "Channel of the app": "client_id",
    },
}


class Use:
    """All that is done with an account at a carrier, and what was to be seen of it."""

    def __init__(self, top, provider):
        self.home = top / "home"
        self.home.mkdir()
        self.places = {}
        self.secrets = {"the password": PASSWORD, "the passphrase": PASSPHRASE}

        def prepare(state):
            state["accounts"][0].update(password=PASSWORD, mfa=provider == "emnify")

        with Carrier(top / "carrier", provider, prepare) as carrier:
            self.carrier = carrier
            state = carrier.state()
            account = {**state["settings"], **state["accounts"][0]}
            self.user = account["user"]
            for member in ("totp_secret", "client_secret"):
                if account[member]:
                    self.secrets[f"the {member}"] = account[member]
            questions = {question: account[member] for question, member in ACCOUNTS[provider].items()}
            host = ["--host", f"localhost:{carrier.port}", "--host-ca", carrier.ca]
            add = ["account", "add", provider, "work", "--keep-in", "file", *host]
            self.run(add, {**questions, **NEW_FILE})
            for words in (["login", "work"], ["usage", "--refresh"], ["account", "list"]):
                self.run(words, {"Passphrase": PASSPHRASE})
            state = carrier.state()
            state["faults"] = [{"fault": "status", "status": 500}]
            carrier.state_file.write_text(json.dumps(state))
            self.run(["login", "work"], {"Passphrase": PASSPHRASE}, 6)

    def run(self, words, answers, code=0):
        run = Run(self.home, "-vv", *words)
        run.answer(answers)
        got = run.end()
        expect(got == code, f"{words[0]} ends with {code}", f"{got}\n{run.shown.decode()}")
        self.places.update({f"{len(self.places)}: {place}": octets for place, octets in run.places.items()})
        for session in self.carrier.state()["sessions"]:
            self.secrets[f"a token ({session['kind']}, {session['token'][:6]})"] = session["token"]


def planted(top):
    """The same search where a secret was given as what is none, in each form."""
    home = top / "home"
    home.mkdir()
    secret = "planted: /+ & ümlaut?"
    alone = [base64.b64encode(bytes(before) + secret.encode()).decode() for before in range(3)]
    texts = [text.decode() for form, text in forms(secret).items() if not form.startswith("base64")]
    texts += alone + [text.translate(str.maketrans("+/", "-_")) for text in alone]
    (top / "secrets.txt").write_text("password=none of these\n")
    words = ["--set", f"username={' '.join(texts)}", "--secrets", top / "secrets.txt", "--keep-in", "file"]
    os.environ["PLANTED"] = secret
    run = Run(home, "account", "add", "emnify", "work", *words)
    os.environ.pop("PLANTED")
    run.answer({"one-time codes": "", **NEW_FILE})
    expect(run.end() == 0, "an account is added", run.shown.decode())
    found = "\n".join(leaks({"it": secret}, run.places))
    for form in forms(secret):
        for place in ("a system call", "accounts.db at the end", "arguments of esimctl at New passphrase"):
            expect(f"it {form} in {place}" in found, f"a secret that is written ({form}) is found in {place}", found)
    expect("it as it is in environment of esimctl at New passphrase" in found, "and in the environment", found)


def closed_to_others(top):
    """What other programs of the user read off one that waits."""
    user = os.getuid() or 65534  # root may read everything
    home = top / "home"
    home.mkdir()
    os.chown(home, user, -1)
    top.parent.chmod(0o711)

    def readable(pid):
        return subprocess.run(["cat", f"/proc/{pid}/environ"], user=user, capture_output=True, check=False).returncode == 0

    child = pexpect.spawn(ESIMCTL, ["account", "add", "emnify"], preexec_fn=lambda: os.setuid(user),
                          env={**os.environ, "HOME": str(home), "XDG_STATE_HOME": str(home)}, timeout=60)
    child.expect_exact(":")
    other = subprocess.Popen(["sleep", "60"], user=user)
    expect(readable(other.pid), "a program of the same user reads the environment of another one")
    expect(not readable(child.pid), "but not that of esimctl")
    other.kill()
    other.wait()
    child.close(force=True)


with tempfile.TemporaryDirectory(prefix="esimctl-secrets-") as name:
    for provider in ACCOUNTS:
        top = pathlib.Path(name) / provider
        top.mkdir()
        use = Use(top, provider)
        expect(len(use.secrets) >= 4, "the carrier handed out tokens", list(use.secrets))
        found = leaks(use.secrets, use.places)
        expect(not found, f"none of {len(use.secrets)} secrets is in any of {len(use.places)} places", "\n".join(found))
        expect(leaks({"the user": use.user}, use.places), "what is no secret is found in them")
    for what in (planted, closed_to_others):
        top = pathlib.Path(name) / what.__name__
        top.mkdir()
        what(top)
