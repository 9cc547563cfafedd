#!/usr/bin/env python3
"""A SIM, an SGP.02 card and an SGP.32 card are told apart. The argument says which is in the reader."""

import sys

from support import enabled, esimctl, expect

kind, name, code, words = {
    "plain-sim": ("none", "list", 5, "no eUICC"),
    "m2m": ("m2m", "list", 5, "SGP.02 (M2M)"),
    "iot": ("iot", "info", 0, ""),
}[sys.argv[1]]
result = esimctl(name)
expect(result.code == code and words in result.err, f"{sys.argv[1]}: {name} says what it is", result)
if kind == "iot":
    before = enabled()
    refused = esimctl("enable", "travel")
    expect(refused.code == 7 and "SGP.32" in refused.err, "iot: enable is refused", refused)
    expect(enabled() == before, "iot: and changes nothing")
cards = esimctl("cards", "--json").json()["cards"]
expect(cards[0]["kind"] == kind, f"{sys.argv[1]}: cards says what it is", cards)
