"""First passwords."""

from __future__ import annotations

import secrets
import string

# Characters that no shell, URL or reader takes for something else; RAM's strictest password policy wants one of each.
_LETTERS = ("".join(set(string.ascii_lowercase) - set("lo")), "".join(set(string.ascii_uppercase) - set("IO")))
_CLASSES = (*_LETTERS, "23456789", "-_.+=")
_LENGTH = 32
_DIFFERENT = 8


def first_password(user: str) -> str:
    """A new random password of 32 characters (about 190 bits) that every password policy of RAM takes.

    RAM takes passwords of 8 to 32 characters; a policy may ask for up to 32, for lower and upper case, digits and
    symbols, for up to 8 different characters, and that the user's name is not in it. The first one is a letter: a
    password that begins with ``-`` or ``=`` is an option to a command and a formula to a spreadsheet. Source: Alibaba
    Cloud, RAM and IMS, "SetPasswordPolicy".
    """
    while True:
        password = _any_password()
        strict = len(set(password)) >= _DIFFERENT and user.lower() not in password.lower()
        if strict and password[0] in "".join(_LETTERS):
            return password


def _any_password() -> str:
    everything = "".join(_CLASSES)
    chosen = [secrets.choice(one) for one in _CLASSES]
    chosen += [secrets.choice(everything) for _ in range(_LENGTH - len(chosen))]
    secrets.SystemRandom().shuffle(chosen)
    return "".join(chosen)
