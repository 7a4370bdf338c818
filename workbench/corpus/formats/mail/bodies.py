"""The text of an e-mail's parts, and the names of its attachments."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email.message import Message

from workbench.corpus.formats.html_text import text_of_html
from workbench.corpus.formats.mail.heads import in_charset, plain

_MAX_BODY_PARTS = 1_000
_MAX_TEXT = 3_000_000  # bytes of a part
_FLOWED = re.compile(r"format\s*=\s*\"?flowed", re.IGNORECASE)
_DELSP = re.compile(r"delsp\s*=\s*\"?yes", re.IGNORECASE)


@dataclass(slots=True)
class Body:
    """A message's text and attachments.

    Attributes:
        texts: of the parts that are read one after the other.
        attachments: their names, or their types where they have none.
    """

    texts: list[str] = field(default_factory=list)
    attachments: list[str] = field(default_factory=list)


def body_of(message: Message) -> Body:
    """Return the text and the attachments; of alternatives the plain text, or the HTML if that is empty."""
    body = Body()
    waiting: list[Message] = [message]
    for _ in range(_MAX_BODY_PARTS):
        if not waiting:
            break
        part = waiting.pop(0)
        kind = part.get_content_type()
        if _is_attached(part):
            body.attachments.append(_name_of(part))
        elif kind == "multipart/alternative":
            waiting = [*_alternative(part), *waiting]
        elif part.is_multipart():
            waiting = [*_children(part), *waiting]
        elif kind in ("text/plain", "text/html", "text/enriched"):
            body.texts.append(_text(part))
        else:
            body.attachments.append(_name_of(part))
    return body


def _alternative(part: Message) -> list[Message]:
    """Return the part to read among alternatives: plain text, HTML, or one that contains either."""
    children = _children(part)
    plain_parts = [one for one in children if one.get_content_type() == "text/plain" and _text(one).strip()]
    others = [one for one in children if one.get_content_type() == "text/html" or one.is_multipart()]
    return plain_parts[:1] or others[:1] or children[:1]


def _children(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _is_attached(part: Message) -> bool:
    kind = part.get_content_type()
    told = str(part.get("Content-Disposition", "")).strip().lower()
    if kind.startswith("message/") or told.startswith("attachment"):
        return True
    return (
        not part.is_multipart()
        and kind.startswith("text/")
        and kind not in ("text/plain", "text/html", "text/enriched")
    )


def _name_of(part: Message) -> str:
    try:
        name = part.get_filename()
    except (ValueError, LookupError, TypeError, IndexError):
        name = None
    return plain(name)[:200] if name else part.get_content_type()


def _text(part: Message) -> str:
    try:
        data = part.get_payload(decode=True)
    except (ValueError, AssertionError, LookupError):
        data = None
    if not isinstance(data, bytes):
        payload = part.get_payload()
        data = payload.encode("utf-8", "surrogateescape") if isinstance(payload, str) else b""
    told = str(part.get("Content-Type", ""))
    try:
        charset = part.get_param("charset")
    except (ValueError, LookupError, TypeError):
        charset = None
    text = in_charset(data[:_MAX_TEXT], charset[2] if isinstance(charset, tuple) else charset)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if part.get_content_type() != "text/plain":
        return text_of_html(text)
    return unflowed(text, bool(_DELSP.search(told))) if _FLOWED.search(told) else text


def unflowed(text: str, delsp: bool = False) -> str:
    """Join the lines that ``format=flowed`` split (RFC 3676): one that ends in a space continues in the next."""
    out: list[str] = []
    goes_on = False
    for line in text.split("\n"):
        quoted = line.startswith(">")
        bare = line if quoted else line.removeprefix(" ")
        if goes_on and not quoted and bare != "-- ":
            out[-1] += bare
        else:
            out.append(bare)
        goes_on = not quoted and bare.endswith(" ") and bare != "-- "
        if goes_on and delsp:
            out[-1] = out[-1][:-1]
    return "\n".join(out)
