#!/usr/bin/env python3
"""A card that misbehaves, behind pcscd: exit 5, a sentence, no hang. The argument says how it does."""

import sys

from support import esimctl, expect

kind = sys.argv[1]
for words in (("list",), ("info",), ("enable", "travel")):
    result = esimctl(*words)
    name = " ".join(words)
    expect(result.code == 5, f"{kind}: {name} is exit 5", result)
    expect(result.err.startswith("esimctl: ") and "hint: " in result.err, f"{kind}: {name} says what to do", result)
    expect(result.out == "", f"{kind}: {name} prints no half result", result)
survey = esimctl("cards", "--json")
expect(survey.code == 0 and survey.json()["cards"][0]["present"], f"{kind}: cards shows it all the same", survey)
