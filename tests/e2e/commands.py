#!/usr/bin/env python3
"""Every command on a card behind pcscd, like any card."""

import re

from support import enabled, esimctl, expect

cards = esimctl("cards", "--json").json()["cards"]
expect([card["present"] for card in cards] == [True, False], "cards shows the card and the empty reader", cards)
expect(cards[0]["kind"] == "consumer", "the card is known as an eUICC", cards)

info = esimctl("info", "--json").json()
expect(info["eid"] == cards[0]["eid"] and info["eid_check_digits_hold"], "info reads the same EID", info)

listed = esimctl("list", "--json").json()
expect(len(listed["profiles"]) == 4 and listed["eid"] == info["eid"], "list shows four profiles", listed)
expect(enabled() == ["Home"], "one of them is enabled")

shown = esimctl("show", "travel", "--json").json()["profile"]
expect(shown["icon_bytes"] > 0 and shown["notifications"], "show fetches what a list leaves out", shown)

readers = esimctl("__complete", "words", "--card", "V")
expect(readers.out.startswith("Virtual PCD 00 00\ta card is in it\n"), "readers are completed", readers)
offered = esimctl("__complete", "words", "enable", "8944")
expect(offered.out == "8944100000000042176\tHome · Meadow Mobile · enabled\n", "and profiles", offered)

switched = esimctl("enable", "travel", "--json")
expect(switched.code == 0 and switched.json()["changed"], "enable switches", switched)
expect(enabled() == ["Travel"], "afterwards the other profile is enabled, and only that")
again = esimctl("enable", "travel", "--json")
expect(again.code == 0 and not again.json()["changed"], "enabling it again changes nothing", again)
disabled = esimctl("disable", "travel", "--json")
expect(disabled.code == 0 and disabled.json()["changed"], "disable disables", disabled)
expect(enabled() == [], "then none is enabled")

renamed = esimctl("rename", "travel", "Reise", "--json")
expect(renamed.code == 0 and renamed.json()["profile"]["nickname"] == "Reise", "rename renames", renamed)
deleted = esimctl("delete", "reise", "--yes", "--json")
expect(deleted.code == 0 and deleted.json()["changed"], "delete deletes", deleted)
expect(len(esimctl("list", "--json").json()["profiles"]) == 3, "then it is gone")
waiting = esimctl("notification", "list", "--json").json()["notifications"]
expect([each["operation"] for each in waiting][-1] == "delete", "and a notification tells of it", waiting)
pending = esimctl("notification", "show", str(waiting[-1]["number"]), "--json").json()["notification"]
expect(pending["operation"] == "delete" and pending["signed_bytes"] > 500, "it can be shown, signed", pending)
only = esimctl("notification", "list", "--event", "delete", "--json").json()["notifications"]
expect([each["operation"] for each in only] == ["delete"], "and be listed by its event", only)
removed = esimctl("notification", "remove", str(waiting[0]["number"]), "--force")
expect(removed.code == 0, "notification remove removes", removed)
expect(len(esimctl("notification", "--json").json()["notifications"]) == len(waiting) - 1, "one")
address = esimctl("smdp", "rsp.example", "--json")
expect(address.json()["changed"] and address.json()["default_smdp"] == "rsp.example", "smdp sets", address)
erased = esimctl("reset", "--operational-profiles", "--default-smdp", "--yes", "--json")
expect(erased.code == 0 and erased.json()["changed"], "reset erases", erased)
expect(len(esimctl("list", "--json").json()["profiles"]) == 2, "then the operational profiles are gone")

recorded = esimctl("list", "--record", "/run/list.jsonl")
replayed = esimctl("list", "--card", "replay:/run/list.jsonl")
expect(recorded.code == 0 and replayed.code == 0, "a recording replays", replayed)
names = [line.split("\t")[4] for line in recorded.out.splitlines()]
expect([line.split("\t")[4] for line in replayed.out.splitlines()] == names, "with the same profiles", replayed)
text = open("/run/list.jsonl", encoding="utf-8").read()
masked = re.findall(r"5A0A[0-9A-F]{8}[*]{12}", text)
expect(len(masked) == len(names) and info["eid"] not in text, "and no EID or ICCID in it", text)
looked_up = esimctl("list", "--json", "--card", "lookup:/run/list.jsonl").json()
expect(len(looked_up["profiles"]) == len(names), "nor when it is looked up", looked_up)
forgotten = esimctl("cards", "--forget", "--json").json()
expect(forgotten["forgotten"] == 0, "a card that behaves leaves nothing to forget", forgotten)

unknown = esimctl("enable", "nobody")
expect(unknown.code == 3 and "Bootstrap" in unknown.err, "an unknown profile is exit 3 with the candidates", unknown)
verbose = esimctl("list", "-v")
expect("APDUs" in verbose.err and "basic" not in verbose.err, "a logical channel is used", verbose)
with open("/run/batch.txt", "w", encoding="utf-8") as file:
    file.write("list\nsmdp other.example\nlist\n")
several = esimctl("batch", "/run/batch.txt", "-v", "--json")
expect(several.code == 0 and several.out.count('"exit":0') == 3, "batch runs three commands", several)
expect(several.err.count("APDUs") == 1, "on one session", several)
explained = esimctl("explain", "6A82", "--json")
expect(explained.json()["meanings"][0]["kind"] == "status word", "explain needs no card", explained)
