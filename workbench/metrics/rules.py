"""What a rule over trackers says about a call, from what each tracker did there. Pure functions over arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.domain.metrics import NOT_APPLICABLE, PARTIAL, UNKNOWN, TrackerRule

States = NDArray[np.int8]
ValueArray = NDArray[np.object_]


class State(IntEnum):
    """What a tracker did in a call: did not read it, its filters left it out, found nothing, found something."""

    UNREAD = 0
    OUTSIDE = 1
    SILENT = 2
    FIRES = 3


def judged(rule: TrackerRule, states: Mapping[str, States]) -> ValueArray:
    """Return the value for each call; ``states`` hold each tracker's, all of one length.

    What cannot be told before a tracker has read the call is unknown, never false. Where a tracker's filters leave a
    call out the metric does not apply, unless what the others found settles it.
    """
    values = _boolean(rule, states) if rule.required else _categorical(rule, states)
    if rule.applies:
        here = states[rule.applies]
        values[here == State.UNREAD] = UNKNOWN
        values[(here == State.OUTSIDE) | (here == State.SILENT)] = NOT_APPLICABLE
    return values


def _boolean(rule: TrackerRule, states: Mapping[str, States]) -> ValueArray:
    table = np.stack([states[one] for one in rule.required])
    unread, outside = (table == State.UNREAD).any(axis=0), table == State.OUTSIDE
    fires = (table == State.FIRES).sum(axis=0)
    if rule.match == "any":
        cases = [(fires > 0, True), (unread, UNKNOWN), (outside.all(axis=0), NOT_APPLICABLE)]
        return _first_of(cases, False)
    cases = [
        (unread, UNKNOWN),
        (outside.any(axis=0), NOT_APPLICABLE),
        (fires == len(table), True),
        (fires > 0, PARTIAL),
    ]
    return _first_of(cases, False)


def _categorical(rule: TrackerRule, states: Mapping[str, States]) -> ValueArray:
    cases: list[tuple[Any, Any]] = []
    outside = np.ones(len(next(iter(states.values()))), dtype=bool)
    for category, tracker in rule.cases:
        here = states[tracker]
        cases += [(here == State.UNREAD, UNKNOWN), (here == State.FIRES, category)]
        outside &= here == State.OUTSIDE
    cases.append((outside, NOT_APPLICABLE))
    return _first_of(cases, rule.otherwise or NOT_APPLICABLE)


def _first_of(cases: Sequence[tuple[Any, Any]], otherwise: Any) -> ValueArray:
    out = np.full(len(cases[0][0]), otherwise, dtype=object)
    for where, value in reversed(cases):
        out[where] = value
    return out
