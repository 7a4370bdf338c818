"""Redaction of what an import reads, item by item."""

from __future__ import annotations

from dataclasses import replace

from workbench.corpus.formats import FormatProblem
from workbench.corpus.local_starts import hashes_of
from workbench.corpus.reading import ReadItem
from workbench.corpus.redaction.kinds import Redact, redaction_kinds
from workbench.corpus.redaction.redactor import Redactor
from workbench.corpus.tables import Item


class ImportRedactor:
    """Redacts items; leaves them unchanged if nothing is to be redacted.

    The key of a redacted item is that of its redacted content. A key of the original would allow finding a number by
    trying all of them.
    """

    def __init__(self, redact: Redact | None) -> None:
        kinds = redaction_kinds(redact)
        self._redactor = Redactor(kinds) if kinds else None

    def redacted(self, one: ReadItem) -> ReadItem:
        """Return the item, redacted; one that cannot be redacted becomes a problem, and is not imported."""
        if self._redactor is None or not isinstance(one.found, Item):
            return one
        try:
            found = self._redactor.redact(one.found.written or one.found.conversation)
        except Exception as error:  # noqa: BLE001, whatever happens, nothing is imported unredacted
            reason = f"cannot be redacted ({type(error).__name__}); it is not imported"
            return replace(one, found=FormatProblem(one.line, reason))
        written, kept = found.conversation, one.found.conversation
        own, *former = hashes_of(written, kept.started)
        item = replace(
            one.found,
            conversation=replace(written, started=kept.started, media=kept.media),
            content_hash=own,
            written=written if one.found.written else None,
            former=tuple(former),
            redacted=found.counts,
        )
        return replace(one, found=item)
