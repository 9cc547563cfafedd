#!/usr/bin/env python3
"""The card is shared with other esimctl and with other programs."""

import fcntl
import glob
import os
import threading

from support import OtherProgram, enabled, esimctl, expect, start

# Two commands at once: each sees the card as the other left it.
first, second = start("enable", "travel"), start("list", "--json")
expect(first.wait() == 0 and second.wait() == 0, "two commands at once both succeed")
first.communicate(), second.communicate()
expect(enabled() == ["Travel"], "and the switch is made")

# Another esimctl has the reader: exit 5 and who it is; with more patience it is waited for.
lock_files = glob.glob("/run/lock/esimctl/*.lock")
expect(len(lock_files) == 1, "one lock file for the one reader", lock_files)
with open(lock_files[0], "r+", encoding="utf-8") as lock:
    fcntl.flock(lock, fcntl.LOCK_EX)
    lock.truncate(0)
    lock.write("4711 esimctl\n")
    lock.flush()
    busy = esimctl("list", "--wait", "0")
    expect(busy.code == 5 and "process 4711 esimctl" in busy.err, "a locked reader is exit 5 and says who has it", busy)
    waiting = start("list", "--wait", "60")
    fcntl.flock(lock, fcntl.LOCK_UN)
    expect(waiting.wait() == 0, "a reader that becomes free is waited for")
    waiting.communicate()

# Another program has a transaction: the wait ends, and the message tells what to do.
other = OtherProgram()
other.begin()
held = esimctl("list", "--wait", "1")
expect(held.code == 5 and "another program" in held.err, "a transaction of another program is exit 5", held)
expect("--wait" in held.err, "with what to do", held)
offered = esimctl("__complete", "words", "enable", "")
expect((offered.code, offered.out, offered.err) == (0, "", ""), "completion then does without the card", offered)
patient = start("list", "--wait", "60")
threading.Timer(0, other.end).start()
expect(patient.wait() == 0, "a transaction that ends is waited for")
patient.communicate()
expect(esimctl("list").code == 0, "another program that is only connected is no hindrance")
other.leave()

# Another program has the card for itself alone.
alone = OtherProgram(share=OtherProgram.SHARE_EXCLUSIVE)
shut_out = esimctl("list", "--wait", "0")
expect(shut_out.code == 5 and "another program" in shut_out.err, "an exclusive holder is exit 5", shut_out)
patient = start("list", "--wait", "60")
threading.Timer(0, alone.leave).start()
expect(patient.wait() == 0, "an exclusive holder that goes is waited for")
patient.communicate()

# Channels that another program left open are taken back.
other = OtherProgram()
taken = []
while (answer := other.transmit("0070000001")).endswith("9000"):
    taken.append(answer)
expect(taken, "the other program has taken every channel of the card", answer)
recovered = esimctl("list", "-v")
expect(recovered.code == 0 and "basic one" not in recovered.err, "leaked channels are closed and used", recovered)
other.leave()

# Without the service.
absent = esimctl("list", PCSCLITE_CSOCK_NAME="/nowhere/pcscd.comm")
expect(absent.code == 5 and "pcscd" in absent.err and "--card sim" in absent.err, "no pcscd is exit 5", absent)
os.environ["PCSCLITE_CSOCK_NAME"] = "/nowhere/pcscd.comm"
expect(esimctl("explain", "5").code == 0, "what needs no card needs no pcscd")
