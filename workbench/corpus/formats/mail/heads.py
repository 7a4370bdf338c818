"""The headers of e-mails, as found in practice: encoded words, 8-bit text, unknown character sets, addresses, dates."""

from __future__ import annotations

import binascii
import email.utils
import re
from datetime import UTC, datetime
from email.message import Message

from workbench.corpus.formats.decoding import decoded
from workbench.corpus.formats.times import moment

_MAX_HEAD = 50_000  # characters
_MAX_PEOPLE = 500
_ID = re.compile(r"<([^<>\s]{1,900})>")
_CHARSETS = {
    "iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030",
    "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "shift_jis": "cp932", "iso-8859-8-i": "iso-8859-8", "utf8": "utf-8",
    "cp-850": "cp850", "unicode-1-1-utf-7": "utf-7", "x-gbk": "gb18030", "iso-8859-9": "cp1254",
}  # fmt: skip
_WORD = re.compile(r"=\?(?P<charset>[^?*\s]{1,40})(?:\*[^?]{0,20})?\?(?P<kind>[bBqQ])\?(?P<text>[^?]*)\?=")
_NAME = re.compile(r"[A-Za-z0-9_.:-]+")


def raw_heads(message: Message) -> dict[str, list[str]]:
    """Return the raw headers, by their name in lower case."""
    out: dict[str, list[str]] = {}
    for name, value in message.raw_items():
        out.setdefault(name.lower(), []).append(str(value)[:_MAX_HEAD].replace("\r", "").replace("\n", ""))
    return out


def plain(value: str) -> str:
    """Return a header's text, with encoded words (RFC 2047) and 8-bit characters decoded."""
    text = _of_bytes(value)
    if "=?" not in text:
        return " ".join(text.split())
    out: list[str] = []
    data, charset, at = b"", "", 0
    for word in _WORD.finditer(text):
        between = text[at : word.start()]
        if data and (between.strip() or word["charset"].lower() != charset):
            out.append(in_charset(data, charset))
            data = b""
        if between.strip() or not at:
            out.append(between)
        charset = word["charset"].lower()
        data += _bytes_of(word["kind"], word["text"])
        at = word.end()
    out += (in_charset(data, charset) if data else "", text[at:])
    return " ".join("".join(out).split())


def _bytes_of(kind: str, text: str) -> bytes:
    plain_bytes = text.encode("ascii", "replace")
    try:
        if kind in "bB":
            return binascii.a2b_base64(plain_bytes + b"=" * (-len(plain_bytes) % 4))
        return binascii.a2b_qp(plain_bytes.replace(b"_", b" "), header=False)
    except (binascii.Error, ValueError):
        return plain_bytes


def in_charset(data: bytes, charset: str | None) -> str:
    """Decode bytes in the character set that a message states, or in a detected one if that is wrong."""
    found = _NAME.match((charset or "").strip().strip("\"'"))
    name = found[0].lower() if found else ""
    if name in ("", "us-ascii", "ascii", "unknown-8bit", "utf-8", "utf8", "default", "8bit"):
        return decoded(data).text
    try:
        return data.decode(_CHARSETS.get(name, name))
    except UnicodeDecodeError:
        return decoded(data).text if _is_utf8(data) else data.decode(_CHARSETS.get(name, name), "replace")
    except (LookupError, ValueError, AttributeError):
        return decoded(data).text


def people(values: list[str]) -> list[tuple[str, str]]:
    """Return the name, or else the address, and the address in lower case, of each person in headers."""
    try:
        pairs = email.utils.getaddresses([_of_bytes(one).replace("\t", " ") for one in values])[:_MAX_PEOPLE]
    except (ValueError, IndexError, RecursionError):
        return []
    out = []
    for name, address in pairs:
        shown = plain(name).strip("'\" ")
        address = address.strip().lower() if "@" in address else ""
        if shown or address:
            out.append((shown or address, address))
    return out


def message_id(heads: dict[str, list[str]]) -> str | None:
    """Return the message's own id, without brackets."""
    value = next(iter(heads.get("message-id", ())), "").strip()
    found = _ID.search(value)
    return found[1] if found else value.strip("<> ")[:900] or None


def thread_id(heads: dict[str, list[str]], own: str | None) -> str | None:
    """Return the id of the thread: of its first message, by References or In-Reply-To, or the mailbox's own."""
    for name in ("references", "in-reply-to"):
        if found := _ID.search(" ".join(heads.get(name, ()))):
            return found[1]
    if told := next(iter(heads.get("x-gm-thrid", ())), "").strip():
        return told[:100]
    index = next(iter(heads.get("thread-index", ())), "")
    try:
        data = binascii.a2b_base64(index.strip().encode("ascii", "ignore"))
    except (binascii.Error, ValueError):
        data = b""
    return data[:22].hex() if len(data) > 22 else own  # the first 22 bytes identify the first message


def sent_at(heads: dict[str, list[str]]) -> datetime | None:
    """Return when a message was sent: by Date, or else by when the first server received it."""
    received = [one.rpartition(";")[2] for one in reversed(heads.get("received", ()))]
    for value in (*heads.get("date", ()), *received[:5]):
        try:
            found = email.utils.parsedate_to_datetime(value.strip()[:100])
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        try:
            return moment(found.astimezone(UTC))
        except (ValueError, OverflowError):
            continue
    return None


def _of_bytes(value: str) -> str:
    """Decode text whose 8-bit characters the parser represents as surrogates."""
    try:
        return decoded(value.encode("utf-8", "surrogateescape")).text
    except UnicodeEncodeError:
        return value.encode("utf-8", "replace").decode("utf-8", "replace")


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
