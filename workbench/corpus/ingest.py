"""Imports conversations: valid ones are added, invalid ones are reported by name, line and reason (C2)."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, get_args
from zoneinfo import ZoneInfo

from workbench.corpus.appending import AppendOutcome, OnChange
from workbench.corpus.company.importing import ImportSides, by_hand
from workbench.corpus.company.settings import Company
from workbench.corpus.company.tally import SideCounts
from workbench.corpus.file_reports import FileReport, FileReports
from workbench.corpus.formats import FormatProblem, JsonMapping, mapping_of
from workbench.corpus.formats.reasons import shown
from workbench.corpus.former_ids import under_former_ids
from workbench.corpus.lake import Lake
from workbench.corpus.reading import ReadItem, ReadOptions, read_all
from workbench.corpus.redaction.importing import ImportRedactor
from workbench.corpus.redaction.kinds import Redact, told
from workbench.corpus.sentences import SplitUnit
from workbench.corpus.sides import Sides, check_sides
from workbench.corpus.tables import Item, said_key
from workbench.domain.conversations import Conversation
from workbench.domain.errors import InvalidArgument
from workbench.domain.names import printable
from workbench.domain.plurals import plural

BATCH = 1_000  # conversations that are committed together
_BATCH_CHARACTERS = 4_000_000
MAX_REJECTED = 100_000
"""Rejected items that a report lists; further ones are counted."""

_MAX_FILES_SHOWN = 50  # files that a printed report lists

ImportSource = str | os.PathLike[str] | Conversation | Mapping[str, Any] | Iterable[Any]
OnRead = Callable[[int, str], bool | None]
"""Takes the number of items read so far and the file being read; returns False to end the import there."""


@dataclass(frozen=True, slots=True)
class Reject:
    """What was left out: the file's name (or the item's place), the line counted from 1, and why."""

    name: str
    line: int | None
    reason: str

    def __str__(self) -> str:
        return _of_line(self.name, self.line, self.reason)


@dataclass(frozen=True, slots=True)
class ImportNote:
    """A note on a conversation that was added: the file's name (or its place), the line, and the note."""

    name: str
    line: int | None
    what: str

    def __str__(self) -> str:
        return _of_line(self.name, self.line, self.what)


@dataclass(frozen=True, slots=True)
class IngestReport:
    """The outcome of an import.

    Attributes:
        added: how many conversations are new.
        unchanged: how many were in the workspace already.
        changed: how many existed with other content, which they replace.
        kept: how many existed with other content, which was kept.
        rejected: what was left out, and why.
        repaired: what was repaired of those added, such as a negative start.
        redacted: how much was redacted in those added, by kind.
        redacted_in: in how many of them, by kind.
        notes: which of those added say the same as another conversation, under another id.
        changes: what changed in those that replaced an earlier content.
        files: what was found in each file from another tool, added or not.
        sides: how the sides of the speakers in those added or changed were decided.
    """

    added: int
    unchanged: int
    rejected: tuple[Reject, ...]
    repaired: tuple[ImportNote, ...] = ()
    redacted: Mapping[str, int] = field(default_factory=dict)
    redacted_in: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[ImportNote, ...] = ()
    changed: int = 0
    kept: int = 0
    changes: tuple[ImportNote, ...] = ()
    files: tuple[FileReport, ...] = ()
    sides: SideCounts = field(default_factory=SideCounts)

    def __str__(self) -> str:
        head = f"{self.added:,} added, {self.unchanged:,} unchanged, {len(self.rejected):,} rejected"
        if self.changed:
            head += f", {self.changed:,} changed"
        if self.kept:
            head += f", {self.kept:,} kept as they were"
        if self.repaired:
            head += f", {len(self.repaired):,} repaired"
        if self.notes:
            head += f", {len(self.notes):,} noted"
        redacted = [f"redacted: {told(self.redacted, self.redacted_in)}"] if self.redacted else []
        sides = [str(self.sides)] if self.sides.is_worth_telling else []
        files = [f"  {one}" for one in self.files[:_MAX_FILES_SHOWN]]
        if len(self.files) > _MAX_FILES_SHOWN:
            files.append(f"  and {plural(len(self.files) - _MAX_FILES_SHOWN, 'more file')}")
        listed = (f"  {one}" for one in (*self.rejected, *self.changes, *self.repaired, *self.notes))
        return "\n".join([head, *redacted, *sides, *files, *listed])


