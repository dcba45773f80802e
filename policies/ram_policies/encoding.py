"""Text out of the bytes of a file, whichever tool wrote it.

PowerShell writes UTF-16 with a byte order mark when output is sent to a file, Notepad may put one before UTF-8.
"""

from __future__ import annotations

import codecs

_MARKS = (
    # The mark of UTF-16 is the start of that of UTF-32, so the longer ones come first.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode_text(data: bytes) -> str:
    """The text in some bytes: UTF-8, UTF-16 or UTF-32, with a byte order mark or without.

    Without a mark, UTF-16 is recognised by the zero bytes beside the first characters, which JSON and YAML have in
    ASCII (RFC 4627, section 3).

    Raises:
        UnicodeDecodeError: it is in none of these encodings.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding)
    head = data[:2]
    if len(head) == 2 and head.count(0) == 1:
        return data.decode("utf-16-le" if head[1] == 0 else "utf-16-be")
    return data.decode("utf-8")
