"""A page for each rule, made from its metadata: ``python -m ram_policies.guardrails.docs docs/guardrails``."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from ram_policies.guardrails.rule_model import Purpose, Rule, Settings
from ram_policies.guardrails.rulebook import RULES
from ram_policies.stack.views import StackView

_MADE = "<!-- Made by python -m ram_policies.guardrails.docs. Change the rule, not this page. -->"
_LEVEL = {Purpose.SECURITY: "mandatory: stops the deployment", Purpose.HYGIENE: "advisory"}
_INTRODUCTION = """\
# Guardrails

A policy pack for `pulumi preview` and `pulumi up` that judges who gets access to what on Alibaba Cloud. It works on
every program that makes `alicloud:ram/*` resources; roles, policies and attachments made through
`alicloud:resourcemanager/*` count as well, and those of a package that Pulumi makes of the Terraform provider.

```sh
pulumi preview --policy-pack "$(which pulumi-analyzer-alicloud-ram-guardrails)"
```

The engine starts the file as it is, without a language host; `policies/__main__.py` of this repository is such a file
too, and `--policy-pack policies` works where there is a Python language host. Settings and enforcement levels go into
a file, `--policy-pack-config guardrails.json`:

```json
{
  "trust-outside-allow-list": {"accounts": ["12345678"]},
  "session-too-long": {"seconds": 3600},
  "grant-does-nothing": {"enforcementLevel": "mandatory"}
}
```

## What is not known at preview

At preview some values are not known yet: an output of a resource that does not exist, and everything made from one.
Pulumi's own proxies raise when a policy reads such a value, and the policy is then skipped with an advisory. These
rules get a view in which an unknown value is a value of its own, and each says on its page what it does with it:

- a **security** rule fails closed: what it cannot see is a violation, and stops the deployment. With `"unknown":
  "later"` such a value counts as nothing, and the rule runs again with the real values: before the resource is made
  when the rule is about one role or document, at the end of the update when it is about the stack.
- a **hygiene** rule passes over what it cannot see.

What the stack does not describe (a policy, a group, a role made by hand) is not a value that an update will tell:
security rules treat it as a violation, also with `"unknown": "later"`. An update that nobody previewed
(`--skip-preview`, the Automation API) is judged resource by resource before each is made, by what the operation has
shown so far over the stack as it is deployed; let attachments depend on their role and policy
(`role_name=role.role_name`). The engine shows no removals before they are done: a Deny, a security preference or a
block that an update takes away is judged by a preview, or else at the end.

A name that is not known but comes from exactly one resource of the right type (`role_name=role.id`) is taken to be the
name of that resource. The account of a provider is what the setting `accountsOfProviders` says (by name or URN;
`default` means default providers); where the setting names none, what `accountId`, the role that the provider assumes
(`assumeRole`, else `assumeRoleWithOidc`) and the ARNs of its resources say; else not known, and so where that role is
not known. Name every provider: the program's word about others then counts for nothing. Where sources contradict each
other, the account is not known and [account-mismatch](account-mismatch.md) reports it. Roles of an account that is not
known trust nobody of their own. Where several resources define one thing (two policies of one name, two default
versions), all of them count.

## Rules

"""
_OUTRO = """
## The report

The policy `access-report` says, as an advisory, what the preview changes about who can do what, one line each:

    + role ecs-admin of company-a (11223344) trusts account 12345678, with MFA
    - user AAA of company-b (12345678) can no longer assume role ecs-admin of company-a (11223344) without conditions
    ? role ops of 11223344 may gain whatever p will say

It compares the preview with the deployed stack, which it reads with `pulumi stack export`. The setting `"before"`
names a file with that output instead; where it is empty (`""`), all access counts as new. There is no report where
nothing changes. It also names resources that give access and that no rule judges:
`? Not looked at: BucketAcl site (who may read and write a bucket)`.

## What is not covered

- **Judged in one respect, and named in the report**: bucket policies, ACLs and Block Public Access, for being open to
  everybody ([public-bucket](public-bucket.md)). Which named accounts they allow, ACLs of single objects, access points
  and Block Public Access that is made outside the stack are not looked at.
- **Not judged, but named in the report** when they are new or change: identity providers (certificates, client IDs, who
  is behind them; roles that trust them are judged by [trust-without-proof](trust-without-proof.md)), CloudSSO, control
  policies, resource shares, templates of ROS and OOS, instances and functions with roles, policies of keys and log
  projects, members of workspaces, resources of Cloud Control and of Terraform modules (roles among them), dynamic
  providers and commands (`policies/ram_policies/stack/type_coverage.json` is the table). Where nobody reads the report,
  keep them out by a policy of your own.
- **Not seen**: what was made outside the stack and the stack does not mention: grants by hand, other stacks, instances
  that have a role. A role that is mentioned and not made in the stack counts as one that anybody may trust.
