"""Tracker definitions: made again or changed, with every field checked."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from workbench.domain.allowed_models import is_allowed, refusal
from workbench.domain.errors import InvalidTracker
from workbench.domain.filters import Filters
from workbench.domain.rules import checked, checked_name, description_rule, examples_rule
from workbench.domain.trackers import (
    TrackerKind,
    TrackerSpec,
    TrackerState,
)
from workbench.engine.thresholds import check_rule
from workbench.trackers.kinds import SETTINGS, checked_kind, checked_settings, of_change, of_new, usual_filters
from workbench.trackers.question import CROSS_ENCODER

COMMON = frozenset({"name", "description", "filters", "examples", "threshold"})
_KEPT = frozenset({"name", "description"})  # as they are they stay, also where an older version took more


def new_definition(
    name: str,
    kind: str = "example",
    description: str = "",
    filters: Filters | None = None,
    examples: Sequence[str] = (),
    seed: int | None = None,
    **settings: Any,
) -> TrackerSpec:
    """Return a draft with an id of its own.

    Raises:
        InvalidTracker: says which of the fields cannot be used, and why.
    """
    known = checked_kind(kind)
    if examples and known is not TrackerKind.EXAMPLE:
        raise InvalidTracker(f"examples: not for a {known} tracker; its settings are {_fields_of(known)}")
    return TrackerSpec(
        id=secrets.token_hex(8),
        name=checked_name(name, InvalidTracker),
        kind=known,
        description=checked(description_rule, description, "description", InvalidTracker),
        filters=filters if filters is not None else usual_filters(known, settings),
        examples=checked_examples(examples) if known is TrackerKind.EXAMPLE else (),
        state=TrackerState.DRAFT,
        seed=secrets.randbelow(2**31) if seed is None else seed,
        created=datetime.now(UTC),
        settings=_with_allowed_judge(checked_settings(known, of_new(known, settings))),
    )


def changed(spec: TrackerSpec, changes: Mapping[str, Any]) -> TrackerSpec:
    """Return the definition with some fields replaced; None leaves a field as it is. The same rules as for a new one.

    Raises:
        InvalidTracker: says which of the fields cannot be used, and why.
        InvalidArgument: ``threshold`` is not one of balanced, precision>=P and hit_rate>=R.
    """
    own = frozenset(SETTINGS[spec.kind].__dataclass_fields__) if spec.kind in SETTINGS else frozenset()
    unknown = set(changes) - COMMON - own
    if unknown:
        raise InvalidTracker(f"cannot change {', '.join(sorted(unknown))} of a tracker of kind {spec.kind}")
    given = {name: value for name, value in changes.items() if value is not None}
    given = {name: value for name, value in given.items() if name not in _KEPT or value != getattr(spec, name)}
    settings = {name: given.pop(name) for name in own & set(given)}
    if "examples" in given:
        if spec.kind is not TrackerKind.EXAMPLE:
            raise InvalidTracker(f"examples: not for a {spec.kind} tracker")
        given["examples"] = checked_examples(given["examples"])
    if "name" in given:
        given["name"] = checked_name(given["name"], InvalidTracker)
    if "description" in given:
        given["description"] = checked(description_rule, given["description"], "description", InvalidTracker)
    if "threshold" in given:
        check_rule(given["threshold"])
    if settings:
        valid = checked_settings(spec.kind, of_change(spec.kind, spec.settings, settings))
        given["settings"] = _with_allowed_judge(valid) if "judge" in settings else valid
    return replace(spec, **given)


def checked_examples(examples: Sequence[str]) -> tuple[str, ...]:
    """Return the examples, white space normalised, each once; raises ``InvalidTracker``."""
    if isinstance(examples, str):
        raise InvalidTracker("examples: give a list of sentences, not a single text")
    return checked(examples_rule, examples, "examples", InvalidTracker)


def _with_allowed_judge(settings: dict[str, Any]) -> dict[str, Any]:
    """Return the settings; raises ``InvalidTracker`` if they name a model that the operator has not listed.

    Wherever they come from: what is stored here is data for every process that reads calls with it.
    """
    judge = str(settings.get("judge", ""))
    model = judge.removeprefix(CROSS_ENCODER)
    if model != judge and not is_allowed(model):
        raise InvalidTracker(refusal(model))
    return settings


def _fields_of(kind: TrackerKind) -> str:
    return ", ".join(SETTINGS[kind].__dataclass_fields__)
