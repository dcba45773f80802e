"""A JSON reader that keeps positions.

It walks with a stack of its own, so that depth is a number to check and never a crash, keeps repeated keys, and tells
what the standard library glosses over: NaN, half of a surrogate pair, text after the end.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import dataclass
from enum import Enum

MAX_DEPTH = 64

_SPACE = re.compile(r"[ \t\n\r]*")
_PLAIN = re.compile(r'"[^"\\\x00-\x1f]*+"')
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\["\\/bfnrt]|\\u[0-9A-Fa-f]{4})*+"')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?")
_WORD = re.compile(r"[A-Za-z]+")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


class JsonType(Enum):
    """JSON types, in the words of a finding."""

    OBJECT = "an object"
    ARRAY = "an array"
    STRING = "a string"
    NUMBER = "a number"
    BOOLEAN = "a boolean"
    NULL = "null"


@dataclass(slots=True)
class JsonNode:
    """One JSON value and where it starts.

    Attributes:
        kind: its type.
        offset: index of its first character.
        text: the decoded string, or the literal of a number, a boolean or null.
        items: the elements of an array.
        members: the members of an object, in order, repeated keys included.
    """

    kind: JsonType
    offset: int
    text: str
    items: list[JsonNode]
    members: list[tuple[JsonNode, JsonNode]]

    def size(self) -> int:
        """Bytes of the value in UTF-8, as it would be written without white space."""
        if self.kind is JsonType.STRING:
            return len(json.dumps(self.text, ensure_ascii=False).encode("utf-8", "replace"))
        if self.kind is JsonType.ARRAY:
            return sum(item.size() + 1 for item in self.items) + (1 if self.items else 2)
        if self.kind is JsonType.OBJECT:
            pairs = sum(key.size() + value.size() + 2 for key, value in self.members)
            return pairs + (1 if self.members else 2)
        return len(self.text)


class JsonError(Exception):
    """The text is not JSON, or is deeper than allowed."""

    def __init__(self, message: str, fix: str, offset: int, *, deep: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix
        self.offset = offset
        self.deep = deep


class Positions:
    """Lines and columns, from 1, of the offsets of a text."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def of(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def read_json_text(text: str) -> JsonNode:
    """Read one JSON value.

    Raises:
        JsonError: the text is not one JSON value, or it is nested deeper than MAX_DEPTH.
    """
    return _Reader(text).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.stack: list[JsonNode] = []
        self.keys: list[JsonNode] = []

    def read(self) -> JsonNode:
        self._skip()
        if self.at >= len(self.text):
            raise JsonError("The text is empty.", "Write a policy document.", 0)
        done: JsonNode | None = None
        while done is None:
            node = self._value()
            while node is not None:
                if not self.stack:
                    done = node
                    break
                node = self._attach(node)
        self._skip()
        if self.at < len(self.text):
            raise self._error(f"Unexpected {self._seen()} after the end of the document.", "Remove it.")
        return done

    def _value(self) -> JsonNode | None:
        """Read a value, or open a container and return None when its first value comes next."""
        self._skip()
        text, at = self.text, self.at
        character = text[at : at + 1]
        if character == '"':
            return self._string()
        if character in {"{", "["}:
            return self._open(character)
        number = _NUMBER.match(text, at)
        if number:
            self.at = number.end()
            return JsonNode(JsonType.NUMBER, at, number.group(), [], [])
        word = _WORD.match(text, at)
        if word and word.group() in {"true", "false", "null"}:
            self.at = word.end()
            return JsonNode(JsonType.NULL if word.group() == "null" else JsonType.BOOLEAN, at, word.group(), [], [])
        raise self._error(
            f"Unexpected {self._seen()} where a value should be.", "Write a string, an array or an object."
        )

    def _open(self, character: str) -> JsonNode | None:
        if len(self.stack) >= MAX_DEPTH:
            raise JsonError(
                f"The document is nested deeper than {MAX_DEPTH} levels.",
                "A policy needs six levels at most.",
                self.at,
                deep=True,
            )
        node = JsonNode(JsonType.OBJECT if character == "{" else JsonType.ARRAY, self.at, "", [], [])
        self.at += 1
        self._skip()
        if self.text[self.at : self.at + 1] == ("}" if character == "{" else "]"):
            self.at += 1
            return node
        self.stack.append(node)
        if node.kind is JsonType.OBJECT:
            self._key()
        return None

    def _key(self) -> None:
        self._skip()
        if self.text[self.at : self.at + 1] != '"':
            raise self._error(f"Unexpected {self._seen()} where a name should be.", "Write the name in double quotes.")
        self.keys.append(self._string())
        self._skip()
        if self.text[self.at : self.at + 1] != ":":
            raise self._error(f"Unexpected {self._seen()} after a name.", "Put a colon after the name.")
        self.at += 1

    def _attach(self, node: JsonNode) -> JsonNode | None:
        """Put a value into the innermost container; give the container back when it closes, None when it goes on."""
        parent = self.stack[-1]
        if parent.kind is JsonType.OBJECT:
            parent.members.append((self.keys.pop(), node))
        else:
            parent.items.append(node)
        self._skip()
        character = self.text[self.at : self.at + 1]
        if character == ",":
            self.at += 1
            if parent.kind is JsonType.OBJECT:
                self._key()
            return None
        close = "}" if parent.kind is JsonType.OBJECT else "]"
        if character != close:
            raise self._error(f"Unexpected {self._seen()} in {parent.kind.value}.", f"Put a comma or {close} there.")
        self.at += 1
        return self.stack.pop()

    def _string(self) -> JsonNode:
        at = self.at
        plain = _PLAIN.match(self.text, at)
        if plain:
            self.at = plain.end()
            value = plain.group()[1:-1]
        else:
            match = _STRING.match(self.text, at)
            if match is None:
                raise self._error(
                    "The string is not closed, or holds a line break, a control character or an unknown escape.",
                    "Close it with a double quote and escape with \\ where needed.",
                )
            self.at = match.end()
            value = json.loads(match.group())
        lone = _SURROGATE.search(value)
        if lone:
            raise JsonError(
                f"The string holds half of a surrogate pair, U+{ord(lone.group()):04X}.",
                "Write the whole character.",
                at,
            )
        return JsonNode(JsonType.STRING, at, value, [], [])

    def _skip(self) -> None:
        match = _SPACE.match(self.text, self.at)
        if match:
            self.at = match.end()

    def _seen(self) -> str:
        return repr(self.text[self.at]) if self.at < len(self.text) else "end of text"

    def _error(self, message: str, fix: str) -> JsonError:
        return JsonError(message, fix, self.at)
