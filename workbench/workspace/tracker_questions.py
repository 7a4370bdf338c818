"""What a tracker with a question asks, what it costs, and what it would answer."""

from __future__ import annotations

from dataclasses import replace

from workbench.domain.credits import Cost
from workbench.domain.deprecation import old_keywords
from workbench.domain.errors import WrongState
from workbench.domain.publications import definition_of
from workbench.domain.trackers import TrackerKind
from workbench.reading.question_reader import QuestionReader
from workbench.reading.readers import reader_of
from workbench.reading.sample import Sample, sample
from workbench.trackers.question_builder import Composed
from workbench.trackers.refinements import Refinement
from workbench.workspace.questions import cost, refine
from workbench.workspace.tracker_answers import AnsweredTracker


class TrackerQuestions(AnsweredTracker):
    """Methods that only trackers with a question have."""

    @property
    def question(self) -> Composed:
        """Return what a question tracker asks, with its details, however it was built.

        Raises ``WrongState`` for other kinds.
        """
        return self._question.settings.asked

    def cost(self, past: str | None = None) -> Cost:
        """Return the expected cost of reading calls of the ``past`` and upcoming ones. Runs nothing.

        Raises:
            WrongState: it asks no question.
            InvalidArgument: ``past`` is not a period that ``publish`` takes.
        """
        return cost(self._question, past)

    @old_keywords(beyond="offset")
    def sample(self, count: int = 100, seed: int = 0, offset: int = 0) -> Sample:
        """Judge random calls that match, and return the verdicts.

        ``offset`` skips this many of them, in the seed's order.

        Nothing is asked or paid for twice.

        Raises:
            WrongState: it asks no question.
            OutOfCredits: there are too few credits for these calls; nothing was read.
            JudgeUnavailable: the judge cannot be used right now; verdicts so far are kept.
        """
        return sample(self._question, count, seed, offset)

    def refinements(self) -> list[Refinement]:
        """Return suggestions to improve the question, most important first.

        With an endpoint set up, its suggestions are among them.
        """
        return refine(self._question)

    @property
    def _question(self) -> QuestionReader:
        if self.kind is not TrackerKind.QUESTION:
            raise WrongState(f"{self.name!r} is a {self.kind} tracker: it asks no question")
        reader = reader_of(self._resources, definition_of(self.spec))
        assert isinstance(reader, QuestionReader)
        return replace(reader, tracker_id=self.id)
