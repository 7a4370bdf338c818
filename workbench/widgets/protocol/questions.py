"""The builder of questions."""

from __future__ import annotations

from typing import Literal, TypedDict

from workbench.widgets.protocol.building import CountsView, FiltersForm, Hint
from workbench.widgets.protocol.training import MentionView


class PhraseView(TypedDict):
    """A choice in one of the question's sections."""

    key: str
    phrase: str


class QuestionForm(TypedDict):
    """``sections`` holds who, what, about or an own topic, and details where they were edited; kept while ``free``.

    ``least`` is the score from which a sentence counts.
    """

    name: str
    description: str
    filters: FiltersForm
    sections: dict[str, str]
    free: bool
    question: str
    details: str
    judge: str
    least: float


class RefinementView(TypedDict):
    """What is weak, and what would stand in place of the question, its details or its side, where that is known.

    ``text`` is something that calls say, of which a person can tell whether it counts.
    """

    message: str
    question: str | None
    details: str | None
    side: Literal["company", "customer", "anyone"] | None
    text: str | None


class CostView(TypedDict):
    """Credits for the past ``calls`` that are not ``paid`` for, and for a month of upcoming ones."""

    calls: int
    credits: float
    paid: int
    monthly: float
    free: bool
    enough: bool


class QuestionCheck(TypedDict):
    """The question made from its sections, or as written; ``cost`` is None until there is one to ask."""

    counts: CountsView | None
    hints: list[Hint]
    question: str
    details: str
    refinements: list[RefinementView]
    cost: CostView | None
    balance: float


class CreditEntryView(TypedDict):
    """Credits added (above 0) or spent for ``calls`` on a day, and by whom or for what."""

    day: str
    what: str
    calls: int
    amount: float


class CreditsView(TypedDict):
    """``spent`` in this calendar month; ``more`` rows of the ledger are older than the last of ``entries``."""

    balance: float
    spent: float
    entries: list[CreditEntryView]
    more: int


class AskedCallView(TypedDict):
    """A call of the preview; ``about`` are its details, and ``failure`` says why it could not be judged.

    ``score`` is its best mention's, 0 if there is none.
    """

    conversation_id: str
    title: str
    about: list[str]
    summary: str
    mentions: list[MentionView]
    failure: str
    score: float


class TunedView(TypedDict):
    """A threshold that would serve better, going by the results that were judged."""

    least: float
    right_kept: int
    wrong_dropped: int


class SampleView(TypedDict):
    """``seen`` of ``total`` calls are behind; ``credits`` is what they took.

    ``judged`` says of calls, by id, whether a person called the result right; ``tuned`` is what follows for the
    threshold, None where nothing does.
    """

    calls: list[AskedCallView]
    seen: int
    total: int
    credits: float
    judged: dict[str, bool]
    tuned: TunedView | None
