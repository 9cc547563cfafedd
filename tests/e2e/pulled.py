#!/usr/bin/env python3
"""A card that is pulled while it is asked to switch: exit 5, and what is known of its state."""

from support import esimctl, expect

result = esimctl("enable", "travel")
expect(result.code == 5, "a pulled card is exit 5", result)
expect("may have done so" in result.err or "nothing was changed" in result.err, "its state is told", result)
