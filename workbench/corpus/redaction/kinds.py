"""The kinds of what is redacted, and their placeholders."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from workbench.domain.errors import InvalidArgument
from workbench.domain.plurals import plural

KINDS = ("email", "iban", "card", "phone", "name")
"""What is redacted in texts, in this order."""
PARTICIPANTS = "participants"
"""Also takes names, ids and addresses from the list of participants; includes "name"."""
CHOICES = (*KINDS, PARTICIPANTS)
PLACEHOLDERS: Mapping[str, str] = {kind: f"[{kind.upper()}]" for kind in KINDS}
PLACEHOLDER = rf"\[(?:{'|'.join(kind.upper() for kind in KINDS)})\]"

Redact = bool | str | Iterable[str]
"""True for all of ``KINDS``; or some of ``CHOICES``, as a list or separated by commas."""

_CALLED = {
    "card": ("card number", "card numbers"),
    "email": ("e-mail address", "e-mail addresses"),
    "iban": ("IBAN", "IBANs"),
    "name": ("name", "names"),
    "phone": ("phone number", "phone numbers"),
    PARTICIPANTS: ("participant", "participants"),
}
_ALL = re.compile(r"[\s,]+")


def redaction_kinds(redact: Redact | None) -> tuple[str, ...]:
    """Return the chosen kinds, in the order of ``CHOICES``; empty for False, None or an empty list.

    Raises:
        InvalidArgument: one of them is not a kind.
    """
    if redact is None or isinstance(redact, bool):
        return KINDS if redact else ()
    if not isinstance(redact, str | Iterable):
        raise InvalidArgument(f"redact: must be True, False or kinds ({', '.join(CHOICES)}), not {redact!r}")
    given = [one for one in _ALL.split(redact.lower()) if one] if isinstance(redact, str) else list(redact)
    if given in (["all"], ["none"]):
        return KINDS if given == ["all"] else ()
    for one in given:
        if one not in CHOICES:
            raise InvalidArgument(f"redact: must be some of {', '.join(CHOICES)}, not {one!r}")
    chosen = {*given, *(["name"] if PARTICIPANTS in given else [])}
    return tuple(one for one in CHOICES if one in chosen)


def told(counts: Mapping[str, int], calls: Mapping[str, int]) -> str:
    """Return how much was redacted, such as "2 card numbers in 1 conversation"; empty if nothing was."""
    parts = []
    for kind in CHOICES:
        if count := counts.get(kind, 0):
            where = calls.get(kind, 0)
            parts.append(f"{count:,} {_CALLED[kind][count != 1]} in {plural(where, 'conversation')}")
    return ", ".join(parts)
