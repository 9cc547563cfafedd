#!/usr/bin/env python3
"""What a download asks on a terminal, and what each answer does."""

import pexpect

from simulated import Smdp
from support import ESIMCTL, esimctl, expect

QUESTION = "[yes/no/later] "
CODE_QUESTION = "The confirmation code of the operator: "


def run(smdp, matching_id, *rest):
    """The command on a terminal of its own."""
    child = pexpect.spawn(
        ESIMCTL,
        smdp.download(matching_id, *rest),
        dimensions=(50, 100),
        encoding="utf-8",
        timeout=60,
    )
    child.delaybeforesend = None
    return child


def end(child):
    """Its exit code, and what it has shown since it was last looked for."""
    child.expect(pexpect.EOF)
    child.close()
    return child.exitstatus, child.before


def names():
    return [profile["name"] for profile in esimctl("list", "--json").json()["profiles"]]


with Smdp("/run/smdp") as smdp:
    for answer, state, said in (("later", "released", "waits at the server"), ("no", "cancelled", "refuse it")):
        child = run(smdp, "LARGE-200KB")
        child.expect_exact(QUESTION)
        expect("Practice Mobile" in child.before, "what is on offer is shown beside the question", child.before)
        child.sendline(answer)
        code, shown = end(child)
        expect(code == 9 and said in shown, f"{answer} is exit 9", shown)
        expect(smdp.state("LARGE-200KB") == state, f"the server knows that it is {answer}", smdp.state("LARGE-200KB"))
        expect("Large" not in names(), "and nothing is installed")

    child = run(smdp, "SMALL-2KB")
    child.expect_exact(QUESTION)
    child.sendintr()
    code, shown = end(child)
    expect(code == 130 and "nothing was installed" in shown, "Ctrl-C at the question is exit 130", shown)
    expect(smdp.state("SMALL-2KB") == "released", "and the profile stays with the server")

    child = run(smdp, "SMALL-2KB")
    child.expect_exact(QUESTION)
    child.sendline("perhaps")
    child.expect_exact(QUESTION)
    child.sendline("yes")
    code, shown = end(child)
    expect(code == 0 and "installing: 100 %" in shown and "enables it" in shown, "yes installs", shown)
    expect("Small" in names(), "and it is on the card")

    child = run(smdp, "WITH-CODE", "--yes")
    child.expect_exact(CODE_QUESTION)
    expect(not child.getecho(), "what is typed at the question for the code is not shown")
    child.sendintr()
    code, shown = end(child)
    expect(code == 130, "Ctrl-C there is exit 130", shown)
    for typed, wanted in (("4321", 7), ("1234", 0)):
        child = run(smdp, "WITH-CODE", "--yes")
        child.expect_exact(CODE_QUESTION)
        child.sendline(typed)
        code, shown = end(child)
        expect(code == wanted and typed not in shown, f"{typed} is exit {wanted}, and is not shown", shown)
    expect("With a code" in names(), "the right one installs")

    journal = esimctl("store", "check", "--json").json()
    expect(journal["open_sessions"] == 0, "no download is left open", journal)
