"""A model from documents: plain JSON, or YAML that is read already, which describes accounts.

The format is that of the fake cloud's account file, so one file describes accounts to both, and what the fake exports
under ``/_fakes/access`` is read by this module:

    {"accounts": [{
       "id": "12345678", "alias": "company-b",
       "policies": [{"name": "assume-ecs-admin", "document": {...}}],
       "groups": [{"name": "operators", "policies": ["assume-ecs-admin"]}],
       "users": [{"name": "AAA", "groups": ["operators"], "policies": ["AliyunECSReadOnlyAccess"]}],
       "roles": [{"name": "ecs-admin", "trust": {...}, "policies": [{"name": "own", "document": {...}}]}],
       "sessions": [{"role": "ecs-admin", "name": "AAA", "policy": {...}}],
       "controlPolicies": [{"name": "region", "document": {...}}]}]}

A policy of a user, group or role is the name of a policy of the account, else of a system policy; or an object with
``name`` and, as needed, ``type`` (System or Custom), ``document`` and ``resourceGroup``. A document is an object or
text; one that is not valid counts as unknown, with a gap that names it, and what does not rest on it is answered.
"""

from __future__ import annotations

from collections.abc import Iterator

from ram_policies.access.model import AccessModel, Account, Group, Role, Session, User
from ram_policies.arn import group_arn, role_arn, user_arn
from ram_policies.document import UNKNOWN_DOCUMENT, Document, DocumentKind
from ram_policies.errors import InvalidDocumentError, InvalidInputError
from ram_policies.evaluation.decision import Policy, PolicyType
from ram_policies.names import NameKind, check_name
from ram_policies.nodes import Node, is_object
from ram_policies.system_policies import system_policy
from ram_policies.validation import parse

_FIX_SHAPE = 'write {"accounts": [{"id": "11223344", "users": [], "groups": [], "roles": [], "policies": []}]}'


def from_documents(content: object, source: str = "accounts") -> AccessModel:
    """Read a model.

    Args:
        content: what `json.loads` or a YAML reader gives.
        source: what to call it in the message that it is something else.

    Raises:
        InvalidInputError: something is of the wrong type, named twice, or refers to something that does not exist.
    """
    root = Node(content, "")
    if not is_object(content) or "accounts" not in content:
        raise InvalidInputError(source, content, "is not a description of accounts", _FIX_SHAPE, code="wrong-type")
    gaps: list[str] = []
    accounts = [_account(node, gaps) for node in root.get("accounts").items()]
    ids = [account.id for account in accounts]
    for position, account_id in enumerate(ids):
        if account_id in ids[:position]:
            field = f"accounts[{position}].id"
            raise InvalidInputError(
                field, account_id, "is described twice", "describe each account once", code="duplicate"
            )
    return AccessModel(tuple(accounts), tuple(dict.fromkeys(gaps)))


def _account(node: Node, gaps: list[str]) -> Account:
    account_id = check_name(NameKind.ACCOUNT_ID, node.get("id").value, node.get("id").field)
    alias = node.get("alias")
    reader = _Reader(account_id, gaps)
    reader.read_policies(node.get("policies"))
    groups = tuple(reader.group(item) for item in node.get("groups").items())
    known = {group.name.lower() for group in groups}
    control = node.get("controlPolicies")
    return Account(
        account_id,
        alias.text() if alias.value is not None else "",
        tuple(reader.user(item, known) for item in node.get("users").items()),
        groups,
        tuple(reader.role(item) for item in node.get("roles").items()),
        tuple(reader.session(item) for item in node.get("sessions").items()),
        None if control.value is None else tuple(reader.grants(control, "", DocumentKind.CONTROL)),
    )


