"""The importer: waiting files, what was found in them, and import reports."""

from __future__ import annotations

from typing import Literal, TypedDict

ImportPhase = Literal["idle", "looking", "importing", "blocked"]
ImportFileState = Literal["coming", "waiting", "ready", "check", "refused", "part"]


class ImportSpeakerView(TypedDict):
    """A speaker in a file; ``id`` is the label in the file, ``side`` is empty if unknown.

    ``label``: the name is a label from speech recognition or a role, so that it may be another person in each file.
    """

    id: str
    name: str
    side: str
    turns: int
    label: bool


class ImportFileView(TypedDict):
    """A file that waits to be imported; ``problems`` are the first of ``problems_found``.

    ``times`` is the largest time; ``pace`` is words per second over everything with times, and ``odd`` whether the unit
    of the times looks wrong. ``mappable``: a person can map its parts. ``part`` is the state of a file that is read
    together with another file in its folder.
    """

    id: int
    name: str
    size: int
    state: ImportFileState
    format: str
    conversations: int
    turns: int
    speakers: list[ImportSpeakerView]
    speakers_found: int
    times: str
    language: str
    pace: float | None
    odd: bool
    left_out: str
    notes: list[str]
    problems: list[str]
    problems_found: int
    mappable: bool
    mapped: bool


class ImportHeadView(TypedDict):
    """A stored report."""

    id: str
    when: str
    words: str


class ImportLineView(TypedDict):
    """A report's line about one conversation or file; ``kind`` says which of its lists it is from."""

    kind: str
    name: str
    line: int | None
    reason: str


class ImportReportView(TypedDict):
    """The report of an import; ``lines`` are the first of ``lines_found``. ``stopped``: a person ended it early."""

    id: str
    when: str
    seconds: float
    files: int
    added: int
    changed: int
    unchanged: int
    kept: int
    rejected: int
    redacted: str
    stopped: bool
    failed: str
    lines: list[ImportLineView]
    lines_found: int


class ImportView(TypedDict):
    """The state of the importer; ``blocked`` says why nothing can be imported here, empty if it can.

    ``redact`` are the kinds that the workspace redacts by default, ``kinds`` all kinds. ``zone`` is the time zone of
    starts without an offset, by its IANA name, ``workspace_zone`` the workspace's own.
    """

    phase: ImportPhase
    fraction: float
    message: str
    blocked: str
    passed_over: int
    redact: list[str]
    kinds: list[str]
    zone: str
    workspace_zone: str
    report: ImportReportView | None
    reports: list[ImportHeadView]


class ImportOfferView(TypedDict):
    """A file that a page wants to upload: its path within what was dropped, and its size in bytes."""

    path: str
    size: int


class ImportTakenView(TypedDict):
    """The answer to an offer: the file's id, or None and why it is not accepted; empty if it is skipped."""

    id: int | None
    reason: str


class ImportTurnView(TypedDict):
    speaker: str
    side: str
    time: str
    text: str


class ImportCallView(TypedDict):
    """One of the first conversations of a file, with its first turns."""

    id: str
    title: str
    started: str
    language: str
    turns: int
    first: list[ImportTurnView]


class ImportKeyView(TypedDict):
    key: str
    example: str


class ImportListView(TypedDict):
    """A list in a file whose entries may be turns; ``path`` leads to it, empty for a table."""

    path: list[str]
    words: str
    keys: list[ImportKeyView]


class ImportMappingView(TypedDict):
    """What the parts of a file contain; empty for unused ones. ``unit`` is "s", "ms" or empty."""

    path: list[str]
    text: str
    speaker: str
    start: str
    end: str
    unit: str
    conversation: str


class ImportDetailsView(TypedDict):
    """A file's details; ``mapping`` is the one in use or proposed, None if it cannot be chosen."""

    calls: list[ImportCallView]
    mapping: ImportMappingView | None
    lists: list[ImportListView]
    table: bool
