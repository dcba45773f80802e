"""The picture as one HTML file: graph, table, filters; it asks the network for nothing."""

from __future__ import annotations

import json
from base64 import b64encode
from functools import cache
from hashlib import sha256
from html import escape
from importlib.resources import files

from ram_policies.picture.model import COLUMNS, HEADINGS, EdgeKind, Mark, Picture
from ram_policies.picture.svg import summary

# What the graph library itself puts into the page; the policy of the page names it by its digest.
_STYLE_OF_THE_LIBRARY = ".__________cytoscape_container { position: relative; }"


def page(picture: Picture, title: str = "Picture of access") -> str:
    """The picture as a page of its own.

    Names come into it as data alone, and scripts and styles are named by their digests in its content security policy:
    what a user or a role is called cannot run.
    """
    library, script = asset("cytoscape.min.js"), asset("picture.js")
    style = asset("look.css") + asset("picture.css")
    licence = asset("cytoscape.LICENSE.txt")
    policy = content_security_policy((library, script), (style, _STYLE_OF_THE_LIBRARY))
    changes = "" if picture.difference is None else _changes(picture.difference.lines())
    gaps = _list("Not known", picture.gaps) if picture.gaps else ""
    legend = "" if picture.difference is None else _legend()
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{escape(title)}</title>
<style>{style}</style>
</head>
<body>
<a class="skip" href="#paths">Skip to the table</a>
<header class="top"><strong>access</strong> <span>{escape(title)}</span></header>
<main>
<h1>{escape(title)}</h1>
<p class="lead">{escape(summary(picture))}</p>
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
{legend}
<div class="frame">
<div id="graph" tabindex="0" role="application" aria-label="Graph of access: arrow keys walk, Enter opens a group" \
aria-describedby="chosen"></div></div>
<p id="chosen" role="status" aria-live="polite"></p>
<img id="printed" alt="" hidden>
</section>
<section>
<div class="scroll" tabindex="0" role="region" aria-label="Table of access">
<table id="paths"><caption>Who may do what, by which way. A column's button sorts.</caption>
<thead><tr></tr></thead><tbody></tbody></table></div>
<p><button type="button" id="more" hidden>Show more rows</button></p>
</section>
</main>
<footer><details><summary>Drawn with Cytoscape.js (MIT licence)</summary><pre>{escape(licence)}</pre></details></footer>
<script type="application/json" id="data">{_json(_data(picture))}</script>
<script>{library}</script>
<script>{script}</script>
</body>
</html>
"""


@cache
def asset(name: str) -> str:
    """A file of the page."""
    return files("ram_policies.picture").joinpath("page", name).read_text("utf-8")


def content_security_policy(scripts: tuple[str, ...], styles: tuple[str, ...]) -> str:
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


def _changes(lines: list[str]) -> str:
    return _list("What changes", lines) if lines else '<p class="note">No access is added or removed.</p>'


def _list(heading: str, lines: list[str] | tuple[str, ...]) -> str:
    signs = {"+": "added", "-": "removed", "?": "unknown"}
    rows = "".join(f'<li class="{signs.get(line[:1], "note")}">{escape(line)}</li>' for line in lines)
    listed = f'<ul class="lines" tabindex="0">{rows}</ul>'
    return f"<details open><summary>{heading} ({len(lines)})</summary>{listed}</details>"


def _legend() -> str:
    marks = [mark for mark in Mark if mark is not Mark.SAME]
    keys = "".join(f'<span class="{mark}"><b>{mark.sign}</b> {mark}</span>' for mark in marks)
    return f'<p class="legend">{keys}</p>'


def _data(picture: Picture) -> dict[str, object]:
    numbers = {node.id: number for number, node in enumerate(picture.nodes)}
    return {
        "headings": HEADINGS,
        "signs": {mark: mark.sign for mark in Mark},
        "marks": picture.difference is not None,
        "nodes": [
            {"kind": n.kind, "column": COLUMNS[n.kind], "title": n.title, "place": n.place, "mark": n.mark}
            | ({"members": n.members} if n.members else {})
            for n in picture.nodes
        ],
        "edges": [
            {"from": numbers[e.source], "to": numbers[e.target], "verb": e.kind, "label": e.label, "mark": e.mark}
            | {"words": e.words, "was": e.was, "actions": e.actions, "notActions": e.not_actions}
            | ({"refuses": True} if e.kind is EdgeKind.REFUSES else {})
            for e in picture.edges
        ],
    }


def _json(value: object) -> str:
    """JSON in a script block: no letter in it can end the block or begin a comment."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
