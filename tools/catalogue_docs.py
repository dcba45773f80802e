"""Write docs/catalogue.md and docs/presets.md from the catalogue and the presets; ``--check`` only compares."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from generated_pages import keep

from ram_policies.catalogue import (
    AccessLevel,
    CatalogueService,
    Hazard,
    access_level,
    catalogued_services,
    classified_services,
    hazards,
)
from ram_policies.presets import Parameter, Preset, preset_document, presets
from ram_policies.system_policies import system_policies

DOCS = Path(__file__).parents[1] / "docs"
CATALOGUE = """\
# Catalogue

<!-- Written by tools/catalogue_docs.py; change the data, not this file. -->

What `ram_policies.catalogue` knows about Alibaba Cloud. Nothing is asked of the cloud: it is data in the package, and
each piece says where it comes from.

## System policies

{published_count} with their published document, {assumed_count} whose document is not published, or not completely, and
{named_count} of which official documents give only the name. An assumed document follows from the description;
`SystemPolicy.published` is false, and reports say so. Where only the name is known, `SystemPolicy.document` is
`UNKNOWN_DOCUMENT`: proofs stay open, reports name the gap, the fake attaches the policy and grants nothing by it. An
attachment must write a name exactly as it stands here.

{published}

### Assumed

{assumed}

### Known by name

{named}

## Actions

{action_count} action names of {service_count} services, from the official SDK packages and from the services'
authorization pages. Neither source names every action, so `known_action` calls a name misspelt only when it is a slip
away from a known one, and otherwise not listed. A document that names either gets a finding of class suggestion.
`tools/actions_catalogue.py` says how to write the names anew.

{services}

## Levels and hazards

`access_level` gives `read`, `write` or `privileged`. `hazards` gives what makes an action more than operating what is
there; `pattern_hazards` gives the same for a pattern, with the actions. Destroying, buying and reading data leave the
level as it is; any other hazard makes the action privileged. The [presets](presets.md) are held to these.

Every action of {classified} is classified by name. An action of these services that nobody has classified, one that
came with a new version of an SDK or that is in no catalogue, is `unclassified` and counts as a way to more access.

{levels}

{hazards}
"""
PRESETS = """\
# Presets

<!-- Written by tools/catalogue_docs.py; change the data, not this file. -->

Grants that an owner can give without reading a policy document first. A role names them in its configuration, and each
becomes a custom policy that is created together with the role:

{example}

In Python, `ram_policies.presets.preset_document(name, parameters)` gives the document. What is wrong with a parameter
is an error before anything is created, with its place and the way out. Parameters narrow: without them a preset holds
for the whole account, and several of them hold together. A role may have one preset twice, each with a `policyName` of
its own.

None of them lets anybody buy, release, or get more permissions than it gives, tags and resource groups included. One
reads data, and only what it names. Every preset is tested against every action of the [catalogue](catalogue.md),
besides the cases in `tests/policies/ram_policies/presets/cases`.

{index}

{presets}

## Tags and resource groups

Services name tags in conditions by a key of their own (`ecs:tag/team`), by the common key (`acs:ResourceTag/team`),
or by both. A preset with tags writes one statement for each way, so that either is enough, and a request that carries
neither is denied. With `resourceGroups` the request must carry `acs:ResourceGroupId`; where a service does not send
it, the operation is denied. Whoever may change tags or resource groups of a resource can bring it into such a grant:
keep that permission with the owner.
"""
PRESET = """\
## {name}

{title}.

**Allows.** {allows}

**Withholds.** {withholds}

{parameters}Changes: {changes}. Hazards that none of its actions has: {never}.

<details><summary>Example</summary>

{given}```json
{document}
```

</details>

Sources: {sources}."""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def catalogue_page() -> str:
    """The page about system policies and actions."""
    published = [policy for policy in system_policies().values() if policy.published]
    assumed = [policy for policy in system_policies().values() if policy.known and not policy.published]
    named = sorted((policy.name for policy in system_policies().values() if not policy.known), key=str.lower)
    actions = [f"{service.code}:{name}" for service in catalogued_services().values() for name in service.actions]
    dated = [(p, f"{p.version}, {p.updated}" if p.updated else p.version) for p in published]
    levels = [(level, sum(access_level(action) is level for action in actions)) for level in AccessLevel]
    having = [(hazard, sum(hazard in hazards(action) for action in actions)) for hazard in Hazard]
    return CATALOGUE.format(
        published_count=len(published),
        assumed_count=len(assumed),
        named_count=len(named),
        named=", ".join(f"`{name}`" for name in named) + ".",
        published=table(
            ["policy", "description", "version", "page"],
            ([f"`{p.name}`", p.description, version, f"[page]({p.source})"] for p, version in dated),
        ),
        assumed=table(["policy", "description", "why"], ([f"`{p.name}`", p.description, p.source] for p in assumed)),
        action_count=len(actions),
        service_count=len(catalogued_services()),
        services=table(
            ["code", "service", "actions", "packages"], (_service(s) for s in catalogued_services().values())
        ),
        levels=table(["level", "actions"], ([f"`{level}`", str(count)] for level, count in levels)),
        classified=", ".join(f"`{code}`" for code in sorted(classified_services())),
        hazards=table(
            ["hazard", "what such an action does", "actions"],
            ([f"`{hazard}`", hazard.description, str(count)] for hazard, count in having),
        ),
    )


def _service(service: CatalogueService) -> list[str]:
    packages = ", ".join(f"{name} {version}" for name, version in service.packages.items())
    return [f"`{service.code}`", service.title, str(len(service.actions)), packages]


def presets_page() -> str:
    """The page about presets."""
    lines = ["roles:", "  - name: ecs-operator", "    presets:", "      - name: ecs-operate", "        parameters:"]
    lines += [f"          {line}" for line in _given(presets()["ecs-operate"])]
    return PRESETS.format(
        example="\n".join(["```yaml", *lines, "```"]),
        index=table(["preset", "what for"], ([f"[`{p.name}`](#{p.name})", p.title] for p in presets().values())),
        presets="\n\n".join(_preset(preset) for preset in presets().values()),
    )


def _preset(preset: Preset) -> str:
    document = preset_document(preset.name, {parameter.name: parameter.example for parameter in preset.parameters})
    head = ["parameter", "what it does", "form", "required"]
    given = "\n".join(_given(preset))
    return PRESET.format(
        name=preset.name,
        title=preset.title,
        allows=preset.allows,
        withholds=preset.withholds,
        parameters=f"{table(head, map(_parameter, preset.parameters))}\n\n" if preset.parameters else "",
        changes=", ".join(f"`{action}`" for action in sorted(preset.operations)) or "nothing",
        never=", ".join(f"`{hazard}`" for hazard in Hazard if hazard in preset.never),
        given=f"```yaml\n{given}\n```\n\n" if given else "",
        document=json.dumps(document.to_dict(), indent=2),
        sources="; ".join(preset.sources),
    )


def _parameter(parameter: Parameter) -> list[str]:
    return [f"`{parameter.name}`", parameter.description, parameter.form, "yes" if parameter.required else ""]


def _given(preset: Preset) -> list[str]:
    return [f"{parameter.name}: {json.dumps(parameter.example)}" for parameter in preset.parameters]


def pages() -> dict[Path, str]:
    """Each page with its text."""
    return {DOCS / "catalogue.md": catalogue_page(), DOCS / "presets.md": presets_page()}


def main(arguments: Sequence[str]) -> int:
    """Write the pages that have changed; with ``--check``, name them instead."""
    return keep(pages(), "tools/catalogue_docs.py", arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
