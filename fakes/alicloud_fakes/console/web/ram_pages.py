"""Pages of RAM: users, groups, roles and policies of the account that is signed in to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from alicloud_fakes.cloud.access_export import access_of
from alicloud_fakes.console.apis import ApiCall
from alicloud_fakes.console.web.context import Page, page_route
from ram_policies import arn
from ram_policies.access.documents import from_documents
from ram_policies.access.phrases import trusted_phrase
from ram_policies.access.who import Access, Explorer
from ram_policies.document import DocumentKind, Effect
from ram_policies.findings import Finding
from ram_policies.review import review
from ram_policies.validation.parse import parse

_MOST = "100"


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A line of a document, with the findings about it."""

    number: int
    text: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """A policy document as a page shows it.

    Attributes:
        lines: pretty-printed, each with its findings.
        findings: how many there are.
    """

    lines: tuple[DocumentLine, ...]
    findings: int

    @classmethod
    def of(cls, text: str, kind: DocumentKind) -> ShownDocument:
        """Lay a document out, and look for what is wrong with it."""
        with suppress(ValueError):  # what is not JSON is a finding
            text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
        findings = review(text, kind).findings
        lines = tuple(
            DocumentLine(number, line, tuple(one for one in findings if one.line == number))
            for number, line in enumerate(text.split("\n"), 1)
        )
        return cls(lines, len(findings))


def _shown(found: Page, template: str, first: ApiCall, **values: Any) -> Response:  # noqa: ANN401 - what it shows
    return found.show(template, status=200 if first.ok else first.status or 502, first=first, **values)


def users(found: Page) -> Response:
    """Users of the account."""
    first = found.apis.call("ram", "ListUsers", MaxItems=_MOST, Marker=found.query("marker"))
    return _shown(found, "ram_users.html", first, users=first.items("Users", "User"))


def user(found: Page) -> Response:
    """A user with its groups, policies and access keys."""
    name = found.path("name")
    call = found.apis.call
    first = call("ram", "GetUser", UserName=name)
    if not first.ok:
        return _shown(found, "ram_user.html", first, name=name)
    return _shown(
        found,
        "ram_user.html",
        first,
        name=name,
        user=first.body["User"],
        groups=call("ram", "ListGroupsForUser", UserName=name).items("Groups", "Group"),
        policies=call("ram", "ListPoliciesForUser", UserName=name).items("Policies", "Policy"),
        keys=call("ram", "ListAccessKeys", UserName=name).items("AccessKeys", "AccessKey"),
        login=call("ram", "GetLoginProfile", UserName=name),
        mfa=call("ram", "GetUserMFAInfo", UserName=name),
    )


def groups(found: Page) -> Response:
    """Groups of the account."""
    first = found.apis.call("ram", "ListGroups", MaxItems=_MOST, Marker=found.query("marker"))
    return _shown(found, "ram_groups.html", first, groups=first.items("Groups", "Group"))


def group(found: Page) -> Response:
    """A group with its members and policies."""
    name = found.path("name")
    call = found.apis.call
    first = call("ram", "GetGroup", GroupName=name)
    if not first.ok:
        return _shown(found, "ram_group.html", first, name=name)
    return _shown(
        found,
        "ram_group.html",
        first,
        name=name,
        group=first.body["Group"],
        users=call("ram", "ListUsersForGroup", GroupName=name).items("Users", "User"),
        policies=call("ram", "ListPoliciesForGroup", GroupName=name).items("Policies", "Policy"),
    )


def roles(found: Page) -> Response:
    """Roles of the account."""
    first = found.apis.call("ram", "ListRoles", MaxItems=_MOST, Marker=found.query("marker"))
    return _shown(found, "ram_roles.html", first, roles=first.items("Roles", "Role"))


def role(found: Page) -> Response:
    """A role: whom it trusts, who can assume it, what it may do, and which sessions are open."""
    return _role(found)


