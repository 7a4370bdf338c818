"""The importer: files that wait, what was found in them, and what an import did."""

from __future__ import annotations

from typing import Literal, TypedDict

ImportPhase = Literal["idle", "looking", "importing", "blocked"]
ImportFileState = Literal["coming", "waiting", "ready", "check", "refused", "part"]


class ImportSpeakerView(TypedDict):
    """Someone who speaks in a file; ``id`` is what the file calls them, ``side`` is empty where it is not known.

    ``label``: the name is a label of speech recognition or someone's part in a call, so that it may be another person
    in each file.
    """

    id: str
    name: str
    side: str
    turns: int
    label: bool


class ImportFileView(TypedDict):
    """A file that waits to be imported; ``problems`` are the first of ``problems_found``.

    ``times`` tells the largest time; ``pace`` is words a second over all that has times, and ``odd`` whether the unit
    of the times looks wrong. ``mappable``: a person can say which parts of it hold what. ``part`` is the state of one
    that is read together with another file of its folder.
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
    """A report that is kept."""

    id: str
    when: str
    words: str


class ImportLineView(TypedDict):
    """What a report says of one conversation or file; ``kind`` says which of its lists it is from."""

    kind: str
    name: str
    line: int | None
    reason: str


class ImportReportView(TypedDict):
    """What an import did; ``lines`` are the first of ``lines_found``. ``stopped``: a person ended it before its end."""

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
    """How the importer stands; ``blocked`` says why nothing can be imported here, empty if it can.

    ``redact`` are the kinds that the workspace redacts unless an import says otherwise, ``kinds`` all that there are.
    ``zone`` is the time zone of starts without an offset, by its IANA name, ``workspace_zone`` the workspace's own.
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
    """A file that a page would send: its path within what was dropped, and its bytes."""

    path: str
    size: int


class ImportTakenView(TypedDict):
    """What became of an offer: the file's id, or None and why it is not taken; empty where it is passed over."""

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
    """Which parts of a file hold what; empty where nothing does. ``unit`` is "s", "ms" or empty."""

    path: list[str]
    text: str
    speaker: str
    start: str
    end: str
    unit: str
    conversation: str


class ImportDetailsView(TypedDict):
    """What opens under a file; ``mapping`` is the one in use or proposed, None where it cannot be chosen."""

    calls: list[ImportCallView]
    mapping: ImportMappingView | None
    lists: list[ImportListView]
    table: bool
