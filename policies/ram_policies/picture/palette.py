"""The colours of marks as each form of a picture writes them: see `access.marks`, the one place that chooses them."""

from __future__ import annotations

from importlib.resources import files

from ram_policies.access.marks import SHADES, Mark

_DASHES = {Mark.REMOVED: "6 4", Mark.UNKNOWN: "3 3"}
_WIDTH = 2.4


def style_sheet(*more: str) -> str:
    """The style of a page: colours of marks, what every page has, and further style sheets by their file names."""
    return _page_colours() + "".join(asset(name) for name in ("look.css", *more))


def asset(name: str) -> str:
    """A file of the pages."""
    return files("ram_policies.picture").joinpath("page", name).read_text("utf-8")


def _page_colours() -> str:
    light = "".join(f"--{mark}:{shade.light};--{mark}-soft:{shade.light_soft};" for mark, shade in SHADES.items())
    dark = "".join(f"--{mark}:{shade.dark};--{mark}-soft:{shade.dark_soft};" for mark, shade in SHADES.items())
    paper = "".join(f"--{mark}:{shade.light};--{mark}-soft:#fff;" for mark, shade in SHADES.items())
    return (
        f":root{{{light}}}\n"
        f"@media (prefers-color-scheme: dark){{:root:not(.paper){{{dark}}}}}\n"
        f"@media print{{:root:root{{{paper}}}}}\n"
    )


def svg_rules() -> str:
    """Rules for the shapes and texts of an SVG, light and dark."""
    light = "\n".join(_svg_rule(mark) for mark in SHADES)
    dark = "\n".join(
        f"rect.{mark}, path.{mark} {{ stroke: {shade.dark} }} text.{mark} {{ fill: {shade.dark} }}"
        for mark, shade in SHADES.items()
    )
    return f"{light}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}\n"


def _svg_rule(mark: Mark) -> str:
    colour, dashes = SHADES[mark].light, _DASHES.get(mark)
    line = f"stroke: {colour}; stroke-width: {_WIDTH}" + (f"; stroke-dasharray: {dashes}" if dashes else "")
    return f"rect.{mark}, path.{mark} {{ {line} }} text.{mark} {{ fill: {colour}; font-weight: 600 }}"


def mermaid_style(mark: Mark) -> str:
    """The style of marked nodes and edges in a Mermaid flow chart."""
    dashes = f",stroke-dasharray:{_DASHES[mark]}" if mark in _DASHES else ""
    return f"stroke:{SHADES[mark].light},stroke-width:3px{dashes}"
