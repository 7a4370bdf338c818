"""The analyst: compares calls by the value of a metric, and answers questions about it (M5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workbench.domain.filters import Filters
from workbench.domain.metrics import InvalidMetric, Metric, MetricKind, Value, checked_value, written
from workbench.domain.plurals import plural
from workbench.metrics.asking import asked
from workbench.metrics.comparison import compare
from workbench.metrics.findings import Comparison, Quote, SaidDifference
from workbench.metrics.prose import Claim, Prose, Writer, told
from workbench.resources import Resources
from workbench.store.metrics import MetricRepository

NO_CAUSE = "An association is not necessarily a cause."


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalystAnswer:
    """The analyst's answer to a question.

    Attributes:
        told: False if there is no answer; ``sentences`` then say why, and what to do.
        sentences: the answer, each sentence with the quotes it is based on; the first says what was compared.
        prose: the same as written by a model, if one was asked; only claims based on quotes.
        metric, comparison: what was compared; None if no metric was recognised.
    """

    question: str
    told: bool
    sentences: tuple[Claim, ...]
    metric: str | None = None
    comparison: Comparison | None = None
    prose: Prose | None = None

    @property
    def text(self) -> str:
        """The sentences, one per line."""
        return "\n".join(one.text for one in self.sentences)

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """All quotes, each once."""
        return tuple({quote.sentence_id: quote for one in self.sentences for quote in one.quotes}.values())


class Analyst:
    """Answers questions about the calls of a workspace.

    ``writer`` is a model that writes answers in prose, if given.
    """

    def __init__(self, resources: Resources, writer: Writer | None = None):
        self._resources = resources
        self._writer = writer

    def compare(
        self,
        metric: str,
        of: Any = False,
        against: Any = None,
        filters: Filters | None = None,
        seed: int = 0,
    ) -> Comparison:
        """Return what is said in more calls of one group than of the other, beyond chance.

        Compares words, phrases and, if the corpus is encoded, clusters of meaning, by how many calls contain them; see
        :mod:`workbench.metrics.contrast` for the test. The metric's own evidence is left out.

        Args:
            metric: by id or name.
            of: the value of the calls to look at.
            against: the value of the calls to compare with; by default the opposite of a boolean value, or all
                other categories.
            filters: use only calls and sentences that match.
            seed: the random seed for drawing calls if there are very many.

        Raises:
            MetricNotFound: no metric has this id or name.
            InvalidMetric: it cannot have this value, or both values are the same.
        """
        found = MetricRepository(self._resources.state).get(metric)
        value = _known(found, of)
        other = _opposite(found, value) if against is None else _known(found, against)
        if type(other) is type(value) and other == value:
            raise InvalidMetric("against: must differ from of; compare two different values")
        return compare(self._resources, found, value, other, filters, seed)

    def ask(self, question: str, filters: Filters | None = None) -> AnalystAnswer:
        """Answer questions such as "why do calls fail the authentication metric?", with quotes.

        The metric is recognised by its name in the question, the value by words such as fail or succeed, or a category.
        Never raises if there is no answer: ``told`` is False then, and the sentences say why.
        """
        metrics = MetricRepository(self._resources.state).list()
        heard = asked(question, metrics)
        if len(heard.metrics) != 1:
            return _unclear(question, heard.metrics or tuple(metrics), bool(heard.metrics))
        (metric,) = heard.metrics
        if heard.of is None:
            names = ", ".join(metric.categories)
            return _untold(question, f"Which calls of “{metric.name}”? Name one of {names} in the question.", metric)
        found = compare(self._resources, metric, heard.of, _opposite(metric, heard.of), filters)
        sentences = _sentences(found, heard.said)
        prose = told(question, found, self._writer) if self._writer and found.differences else None
        return AnalystAnswer(
            question=question,
            told=found.can_tell,
            sentences=sentences,
            metric=metric.name,
            comparison=found,
            prose=prose,
        )


def _known(metric: Metric, value: Any) -> Value:
    known = checked_value(metric, value)
    if known not in metric.values:
        raise InvalidMetric(f"of: calls where {metric.name!r} is {known} are not compared; give one of its values")
    return known


def _opposite(metric: Metric, value: Value) -> Value | None:
    if metric.kind is MetricKind.CATEGORICAL:
        return None
    return value is not True


def _sentences(found: Comparison, said: bool) -> tuple[Claim, ...]:
    of, against = _group(found.of), "is anything else" if found.against is None else _group(found.against)
    total = f"{plural(found.of_calls, 'call')} in which “{found.metric}” {of}"
    if not found.can_tell:
        return (_plain(f"There is no answer: {' '.join(found.notes)}"),)
    lead = f"This compares {total} and {found.against_calls} in which it {against}."
    if not said:
        lead = f"The question names no outcome, so calls in which it {of} are looked at. {lead}"
    sentences = [_plain(lead), *(Claim(text=_difference(one), quotes=one.quotes) for one in found.differences)]
    if not found.differences:
        sentences.append(
            _plain(
                f"Nothing is said in more calls of one group than expected at random; {found.tested} "
                "words, phrases and "
                "meanings were compared. With more calls smaller differences would show."
            )
        )
    else:
        sentences.append(_plain(f"{found.tested} words, phrases and meanings were compared. {NO_CAUSE}"))
    return (*sentences, *(_plain(note) for note in found.notes))


def _difference(one: SaidDifference) -> str:
    what = f"“{one.text}”" if one.kind == "words" else f"Something like “{one.text}”"
    span = f"{100 * one.difference:+.0f} points, from {100 * one.low:+.0f} to {100 * one.high:+.0f}"
    return f"{what} is said in {one.of_share:.0%} of these calls and {one.against_share:.0%} of the others ({span})."


def _group(value: Value) -> str:
    return f"is {written(value)}"


def _plain(text: str) -> Claim:
    return Claim(text=text, quotes=())


def _untold(question: str, text: str, metric: Metric | None = None) -> AnalystAnswer:
    return AnalystAnswer(
        question=question, told=False, sentences=(_plain(text),), metric=metric.name if metric else None
    )


def _unclear(question: str, metrics: tuple[Metric, ...], several: bool) -> AnalystAnswer:
    if not metrics:
        return _untold(question, "There are no metrics yet; create one with ws.metrics.create.")
    names = ", ".join(f"“{one.name}”" for one in metrics[:10])
    which = "Several metrics could be meant" if several else "The question names no metric"
    return _untold(question, f"{which}: ask again with the name of one of {names}.")
