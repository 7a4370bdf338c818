"""The text of HTML: of an e-mail without marked quotations and signatures, and of a help desk's message.

Tags are found in one pass, whatever is wrong with them, so that the time grows with the length alone; Python's
``html.parser`` takes quadratic time on some broken input, which strangers may send.
"""

from __future__ import annotations

import html
import re

MAX_HTML = 3_000_000
"""The most characters of a message that are read."""

_TAG = re.compile(
    r"<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9:-]*)(?P<rest>(?:\"[^\"<>]*\"|'[^'<>]*'|[^<>\"'])*+[^<>]*+)>"
)
_ATTRIBUTE = re.compile(
    r"(?P<name>class|id|style|type|name)\s*=\s*(?:\"(?P<a>[^\"]*)\"|'(?P<b>[^']*)'|(?P<c>[^\s>]+))", re.I
)
_SKIPPED = frozenset(("script", "style", "head", "title", "template", "object", "noscript", "svg", "math", "select"))
_VOID = frozenset(
    ["br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "source", "track", "wbr", "o:p"]
)
_BLOCKS = frozenset(
    ("div", "tr", "li", "table", "ul", "ol", "blockquote", "section", "article", "header", "footer", "form", "dl", "dt",
     "dd", "center", "address", "aside", "main", "figure", "tbody", "pre")
)  # fmt: skip
_PARAGRAPHS = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6"))
_QUOTES = frozenset(
    ("gmail_quote", "gmail_quote_container", "gmail_extra", "yahoo_quoted", "moz-cite-prefix", "moz-signature",
     "gmail_signature", "protonmail_quote", "protonmail_signature_block", "zmail_extra", "freshdesk_quote",
     "mcntmcntmsg", "moz-forward-container", "tutanota_quote", "WordSection_quote", "gmail_attr")
)  # fmt: skip
_CUTS = frozenset(("divrplyfwdmsg", "appendonsend", "x_divrplyfwdmsg", "x_appendonsend", "reply-intro"))
_RULE = re.compile(
    r"border-top:\s*solid\s+#?(?:E1E1E1|B5C4DF|C4C4C4|CCCCCC)\b|border-top:\s*(?:#?\w+\s+)?1\.0pt\s+solid\s", re.I
)
_LOOKS_LIKE_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>|&(?:[a-zA-Z]{2,8}|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
_EMPTY_LINES = re.compile(r"\s*\n\s*")
_SPACE_AT_END = re.compile(r"(?<! ) +\n")
_SPACES = re.compile(r"[ \t\r\n\f\xa0]+")


def text_of_html(source: str) -> str:
    """Return the text of an e-mail, one line for each block and an empty line between paragraphs."""
    return _Walk(source[:MAX_HTML], of_mail=True).text()


def text_of_message(source: str) -> str:
    """Return the text of a message, one line for each block, with quotations; plain text is returned unchanged."""
    if not _LOOKS_LIKE_MARKUP.search(source):
        return source.strip()
    return _EMPTY_LINES.sub("\n", _Walk(source[:MAX_HTML], of_mail=False).text())


def unescaped(text: str) -> str:
    """Return a text with its entities decoded; unchanged if a number in it is too long for any character."""
    try:
        return html.unescape(text) if "&" in text else text
    except ValueError:
        return text


class _Walk:
    """Walks through the tags, and collects the text."""

    def __init__(self, source: str, of_mail: bool):
        self._source = source
        self._of_mail = of_mail
        self._out: list[str] = []
        self._breaks = 0  # line breaks due before the next text
        self._skipped = ""  # the tag whose content is skipped
        self._depth = 0
        self._pre = 0

    def text(self) -> str:
        at = 0
        source = self._source
        while at < len(source):
            start = source.find("<", at)
            if start < 0:
                self._add(source[at:])
                break
            self._add(source[at:start])
            if source.startswith("<!--", start):
                end = source.find("-->", start)
                at = len(source) if end < 0 else end + 3
            elif source.startswith(("<!", "<?"), start):
                end = source.find(">", start)
                at = len(source) if end < 0 else end + 1
            elif tag := _TAG.match(source, start):
                if self._tag(tag):
                    break
                at = tag.end()
            else:
                self._add("<")
                at = start + 1
        return _SPACE_AT_END.sub("\n", "".join(self._out)).strip()

    def _tag(self, tag: re.Match[str]) -> bool:
        """Process a tag; return whether everything after it is quoted."""
        name, is_end = tag["name"].lower(), bool(tag["end"])
        if self._skipped:
            if name == self._skipped and not tag["rest"].endswith("/"):
                self._depth += -1 if is_end else 1
                if not self._depth:
                    self._skipped = ""
                    self._break(1)
            return False
        if is_end:
            self._end(name)
            return False
        told = (
            {}
            if not self._of_mail
            else {
                one["name"].lower(): one["a"] or one["b"] or one["c"] or ""
                for one in _ATTRIBUTE.finditer(tag["rest"][:5_000])
            }
        )
        if _is_cut(told):
            return True
        if name not in _VOID and (name in _SKIPPED or _is_quote(name, told)):
            self._skipped, self._depth = name, 1
            return False
        self._start(name)
        return False

    def _start(self, name: str) -> None:
        if name == "br":
            self._out.append("\n")
            self._breaks = 0
        elif name in _PARAGRAPHS:
            self._break(2)
        elif name in _BLOCKS or name == "hr":
            self._break(1)
        elif name in ("td", "th") and self._out and not self._out[-1].endswith(("\n", " ")):
            self._out.append(" ")
        if name == "li" and self._of_mail:
            self._add("- ")
        if name == "pre":
            self._pre += 1

    def _end(self, name: str) -> None:
        if name in _PARAGRAPHS:
            self._break(2)
        elif name in _BLOCKS:
            self._break(1)
        if name == "pre":
            self._pre = max(0, self._pre - 1)

    def _break(self, number: int) -> None:
        self._breaks = max(self._breaks, number)

    def _add(self, raw: str) -> None:
        if self._skipped or not raw:
            return
        text = unescaped(raw)
        if not self._pre:
            text = _SPACES.sub(" ", text)
            if not self._out or self._breaks or self._out[-1].endswith(("\n", " ")):
                text = text.lstrip(" ")
        if not text:
            return
        if self._breaks and self._out:
            had = len(self._out[-1]) - len(self._out[-1].rstrip("\n"))
            self._out.append("\n" * max(0, self._breaks - had))
        self._breaks = 0
        self._out.append(text)


def _is_quote(name: str, told: dict[str, str]) -> bool:
    if name == "blockquote" and told.get("type", "").lower() == "cite":
        return True
    return any(one.removeprefix("x_") in _QUOTES for one in told.get("class", "").split())


def _is_cut(told: dict[str, str]) -> bool:
    return (
        told.get("id", "").lower() in _CUTS
        or told.get("name", "") == "_MailOriginal"
        or bool(_RULE.search(told.get("style", "")))
    )