def ingest(
    lake: Lake,
    source: ImportSource,
    *,
    unit: SplitUnit = "sentence",
    progress: OnRead | None = None,
    redact: Redact = False,
    prefix: str = "",
    on_change: OnChange = "replace",
    settle: Callable[[], object] | None = None,
    mapping: JsonMapping | Mapping[str, Any] | None = None,
    sides: Sides | None = None,
    zone: ZoneInfo | None = None,
    company: Company | None = None,
) -> IngestReport:
    """Import the conversations of a file, a folder (with its subfolders), a DataFrame, a dict, or an iterable.

    A file's format is detected from its content; docs/import.md lists the formats. JSON from an unknown tool is read if
    a list in it looks like turns; if that fails, ``mapping`` says what its keys contain: see
    :class:`~workbench.corpus.formats.makers.generic.JsonMapping`. Files of one folder that belong together are joined,
    such as transcripts and the details of their calls.

    An iterable contains paths, :class:`Conversation` objects, DataFrames or dicts in the neutral form; a single one of
    these is accepted, too. A DataFrame has one row per turn or one per conversation with nested ``turns``; its columns
    are recognised by their names, see :mod:`workbench.corpus.frames`, and a row that cannot be used is reported by its
    label.

    Values may be those of numpy and pandas. What marks a missing value (None, NaN, NaT, pandas' NA) counts as not
    given, and a duration such as a ``Timedelta`` is its seconds.

    A conversation that is already in the lake is left alone. One with a known id but other content replaces the earlier
    one, which keeps its place and what was set since it was imported; with ``on_change`` "keep" the earlier one stays
    as it is, and with "reject" the report lists the new one as rejected. Of two in one import with one id and different
    contents the first counts, and the other is rejected. ``settle`` is called whenever conversations were replaced, to
    have whatever refers to their sentences follow.

    If a conversation does not state its language, it is detected from its words; see :mod:`workbench.corpus.languages`.
    A negative start, an end before the start and a participant who is listed twice are repaired, and the report says
    so. It also notes a conversation that says the same as another does under another id. What cannot be imported is
    reported, whatever is wrong with it, and the rest is imported.

    ``prefix``, such as "site-a/", is put before the id of every conversation, so that sources with the same ids can
    share a workspace. Import a source again with the same prefix.

    A start without an offset is a local time of ``zone``, by default of the lake's.

    ``company`` decides sides that files don't state, by ordered rules, see :mod:`workbench.corpus.company.rules`.
    ``sides`` says which side speakers in files are on, overriding the files and these rules: ``{"Ann": "company"}``, ""
    for an unknown side, or a function that returns such a mapping for a file's path. These sides stay when a file is
    imported again without them. ``progress`` is called with how many items were read and the file's name; if it returns
    False, only what was read so far is imported.

    ``redact`` replaces numbers, addresses and names in titles and texts by placeholders before anything is stored: True
    for all :data:`~workbench.corpus.redaction.kinds.KINDS`, or some of them; "participants" also takes the people from
    the list of participants. Conversations are recognised by their redacted content.

    Raises:
        FileNotFoundError: ``source`` is a path that does not exist.
        InvalidArgument: ``source`` is a DataFrame without a column for the id or for the text, ``redact`` contains an
            unknown kind, ``prefix`` cannot begin an id, ``on_change`` is not one of its values, or ``mapping`` is not
            one.
        RedactionUnavailable: the libraries for redaction are not installed.
    """
    if on_change not in get_args(OnChange):
        raise InvalidArgument(f"on_change: must be one of {', '.join(get_args(OnChange))}, not {shown(on_change)}")
    by_rule = ImportSides(company)
    work = _Import(lake, unit, on_change, settle, by_rule)
    redactor = ImportRedactor(redact)
    if sides and not callable(sides):
        check_sides(sides)
    known = mapping_of(mapping) if mapping is not None else None
    options = ReadOptions(zone=lake.zone if zone is None else zone, mapping=known, sides=sides or {})
    for count, one in enumerate(read_all(source, prefix, options), start=1):
        work.take(by_rule.told(one, redactor.redacted(one)))
        if progress and progress(count, one.name) is False:
            break
    return work.report()


