#!/usr/bin/env python3
"""Two eUICCs and a SIM: named or refused, never guessed."""

import json

from support import enabled, esimctl, expect

several = esimctl("enable", "travel")
expect(several.code == 2 and several.err.count("EID 8904") == 2, "two eUICCs and none named is exit 2", several)
left, right = ("--card", "Virtual PCD 00 00"), ("--card", "Virtual PCD 00 01")
expect(enabled(*left) == ["Home"] and enabled(*right) == ["Home"], "and neither was switched")

ambiguous = esimctl("list", "--card", "Virtual PCD 00")
expect(ambiguous.code == 3 and "fits" in ambiguous.err, "a part of a name that fits several is exit 3", ambiguous)
expect(esimctl("enable", "travel", *right).code == 0, "a named one is switched")
expect(enabled(*left) == ["Home"] and enabled(*right) == ["Travel"], "and only that one")

cards = esimctl("cards", "--json").json()["cards"]
kinds = [card["kind"] for card in cards]
expect(kinds == ["consumer", "consumer", "none", None], "cards tells them apart", cards)
expect(esimctl("list", "--card", cards[2]["card"]).code == 5, "the SIM is no eUICC")
everywhere = esimctl("list", "--card", "all", "--json").json()["cards"]
expect([card["exit"] for card in everywhere] == [0, 0], "--card all lists both eUICCs and leaves out the SIM", everywhere)
expect(esimctl("disable", "travel", "--card", "all").code == 2, "and changes nothing")
each = esimctl("each", "--", "rename", "Home", "Haus")
lines = [json.loads(line) for line in each.out.splitlines()]
expect([line["exit"] for line in lines] == [0, 0, 5] and each.code == 5, "each has a line for every card", each)
expect("Haus" in esimctl("list", *left).out and "Haus" in esimctl("list", *right).out, "and did it on both")
esimctl("each", "--", "rename", "Haus", "Home")
empty = esimctl("list", "--card", cards[3]["card"])
expect(empty.code == 5 and "no card" in empty.err, "an empty reader is told so", empty)
