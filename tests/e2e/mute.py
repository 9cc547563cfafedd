#!/usr/bin/env python3
"""A card that stops answering behind pcscd: given up after the time that a command may take."""

from support import esimctl, expect

result = esimctl("enable", "travel")
expect(result.code == 5 and "no answer within" in result.err, "a mute card is exit 5", result)
offered = esimctl("__complete", "words", "enable", "")
expect((offered.code, offered.out, offered.err) == (0, "", ""), "completion does without it", offered)