def _role(found: Page, failed: ApiCall | None = None) -> Response:
    name = found.path("name")
    call = found.apis.call
    first = call("ram", "GetRole", RoleName=name)
    if not first.ok:
        return _shown(found, "ram_role.html", first, name=name, failed=failed)
    shown: Mapping[str, Any] = first.body["Role"]
    trust = str(shown["AssumeRolePolicyDocument"])
    parsed = parse(trust, DocumentKind.TRUST).document
    statements = parsed.statements if parsed is not None else ()
    response = _shown(
        found,
        "ram_role.html",
        first,
        name=name,
        role=shown,
        failed=failed,
        trust=ShownDocument.of(trust, DocumentKind.TRUST),
        trusted=[trusted_phrase(one) for one in statements if one.effect is Effect.ALLOW],
        policies=call("ram", "ListPoliciesForRole", RoleName=name).items("Policies", "Policy"),
        holders=_holders(found, str(shown["Arn"])) if found.root is not None else None,
        sessions=found.console.sessions.of_role(str(shown["Arn"]), found.console.cloud.clock.time()),
    )
    if failed is not None:
        response.status_code = failed.status or 502
    return response


def _holders(found: Page, role_arn: str) -> list[Access]:
    # Who is in the other account is nobody's business in this one, so only the control room's root sees it.
    with found.console.cloud.lock:
        model = from_documents(access_of(found.console.cloud))
    role = arn.Arn.parse(role_arn)
    return list(Explorer(model).who_can("sts:AssumeRole", arn.role_resource(role.account, role.name)))


def detach(found: Page) -> Response:
    """Take a policy away from a role."""
    return _change(found, "DetachPolicyFromRole", "was detached")


def attach(found: Page) -> Response:
    """Attach a policy to a role."""
    return _change(found, "AttachPolicyToRole", "was attached")


def _change(found: Page, action: str, did: str) -> Response:
    name, policy = found.path("name"), found.field("policy").strip()
    kind = "Custom" if found.field("type") == "Custom" else "System"
    call = found.apis.call("ram", action, PolicyType=kind, PolicyName=policy, RoleName=name)
    if not call.ok:
        return _role(found, call)
    found.notice("good", f"{policy} {did}. It counts from the next call on, for open sessions too.")
    return found.go(f"/ram/roles/{name}")


def policies(found: Page) -> Response:
    """Custom policies of the account."""
    kind = "System" if found.query("type") == "System" else "Custom"
    first = found.apis.call("ram", "ListPolicies", PolicyType=kind, MaxItems=_MOST, Marker=found.query("marker"))
    return _shown(found, "ram_policies.html", first, policies=first.items("Policies", "Policy"), kind=kind)


def policy(found: Page) -> Response:
    """A policy: its document with the findings beside the lines, its versions, and what it is attached to."""
    name = found.path("name")
    kind = "System" if found.path("type") == "System" else "Custom"
    call = found.apis.call
    first = call("ram", "GetPolicy", PolicyType=kind, PolicyName=name)
    if not first.ok:
        return _shown(found, "ram_policy.html", first, name=name, kind=kind)
    version: Mapping[str, Any] = first.body.get("DefaultPolicyVersion", {})
    entities = call("ram", "ListEntitiesForPolicy", PolicyType=kind, PolicyName=name)
    return _shown(
        found,
        "ram_policy.html",
        first,
        name=name,
        kind=kind,
        policy=first.body["Policy"],
        document=ShownDocument.of(str(version.get("PolicyDocument", "")), DocumentKind.IDENTITY),
        users=entities.items("Users", "User"),
        groups=entities.items("Groups", "Group"),
        roles=entities.items("Roles", "Role"),
    )


def routes() -> list[Route]:
    """Paths of these pages."""
    return [
        page_route("/ram/users", users),
        page_route("/ram/users/{name}", user),
        page_route("/ram/groups", groups),
        page_route("/ram/groups/{name}", group),
        page_route("/ram/roles", roles),
        page_route("/ram/roles/{name}", role),
        page_route("/ram/roles/{name}/detach", detach, method="POST"),
        page_route("/ram/roles/{name}/attach", attach, method="POST"),
        page_route("/ram/policies", policies),
        page_route("/ram/policies/{type}/{name}", policy),
    ]
