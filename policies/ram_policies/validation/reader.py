"""From JSON nodes to a document, with a note for everything the grammar does not allow."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from ram_policies import limits
from ram_policies.document import Condition, Document, DocumentKind, Effect, Principals, Statement
from ram_policies.findings import CLASS_OF, Code, FindingClass, wording
from ram_policies.operators import parse_operator
from ram_policies.validation.jsontext import JsonNode, JsonType
from ram_policies.values import VALUE_IS_VALID, Category

_ACTION = re.compile(r"\*|[A-Za-z0-9*?_-]+:[A-Za-z0-9*?_./-]+")
_KEY_WITHOUT_SERVICE = re.compile(r"[A-Za-z0-9_-]+")
_CONDITION_KEY = re.compile(r"[A-Za-z0-9_-]+:[^\s:/][^\s/]*(?:/.+)?")
_SERVICE = re.compile(r"(?:[0-9]+@)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:aliyuncs|aliyun)\.com", re.IGNORECASE)
_RAM_PRINCIPAL = re.compile(r"acs:ram::[0-9]+:(?:root|(?:user|role)/[A-Za-z0-9._@-]+)")
_FEDERATED = re.compile(r"acs:ram::[0-9]+:(?:saml|oidc)-provider/[A-Za-z0-9._-]+")
_UID = re.compile(
    r"\*|[0-9]+|acs:ram::[0-9]+:(?:root|(?:user|role|assumed-role)/[A-Za-z0-9._@/*-]+)"
    r"|arn:sts::[0-9]+:assumed-role/[A-Za-z0-9.-]+/(?:\*|[A-Za-z0-9.@_-]+)"
)
_UID_FORM = "an account or user ID, or arn:sts::<account ID>:assumed-role/<role>/<session or *>"
_EVERYBODY = ("*",)
_WITHOUT_EFFECT = "Sid"
_NOTED_AT_MOST = 500
_HAS_PRINCIPAL = {DocumentKind.TRUST, DocumentKind.BUCKET}
_PRINCIPAL_FORMS = {
    "RAM": (_RAM_PRINCIPAL, "acs:ram::<account ID>:root, :user/<name> or :role/<name>, without wildcards"),
    "Service": (_SERVICE, "the name of a cloud service, ecs.aliyuncs.com"),
    "Federated": (_FEDERATED, "acs:ram::<account ID>:saml-provider/<name> or :oidc-provider/<name>"),
}


@dataclass(frozen=True, slots=True)
class Note:
    """A finding whose place is still an offset."""

    code: Code
    offset: int
    path: str
    message: str
    fix: str


class Notes:
    """Collects notes."""

    def __init__(self) -> None:
        self._notes: list[Note] = []

    def __iter__(self) -> Iterator[Note]:
        return iter(self._notes)

    @property
    def has_error(self) -> bool:
        """True if RAM would refuse the document."""
        return any(CLASS_OF[note.code] is FindingClass.ERROR for note in self._notes)

    def add(self, code: Code, offset: int, path: str, message: str, fix: str) -> None:
        """Note something. The number of notes is bounded, so that no text can fill memory with findings."""
        if len(self._notes) < _NOTED_AT_MOST:
            self._notes.append(Note(code, offset, path, message, fix))

    def tell(self, code: Code, offset: int, path: str, **values: str) -> None:
        """Note something in the words of its kind, which name the values."""
        self.add(code, offset, path, *wording(code, **values))


class DocumentReader:
    """Reads the nodes of one document of one kind. What it returns is only meaningful when it noted no error."""

    def __init__(self, kind: DocumentKind, notes: Notes) -> None:
        self.kind = kind
        self.notes = notes

    def document(self, root: JsonNode) -> Document | None:
        """Read the whole document."""
        members = self._members(root, "", ("Version", "Statement"))
        if members is None:
            return None
        self._version(root, members.get("Version"))
        document = Document(tuple(self._statements(root, members.get("Statement"))))
        if self.kind is DocumentKind.BUCKET:
            self._source_of_bucket_requests(root, document)
        return document

    def _source_of_bucket_requests(self, root: JsonNode, document: Document) -> None:
        """Note a bucket policy that tests addresses but not VPCs, which OSS refuses."""
        keys = {condition.key for statement in document.statements for condition in statement.conditions}
        if "acs:SourceIp" not in keys or "acs:SourceVpc" in keys:
            return
        tests = [s for s in document.statements if any(c.key == "acs:SourceIp" for c in s.conditions)]
        advice = "Add a condition on acs:SourceVpc to the Allow."
        if any(statement.effect is Effect.DENY for statement in tests):
            advice = "Test acs:SourceVpc in another statement: one more condition in a Deny makes it deny less."
        self.notes.tell(Code.SOURCE_IP_WITHOUT_VPC, root.offset, "Statement", advice=advice)

    def _version(self, root: JsonNode, node: JsonNode | None) -> None:
        if node is None:
            self.notes.add(Code.INVALID_VERSION, root.offset, "Version", "Version is missing.", 'Add "Version": "1".')
        elif node.kind is JsonType.NUMBER and node.text == "1":
            self.notes.tell(Code.VERSION_AS_NUMBER, node.offset, "Version")  # unconfirmed.VERSION_AS_NUMBER
        elif node.kind is not JsonType.STRING or node.text != "1":
            message = f'Version is {_show(node)}; the policy language has only "1".'
            self.notes.add(Code.INVALID_VERSION, node.offset, "Version", message, 'Write "1", in quotes.')

    def _statements(self, root: JsonNode, node: JsonNode | None) -> Iterator[Statement]:
        if node is None:
            fix = 'Add "Statement": [...].'
            self.notes.add(Code.MISSING_STATEMENT, root.offset, "Statement", "Statement is missing.", fix)
            return
        if node.kind is not JsonType.ARRAY:
            self._mismatch(node, "Statement", "an array of objects")
            return
        if not node.items:
            fix = "Add a statement."
            self.notes.add(Code.MISSING_STATEMENT, node.offset, "Statement", "There is no statement.", fix)
        for index, item in enumerate(node.items):
            statement = self._statement(item, f"Statement[{index}]")
            if statement is not None:
                yield statement

    def _statement(self, node: JsonNode, path: str) -> Statement | None:
        allowed = ["Effect", "Action", "Condition", _WITHOUT_EFFECT]
        if self.kind is not DocumentKind.TRUST:
            allowed += ["NotAction", "Resource"]
        if self.kind in _HAS_PRINCIPAL:
            allowed += ["Principal"]
        members = self._members(node, path, tuple(allowed))
        if members is None:
            return None
        if self.kind is DocumentKind.BUCKET:
            self._sizes_in_bucket_policy(members, path)
        self._statement_id(members.get(_WITHOUT_EFFECT), f"{path}.{_WITHOUT_EFFECT}")
        effect = self._effect(node, members.get("Effect"), path)
        actions = self._actions(members.get("Action"), f"{path}.Action")
        not_actions = self._actions(members.get("NotAction"), f"{path}.NotAction")
        self._one_of_actions(node, members, path)
        resources = self._resources(node, members.get("Resource"), f"{path}.Resource")
        principals = self._principals(node, members.get("Principal"), f"{path}.Principal")
        conditions = self._conditions(members.get("Condition"), f"{path}.Condition")
        return Statement(effect, actions, not_actions, resources, principals, conditions)

    def _sizes_in_bucket_policy(self, members: Mapping[str, JsonNode], path: str) -> None:
        """Note elements of a statement that are longer than OSS takes (unconfirmed.BUCKET_POLICY_FIELD)."""
        most = limits.BUCKET_POLICY_FIELD_BYTES
        for name, node in members.items():
            size = node.size()
            if size > most:
                message = f"{name} has {size} bytes; OSS takes {most} for an element of a bucket policy."
                fix = "Split the statement into several."
                self.notes.add(Code.DOCUMENT_TOO_LONG, node.offset, f"{path}.{name}", message, fix)

    def _statement_id(self, node: JsonNode | None, path: str) -> None:
        """Read a name that people give a statement; it means nothing to RAM."""
        if node is None:
            return
        if node.kind is not JsonType.STRING:
            self._mismatch(node, path, "a string")
        else:
            self.notes.tell(Code.ELEMENT_WITHOUT_EFFECT, node.offset, path, element=_WITHOUT_EFFECT)

    def _effect(self, parent: JsonNode, node: JsonNode | None, path: str) -> Effect:
        fix = 'Write "Allow" or "Deny".'
        if node is None:
            self.notes.add(Code.MISSING_EFFECT, parent.offset, f"{path}.Effect", "Effect is missing.", fix)
        elif node.kind is JsonType.STRING and node.text in {"Allow", "Deny"}:
            return Effect(node.text)
        else:
            self.notes.add(Code.INVALID_EFFECT, node.offset, f"{path}.Effect", f"Effect is {_show(node)}.", fix)
        return Effect.DENY

    def _one_of_actions(self, node: JsonNode, members: dict[str, JsonNode], path: str) -> None:
        if "Action" in members and "NotAction" in members:
            message = "The statement has both Action and NotAction."
            self.notes.add(Code.ACTION_AND_NOT_ACTION, node.offset, path, message, "Keep one of them.")
        elif "Action" not in members and "NotAction" not in members:
            message = "The statement has no Action."
            fix = 'Add "Action", for example "ecs:DescribeInstances".'
            self.notes.add(Code.MISSING_ACTION, node.offset, f"{path}.Action", message, fix)

    def _actions(self, node: JsonNode | None, path: str) -> tuple[str, ...]:
        def check(item: JsonNode, where: str) -> None:
            if not _ACTION.fullmatch(item.text):
                message = f"The action {_show(item)} is not written <ram-code>:<action-name>."
                fix = "Write for example ecs:StopInstance or ecs:Describe*."
                self.notes.add(Code.INVALID_ACTION_FORMAT, item.offset, where, message, fix)

        return self._strings(node, path, check)

    def _resources(self, parent: JsonNode, node: JsonNode | None, path: str) -> tuple[str, ...]:
        if self.kind is DocumentKind.TRUST:
            return ()
        if node is None and not any(key.text == "NotResource" for key, _ in parent.members):  # that is noted as such
            message = "The statement has no Resource."
            fix = 'Add "Resource", for example "acs:ecs:*:*:instance/i-1".'
            self.notes.add(Code.MISSING_RESOURCE, parent.offset, path, message, fix)

        def check(item: JsonNode, where: str) -> None:
            if item.text == "*":
                return
            fix = "Write acs:<ram-code>:<region>:<account ID>:<relative id>."
            if not item.text.startswith("acs:"):
                message = f"The resource {_show(item)} does not start with acs:."
                self.notes.add(Code.INVALID_ARN_PREFIX, item.offset, where, message, fix)
            elif item.text.count(":") < 4:
                message = f"The resource {_show(item)} has not all five fields."
                self.notes.add(Code.MISSING_ARN_FIELD, item.offset, where, message, fix)

        return self._strings(node, path, check)

    def _principals(self, parent: JsonNode, node: JsonNode | None, path: str) -> Principals | None:
        if self.kind not in _HAS_PRINCIPAL:
            return None
        if self.kind is DocumentKind.BUCKET:
            if node is None or (node.kind is JsonType.ARRAY and not node.items):
                return Principals(uids=_EVERYBODY)  # OSS, "Bucket Policy": an empty list is the same as ["*"]
            return Principals(uids=self._strings(node, path, self._form(_UID, _UID_FORM)))
        if node is None:
            message = f"A statement of a {self.kind} policy needs a Principal."
            fix = 'Add for example "Principal": {"RAM": ["acs:ram::12345678:root"]}.'
            self.notes.add(Code.MISSING_PRINCIPAL, parent.offset, path, message, fix)
            return None
        members = self._members(node, path, tuple(_PRINCIPAL_FORMS))
        if members is None:
            return None
        filled = {k: m for k, m in members.items() if m.kind is not JsonType.ARRAY or m.items}
        if not filled:
            fix = 'Name one: {"RAM": ["acs:ram::12345678:root"]}.'
            self.notes.add(Code.MISSING_PRINCIPAL, node.offset, path, "The Principal names nobody.", fix)
        named = {
            key: self._strings(member, f"{path}.{key}", self._form(*_PRINCIPAL_FORMS[key]))
            for key, member in filled.items()
        }
        return Principals(named.get("RAM", ()), named.get("Service", ()), named.get("Federated", ()))

    def _form(self, form: re.Pattern[str], wanted: str) -> Callable[[JsonNode, str], None]:
        def check(item: JsonNode, where: str) -> None:
            if not form.fullmatch(item.text):
                message = (
                    f"The principal {_show(item)} is not written as RAM takes it."  # unconfirmed.WILDCARD_PRINCIPAL
                )
                self.notes.add(Code.INVALID_PRINCIPAL, item.offset, where, message, f"Write {wanted}.")

        return check

    def _conditions(self, node: JsonNode | None, path: str) -> tuple[Condition, ...]:
        if node is None:
            return ()
        if node.kind is JsonType.OBJECT and not node.members:
            self.notes.tell(Code.EMPTY_CONDITION, node.offset, path)
        operators = self._members(node, path, None)
        conditions: list[Condition] = []
        for operator, keys in (operators or {}).items():
            where = f"{path}.{operator}"
            parsed = parse_operator(operator)
            if parsed is None:
                message = f"{operator!r} is not a condition operator; RAM has no IfExists and no Null."
                fix = "Use an operator of the policy language, for example StringEquals."
                self.notes.add(Code.INVALID_CONDITION_OPERATOR, keys.offset, where, message, fix)
            for key, values in (self._keys(keys, where) or {}).items():
                if _KEY_WITHOUT_SERVICE.fullmatch(key):
                    self.notes.tell(Code.KEY_WITHOUT_SERVICE, values.offset, f"{where}.{key}", key=key)
                elif not _CONDITION_KEY.fullmatch(key):
                    message = f"The condition key {key!r} is not written <ram-code>:<condition-key>."
                    fix = "Write for example acs:SourceIp."
                    self.notes.add(Code.INVALID_CONDITION_KEY_FORMAT, values.offset, f"{where}.{key}", message, fix)
                category = parsed[1].category if parsed else Category.STRING
                texts = self._condition_values(values, f"{where}.{key}", category)
                conditions.append(Condition(operator, key, texts))
        return tuple(conditions)

    def _keys(self, node: JsonNode, path: str) -> dict[str, JsonNode] | None:
        """Read the keys that an operator tests."""
        if node.kind is JsonType.OBJECT and not node.members:  # unconfirmed.EMPTY_OPERATOR
            message = "The operator tests no key, so it would always hold."
            self.notes.add(Code.EMPTY_VALUE, node.offset, path, message, "Write a condition, or remove the operator.")
        return self._members(node, path, None)

    def _condition_values(self, node: JsonNode, path: str, category: Category) -> tuple[str, ...]:
        if category is Category.BOOLEAN and node.kind is JsonType.ARRAY and len(node.items) > 1:
            message = "The key has several Boolean values."
            code = Code.INVALID_CONDITION_MULTIPLE_BOOLEAN
            self.notes.add(code, node.offset, path, message, 'Keep one: "true" or "false".')

        def check(item: JsonNode, where: str) -> None:
            if not VALUE_IS_VALID[category](item.text):
                message = f"{_show(item)} is not a value of type {category.value}."
                fix = "Write a value of that type, or use a string operator."
                self.notes.add(Code.INVALID_CONDITION_VALUE, item.offset, where, message, fix)

        return self._strings(node, path, check, empty=category is Category.STRING)

    def _strings(
        self, node: JsonNode | None, path: str, check: Callable[[JsonNode, str], None], *, empty: bool = False
    ) -> tuple[str, ...]:
        """Read a string or an array of strings; `empty` says whether an empty string may be among them."""
        if node is None:
            return ()
        if node.kind is JsonType.ARRAY and not node.items:
            self.notes.add(Code.EMPTY_VALUE, node.offset, path, "The list is empty.", "Name at least one value.")
        items = node.items if node.kind is JsonType.ARRAY else [node]
        texts: list[str] = []
        for index, item in enumerate(items):
            where = f"{path}[{index}]" if node.kind is JsonType.ARRAY else path
            if item.kind is not JsonType.STRING:
                self._mismatch(item, where, "a string")
            elif not item.text and not empty:
                self.notes.add(
                    Code.EMPTY_VALUE, item.offset, where, "The value is empty.", "Write a value, or remove it."
                )
            else:
                check(item, where)
                texts.append(item.text)
        return tuple(texts)

    def _members(self, node: JsonNode, path: str, allowed: tuple[str, ...] | None) -> dict[str, JsonNode] | None:
        """Read an object; `allowed` are the names it may have, None for any."""
        if node.kind is not JsonType.OBJECT:
            self._mismatch(node, path, "an object")
            return None
        members: dict[str, JsonNode] = {}
        for key, value in node.members:
            where = f"{path}.{key.text}".lstrip(".")
            if key.text in members:
                message = f"{key.text!r} occurs twice."
                self.notes.add(Code.DUPLICATE_ELEMENT, key.offset, where, message, "Merge the two.")
            elif allowed is not None and key.text not in allowed:
                self._unknown(key, where, allowed)
                continue
            members[key.text] = value
        return members

    def _unknown(self, key: JsonNode, path: str, allowed: tuple[str, ...]) -> None:
        if key.text == "Resource" and self.kind is DocumentKind.TRUST:
            message = "A trust policy has no Resource: the role itself is the resource."
            self.notes.add(Code.RESOURCE_NOT_ALLOWED, key.offset, path, message, "Remove it.")
        elif key.text == "Principal" and self.kind not in _HAS_PRINCIPAL:
            message = f"{'An' if self.kind is DocumentKind.IDENTITY else 'A'} {self.kind} policy has no Principal."
            self.notes.add(
                Code.PRINCIPAL_NOT_ALLOWED, key.offset, path, message, "Remove it; attach the policy instead."
            )
        else:
            message = f"{key.text!r} is not an element here."  # unconfirmed.UNDOCUMENTED_ELEMENTS
            self.notes.add(Code.INVALID_POLICY_ELEMENT, key.offset, path, message, f"Use {', '.join(allowed)}.")

    def _mismatch(self, node: JsonNode, path: str, wanted: str) -> None:
        name = path.rsplit(".", 1)[-1] or "The document"
        message = f"{name} is {node.kind.value}; it must be {wanted}."
        quoted = wanted == "a string" and node.kind in {JsonType.NUMBER, JsonType.BOOLEAN}
        fix = f'Put it in quotes: "{node.text}".' if quoted else f"Write {wanted}."
        self.notes.add(Code.DATA_TYPE_MISMATCH, node.offset, path, message, fix)


def _show(node: JsonNode) -> str:
    if node.kind is JsonType.STRING:
        return repr(node.text) if len(node.text) <= 60 else repr(node.text[:59] + "…")
    return node.text or node.kind.value
