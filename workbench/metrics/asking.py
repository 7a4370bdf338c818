"""Which metric a question is about, and which of its values. Pure functions over text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.domain.metrics import PARTIAL, Metric, MetricKind, Value
from workbench.metrics.name_coaching import same_word, words_of
from workbench.trackers.coaching import telling_words

_AGAINST = frozenset(
    words_of(
        """fail fails failing failed failure failures not no don't doesn't didn't isn't aren't wasn't weren't can't
        cannot couldn't never without false unsuccessful miss misses missing missed lose losing lack lacking wrong"""
    )
)
_FOR = frozenset(
    words_of("succeed succeeds succeeding success pass passes passing true work works successful successfully")
)
_ASKING = frozenset(words_of("metric metrics call calls why what when which how conversation conversations"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedQuestion:
    """``metrics`` are those that the question may mean, the most likely alone where one stands out; ``of`` the value.

    ``said`` is False if the question names no value, and ``of`` was taken as the usual one.
    """

    metrics: tuple[Metric, ...]
    of: Value | None = None
    said: bool = True


def asked(question: str, metrics: Sequence[Metric]) -> ParsedQuestion:
    """Return what the question asks for; see :class:`Asked`."""
    words = [word.replace("’", "'") for word in words_of(question)]
    ranked = [(share, metric) for metric in metrics if (share := _named(metric, words)) > 0]
    best = max((share for share, _ in ranked), default=0.0)
    likeliest = tuple(metric for share, metric in ranked if share == best)
    if len(likeliest) != 1:
        return ParsedQuestion(metrics=likeliest)
    (metric,) = likeliest
    own = words_of(metric.name)
    left = [word for word in words if not any(same_word(word, one) for one in own)]
    value = _category(metric, words) if metric.kind is MetricKind.CATEGORICAL else _direction(left)
    if value is None and metric.kind is MetricKind.BOOLEAN:
        return ParsedQuestion(metrics=likeliest, of=False, said=False)
    return ParsedQuestion(metrics=likeliest, of=value, said=value is not None)


def _named(metric: Metric, words: Sequence[str]) -> float:
    """Return the share of the name's words that the question says."""
    own = [word for word in words_of(metric.name) if word not in _ASKING]
    own = [word for word in own if telling_words(word)] or own
    heard = sum(any(same_word(word, one) for word in words if word not in _ASKING) for one in own)
    return heard / len(own) if own else 0.0


def _direction(words: Sequence[str]) -> Value | None:
    """Treat two negations as none: calls that do not fail succeed."""
    if any(same_word(word, PARTIAL) for word in words):
        return PARTIAL
    negations = sum(word in _AGAINST for word in words)
    if negations:
        return negations % 2 == 0
    return True if any(word in _FOR for word in words) else None


def _category(metric: Metric, words: Sequence[str]) -> Value | None:
    plain = f" {' '.join(words)} "
    named = [one for one in metric.categories if f" {' '.join(words_of(one))} " in plain]
    return max(named, key=len) if named else None
