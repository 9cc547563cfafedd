#!/usr/bin/env python3
"""Ctrl-C while a slow card takes a profile: nothing is installed, and it can be downloaded again."""

import json
import signal

from simulated import Smdp
from support import esimctl, expect, start


def stage(line):
    event = json.loads(line)
    return event.get("stage") or event["event"]


def interrupted(command, when):
    """The command, with SIGINT at the first event of the name `when`; its exit code, output and errors."""
    process = start(*command)
    out = ""
    for line in process.stdout:
        out += line
        if stage(line) == when:
            break
    process.send_signal(signal.SIGINT)
    rest, err = process.communicate(timeout=60)
    return process.returncode, out + rest, err


with Smdp("/run/smdp") as smdp:
    before = esimctl("list", "--json").json()["profiles"]
    command = smdp.download("LARGE-200KB", "--yes", "--json")
    for when in ("initiateAuthentication", "prepareDownload", "progress"):
        code, out, err = interrupted(command, when)
        expect(code == 130, f"Ctrl-C at {when} is exit 130", err)
        expect("nothing was installed" in err, "nothing was installed", err)
        last = json.loads(out.splitlines()[-1])
        expect(last["event"] == "error" and last["error"]["exit"] == 130, "the last event says so", out)
        expect(esimctl("list", "--json").json()["profiles"] == before, "the card is usable, and as it was")
    journal = esimctl("store", "check", "--json").json()
    expect(journal["sessions"] == 3 and journal["open_sessions"] == 0, "no download is left open", journal)
    cancelled = [event["function"] for event in smdp.events("request")].count("cancelSession")
    expect(cancelled > 0, "the server heard of it where the card could cancel", smdp.events("request"))
    again = esimctl(*command)
    expect(again.code == 0, "the same code downloads it", again)
    expect(len(esimctl("list", "--json").json()["profiles"]) == len(before) + 1, "and it is on the card")
