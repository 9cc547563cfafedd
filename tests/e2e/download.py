#!/usr/bin/env python3
"""Profiles from a simulated SM-DP+ onto a card behind pcscd."""

from simulated import Smdp
from support import enabled, esimctl, expect

with Smdp("/run/smdp") as smdp:
    preview = esimctl(*smdp.download("SMALL-2KB", "--preview", "--json"))
    expect(preview.code == 0 and '"event":"result"' in preview.out, "a preview tells what is on offer", preview)
    expect(smdp.state("SMALL-2KB") == "released", "and leaves it with the server", preview)

    drawn = esimctl("code", smdp.code("SMALL-2KB"), "--png", "/run/code.png")
    expect(drawn.code == 0, "a QR code of the activation code is drawn", drawn)
    done = esimctl("download", "--qr", "/run/code.png", "--smdp-ca", str(smdp.ca), "--yes", "-v")
    expect(done.code == 0 and "enables it" in done.err, "and the profile is downloaded from the picture", done)
    expect("4 requests over 1 connections" in done.err, "over one connection", done)
    told = smdp.events("request")[-1]["notification"]
    expect(told["valid"] and told["success"], "the server hears that it is installed", told)
    expect(smdp.state("SMALL-2KB") == "installed", "and closes its order")

    listed = esimctl("list", "--json").json()["profiles"]
    small = [profile for profile in listed if profile["name"] == "Small"]
    expect(len(small) == 1 and small[0]["state"] == "disabled", "the profile is listed, disabled", listed)
    waiting = esimctl("notification", "list", "--json").json()["notifications"]
    expect(waiting == [], "no notification waits on the card", waiting)
    on = esimctl("enable", small[0]["iccid"], "--json", "--no-send")
    expect(on.code == 0 and enabled() == [None], "and it can be enabled", on)

    again = esimctl(*smdp.download("SMALL-2KB", "--yes"))
    expect(again.code == 7, "a code that was used is exit 7", again)
    unknown = esimctl(*smdp.download("NOBODY", "--yes"))
    expect(unknown.code == 7 and "8.2.6/3.8" in unknown.err, "a wrong matching ID is exit 7", unknown)
    late = esimctl(*smdp.download("TOO-LATE", "--yes", "--json"))
    expect(late.code == 7, "an order that has expired is exit 7", late)

    with open("/run/code.txt", "w", encoding="utf-8") as file:
        file.write("4321\n")
    given = ("--confirmation-code-file", "/run/code.txt", "--yes")
    wrong = esimctl(*smdp.download("WITH-CODE", *given))
    expect(wrong.code == 7, "a wrong confirmation code is exit 7", wrong)
    expect("4321" not in wrong.err, "and is not repeated", wrong)
    with open("/run/code.txt", "w", encoding="utf-8") as file:
        file.write("1234\n")
    right = esimctl(*smdp.download("WITH-CODE", *given))
    expect(right.code == 0, "the right one installs", right)
    named = ("--smdp", f"localhost:{smdp.port}", "--matching-id", "LARGE-200KB")
    large = esimctl("download", *named, "--smdp-ca", str(smdp.ca), "--yes", "--json")
    expect(large.code == 0, "so does a server that is named with a matching ID", large)

    untrusted = esimctl("download", smdp.code("SMALL-2KB"), "--yes")
    expect(untrusted.code == 6, "a server that the issuers of the card do not vouch for is exit 6", untrusted)

    journal = esimctl("store", "check", "--json").json()
    expect(journal["open_sessions"] == 0 and journal["unsent_notifications"] == 0, "nothing is left open", journal)

gone = esimctl(*smdp.download("LARGE-200KB", "--yes"))
expect(gone.code == 6, "a server that is not there is exit 6", gone)
