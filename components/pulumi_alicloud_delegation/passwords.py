"""First passwords."""

from __future__ import annotations

import secrets
import string

# Characters that no shell, URL or reader takes for something else; RAM's strictest password policy wants one of each.
_CLASSES = (
    "".join(set(string.ascii_lowercase) - set("lo")),
    "".join(set(string.ascii_uppercase) - set("IO")),
    "23456789",
    "-_.+=",
)
_LENGTH = 24


def first_password() -> str:
    """A new random password of 24 characters (about 140 bits) with lower and upper case, digits and symbols.

    RAM takes passwords of 8 to 32 characters; see Alibaba Cloud, RAM, "SetPasswordPolicy".
    """
    everything = "".join(_CLASSES)
    chosen = [secrets.choice(one) for one in _CLASSES]
    chosen += [secrets.choice(everything) for _ in range(_LENGTH - len(chosen))]
    secrets.SystemRandom().shuffle(chosen)
    return "".join(chosen)
