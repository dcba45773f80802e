"""The contract room as one HTML file without scripts: both companies read the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pulumi_alicloud_delegation.contract import moment_text
from pulumi_alicloud_delegation.handover.formats import Party
from pulumi_alicloud_delegation.handover.room import Answer, RoleRoom, Room, RoomLine
from ram_policies.access.marks import Mark
from ram_policies.picture.html import page_head
from ram_policies.picture.palette import style_sheet
from ram_policies.visible import escaped

_SIGNS = {
    Answer.GRANTED: "✓",
    Answer.NARROWED: "~",
    Answer.REFUSED: "✗",
    Answer.MORE: "+",
    Answer.NOT_KNOWN: "?",
    Answer.SUSPENDED: "‖",
    Answer.ENDED: "■",
}
_COLOURS = {
    Answer.GRANTED: Mark.ADDED, Answer.NARROWED: Mark.CHANGED, Answer.REFUSED: Mark.REMOVED, Answer.MORE: Mark.UNKNOWN,
    Answer.NOT_KNOWN: Mark.UNKNOWN, Answer.SUSPENDED: Mark.UNKNOWN, Answer.ENDED: Mark.REMOVED,
}  # fmt: skip
"""Mark of the pictures that gives an answer its colour. The sign is the answer's own."""
_STATES = {
    "active": (Mark.ADDED, "Active: the roles exist and carry what was granted."),
    "suspended": (Mark.UNKNOWN, "Suspended by A: no role carries a grant, and no session begins."),
    "terminated": (Mark.REMOVED, "Terminated by A: the roles do not exist any more."),
}
_STYLE = """
.parties { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(18rem, 100%), 1fr)); gap: .8rem; }
.parties { margin-bottom: 1rem; }
.parties div, article { background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.parties div, article { padding: .8rem 1.1rem; }
.parties h2 { font-size: .8rem; text-transform: uppercase; letter-spacing: .05em; color: var(--muted); }
.parties p { margin: .2rem 0 0; }
article { margin: 0 0 1.2rem; } article > h3 { margin: 1rem 0 .3rem; font-size: .95rem; }
article header h3 { margin: 0; font-size: 1.1rem; } article .lines + p { margin: .5rem 0 .8rem; }
article header { display: flex; flex-wrap: wrap; gap: .6rem; align-items: baseline; }
section { margin-top: 1.8rem; } section > h2 { margin-bottom: .7rem; }
.mark { border: 2px solid; border-radius: 999px; padding: 0 .6rem; }
.mark { font-size: .85rem; font-weight: 600; white-space: nowrap; }
.mark.added { color: var(--added); } .mark.removed { color: var(--removed); } .mark.changed { color: var(--changed); }
.mark.unknown { color: var(--unknown); }
.two { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(24rem, 100%), 1fr)); gap: 0 1.5rem; }
.two h3 { font-size: .95rem; margin: .9rem 0 .3rem; }
.state { padding: .6rem 1rem; border-left: 4px solid; border-radius: 6px; max-width: none; }
.state.added { background: var(--added-soft); border-color: var(--added); }
.state.removed { background: var(--removed-soft); border-color: var(--removed); }
.state.unknown { background: var(--unknown-soft); border-color: var(--unknown); }
article table { margin-top: .3rem; } article th { width: 11rem; font-weight: 600; }
.none { color: var(--muted); margin: .2rem 0; }
"""


def room_page(room: Room) -> str:
    """The page. Names come into it as text alone, and it has no scripts."""
    offer, acceptance = room.offer, room.acceptance
    title = f"Contract {acceptance.contract.name or offer.contract.name or 'without a name'}"
    colour, state = _STATES[acceptance.state]
    head = page_head(title, style_sheet() + _STYLE)
    return f"""{head}<header class="top"><strong>access</strong> <span>Contract room</span></header>
<main>
<h1>{escaped(title)}</h1>
<p class="lead">{escaped(_lead(room))}</p>
<p class="state {colour}">{state}</p>
<div class="parties">
{_party("A, the owner", acceptance.owner)}{_party("B, the delegate", offer.delegate)}
<div><h2>When it ends</h2><p>{escaped(_end(room))}</p></div>
</div>
<section><h2>Asked for, granted, narrowed, refused</h2>
{"".join(map(_role, room.roles)) or '<p class="none">No role was asked for.</p>'}</section>
{_never(room)}
<section><h2>The comparison in sentences</h2>
{_sentences(room)}</section>
<section><h2>Signatures</h2>
<p><strong>Nobody has signed this.</strong> A digest shows that a file was not changed after it was sealed. It does not
show who sealed it: compare both digests with the other company by another way than the one the files came by.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Digests">
<table><caption>Digests of both files</caption>
<tr><th scope="row">Offer</th><td><code>{escaped(offer.digest or "none")}</code></td></tr>
<tr><th scope="row">Acceptance</th><td><code>{escaped(acceptance.digest or "none")}</code></td></tr>
<tr><th scope="row">Accepted offer</th><td><code>{escaped(acceptance.offer or "it does not say")}</code></td></tr>
</table></div></section>
</main>
<footer><p>As of {moment_text(room.at)}. Offer issued {escaped(offer.issued or "without a date")}; acceptance issued
{escaped(acceptance.issued or "without a date")}.</p></footer>
</body>
</html>
"""