class _Reader:
    """Reads the entities of one account."""

    def __init__(self, account_id: str, gaps: list[str]) -> None:
        self.account_id = account_id
        self.gaps = gaps
        self.own: dict[str, Document] = {}

    def read_policies(self, node: Node) -> None:
        for item in node.items():
            name = item.get("name").text()
            self.own[name.lower()] = self.document(item.get("document"), DocumentKind.IDENTITY)

    def group(self, node: Node) -> Group:
        name = check_name(NameKind.GROUP, node.get("name").value, node.get("name").field)
        return Group(name, tuple(self.grants(node.get("policies"), group_arn(self.account_id, name))))

    def user(self, node: Node, groups: set[str]) -> User:
        name = check_name(NameKind.USER, node.get("name").value, node.get("name").field)
        joined = [item.text() for item in node.get("groups").items()]
        for position, group in enumerate(joined):
            if group.lower() not in groups:
                field = f"{node.field}.groups[{position}]"
                raise InvalidInputError(
                    field, group, "is not a group of this account", "add it to groups", code="unknown-name"
                )
        return User(name, tuple(joined), tuple(self.grants(node.get("policies"), user_arn(self.account_id, name))))

    def role(self, node: Node) -> Role:
        name = check_name(NameKind.ROLE, node.get("name").value, node.get("name").field)
        trust = self.document(node.get("trust"), DocumentKind.TRUST)
        duration = node.get("maxSessionDuration")
        if duration.value is not None and (not isinstance(duration.value, int) or isinstance(duration.value, bool)):
            raise InvalidInputError(
                duration.field, duration.value, "is not a number of seconds", "write 3600", code="wrong-type"
            )
        grants = tuple(self.grants(node.get("policies"), role_arn(self.account_id, name)))
        return Role(name, trust, grants, duration.value)

    def session(self, node: Node) -> Session:
        policy = node.get("policy")
        return Session(
            check_name(NameKind.ROLE, node.get("role").value, node.get("role").field),
            check_name(NameKind.SESSION_NAME, node.get("name").value, node.get("name").field),
            None if policy.value is None else self.document(policy, DocumentKind.SESSION),
        )

    def document(self, node: Node, kind: DocumentKind) -> Document:
        """A document; an unknown one, with a gap that says why, where it is not valid."""
        try:
            return given_document(node, kind)
        except InvalidDocumentError as error:
            where = error.first
            self.gaps.append(
                f"what {node.field} says: it is not a valid policy document (line {where.line}, column {where.column}: "
                f"{where.message.rstrip('.')}). Fix: {where.fix.rstrip('.')}"
            )
        except InvalidInputError as error:
            self.gaps.append(f"what {node.field} says: it {error.problem}. Fix: {error.fix}")
        return UNKNOWN_DOCUMENT

    def grants(self, node: Node, holder: str, kind: DocumentKind = DocumentKind.IDENTITY) -> Iterator[Policy]:
        for item in node.items():
            if isinstance(item.value, str):
                yield self.grant(item.text(), None, None, holder, item.field)
                continue
            scope = item.get("resourceGroup")
            found = self.grant(
                item.get("name").text(),
                item.get("type").value,
                None if item.get("document").value is None else self.document(item.get("document"), kind),
                holder,
                item.field,
            )
            given = scope.text() if scope.value is not None else None
            type_ = PolicyType.CONTROL if kind is DocumentKind.CONTROL else found.type
            yield Policy(found.name, type_, found.document, holder, given)

    def grant(self, name: str, type_: object, document: Document | None, holder: str, field: str) -> Policy:
        if type_ not in {None, "System", "Custom"}:
            raise InvalidInputError(
                f"{field}.type", type_, "is not a type of policy", "write System or Custom", code="not-a-choice"
            )
        if document is not None:
            return Policy(name, PolicyType(type_ or "Custom"), document, holder)
        own = self.own.get(name.lower())
        if type_ != "System" and own is not None:
            return Policy(name, PolicyType.CUSTOM, own, holder)
        if type_ == "Custom":
            raise InvalidInputError(
                field,
                name,
                "is not a policy of this account",
                "add it to policies, with its document",
                code="unknown-name",
            )
        return system_grant(name, holder, self.gaps)


def system_grant(name: str, holder: str, gaps: list[str]) -> Policy:
    """A system policy as a grant, with a gap noted where Alibaba Cloud has not published what it says.

    Its document is then the one that the catalogue assumes; where it has none, a document that is unknown.
    """
    known = system_policy(name)
    if known is None:
        gaps.append(f"what the system policy {name} allows: the catalogue has no document for it")
        return Policy(name, PolicyType.SYSTEM, UNKNOWN_DOCUMENT, holder)
    if not known.known:
        gaps.append(f"what the system policy {known.name} allows: its document is not published")
    elif not known.published:
        gaps.append(f"what the system policy {known.name} allows: its document is not published, so it is assumed")
    return Policy(known.name, PolicyType.SYSTEM, known.document, holder)


def given_document(node: Node, kind: DocumentKind) -> Document:
    """A policy document that is given as an object or as text.

    Raises:
        InvalidInputError: it is neither.
        InvalidDocumentError: it is not valid.
    """
    if not isinstance(node.value, str) and not is_object(node.value):
        raise InvalidInputError(
            node.field, node.value, "is not a policy document", "write it as an object, or as text", code="wrong-type"
        )
    return parse.read_document(node.value, kind, node.field)