- **Taken from the program** where a reviewer says nothing: the account of a provider (`accountId`). Set
  `accountsOfProviders`. Which credentials a provider works with nobody sees: its name is believed until the ARNs of
  what it made contradict.
- **Judged for everything alone**: keys of users, and roles for services and identity providers of the own account
  ([standing-administrator](standing-administrator.md)). Smaller ways to more access count for roles of other accounts.
- **Known to be wide**: which actions are a way to more access follows from the catalogue; running code on machines and
  in containers counts where a role of the stack trusts the service (`throughServices: always` for everywhere).
- **Resources that a program only reads** (`.get()`): the engine does not hand them to stack policies, so they count as
  outside the stack: such a role may trust anybody, and such a policy may allow anything.
- **Nearly everything**: networks that leave out more than an eighth of the internet, and texts with a fixed beginning,
  are proof, however wide they are.
- **Not a boundary**: who can change the pack, its settings or the pipeline can leave it out, and the program itself is
  code that can call RAM without the engine. Control policies of the resource directory hold against that.

## Your own rules

A rule is a function on a view of the stack. `ram_guardrails_pack.testing` tests it, with known and unknown values,
and `RunningPack` talks to a whole pack as the engine does, with the engine's own marks of unknown values; it takes
packs written in any language.

    from ram_policies.guardrails.rule_model import HIGH, Example, SecuritySettings, Violation, not_known, rule
    from ram_guardrails_pack.pack import policies, serve, surroundings
    from ram_guardrails_pack.testing import UNKNOWN, RunningPack, check, provider, role
    from ram_policies.stack.views import RoleView

    @rule("role-names", title="A role has no prefix", severity=HIGH, on=RoleView, settings=SecuritySettings,
          why="...", unknown="A name that is not known is a violation.", example=Example(bad="ops", good="b-ops"))
    def role_names(role, settings):
        if role.name is UNKNOWN:
            yield not_known(role.urn, "The name of the role")
        elif not role.name.startswith("b-"):
            yield Violation(role.urn, f"The role {role.name} has no prefix.", "Begin its name with b-.")

    assert check(role_names, role("ops", trust=UNKNOWN, provider=provider("11223344")))
    serve(policies([role_names], surroundings()), name="my-pack", description="Ours.")    # the pack's main
"""


def guardrail_pages() -> Iterator[tuple[str, str]]:
    """Every page: file name and text. The index comes first."""
    yield "README.md", _INTRODUCTION + _table(RULES) + _OUTRO
    for rule in RULES:
        yield f"{rule.name}.md", _page(rule)


def _table(rules: Iterable[Rule[Any]]) -> str:
    head = "| Rule | What is wrong | Severity | By default |\n|---|---|---|---|\n"
    rows = [
        f"| [{rule.name}]({rule.name}.md) | {rule.title} | {rule.severity} | {_LEVEL[rule.purpose].split(':')[0]} |\n"
        for rule in rules
    ]
    return head + "".join(rows)


def _page(rule: Rule[Any]) -> str:
    runs = "on the whole stack" if rule.on is StackView else "on each resource, before it is deployed"
    parts = [
        f"# {rule.name}\n\n{rule.title}.\n",
        f"Severity: {rule.severity}. Purpose: {rule.purpose}. By default {_LEVEL[rule.purpose]}. Runs {runs}.\n",
        f"## Why, and how it decides\n\n{rule.why}\n",
        f"## Values that are not known at preview\n\n{rule.unknown}\n",
        f"## Settings\n\n{_settings(rule.settings)}",
        f"## Example\n\nBreaks the rule:\n\n{_code(rule.bad)}\nPasses:\n\n{_code(rule.good)}",
    ]
    return f"{_MADE}\n" + "\n".join(parts)


def _settings(settings: type[Settings]) -> str:
    rows = [
        f"| `{field.alias or name}` | {_default(settings, name)} | {field.description} |\n"
        for name, field in settings.model_fields.items()
    ]
    return "| Setting | Default | Meaning |\n|---|---|---|\n" + "".join(rows)


def _default(settings: type[BaseModel], name: str) -> str:
    value: object = settings.model_fields[name].get_default(call_default_factory=True)
    if value is None:
        return "not set"
    if isinstance(value, tuple | Mapping):
        return ", ".join(f"`{item}`" for item in value) or "empty"  # pyright: ignore[reportUnknownVariableType] - any
    return f"`{value}`"


def _code(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())


def main(folder: Path) -> None:
    """Write all pages, and remove those of rules that are gone; pages of other making stay."""
    folder.mkdir(parents=True, exist_ok=True)
    made = dict(guardrail_pages())
    for old in folder.glob("*.md"):
        if old.name not in made and old.read_text("utf-8").startswith(_MADE):
            old.unlink()
    for name, text in made.items():
        (folder / name).write_text(text, "utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("docs/guardrails"), help="default: %(default)s")
    main(parser.parse_args().folder)
