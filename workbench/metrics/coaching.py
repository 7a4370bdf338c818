"""What is weak about a metric's definition, in words a person can act on (M2). Pure functions over text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from workbench.domain.advice import Level
from workbench.domain.metrics import TEXTS, MetricKind
from workbench.domain.words import fold
from workbench.metrics.name_coaching import MetricField, Remark, coach_name, words_of

SHORT_WORDS = 6
LONG_WORDS = 80

_VAGUE = re.compile(
    r"\b(?:went|goes|going|worked|handled) (?:well|fine|smoothly|badly|ok|okay)\b|\b(?:good|bad|great|nice|poor) "
    r"(?:call|experience|service|outcome|job|conversation)\b|\b(?:properly|appropriately|adequately|correctly|"
    r"satisfactor\w+|professionally|reasonabl[ey]|as needed|as appropriate|as expected|successful(?:ly)?)\b",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"\b(?:etc|and so on|and the like|sufficient|enough|several|some kind|various|usually|often)\b", re.I
)
_POINT = re.compile(r"\b(?:after|once|when|during|before|as soon as|until)\b", re.IGNORECASE)
_TWO = re.compile(r"\b(?:both|two|three|at least|as well as)\b|\band\b", re.IGNORECASE)
_NEVER_ALL = re.compile(r"\b(?:every|all|any) (?:call|conversation)s?\b|\balways\b", re.IGNORECASE)


def coach(
    name: str,
    kind: str = "boolean",
    definition: str = "",
    success: str = "",
    failure: str = "",
    partial: str = "",
    applies_when: str = "",
    categories: Sequence[str] = (),
    others: Sequence[str] = (),
    near: Mapping[str, float] | None = None,
) -> list[Remark]:
    """All that is weak, by field; ``others`` are the names of the project's other metrics, ``near`` as for names."""
    texts = dict(zip(TEXTS, (definition, success, failure, partial, applies_when), strict=True))
    found = coach_name(name, others, near)
    found += coach_definition(definition, name)
    found += _self_contained(texts, name, others)
    if kind == MetricKind.BOOLEAN:
        found += _outcomes(texts)
    else:
        found += _categories(categories, definition)
    return found + _applies(texts)


def coach_definition(definition: str, name: str = "") -> list[Remark]:
    """Specific, and true under an exact condition."""
    words = words_of(definition)
    if not words:
        return [
            _say(
                "definition",
                "warning",
                "Say what must have happened in the call, so that everyone would judge it the same way.",
            )
        ]
    if set(words) <= set(words_of(name)) | {"metric", "the", "a", "is", "was"}:
        return [_say("definition", "warning", "This only repeats the name. Say what must have happened in the call.")]
    found = []
    if vague := _VAGUE.search(definition):
        message = f"“{vague[0]}” can mean anything. Name what must have happened, such as what was said or confirmed."
        found.append(_say("definition", "warning", message))
    elif len(words) < SHORT_WORDS:
        found.append(_say("definition", "tip", "Say more: under which exact condition does it count?"))
    if len(words) > LONG_WORDS:
        found.append(_say("definition", "tip", f"{len(words)} words; move edge cases to success and failure."))
    if unsaid := _OPEN.search(definition):
        found.append(_say("definition", "tip", f"“{unsaid[0]}” leaves it open. Say how many, or name them."))
    if definition.rstrip().endswith("?"):
        found.append(_say("definition", "tip", "State it instead of asking: the condition under which it is true."))
    return found


def _self_contained(texts: Mapping[str, str], name: str, others: Sequence[str]) -> list[Remark]:
    for field, text in texts.items():
        plain = f" {' '.join(words_of(text))} "
        for other in others:
            wanted = " ".join(words_of(other))
            if len(wanted.split()) > 1 and wanted != " ".join(words_of(name)) and f" {wanted} " in plain:
                message = f"This depends on the metric “{other}”. Explain here what it means."
                return [Remark(field, "warning", message)]  # type: ignore[arg-type]  # keys of texts are fields
    return []


def _outcomes(texts: Mapping[str, str]) -> list[Remark]:
    found = []
    success, failure = texts["success"].strip(), texts["failure"].strip()
    if not success:
        found.append(_say("success", "tip", "Say exactly when it is true, with what is said or confirmed then."))
    if not failure:
        found.append(_say("failure", "tip", "Say what does not count, so that close cases are judged alike."))
    if success and fold(success) == fold(failure):
        found.append(_say("failure", "error", "Success and failure say the same. Say what does not count."))
    if not texts["partial"].strip() and _TWO.search(success or texts["definition"]):
        found.append(_say("partial", "tip", "More than one thing is needed. Say what counts if only some happen."))
    return found


def _categories(categories: Sequence[str], definition: str) -> list[Remark]:
    names = [one for one in categories if one.strip()]
    if len(names) < 2:
        return [_say("categories", "error", "Give at least two categories.")]
    said = " ".join(words_of(definition))
    unsaid = [one for one in names if " ".join(words_of(one)) not in said]
    if unsaid:
        return [
            _say(
                "categories", "tip", f"The definition does not say when a call is “{unsaid[0]}”. Tell them apart there."
            )
        ]
    return []


def _applies(texts: Mapping[str, str]) -> list[Remark]:
    applies, definition = texts["applies_when"].strip(), texts["definition"]
    if not applies and (point := _POINT.search(definition)):
        message = f"“{point[0]}” names a point in the call. Say here when the metric applies; other calls are left out."
        return [_say("applies_when", "tip", message)]
    if not applies:
        return [_say("applies_when", "tip", "Say from which point on it applies, or that it applies to every call.")]
    if not _NEVER_ALL.search(applies) and len(words_of(applies)) < 4:
        return [_say("applies_when", "tip", "Name the point in the call, such as “once a booking has been begun”.")]
    return []


def _say(field: MetricField, level: Level, message: str) -> Remark:
    return Remark(field, level, message)
