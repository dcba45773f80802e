"""Signs and colours of a change, for the terminal and for every picture: green is added and red is removed, as in git.

No mark relies on its colour alone: each has a sign, and a hazard has only a sign.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Mark(StrEnum):
    """Effect of a change on access, or on a part of a picture. UNKNOWN: it is known only after the deployment."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    UNKNOWN = "unknown"

    @property
    def sign(self) -> str:
        """The mark as text, for those who do not see colours; empty when nothing changes."""
        return _SIGNS[self]


_SIGNS = {Mark.SAME: "", Mark.ADDED: "+", Mark.REMOVED: "-", Mark.CHANGED: "~", Mark.UNKNOWN: "?"}
HAZARD = "!"
"""The sign of a hazard."""


@dataclass(frozen=True, slots=True)
class Shade:
    """A colour, with a soft one to stand behind text.

    Attributes:
        terminal: its name on a terminal.
        light: as in CSS, on light paper.
        light_soft: behind text, on light paper.
        dark: as in CSS, on dark paper.
        dark_soft: behind text, on dark paper.
    """

    terminal: str
    light: str
    light_soft: str
    dark: str
    dark_soft: str


SHADES: Mapping[Mark, Shade] = MappingProxyType(
    {
        Mark.ADDED: Shade("green", "#176339", "#e4f5ea", "#7fd8a0", "#123524"),
        Mark.REMOVED: Shade("red", "#a4231a", "#fdeceb", "#ff9d93", "#45191a"),
        Mark.CHANGED: Shade("blue", "#0b5cad", "#e6f0fb", "#8ec5ff", "#14304d"),
        Mark.UNKNOWN: Shade("yellow", "#7a4d00", "#fff3d9", "#f3c566", "#3d2c0a"),
    }
)
"""Colours of each mark that is shown. Text in them has a contrast of 4.5:1 on the paper and on the soft colour."""
