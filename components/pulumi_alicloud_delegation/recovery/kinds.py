"""Knowledge of each resource type: how to ask for it, its import ID, and when it is the one wanted.

The import IDs are those of the provider (terraform-provider-alicloud, website/docs/r/ram_*).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from ram_policies.nodes import Node, is_object

Inputs = Mapping[str, object]
RamReply = Mapping[str, object]
RamCall = tuple[str, Mapping[str, str]]
"""An action of RAM and its parameters."""

ACCESS_KEY: Final = "alicloud:ram/accessKey:AccessKey"
LOGIN: Final = "alicloud:ram/loginProfile:LoginProfile"
USER: Final = "alicloud:ram/user:User"
_DEFAULT_SESSION: Final = 3600
_Differences = Callable[[Inputs, Sequence[RamReply]], Iterator[str]]


class ResourceKind(Protocol):
    """A resource type that can be imported."""

    def title(self, inputs: Inputs) -> str:
        """The resource in words."""
        ...

    def questions(self, inputs: Inputs) -> Sequence[RamCall]:
        """Actions that tell about it; the first is refused with a 404 where it does not exist."""
        ...

    def identifier(self, inputs: Inputs, replies: Sequence[RamReply]) -> str | None:
        """Its import ID; None where the answers say that it does not exist."""
        ...

    def differences(self, inputs: Inputs, replies: Sequence[RamReply]) -> Iterator[str]:
        """Differences of the thing that exists from the one wanted, in words."""
        ...

    def created(self, replies: Sequence[RamReply]) -> str:
        """Time of its creation as RAM writes it; empty where RAM does not tell."""
        ...

    def attached(self, inputs: Inputs, replies: Sequence[RamReply]) -> set[str]:
        """Import IDs of the attachments of policies that it has."""
        ...


def first_input(inputs: Inputs, *names: str) -> str:
    """The first of some inputs that is set; empty when none is."""
    return next((str(inputs[name]) for name in names if inputs.get(name) not in {None, ""}), "")


def items(reply: RamReply, *path: str) -> list[Mapping[str, object]]:
    """The objects of a list in a reply; none where the path ends before."""
    here: object = reply
    for step in path:
        here = here.get(step) if is_object(here) else None
    return [node.object() for node in Node(here, ".".join(path)).items()]


def part(reply: RamReply, name: str) -> Mapping[str, object]:
    """An object in a reply; empty where it is not there."""
    found = reply.get(name)
    return found if is_object(found) else {}


@dataclass(frozen=True, slots=True)
class EntityKind:
    """A role, a policy, a user or a group.

    Attributes:
        name: what RAM calls it.
        inputs: of the resource that hold its name, the newer first.
        id_key: where a reply has its import ID.
        compare: in what it differs.
        more: parameters beside its name.
    """

    name: str
    inputs: tuple[str, ...]
    id_key: str
    compare: _Differences
    more: tuple[tuple[str, str], ...] = ()

    def title(self, inputs: Inputs) -> str:
        """Kind and name."""
        return f"{self.name.lower()} {first_input(inputs, *self.inputs)}"

    def questions(self, inputs: Inputs) -> Sequence[RamCall]:
        """Ask for it, and for what is attached to it."""
        name = {f"{self.name}Name": first_input(inputs, *self.inputs)}
        first: RamCall = (f"Get{self.name}", {**name, **dict(self.more)})
        return (first,) if self.name == "Policy" else (first, (f"ListPoliciesFor{self.name}", name))

    def identifier(self, inputs: Inputs, replies: Sequence[RamReply]) -> str | None:
        """The name; of a user the number."""
        return str(part(replies[0], self.name).get(self.id_key) or "") or None

    def differences(self, inputs: Inputs, replies: Sequence[RamReply]) -> Iterator[str]:
        """Differences of the inputs, compared as every kind compares them."""
        return self.compare(inputs, replies)

    def created(self, replies: Sequence[RamReply]) -> str:
        """Time of creation, from the reply."""
        return str(part(replies[0], self.name).get("CreateDate") or "")

    def attached(self, inputs: Inputs, replies: Sequence[RamReply]) -> set[str]:
        """Of a role, user or group."""
        holder = first_input(inputs, *self.inputs)
        found = (one for reply in replies[1:] for one in items(reply, "Policies", "Policy"))
        return {attachment_id(self.name, str(one["PolicyName"]), str(one["PolicyType"]), holder) for one in found}


def attachment_id(entity: str, policy: str, kind: str, holder: str) -> str:
    """Import ID of the attachment of a policy."""
    return f"{entity.lower()}:{policy}:{kind}:{holder}"


def attached_policy(identifier: str) -> str:
    """Name of the policy in the import ID of its attachment."""
    return identifier.split(":")[1]


@dataclass(frozen=True, slots=True)
class AttachmentKind:
    """A policy that is attached to a role, a user or a group. It has no identity but these names."""

    entity: str

    def _id(self, inputs: Inputs) -> str:
        policy, kind = first_input(inputs, "policyName"), first_input(inputs, "policyType")
        return attachment_id(self.entity, policy, kind, first_input(inputs, f"{self.entity.lower()}Name"))

    def title(self, inputs: Inputs) -> str:
        """Policy and holder."""
        holder = first_input(inputs, f"{self.entity.lower()}Name")
        return f"policy {first_input(inputs, 'policyName')} of {self.entity.lower()} {holder}"

    def questions(self, inputs: Inputs) -> Sequence[RamCall]:
        """Ask for all that is attached."""
        name = {f"{self.entity}Name": first_input(inputs, f"{self.entity.lower()}Name")}
        return ((f"ListPoliciesFor{self.entity}", name),)

    def identifier(self, inputs: Inputs, replies: Sequence[RamReply]) -> str | None:
        """`role:<policy>:<type>:<role>`."""
        wanted = (first_input(inputs, "policyName"), first_input(inputs, "policyType"))
        found = {(one["PolicyName"], one["PolicyType"]) for one in items(replies[0], "Policies", "Policy")}
        return self._id(inputs) if wanted in found else None

    def differences(self, inputs: Inputs, replies: Sequence[RamReply]) -> Iterator[str]:
        """None: only its names identify it."""
        yield from ()

    def created(self, replies: Sequence[RamReply]) -> str:
        """Empty: RAM does not show when."""
        return ""

    def attached(self, inputs: Inputs, replies: Sequence[RamReply]) -> set[str]:
        """No policies: the kind has none attached."""
        return set()


@dataclass(frozen=True, slots=True)
class Membership:
    """A user in a group. It has no identity but these names."""

    def title(self, inputs: Inputs) -> str:
        """User and group."""
        return f"membership of {first_input(inputs, 'userName')} in {first_input(inputs, 'groupName')}"

    def questions(self, inputs: Inputs) -> Sequence[RamCall]:
        """Ask for the groups of the user."""
        return (("ListGroupsForUser", {"UserName": first_input(inputs, "userName")}),)

    def identifier(self, inputs: Inputs, replies: Sequence[RamReply]) -> str | None:
        """`<group>:<user>`."""
        group = first_input(inputs, "groupName")
        there = any(str(one.get("GroupName")).lower() == group.lower() for one in items(replies[0], "Groups", "Group"))
        return f"{group}:{first_input(inputs, 'userName')}" if there else None

    def differences(self, inputs: Inputs, replies: Sequence[RamReply]) -> Iterator[str]:
        """None: only its names identify it."""
        yield from ()

    def created(self, replies: Sequence[RamReply]) -> str:
        """Empty: RAM does not show when."""
        return ""

    def attached(self, inputs: Inputs, replies: Sequence[RamReply]) -> set[str]:
        """No policies: the kind has none attached."""
        return set()


def _other_texts(inputs: Inputs, found: Mapping[str, object], fields: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    for name, (wire, title) in fields.items():
        wanted, there = first_input(inputs, name), str(found.get(wire) or "")
        if wanted != there:
            yield f"its {title} is {there!r}, not {wanted!r}"


def _other_document(wanted: str, there: object, title: str) -> Iterator[str]:
    """A difference of two documents beyond white space and the order of keys, as the provider compares them."""
    try:
        same = json.loads(wanted) == json.loads(str(there))
    except ValueError:
        same = False
    if not same:
        yield f"its {title} is another one"


_DESCRIPTION: Final = {"description": ("Description", "description")}
_COMMENTS: Final = {"comments": ("Comments", "comments")}
_OF_USERS: Final = {
    "displayName": ("DisplayName", "display name"),
    "email": ("Email", "email"),
    "mobile": ("MobilePhone", "mobile"),
    **_COMMENTS,
}


def _role(inputs: Inputs, replies: Sequence[RamReply]) -> Iterator[str]:
    there = part(replies[0], "Role")
    wanted = first_input(inputs, "assumeRolePolicyDocument", "document")
    yield from _other_document(wanted, there.get("AssumeRolePolicyDocument"), "trust policy")
    yield from _other_texts(inputs, there, _DESCRIPTION)
    given, found = inputs.get("maxSessionDuration"), there.get("MaxSessionDuration")
    session = int(given) if isinstance(given, int | float) else _DEFAULT_SESSION
    if found not in {None, session}:
        yield f"its sessions last {found} seconds, not {session}"


def _policy(inputs: Inputs, replies: Sequence[RamReply]) -> Iterator[str]:
    document = part(replies[0], "DefaultPolicyVersion").get("PolicyDocument")
    yield from _other_document(first_input(inputs, "policyDocument", "document"), document, "document")
    yield from _other_texts(inputs, part(replies[0], "Policy"), _DESCRIPTION)


def _user(inputs: Inputs, replies: Sequence[RamReply]) -> Iterator[str]:
    yield from _other_texts(inputs, part(replies[0], "User"), _OF_USERS)


def _group(inputs: Inputs, replies: Sequence[RamReply]) -> Iterator[str]:
    yield from _other_texts(inputs, part(replies[0], "Group"), _COMMENTS)


KINDS: Final[Mapping[str, ResourceKind]] = {
    "alicloud:ram/role:Role": EntityKind("Role", ("roleName", "name"), "RoleName", _role),
    "alicloud:ram/policy:Policy": EntityKind(
        "Policy", ("policyName", "name"), "PolicyName", _policy, (("PolicyType", "Custom"),)
    ),
    USER: EntityKind("User", ("name",), "UserId", _user),
    "alicloud:ram/group:Group": EntityKind("Group", ("groupName", "name"), "GroupName", _group),
    "alicloud:ram/userGroupAttachment:UserGroupAttachment": Membership(),
    **{
        f"alicloud:ram/{entity.lower()}PolicyAttachment:{entity}PolicyAttachment": AttachmentKind(entity)
        for entity in ("Role", "User", "Group")
    },
}
"""Each type that can be imported, by its token."""
