"""Answers from elsewhere: another workspace, or another tool."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from workbench.domain.annotators import Given, counted
from workbench.domain.errors import InvalidArgument, NotEnoughTags, NothingToTag, RoundIncomplete, UnknownCandidate
from workbench.domain.plurals import plural
from workbench.domain.progress import ReportProgress
from workbench.domain.rounds import Round
from workbench.domain.tags import Reason
from workbench.domain.texts import text_key
from workbench.store.moments import now
from workbench.training.label_matching import LabelMatching, TextMatch, said_key
from workbench.training.label_rows import AnswerProblem, LabelRow
from workbench.training.session_answers import SessionAnswers

MAX_TAKEN = 5_000  # sentences per import: training compares every pair of answers
TAUGHT = "@taught"  # ends the id of a sentence's copy that only teaches
_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersReport:
    """The result of importing answers.

    Attributes:
        taken: how many answers were stored.
        again: how many of them are in rounds that this tracker drew again with the same sentences in the same order;
            these count in estimates as before. The others only teach.
        known: how many already existed.
        problems: what was not imported, and why.
    """

    taken: int
    again: int
    known: int
    problems: tuple[AnswerProblem, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """Return how many problems of each kind there are: unreadable, not_found, ambiguous, conflicting."""
        return dict(Counter(one.kind for one in self.problems))

    def __str__(self) -> str:
        kinds = [f"{count:,} {kind.replace('_', ' ')}" for kind, count in sorted(self.counts.items())]
        again = f", {self.again:,} of them in rounds that were drawn again" if self.again else ""
        head = ", ".join([f"{plural(self.taken, 'answer')} taken{again}", f"{self.known:,} known already", *kinds])
        more = [f"  and {len(self.problems) - _SHOWN:,} more"] if len(self.problems) > _SHOWN else []
        return "\n".join([head, *(f"  {one}" for one in self.problems[:_SHOWN]), *more])


class SessionImports(SessionAnswers):
    """Imports answers from elsewhere."""

    _keep_vectors: Callable[[Sequence[str]], object]

    def complete_round(self, report: ReportProgress | None = None) -> Round:
        """Train on all answers and close the round; ``TrainingSession`` does."""
        raise NotImplementedError

    def take_answers(
        self,
        rows: Sequence[LabelRow | AnswerProblem],
        keep_vectors: Callable[[Sequence[str]], object],
        match: TextMatch = "only",
        teach_only: bool = False,
    ) -> AnswersReport:
        """Store imported answers; see ``Tracker.import_answers``.

        ``keep_vectors`` stores the vectors of texts that may not be in the corpus.
        """
        problems = [one for one in rows if isinstance(one, AnswerProblem)]
        labels = [one for one in rows if isinstance(one, LabelRow)]
        with self._lock:
            self._check_open_round()
            self._keep_vectors = keep_vectors
            said: dict[str, tuple[str, str]] = {}
            again = 0
            if teach_only:
                found = self._taught(labels, match, said, problems)
            else:
                again, left = self._again(labels)
                found = self._matched(left, match, problems)
            given, known = self._given(found, problems)
            if len(given) > MAX_TAKEN:
                raise InvalidArgument(f"{len(given):,} sentences; import at most {MAX_TAKEN:,} at once")
            if given:
                wanted = {name: said[name] for name in given if name in said}
                self._bring(self.round_number, given, wanted)
        taken = sum(map(len, given.values()))
        problems.sort(key=lambda one: one.line)
        return AnswersReport(taken=taken + again, again=again, known=known, problems=tuple(problems))

    def _check_open_round(self) -> None:
        number = self.round_number
        if any(item.tag for item in self._answers.asked(number)):
            raise RoundIncomplete(f"round {number} has answers already; complete it, then import")

    def _inside(self, names: Sequence[str]) -> list[bool]:
        places = self._named.places(names)
        beyond = self._learning.scope.places.matching([one for one, at in zip(names, places, strict=True) if at < 0])
        return [at >= 0 or name in beyond for name, at in zip(names, places, strict=True)]

    def _matched(
        self, rows: Sequence[LabelRow], match: TextMatch, problems: list[AnswerProblem]
    ) -> list[tuple[LabelRow, str]]:
        """Return labels with their sentences, one for each sentence."""
        out = []
        for one in LabelMatching(self._lake, self._inside, match).find(rows):
            if isinstance(one, AnswerProblem):
                problems.append(one)
            else:
                out += [(one[0], name) for name in one[1]]
        return out

    def _taught(
        self,
        rows: Sequence[LabelRow],
        match: TextMatch,
        said: dict[str, tuple[str, str]],
        problems: list[AnswerProblem],
    ) -> list[tuple[LabelRow, str]]:
        """Return labels with ids of their own for their texts, and add the texts to ``said``."""
        out = []
        texts = [row for row in rows if row.text]
        for row in texts:
            name = _taught_name(row)
            said[name] = row.before, row.text
            out.append((row, name))
        found = self._matched([row for row in rows if not row.text], match, problems)
        names = list(dict.fromkeys(name for _, name in found))
        placed = self._lake.placed(names).to_pylist()
        pairs = self._lake.pairs([one["row"] for one in placed]) if placed else []
        said |= {f"{one['id']}{TAUGHT}": pair for one, pair in zip(placed, pairs, strict=True)}
        return out + [(row, f"{name}{TAUGHT}") for row, name in found]

    def _given(
        self, found: Sequence[tuple[LabelRow, str]], problems: list[AnswerProblem]
    ) -> tuple[dict[str, list[Given]], int]:
        """Return the new answers by sentence, and count those that exist; differing ones are problems."""
        before = {item.sentence_id: item.given for item in self._answers.asked() if item.given}
        given: dict[str, list[Given]] = {}
        first: dict[tuple[str, str], LabelRow] = {}
        known = 0
        for row, name in found:
            by = row.annotator or self.user
            if name in before:
                own = [one for one in before[name] if one.by == by]
                stands = own[-1].answer if own else counted(before[name])
                if stands is row.answer:
                    known += 1
                else:
                    problems.append(_conflict(row, name, f"is answered {stands} here"))
            elif (by, name) in first:
                other = first[by, name]
                if other.answer is row.answer:
                    known += 1
                else:
                    problems.append(_conflict(row, name, f"is answered {other.answer} on line {other.line}"))
            else:
                first[by, name] = row
                one = Given(by=by, answer=row.answer, at=_moment_of(row), settles=row.settles)
                given.setdefault(name, []).append(one)
        return given, known

    # Rounds of an export of the workbench

    def _again(self, rows: Sequence[LabelRow]) -> tuple[int, list[LabelRow]]:
        """Draw the rounds of an export again, as long as they come out the same, and import their answers.

        That needs a tracker without rounds, the same definition with its seed, and the same calls. What the file says
        about how a sentence was drawn is not trusted.

        Returns: how many answers were imported, and the remaining rows.
        """
        if self._answers.newest_round() or any(row.round < 1 or not row.sentence_id for row in rows):
            return 0, list(rows)
        ordered = sorted(rows, key=lambda row: row.round)
        rounds = {number: list(own) for number, own in groupby(ordered, key=lambda row: row.round)}
        done = taken = 0
        for number, own in rounds.items():
            if number != done + 1 or not self._round_again(number, own):
                break
            done, taken = number, taken + len(own)
            if not own[0].complete:
                break
        return taken, [row for row in ordered if row.round > done]

    def _round_again(self, number: int, rows: Sequence[LabelRow]) -> bool:
        """Import a round of an export; return False, and store no answer, if it does not come out the same."""
        names = {row.position: row.sentence_id for row in rows}
        if any(names[row.position] != row.sentence_id for row in rows) or len({*names.values()}) < len(names):
            return False
        said = {name: one.text for name, one in self._lake.sentences(list(names.values()), 0).items()}
        if {row.reason for row in rows} == {Reason.IMPORTED}:
            return self._imported_again(number, rows, said)
        if any(said_key(said.get(row.sentence_id, "")) != said_key(row.text) for row in rows if row.text):
            return False
        if not self._is_drawn(number, names, rows):
            return False
        for row in sorted(rows, key=_moment_of):
            self._answers.answer(
                row.sentence_id, number, row.answer, row.annotator or self.user, row.settles, _moment_of(row)
            )
        self._learning.forget()
        if rows[0].complete:
            self.complete_round()
        return True

    def _imported_again(self, number: int, rows: Sequence[LabelRow], said: Mapping[str, str]) -> bool:
        ordered = sorted(rows, key=lambda row: row.position)
        taught = {row.sentence_id: (row.before, row.text) for row in ordered if _is_taught(row)}
        if any(row.sentence_id not in taught and row.sentence_id not in said for row in rows):
            return False
        given: dict[str, list[Given]] = {}
        for row in ordered:
            by, at = row.annotator or self.user, _moment_of(row)
            given.setdefault(row.sentence_id, []).append(Given(by=by, answer=row.answer, at=at, settles=row.settles))
        self._bring(number, given, taught)
        return True

    def _is_drawn(self, number: int, names: Mapping[int, str], rows: Sequence[LabelRow]) -> bool:
        """Open the next round with the rows' settings; return whether it asks the same in the same order."""
        reasons = {row.reason for row in rows}
        try:
            if Reason.REVIEW in reasons:
                self.review_round(len(names))
            elif Reason.AUDIT in reasons:
                self.audit_round()
            elif reasons == {Reason.PICKED}:
                self.picked_round([names[position] for position in sorted(names)])
            else:
                self.next_round()
        except (NotEnoughTags, NothingToTag, UnknownCandidate):
            return False
        asked = {item.position: item.sentence_id for item in self._answers.asked(number)}
        return asked == names if rows[0].complete else names.items() <= asked.items()

    def _bring(self, number: int, given: Mapping[str, list[Given]], said: Mapping[str, tuple[str, str]]) -> None:
        """Store a round of imported answers, and learn from it."""
        self._keep_vectors(list(dict.fromkeys(text for pair in said.values() for text in pair if text)))
        self._drawing.open_imported(number, given, said)
        self._learning.forget()
        self.complete_round()


def _moment_of(row: LabelRow) -> datetime:
    """Return when an answer was given, if known; never later than now."""
    moment = now()
    return moment if row.at is None else min(row.at, moment)


def _is_taught(row: LabelRow) -> bool:
    """Return whether an exported answer is about a sentence that only teaches."""
    return bool(row.text) and (row.sentence_id.endswith(TAUGHT) or row.sentence_id == _taught_name(row))


def _taught_name(row: LabelRow) -> str:
    return f"taught-{text_key(row.before):x}-{text_key(row.text):x}:0:0"


def _conflict(row: LabelRow, name: str, stands: str) -> AnswerProblem:
    return AnswerProblem(row.line, "conflicting", f"{row.answer}, and {name[:80]!r} {stands}; correct it there")
