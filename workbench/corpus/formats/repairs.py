"""Repairs to a conversation that make it valid; each repair is reported."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace

from workbench.corpus.formats.reasons import shown
from workbench.domain.conversations import Party


def repaired_times(
    place: str, start_s: float | None, end_s: float | None, repairs: list[str]
) -> tuple[float | None, float | None]:
    """Return a turn's times: a negative start becomes 0, and an end before the start is left out."""
    if start_s is not None and start_s < 0:
        repairs.append(f"{place}.start_s: {start_s:g} is negative; 0 was used")
        start_s = 0.0
    if end_s is not None and (end_s < 0 or (start_s is not None and end_s < start_s)):
        where = "is negative" if end_s < 0 else f"lies before the start at {start_s:g}"
        repairs.append(f"{place}.end_s: {end_s:g} {where}; it was left out")
        end_s = None
    return start_s, end_s


def repaired_duration(duration_s: float | None, repairs: list[str]) -> float | None:
    """Return a call's duration, or None in place of a negative one."""
    if duration_s is None or duration_s >= 0:
        return duration_s
    repairs.append(f"duration_s: {duration_s:g} is negative; it was left out")
    return None


def repaired_parties(parties: Iterable[Party], repairs: list[str]) -> tuple[Party, ...]:
    """Return each participant once: of two with one id the first counts, and takes from the other what it lacks."""
    found: dict[str, Party] = {}
    for party in parties:
        first = found.setdefault(party.id, party)
        if first is party:
            continue
        found[party.id], lost = _merged(first, party)
        repairs.append(f"parties: {shown(party.id)} is listed twice; it was used once{lost}")
    return tuple(found.values())


def _merged(first: Party, again: Party) -> tuple[Party, str]:
    """Return both merged into one, and what was lost from the second, as a clause of a message."""
    missing, lost = {}, []
    for name in (spec.name for spec in fields(Party)):
        one, other = getattr(first, name), getattr(again, name)
        if one is None:
            missing[name] = other
        elif other is not None and other != one:
            lost.append(f"{name} {shown(str(one))}, not {shown(str(other))}")
    return replace(first, **missing), f", with {' and '.join(lost)}" if lost else ""
