#!/usr/bin/env python3
"""A card that is pulled while it takes a profile: exit 5, and the journal keeps the download open."""

from simulated import Smdp
from support import esimctl, expect

with Smdp("/run/smdp") as smdp:
    result = esimctl(*smdp.download("LARGE-200KB", "--yes", "--json"))
    expect('"event":"progress"' in result.out, "the card has taken a part of the profile", result)
    expect(result.code == 5, "a pulled card is exit 5", result)
    journal = esimctl("store", "check", "--json").json()
    expect(journal["sessions"] == journal["open_sessions"] == 1, "the download is open in the journal", journal)
    expect(smdp.state("LARGE-200KB") == "downloaded", "and the server waits to hear of it")
