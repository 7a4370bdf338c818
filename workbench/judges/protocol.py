"""What a judge is given, and what it answers. A judge sees one call at a time, and knows neither corpus nor state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """``details`` says what counts and what does not; ``side`` is customer, company or anyone.

    ``outcomes`` are name and condition of each, where a call has one of several: a judge that reads them says which.
    """

    text: str
    details: str = ""
    side: str = "anyone"
    outcomes: tuple[tuple[str, str], ...] = ()


class Snippet(NamedTuple):
    """A sentence of a call that may answer the question; ``score`` in (0, 1) is how near in meaning it comes."""

    text: str
    before: str = ""  # what was said last before it
    side: str = "anyone"
    score: float = 0.0


class Mention(NamedTuple):
    """The snippet at ``place`` answers the question; ``score`` in (0, 1]."""

    place: int
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a judge says of one call; ``tokens`` are those of request and reply where a provider counts them.

    ``outcome`` is the name of the call's, where the question has outcomes and the judge reads them.
    """

    mentions: tuple[Mention, ...] = ()
    summary: str = ""
    tokens: tuple[int, int] = (0, 0)
    outcome: str = ""

    @property
    def based_on(self) -> int:
        """The number of mentions."""
        return len(self.mentions)


class Judge(Protocol):
    """Answers a question about one call."""

    @property
    def key(self) -> str:
        """Identifies the judge and its model: verdicts are stored by this key."""
        ...

    @property
    def at_once(self) -> int:
        """How many calls it may be asked about at the same time."""
        ...

    def judge(self, question: Question, snippets: Sequence[Snippet]) -> Verdict:
        """Return the answer to the question from snippets of one call.

        Raises:
            CannotJudge: this call could not be judged; another one may be.
            JudgeUnavailable: the judge cannot be used right now; says why.
        """
        ...
