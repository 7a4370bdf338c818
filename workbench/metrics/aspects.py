"""What a metric's definition asks about a call, one thing at a time, and as outcomes to distinguish. Pure functions.

A judge that compares texts takes a condition as what would be said where it holds: "Once the customer asks for a
discount" as "Can I get a discount?". What follows a "but" mostly denies something, which no likeness can read, so it is
left out there.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from workbench.domain.filters import MentionedBy
from workbench.domain.metrics import NOT_APPLICABLE, PARTIAL, Metric, MetricKind, QuestionSource, Value, written
from workbench.domain.rules import MAX_DETAILS, MAX_QUESTION
from workbench.domain.texts import normalise
from workbench.judges.statements import declared, statements

_LEAD = re.compile(
    r"(?:(?:it|this|the metric|this metric) (?:only )?(?:applies|counts) )?(?:only )?"
    r"(?:once|when|after|as soon as|if|where) ",
    re.IGNORECASE,
)
_PERFECT = re.compile(r"\b(?:has|have|had) (?=(?:\w+ed|said|told|made|sent|given|begun|found|paid)\b)", re.IGNORECASE)
_APART = re.compile(r"(?<=[.!?;])\s+|\n+")
_BUT = re.compile(r",? but\b.*", re.IGNORECASE | re.DOTALL)
_MOST = 12  # statements of a condition
YES = "The answer to the question is yes."
NO = "The sentences do not show that it is so."
NONE = "No sentence shows any of the others."


class Aspect(NamedTuple):
    """One thing to look for in a call, in what this side says.

    ``value`` is what the call has where it is found; ``text`` says it to judges that read, with ``details``; ``said``
    is what would be said.
    """

    value: Value
    side: MentionedBy
    text: str
    details: str
    said: tuple[str, ...]


def aspects(metric: Metric) -> tuple[Aspect, ...]:
    """In the order in which they are looked for. Of a boolean metric the first that is found settles it.

    What is so, or partly so, shows by itself that the metric applies; the last one, of value false, is whether the
    metric applies where neither is.
    """
    source = metric.source
    assert isinstance(source, QuestionSource)
    if metric.kind is MetricKind.CATEGORICAL:
        return tuple(_category(metric, source, one) for one in metric.categories)
    details = details_of(metric)
    out = [Aspect(True, source.side, source.question, details, statements(source.question, details))]
    if _says(metric.partial):
        out.append(_condition(PARTIAL, source.side, metric.partial))
    if _says(metric.applies_when):
        out.append(_condition(False, "anyone", metric.applies_when))
    return tuple(out)


def outcomes(metric: Metric) -> tuple[tuple[str, str], ...]:
    """Return the name and condition of each value.

    Empty if a call is either true or false, which one question tells.
    """
    applies = f"It does not apply, as this was not so: {metric.applies_when}" if metric.applies_when else ""
    if metric.kind is MetricKind.CATEGORICAL:
        said = {one: " ".join(about(metric.definition, one)) or one for one in metric.categories}
        return (*said.items(), (NOT_APPLICABLE, f"{applies} Or: {NONE}" if applies else NONE))
    if not (metric.partial or metric.applies_when):
        return ()
    found = [(written(True), metric.success or YES)]
    found += [(PARTIAL, metric.partial)] if metric.partial else []
    found += [(written(False), metric.failure or NO)]
    return (*found, *([(NOT_APPLICABLE, applies)] if applies else []))


def details_of(metric: Metric) -> str:
    """Return what counts and what does not."""
    said = (
        ("", metric.definition),
        ("It counts where: ", metric.success),
        ("It does not count where: ", metric.failure),
    )
    return " ".join(f"{before}{text}" for before, text in said if text)[:MAX_DETAILS]


def spoken(condition: str) -> tuple[str, ...]:
    """Return what would be said where a condition holds.

    Each of its sentences stays as it stands where nothing else can be made of it.
    """
    out: list[str] = []
    for one in _APART.split(condition):
        text = normalise(_BUT.sub("", _LEAD.sub("", one.strip(), count=1))).rstrip(".!?; ")
        if not _says(text):
            continue
        asked = f"Did {text[0].lower()}{_PERFECT.sub('', text[1:])}?"
        out += statements(asked) if declared(asked) != asked else [text]
    return tuple(dict.fromkeys(out))[:_MOST]


def about(definition: str, category: str) -> tuple[str, ...]:
    """Return the definition's sentences on a category, without the name that leads them in: "Sales: wants to buy"."""
    name = r"\s+".join(map(re.escape, category.split()))
    lead = re.compile(rf"^\W*{name}\s*[:=–—-]\s*", re.IGNORECASE)
    named = re.compile(rf"(?<!\w){name}(?!\w)", re.IGNORECASE)
    return tuple(lead.sub("", one, count=1) for one in _APART.split(definition) if named.search(one))


def _category(metric: Metric, source: QuestionSource, category: str) -> Aspect:
    told = about(metric.definition, category)
    said = tuple(dict.fromkeys([category, *(text for one in told for text in spoken(one))]))[:_MOST]
    details = f"{metric.definition} It counts only where this is so: {category}."[:MAX_DETAILS]
    return Aspect(category, source.side, source.question, details, said)


def _condition(value: Value, side: MentionedBy, text: str) -> Aspect:
    return Aspect(value, side, normalise(text)[:MAX_QUESTION], "", spoken(text) or (normalise(text),))


def _says(text: str) -> bool:
    return any(sign.isalpha() for sign in text)
