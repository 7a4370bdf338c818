"""The text of a message that help desks keep as HTML."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BLOCKS = frozenset(
    ("p", "div", "br", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "hr")
)
_UNSEEN = frozenset(("style", "script", "head", "title", "template"))
_LOOKS_LIKE_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>|&(?:[a-zA-Z]{2,8}|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
_SPACES = re.compile(r"[ \t\r\f\v\xa0]+")
_BREAKS = re.compile(r" ?\n[ \n]*")


def plain(markup: str) -> str:
    """Return what a reader sees of HTML, a line for each block; a text without tags and entities stays as it is."""
    if not _LOOKS_LIKE_MARKUP.search(markup):
        return markup.strip()
    seen = _Text()
    seen.feed(markup)
    seen.close()
    return _BREAKS.sub("\n", _SPACES.sub(" ", "".join(seen.parts))).strip()


class _Text(HTMLParser):
    """Collects texts; line breaks of the source are spaces, as in a browser."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(data.replace("\n", " "))
