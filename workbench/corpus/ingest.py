"""Bringing conversations in: what is good goes in, what is bad is reported by name, line and reason (C2)."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workbench.corpus.formats import FormatProblem
from workbench.corpus.formats.reasons import shown
from workbench.corpus.lake import Lake
from workbench.corpus.reading import ReadItem, read_all
from workbench.corpus.redaction.importing import ImportRedactor
from workbench.corpus.redaction.kinds import Redact, told
from workbench.corpus.sentences import SplitUnit
from workbench.corpus.tables import Item, said_key
from workbench.domain.conversations import Conversation
from workbench.domain.names import printable

BATCH = 1_000  # conversations that are committed at once
_BATCH_CHARACTERS = 4_000_000
MAX_REJECTED = 100_000
"""Rejected items that a report lists; those beyond are counted."""

ImportSource = str | os.PathLike[str] | Conversation | Mapping[str, Any] | Iterable[Any]
OnRead = Callable[[int, str], None]  # conversations read so far, the file that is being read


@dataclass(frozen=True, slots=True)
class Reject:
    """What was left out: the file's name (or the item's place), the line counted from 1, and why."""

    name: str
    line: int | None
    reason: str

    def __str__(self) -> str:
        line = f", line {self.line}" if self.line else ""
        return printable(f"{self.name}{line}: {self.reason}", lines=False)


@dataclass(frozen=True, slots=True)
class ImportNote:
    """What is worth knowing of a conversation that was added: the file's name (or its place), the line, and what."""

    name: str
    line: int | None
    what: str

    def __str__(self) -> str:
        line = f", line {self.line}" if self.line else ""
        return printable(f"{self.name}{line}: {self.what}", lines=False)


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What an import did.

    Attributes:
        added: how many conversations are new.
        unchanged: how many were in the workspace already.
        rejected: what was left out, and why.
        repaired: what was repaired of those added, such as a negative start.
        redacted: how much was redacted in those added, by kind.
        redacted_in: in how many of them, by kind.
        notes: which of those added say the same as another conversation, under another id.
    """

    added: int
    unchanged: int
    rejected: tuple[Reject, ...]
    repaired: tuple[ImportNote, ...] = ()
    redacted: Mapping[str, int] = field(default_factory=dict)
    redacted_in: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[ImportNote, ...] = ()

    def __str__(self) -> str:
        head = f"{self.added:,} added, {self.unchanged:,} unchanged, {len(self.rejected):,} rejected"
        if self.repaired:
            head += f", {len(self.repaired):,} repaired"
        if self.notes:
            head += f", {len(self.notes):,} noted"
        redacted = [f"redacted: {told(self.redacted, self.redacted_in)}"] if self.redacted else []
        listed = (f"  {one}" for one in (*self.rejected, *self.repaired, *self.notes))
        return "\n".join([head, *redacted, *listed])


def ingest(
    lake: Lake,
    source: ImportSource,
    *,
    unit: SplitUnit = "sentence",
    progress: OnRead | None = None,
    redact: Redact = False,
    prefix: str = "",
) -> IngestReport:
    """Import the conversations of a file, a folder (with its subfolders), a DataFrame, a dict, or an iterable.

    An iterable contains paths, :class:`Conversation` objects, DataFrames or dicts in the neutral form; one of these
    alone will do, too. A DataFrame has one row a turn, or one row a conversation with nested ``turns``; its columns are
    known by their names, see :mod:`workbench.corpus.frames`, and a row that cannot be taken is named by its label.

    Values may be those of numpy and pandas. What marks a missing value (None, NaN, NaT, pandas' NA) counts as not
    given, and a duration such as a ``Timedelta`` is its seconds.

    A conversation that is already in the lake is left alone; one with a known id but other content is rejected. If a
    conversation does not state its language, it is detected from its words; see :mod:`workbench.corpus.languages`. A
    negative start, an end before the start and a participant who is listed twice are repaired, and the report says so.
    It also notes a conversation that says the same as another does under another id. What cannot be imported is
    reported, whatever is wrong with it, and the rest is imported.

    ``prefix``, such as "site-a/", is put before the id of every conversation, so that sources with the same ids can
    stand in one workspace. Import a source again with the same prefix.

    ``redact`` replaces numbers, addresses and names in titles and texts by placeholders before anything is stored:
    True for all :data:`~workbench.corpus.redaction.kinds.KINDS`, or some of them; "participants" also takes the people
    from the list of participants. Conversations are known again by their redacted content.

    Raises:
        FileNotFoundError: ``source`` is a path that does not exist.
        InvalidArgument: ``source`` is a DataFrame without a column for the id or for what is said, ``redact`` has
            something that is not a kind, or ``prefix`` cannot begin an id.
        RedactionUnavailable: the libraries for redaction are not installed.
    """
    work = _Import(lake, unit)
    redactor = ImportRedactor(redact)
    for count, one in enumerate(read_all(source, prefix), start=1):
        work.take(redactor.redacted(one))
        if progress:
            progress(count, one.name)
    return work.report()


@dataclass
class _Import:
    """An import under way: what was read and waits to be added, and what has become of the rest."""

    lake: Lake
    unit: SplitUnit
    added: int = 0
    unchanged: int = 0
    unlisted: int = 0
    rejected: list[Reject] = field(default_factory=list)
    repaired: list[ImportNote] = field(default_factory=list)
    notes: list[ImportNote] = field(default_factory=list)
    waiting: list[ReadItem] = field(default_factory=list)
    characters: int = 0
    redacted: Counter[str] = field(default_factory=Counter)
    redacted_in: Counter[str] = field(default_factory=Counter)

    def take(self, one: ReadItem) -> None:
        self.waiting.append(one)
        if isinstance(one.found, Item):
            self.characters += sum(len(turn.text) for turn in one.found.conversation.turns)
        if len(self.waiting) >= BATCH or self.characters >= _BATCH_CHARACTERS:
            self._settle()

    def report(self) -> IngestReport:
        self._settle()
        if self.unlisted:
            self.rejected.append(Reject("the import", None, f"{self.unlisted:,} more were rejected and are not listed"))
        found = dict(self.redacted), dict(self.redacted_in), tuple(self.notes)
        return IngestReport(self.added, self.unchanged, tuple(self.rejected), tuple(self.repaired), *found)

    def _settle(self) -> None:
        """Add what waits, and report it in the order in which it was read."""
        waiting, self.waiting, self.characters = self.waiting, [], 0
        outcomes = iter(self.lake.append([one.found for one in waiting if isinstance(one.found, Item)], self.unit))
        added = []
        for one in waiting:
            if isinstance(one.found, FormatProblem):
                self._reject(one, one.found.reason)
                continue
            outcome = next(outcomes)
            if outcome.state == "added":
                self.added += 1
                self.redacted.update(one.found.redacted)
                self.redacted_in.update(one.found.redacted.keys())
            self.unchanged += outcome.state == "unchanged"
            if outcome.state == "added" and one.repaired and len(self.repaired) < MAX_REJECTED:
                self.repaired.append(ImportNote(one.name, one.line, one.repaired))
            if outcome.state == "added":
                added.append((one, one.found.conversation))
            if outcome.state == "refused":
                self._reject(one, outcome.reason)
        self._note_twins(added)

    def _note_twins(self, added: Sequence[tuple[ReadItem, Conversation]]) -> None:
        found = self.lake.twins.of({conversation.id: said_key(conversation) for _, conversation in added})
        for one, conversation in added:
            if conversation.id in found and len(self.notes) < MAX_REJECTED:
                what = f"{shown(conversation.id)} says the same as {shown(found[conversation.id])}"
                self.notes.append(ImportNote(one.name, one.line, what))

    def _reject(self, one: ReadItem, reason: str) -> None:
        if len(self.rejected) < MAX_REJECTED:
            self.rejected.append(Reject(one.name, one.line, reason))
        else:
            self.unlisted += 1