def _lead(room: Room) -> str:
    counts = [
        f"{number} {answer}" for answer in Answer if (number := sum(role.answer is answer for role in room.roles))
    ]
    return f"Roles: {', '.join(counts) or 'none'}."


def _party(heading: str, party: Party) -> str:
    name = f"{party.alias} ({party.id})" if party.alias else party.id
    return f"<div><h2>{heading}</h2><p>{escaped(name)}, {party.site} site</p></div>\n"


def _end(room: Room) -> str:
    contract = room.acceptance.contract
    begin = f"From {contract.not_before}. " if contract.not_before else ""
    if room.end is None:
        return f"{begin}Without an end: it lasts until one of the two ends it."
    if room.ended:
        return f"{begin}It ended at {moment_text(room.end)}."
    days = (room.end - room.at).days
    return f"{begin}At {moment_text(room.end)}, in {days} {'day' if days == 1 else 'days'}."


def _role(role: RoleRoom) -> str:
    endings = "".join(
        f'<tr><th scope="row">{escaped(one.way)}</th><td>{escaped(one.after)}</td></tr>' for one in role.endings
    )
    ways = (
        f'<div class="scroll" tabindex="0" role="region" aria-label="Endings of {escaped(role.name)}"><table>'
        f"<caption>What a live session can still do after each way of ending</caption>{endings}</table></div>"
    )
    return f"""<article>
<header><h3>Role {escaped(role.name)}</h3> {_mark(role.answer)} <span>{escaped(role.tier)}</span></header>
{f'<p class="none">Asked for because: {escaped(role.why)}</p>' if role.why else ""}
<div class="two">
<div><h3>Asked for</h3>{_lines(role.asked)}{_proofs(role.proofs_asked)}</div>
<div><h3>Granted</h3>{_lines(role.granted)}{_proofs(role.proofs_granted) if role.endings else ""}</div>
</div>
{ways if endings else ""}
</article>
"""


def _mark(answer: Answer) -> str:
    return f'<span class="mark {_COLOURS[answer]}">{_SIGNS[answer]} {answer}</span>'


def _lines(lines: Sequence[RoomLine]) -> str:
    if not lines:
        return '<p class="none">Nothing.</p>'
    rows = "".join(f'<li class="{_COLOURS[one.answer]}">{_mark(one.answer)} {escaped(one.text)}</li>' for one in lines)
    return f'<ul class="lines">{rows}</ul>'


def _proofs(proofs: Sequence[str]) -> str:
    return f"<p>A caller has to bring: {escaped(', '.join(proofs) or 'nothing but its own account')}.</p>"


def _never(room: Room) -> str:
    patterns = tuple(dict.fromkeys((*room.offer.never, *room.acceptance.never)))
    if not patterns:
        return ""
    return f"<section><h2>Never</h2><p>No role may allow: {_codes(patterns)}.</p></section>"


def _codes(texts: Iterable[str]) -> str:
    return ", ".join(f"<code>{escaped(text)}</code>" for text in texts)


def _sentences(room: Room) -> str:
    found = room.verification
    rows = [
        *(f'<li class="{Mark.ADDED}">{escaped(text)}</li>' for text in found.as_asked),
        *(f'<li class="{Mark.CHANGED}">{escaped(text)}</li>' for text in found.differs),
        *(f'<li class="{Mark.UNKNOWN}">not known: {escaped(text)}</li>' for text in found.not_known),
    ]
    return f'<ul class="lines">{"".join(rows)}</ul>' if rows else '<p class="none">Nothing to compare.</p>'
