"""Kinds of files that cannot be read: what they are, and what to do."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.corpus.formats.base import FormatProblem
from workbench.corpus.formats.draft import Draft
from workbench.corpus.formats.opened import Opened

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ADVICE = (
    (b"%PDF-", "is a PDF; export the transcript as VTT, DOCX or text"),
    (b"{\\rtf", "is rich text (RTF); open it in Word and save it as DOCX or text"),
    (b"!BDN", "is an Outlook archive (PST); export its messages as EML or MBOX"),
)
_OLE_ADVICE = {
    ".xls": "is a workbook of Excel 97; save it as XLSX or CSV",
    ".doc": "is a document of Word 97; save it as DOCX or text",
    ".msg": "is an Outlook message; save it as EML",
}


class RefusedDocument:
    """Explain what to do with files of known kinds that are not read."""

    name = "a kind of file that cannot be read"

    def recognises(self, file: Opened) -> bool:
        """Return whether the first bytes are those of such a file."""
        return _advice(file) is not None

    def read(self, file: Opened) -> Iterator[Draft | FormatProblem]:
        """Yield the reason, and what to do."""
        yield FormatProblem(None, _advice(file) or "cannot be read; export it again")


def _advice(file: Opened) -> str | None:
    if file.head.startswith(_OLE):
        default = "is a file of an older Office; save it as XLSX, DOCX or text"
        return _OLE_ADVICE.get(file.suffix, default)
    return next((advice for start, advice in _ADVICE if file.head.startswith(start)), None)
