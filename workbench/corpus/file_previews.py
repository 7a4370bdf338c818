"""What an import would find in each of several files of one folder, file by file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from workbench.corpus.company.importing import ImportSides
from workbench.corpus.company.settings import Company
from workbench.corpus.file_reports import FileReport, FileReports
from workbench.corpus.formats import FormatProblem
from workbench.corpus.import_preview import PreviewedConversation, previewed
from workbench.corpus.pace import words_and_seconds
from workbench.corpus.reading import ReadItem, ReadOptions, name_of, read_all
from workbench.domain.conversations import Conversation

MAX_CONVERSATIONS = 5
MAX_PREVIEWED_SPEAKERS = 50
MAX_PROBLEMS = 20
OURS = "workbench JSON Lines"

OnPreviewed = Callable[[str, int], bool]
"""Takes the file being read and the number of conversations found; returns whether to continue."""


@dataclass(frozen=True, slots=True)
class PreviewedSpeaker:
    """A speaker in a file: the label in the file, their name, their side if given, and their turns."""

    id: str
    name: str
    side: str
    turns: int


@dataclass(frozen=True, slots=True)
class PreviewedProblem:
    """What cannot be imported from a file, and what to do; the line is counted from 1."""

    line: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class FilePreview:
    """What was found in one file.

    Attributes:
        report: of its conversations; None if it has none.
        conversations: the first ``MAX_CONVERSATIONS``.
        speakers: the first ``MAX_PREVIEWED_SPEAKERS``, in the order in which they speak.
        speakers_found: how many there are.
        problems: the first ``MAX_PROBLEMS``.
        problems_found: how many there are.
        words: in the conversations that have times and were spoken.
        seconds: how long those are, up to their largest time.
    """

    path: Path
    report: FileReport | None = None
    conversations: tuple[PreviewedConversation, ...] = ()
    speakers: tuple[PreviewedSpeaker, ...] = ()
    speakers_found: int = 0
    problems: tuple[PreviewedProblem, ...] = ()
    problems_found: int = 0
    words: int = 0
    seconds: float = 0.0

    @property
    def found(self) -> int:
        """Return the number of conversations."""
        return self.report.conversations if self.report else 0

    @property
    def is_part(self) -> bool:
        """Return whether it has no conversations of its own because it is read together with another file."""
        return self.report is None and not self.problems_found

    @property
    def words_per_second(self) -> float | None:
        """Over all conversations with times; far from 1 to 4, the unit of the times is wrong."""
        return self.words / self.seconds if self.seconds else None


def preview_files(
    files: Sequence[Path],
    options: ReadOptions | None = None,
    go_on: OnPreviewed = lambda _name, _found: True,
    company: Company | None = None,
) -> list[FilePreview]:
    """Read files of one folder as an import would, those that belong together as one; return a preview of each.

    If ``go_on`` returns False, the files not read yet are left out. ``company`` decides sides.
    """
    options = options or ReadOptions()
    held = {name_of(path): _Held(path, options.zone) for path in files}
    found = 0
    seen: set[str] = set()
    stopped = False
    by_rule = ImportSides(company)
    for one in read_all(list(files), options=options):
        if one.name in held:
            held[one.name].take(by_rule.told(one, one))
            seen.add(one.name)
        found += not isinstance(one.found, FormatProblem)
        if not go_on(one.name, found):
            stopped = True
            break
    return [one.preview() for name, one in held.items() if not stopped or name in seen]


@dataclass(slots=True)
class _Held:
    path: Path
    zone: ZoneInfo
    reports: FileReports = field(default_factory=FileReports)
    conversations: list[PreviewedConversation] = field(default_factory=list)
    turns: Counter[str] = field(default_factory=Counter)
    people: dict[str, tuple[str, str]] = field(default_factory=dict)
    problems: list[PreviewedProblem] = field(default_factory=list)
    problems_found: int = 0
    words: int = 0
    seconds: float = 0.0

    def take(self, one: ReadItem) -> None:
        if isinstance(one.found, FormatProblem):
            self.problems_found += 1
            if len(self.problems) < MAX_PROBLEMS:
                self.problems.append(PreviewedProblem(one.line, one.found.reason))
            return
        conversation = one.found.conversation
        self.reports.add(one.name, one.format or OURS, conversation, one.left_out, one.notes)
        if len(self.conversations) < MAX_CONVERSATIONS:
            self.conversations.append(previewed(conversation, self.zone, one.notes))
        self._count(conversation)
        words, seconds = words_and_seconds(conversation, one.notes)
        self.words += words
        self.seconds += seconds

    def _count(self, conversation: Conversation) -> None:
        people = {party.id: party for party in conversation.parties}
        for turn in conversation.turns:
            if turn.party is None:
                continue
            self.turns[turn.party] += 1
            known = people.get(turn.party)
            name, side = self.people.get(turn.party, (turn.party, ""))
            if known:
                self.people[turn.party] = (known.name or name, known.side.value if known.side else side)
            else:
                self.people.setdefault(turn.party, (name, side))

    def preview(self) -> FilePreview:
        reports = self.reports.all()
        shown = list(self.turns.items())[:MAX_PREVIEWED_SPEAKERS]
        return FilePreview(
            self.path,
            reports[0] if reports else None,
            tuple(self.conversations),
            tuple(PreviewedSpeaker(one, *self.people[one], turns) for one, turns in shown),
            len(self.turns),
            tuple(self.problems),
            self.problems_found,
            self.words,
            self.seconds,
        )
