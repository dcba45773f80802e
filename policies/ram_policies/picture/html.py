"""The picture as one HTML file: graph, table, filters; it asks the network for nothing."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from typing import cast

from ram_policies.access.compare import Difference
from ram_policies.access.marks import HAZARD, SHADES, Mark
from ram_policies.picture.palette import asset, style_sheet
from ram_policies.picture.picture_model import COLUMNS, HEADINGS, EdgeKind, Picture
from ram_policies.picture.svg import summary
from ram_policies.visible import escaped, visible

# What the graph library itself puts into the page; the policy of the page names it by its digest.
_STYLE_OF_THE_LIBRARY = ".__________cytoscape_container { position: relative; }"

_PARTS = ("data", "filters", "layout", "graph", "table", "choosing", "page")


def html_page(picture: Picture, title: str = "Picture of access") -> str:
    """The picture as a page of its own.

    Names come into it as data alone, and scripts and styles are named by their digests in its content security policy:
    what a user or a role is called cannot run.
    """
    library, script = asset("cytoscape.min.js"), _script()
    style = style_sheet("picture.css")
    licence = escaped(asset("cytoscape.LICENSE.txt"))
    head = page_head(title, style, scripts=(library, script), more_styles=(_STYLE_OF_THE_LIBRARY,))
    changes = "" if picture.difference is None else _changes(picture.difference)
    changing = "" if picture.difference is None else ' class="changing"'
    gaps = _list("Not known", [("note", gap, []) for gap in picture.gaps]) if picture.gaps else ""
    return f"""{head}<a class="skip" href="#paths">Skip to the table</a>
<header class="top"><strong>access</strong> <span>{escaped(title)}</span></header>
<main>
<h1>{escaped(title)}</h1>
<p class="lead">{escaped(summary(picture))}</p>
{changes}{gaps}
<form class="filters" role="search" aria-label="Filter the picture and the table">
{_field("person", "Person or team", "AAA")}
{_field("role", "Role", "ecs-admin")}
{_field("action", "Action", "ecs:StopInstance")}
{_field("resource", "Resource", "acs:ecs:…")}
{'<label class="check"><input type="checkbox" id="changed"> Changes only</label>' if changes else ""}
<button type="reset">Show all</button>
</form>
<p id="told" role="status" aria-live="polite"></p>
<section aria-labelledby="graph-heading">
<div class="bar"><h2 id="graph-heading">Graph</h2>
<div class="tools">
<button type="button" id="nearer">Zoom in</button><button type="button" id="further">Zoom out</button>
<button type="button" id="fit">Fit</button><button type="button" id="open">Open every group</button></div></div>
<p class="hint">Arrow keys walk along the graph; Enter opens or closes a group of people. The table below
holds the same.</p>
{_legend(picture)}
<div class="frame">
<div id="graph" tabindex="0" role="application" aria-label="Graph of access: arrow keys walk, Enter opens a group" \
aria-describedby="chosen"></div></div>
<p id="chosen" role="status" aria-live="polite"></p>
<img id="printed" alt="" hidden>
</section>
<section class="below">
<div class="scroll" tabindex="0" role="region" aria-label="Table of access">
<table id="paths"{changing}><caption>Who may do what, by which way. A column's button sorts.</caption>
<thead><tr></tr></thead><tbody></tbody></table></div>
<p><button type="button" id="more" hidden>Show more rows</button></p>
</section>
</main>
<footer><details><summary>Drawn with Cytoscape.js (MIT licence)</summary><pre>{licence}</pre></details></footer>
<script type="application/json" id="data">{_json(_data(picture))}</script>
<script>{library}</script>
<script>{script}</script>
</body>
</html>
"""


def _script() -> str:
    """The files of the page's own script as one; they share their names, and nobody else sees them."""
    return '"use strict";\n(() => {\n' + "\n".join(asset(f"{name}.js") for name in _PARTS) + "})();\n"


def page_head(title: str, style: str, *, scripts: Sequence[str] = (), more_styles: Sequence[str] = ()) -> str:
    """The beginning of a page, up to the start of its body.

    Args:
        title: title of the page.
        style: its style sheet.
        scripts: the scripts that may run in it.
        more_styles: further style sheets that scripts add to it.
    """
    policy = content_security_policy(scripts, (style, *more_styles))
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{escaped(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{escaped(title)}</title>
<style>{style}</style>
</head>
<body>
"""


def content_security_policy(scripts: Sequence[str], styles: Sequence[str]) -> str:
    """A policy that lets these scripts and styles into a page, pictures that it makes itself, and nothing else."""
    allowed = [" ".join(f"'{_digest(text)}'" for text in texts) or "'none'" for texts in (scripts, styles)]
    return (
        f"default-src 'none'; script-src {allowed[0]}; style-src {allowed[1]}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()


def _field(name: str, label: str, example: str) -> str:
    return (
        f'<label>{label}<input id="{name}" type="search" placeholder="{example}" autocomplete="off" spellcheck="false">'
        "</label>"
    )


def _changes(difference: Difference) -> str:
    rows = [(str(change.kind), str(change), change.details()) for change in difference.changes]
    return _list("What changes", rows) if rows else '<p class="note">No access is added or removed.</p>'


def _list(heading: str, rows: Sequence[tuple[str, str, Sequence[str]]]) -> str:
    """Sentences, each with its class and what belongs to it."""
    items = "".join(
        f'<li class="{name}">{escaped(text)}{"".join(f"<small>{escaped(detail)}</small>" for detail in details)}</li>'
        for name, text, details in rows
    )
    listed = f'<ul class="lines" tabindex="0">{items}</ul>'
    return f"<details open><summary>{heading} ({len(rows)})</summary>{listed}</details>"


def _legend(picture: Picture) -> str:
    drawn = {part.mark for part in (*picture.nodes, *picture.edges)}
    marks = [mark for mark in SHADES if picture.difference or mark in drawn]
    keys = [f'<span class="{mark}"><b>{mark.sign}</b> {mark}</span>' for mark in marks]
    if any(node.hazards for node in picture.nodes):
        keys.append(f"<span><b>{HAZARD}</b> more than operating what is there</span>")
    return f'<p class="legend">{"".join(keys)}</p>' if keys else ""


def _data(picture: Picture) -> dict[str, object]:
    numbers = {node.id: number for number, node in enumerate(picture.nodes)}
    return {
        "headings": HEADINGS,
        "signs": {mark: mark.sign for mark in Mark} | {"hazard": HAZARD},
        "marks": picture.difference is not None,
        "nodes": [
            {"kind": n.kind, "column": COLUMNS[n.kind], "title": n.title, "place": n.place, "mark": n.mark}
            | ({"members": n.members} if n.members else {})
            | ({"hazards": n.hazards} if n.hazards else {})
            for n in picture.nodes
        ],
        "edges": [
            {"from": numbers[e.source], "to": numbers[e.target], "verb": e.kind, "label": e.label, "mark": e.mark}
            | {"condition": e.condition, "was": e.was, "actions": e.actions, "notActions": e.not_actions}
            | ({"refuses": True} if e.kind is EdgeKind.REFUSES else {})
            for e in picture.edges
        ],
    }


def _json(value: object) -> str:
    """JSON in a script block: no letter in it can end the block or begin a comment."""
    text = json.dumps(_visible(value), ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _visible(value: object) -> object:
    match value:
        case str():
            return visible(value)
        case dict():
            given = cast("dict[str, object]", value)
            return {name: _visible(one) for name, one in given.items()}
        case list() | tuple():
            return [_visible(one) for one in cast("Sequence[object]", value)]
        case _:
            return value