@dataclass
class _Import:
    """An import in progress: items waiting to be added, and the outcomes of the others."""

    lake: Lake
    unit: SplitUnit
    on_change: OnChange
    settle: Callable[[], object] | None
    sides: ImportSides
    added: int = 0
    unchanged: int = 0
    changed: int = 0
    kept: int = 0
    unlisted: int = 0
    rejected: list[Reject] = field(default_factory=list)
    repaired: list[ImportNote] = field(default_factory=list)
    notes: list[ImportNote] = field(default_factory=list)
    changes: list[ImportNote] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)  # hashes of this import's ids, which take less memory than the ids
    waiting: list[ReadItem] = field(default_factory=list)
    characters: int = 0
    redacted: Counter[str] = field(default_factory=Counter)
    redacted_in: Counter[str] = field(default_factory=Counter)
    files: FileReports = field(default_factory=FileReports)

    def take(self, one: ReadItem) -> None:
        self.waiting.append(one)
        if isinstance(one.found, Item):
            self.characters += sum(len(turn.text) for turn in one.found.conversation.turns)
            if one.format:
                self.files.add(one.name, one.format, one.found.conversation, one.left_out, one.notes)
        if len(self.waiting) >= BATCH or self.characters >= _BATCH_CHARACTERS:
            self._settle()

    def report(self) -> IngestReport:
        self._settle()
        if self.unlisted:
            self.rejected.append(Reject("the import", None, f"{self.unlisted:,} more were rejected and are not listed"))
        return IngestReport(
            added=self.added,
            unchanged=self.unchanged,
            rejected=tuple(self.rejected),
            repaired=tuple(self.repaired),
            redacted=dict(self.redacted),
            redacted_in=dict(self.redacted_in),
            notes=tuple(self.notes),
            changed=self.changed,
            kept=self.kept,
            changes=tuple(self.changes),
            files=self.files.all(),
            sides=self.sides.tally.counts(),
        )

    def _settle(self) -> None:
        """Add the waiting items, and report them in the order in which they were read."""
        waiting, self.waiting, self.characters = self._renamed(self.waiting), [], 0
        outcomes = iter(self._outcomes([one.found for one in waiting if isinstance(one.found, Item)]))
        added = []
        for one in waiting:
            if isinstance(one.found, FormatProblem):
                self._reject(one, one.found.reason)
                continue
            outcome = next(outcomes)
            if outcome.state in ("added", "changed"):
                self._take(one, one.found)
            if outcome.state == "added":
                self.added += 1
                added.append((one, one.found.conversation))
            elif outcome.state == "changed":
                self.changed += 1
                self._note(self.changes, one, f"{shown(one.found.conversation.id)} changed: {outcome.reason}")
            elif outcome.state == "refused":
                self._reject(one, outcome.reason)
            self.unchanged += outcome.state == "unchanged"
            self.kept += outcome.state == "kept"
        self._note_twins(added)

    def _renamed(self, waiting: Sequence[ReadItem]) -> list[ReadItem]:
        """Let conversations that had another id in an earlier version keep it."""
        items = [one.found for one in waiting if isinstance(one.found, Item)]
        renamed = iter(under_former_ids(items, self.lake.said_of))
        return [replace(one, found=next(renamed)) if isinstance(one.found, Item) else one for one in waiting]

    def _outcomes(self, items: Sequence[Item]) -> list[AppendOutcome]:
        """Add new items and replace changed ones; of several with one id in this import only the first counts."""
        first = [item for item in items if hash(item.conversation.id) not in self.seen]
        again = [item for item in items if hash(item.conversation.id) in self.seen]
        self.seen.update(hash(item.conversation.id) for item in first)
        found = self._replaced(first, self.lake.append(first, self.unit, self.on_change))
        known = dict(zip(map(id, (*first, *again)), (*found, *self.lake.append(again, self.unit)), strict=True))
        return [known[id(item)] for item in items]

    def _replaced(self, items: Sequence[Item], outcomes: list[AppendOutcome]) -> list[AppendOutcome]:
        outcomes = self._resided(items, outcomes)
        changed = [item for item, one in zip(items, outcomes, strict=True) if one.state == "changed" and not one.reason]
        if not changed:
            return outcomes
        replaced = iter(self.lake.replace(changed, self.unit))
        if self.settle:
            self.settle()
        return [next(replaced) if one.state == "changed" and not one.reason else one for one in outcomes]

    def _resided(self, items: Sequence[Item], outcomes: list[AppendOutcome]) -> list[AppendOutcome]:
        """Set the sides that a person gave with this import for known calls with unchanged content."""
        if self.on_change != "replace":
            return outcomes
        given = {
            item.conversation.id: hand
            for item, one in zip(items, outcomes, strict=True)
            if one.state == "unchanged" and (hand := by_hand(item))
        }
        made = self.lake.change_sides(None, given) if given else []
        if made and self.settle:
            self.settle()
        ids = {one.id for one in made}
        return [
            AppendOutcome("changed", "sides") if item.conversation.id in ids and one.state == "unchanged" else one
            for item, one in zip(items, outcomes, strict=True)
        ]

    def _take(self, one: ReadItem, item: Item) -> None:
        """Count redactions and repairs in a conversation that is now in the corpus."""
        self.redacted.update(item.redacted or {})
        self.redacted_in.update((item.redacted or {}).keys())
        self.sides.count(item)
        if one.repaired:
            self._note(self.repaired, one, one.repaired)

    def _note(self, notes: list[ImportNote], one: ReadItem, what: str) -> None:
        if len(notes) < MAX_REJECTED:
            notes.append(ImportNote(one.name, one.line, what))

    def _note_twins(self, added: Sequence[tuple[ReadItem, Conversation]]) -> None:
        found = self.lake.twins.of({conversation.id: said_key(conversation) for _, conversation in added})
        for one, conversation in added:
            if conversation.id in found:
                self._note(
                    self.notes, one, f"{shown(conversation.id)} says the same as {shown(found[conversation.id])}"
                )

    def _reject(self, one: ReadItem, reason: str) -> None:
        if len(self.rejected) < MAX_REJECTED:
            self.rejected.append(Reject(one.name, one.line, reason))
        else:
            self.unlisted += 1


def _of_line(name: str, line: int | None, what: str) -> str:
    where = f", line {line}" if line else ""
    return printable(f"{name}{where}: {what}", lines=False)
