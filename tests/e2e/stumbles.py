#!/usr/bin/env python3
"""A card that stumbles once, behind pcscd: exit 5 and a sentence, and all is well when it is asked again."""

from support import enabled, esimctl, expect

result = esimctl("enable", "travel")
expect(result.code == 5, "the command that it stumbles at is exit 5", result)
expect(result.err.startswith("esimctl: ") and "hint: " in result.err, "it says what to do", result)
expect(enabled() == ["Home"], "the card is as it was")
expect(esimctl("enable", "travel").code == 0, "the same again works")
expect(enabled() == ["Travel"], "and is done")
