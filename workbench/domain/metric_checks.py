"""Checking what a metric is made of, and its source as plain JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, get_args

from workbench.domain.filters import Filters, MentionedBy, PartOfCall
from workbench.domain.metrics import (
    RESERVED,
    SOURCES,
    TEXTS,
    CodeSource,
    InvalidMetric,
    MetricKind,
    QuestionSource,
    RuleMatch,
    TrackerRule,
    ValueSource,
)
from workbench.domain.names import clean_name
from workbench.domain.plurals import plural
from workbench.domain.rules import MAX_CATEGORIES, MAX_METRIC_TRACKERS, MAX_NAME, checked, metric_text_rule


def source_of(data: Mapping[str, Any]) -> ValueSource:
    """Return a source from plain JSON: ``type`` and its fields; raises ``InvalidMetric``."""
    values = dict(data)
    name = values.pop("type", None)
    if name not in SOURCES:
        raise InvalidMetric(f"source.type: must be one of {', '.join(SOURCES)}, not {name!r}")
    known = [one.name for one in fields(SOURCES[name])]
    for given in values:
        if given not in known:
            takes = f"takes {', '.join(known)}" if known else "takes nothing else"
            raise InvalidMetric(f"source.{given}: unknown; a source of type {name} {takes}")
    if name == "trackers":
        return _rule(values)
    if name == "question":
        return QuestionSource(question=_text("source.question", values.get("question", "")), side=_side(values))
    return CodeSource()


def source_data(source: ValueSource) -> dict[str, Any]:
    """Plain JSON, as :func:`source_of` takes it."""
    if isinstance(source, TrackerRule):
        part = source.part
        return {
            "type": "trackers",
            "required": list(source.required),
            "match": source.match,
            "cases": [list(case) for case in source.cases],
            "otherwise": source.otherwise,
            "applies": source.applies,
            "side": source.side,
            "part": {"where": part.where, "amount": part.amount, "unit": part.unit},
        }
    if isinstance(source, QuestionSource):
        return {"type": "question", "question": source.question, "side": source.side}
    return {"type": "code"}


def _rule(values: dict[str, Any]) -> TrackerRule:
    match = values.get("match", "all")
    if match not in get_args(RuleMatch):
        raise InvalidMetric(f"source.match: must be one of {', '.join(get_args(RuleMatch))}, not {match!r}")
    part = values.get("part")
    for name in ("otherwise", "applies"):
        if not isinstance(values.get(name), str | None):
            raise InvalidMetric(f"source.{name}: must be text, not {values[name]!r}")
    rule = TrackerRule(
        required=_listed("required", values.get("required", ())),
        match=match,
        cases=_cases(values.get("cases", ())),
        otherwise=clean_name(values.get("otherwise") or "") or None,
        applies=values.get("applies") or None,
        side=_side(values),
        part=PartOfCall() if part is None else Filters.from_dict({"part": part}).part,
    )
    if len(rule.trackers) > MAX_METRIC_TRACKERS:
        raise InvalidMetric(f"source: must name at most {MAX_METRIC_TRACKERS} trackers, not {len(rule.trackers)}")
    return rule


def _side(values: Mapping[str, Any]) -> MentionedBy:
    return Filters(side=values.get("side", "anyone")).side


def _listed(name: str, value: Any) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, Sequence) or not all(isinstance(one, str) for one in value):
        raise InvalidMetric(f"source.{name}: give a list of trackers")
    return tuple(dict.fromkeys(value))


def _cases(value: Any) -> tuple[tuple[str, str], ...]:
    pairs = list(value.items()) if isinstance(value, Mapping) else value
    if isinstance(pairs, str) or not isinstance(pairs, Sequence):
        raise InvalidMetric("source.cases: give each category with its tracker")
    for pair in pairs:
        if isinstance(pair, str) or len(pair) != 2 or not all(isinstance(one, str) for one in pair):
            raise InvalidMetric("source.cases: give each category with its tracker")
    return tuple((clean_name(category), tracker) for category, tracker in pairs)


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise InvalidMetric(f"{name}: must be text, not {value!r}")
    return checked(metric_text_rule, value, name, InvalidMetric)


def checked_body(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields in ``BODY``, checked by themselves and against each other; raises ``InvalidMetric``."""
    kind = values.get("kind", MetricKind.BOOLEAN)
    if kind not in list(MetricKind):
        raise InvalidMetric(f"kind: must be one of {', '.join(MetricKind)}, not {kind!r}")
    source = values.get("source", CodeSource())
    source = source_of(source) if isinstance(source, Mapping) else source
    categories = _categories(values.get("categories", ()), MetricKind(kind))
    _check_source(source, MetricKind(kind), categories)
    texts = {name: _text(name, values.get(name, "")) for name in TEXTS}
    return {"kind": MetricKind(kind), "source": source, "categories": categories, **texts}


def _categories(value: Any, kind: MetricKind) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, Sequence) or not all(isinstance(one, str) for one in value):
        raise InvalidMetric("categories: give a list of names")
    names = tuple(dict.fromkeys(filter(None, map(clean_name, value))))
    if kind is MetricKind.BOOLEAN:
        if names:
            raise InvalidMetric("categories: only for categorical metrics; give kind='categorical'")
        return ()
    if not 2 <= len(names) <= MAX_CATEGORIES:
        raise InvalidMetric(f"categories: {plural(len(names), 'different name')}; give 2 to {MAX_CATEGORIES}")
    for name in names:
        if len(name) > MAX_NAME or name.lower() in RESERVED:
            raise InvalidMetric(f"categories: {name[:MAX_NAME]!r} cannot be a category; use another, short name")
    return names


def _check_source(source: Any, kind: MetricKind, categories: tuple[str, ...]) -> None:
    if not isinstance(source, TrackerRule | QuestionSource | CodeSource):
        raise InvalidMetric("source: give a mapping with a type: " + ", ".join(SOURCES))
    if isinstance(source, QuestionSource) and len(source.question.split()) < 2:
        raise InvalidMetric("source.question: ask a question about the call")
    if not isinstance(source, TrackerRule):
        return
    if kind is MetricKind.BOOLEAN:
        if source.cases or source.otherwise:
            raise InvalidMetric("source.cases: only for categorical metrics; give a boolean metric required")
        if not source.required:
            raise InvalidMetric("source.required: name at least one tracker")
        return
    if source.required:
        raise InvalidMetric("source.required: only for boolean metrics; give a categorical metric cases")
    if not source.cases:
        raise InvalidMetric("source.cases: give at least one category with its tracker")
    for category in [*(one for one, _ in source.cases), *([source.otherwise] if source.otherwise else [])]:
        if category not in categories:
            raise InvalidMetric(f"source: must be one of the categories {', '.join(categories)}, not {category!r}")
