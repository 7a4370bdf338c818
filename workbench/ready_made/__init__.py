"""Ready-made trackers (K5): a TOML file each, usable at once, with no minimum number of calls.

Their sentences were written for them; ``quality.json`` holds how well each did on the sample corpus, as
``benchmarks/ready_made.py`` measured it.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from workbench.domain.errors import TrackerNotFound
from workbench.domain.estimates import Interval
from workbench.domain.filters import Filters
from workbench.domain.trackers import TrackerKind
from workbench.domain.words import fold
from workbench.trackers.kinds import as_recorded, checked_kind, checked_settings
from workbench.trackers.phrase import LITERAL_WORDS
from workbench.trackers.words import count_words

_ABOUT = frozenset({"name", "description", "language", "kind", "label", "filters"})
_FIGURES = ("precision", "hit_rate", "f1", "average_precision")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """How well it did on ``calls`` calls of the sample corpus that its closeness was not chosen on.

    Each figure lies within its 95% interval over calls. ``hits`` sentences of these calls carry the concept.
    ``measured`` is the day, ``commit`` the code's; it was measured on no other corpus.
    """

    precision: Interval
    hit_rate: Interval
    f1: Interval
    average_precision: Interval
    calls: int
    hits: int
    measured: str
    commit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyMade:
    """A tracker that is there from the start.

    ``key`` is its file's name. ``label`` is what the sample corpus calls the concept, empty if it has no such label.
    ``settings`` are those of its ``kind``.
    """

    key: str
    name: str
    description: str
    language: str
    kind: TrackerKind
    filters: Filters
    settings: dict[str, Any]
    label: str
    quality: Quality | None

    def definition(self) -> dict[str, Any]:
        """Return what ``ws.trackers.create`` takes."""
        about = {"name": self.name, "description": self.description, "filters": self.filters}
        return {**about, "kind": str(self.kind), **as_recorded(self.kind, self.settings)}

    def as_examples(self) -> dict[str, Any]:
        """Return the same as a tracker of examples, which its sentences are; it can be trained."""
        said = self.settings.get("vocabulary", ())
        examples = [one for one in said if count_words(one) > LITERAL_WORDS]
        about = {"name": self.name, "description": self.description, "filters": self.filters}
        return {**about, "kind": str(TrackerKind.EXAMPLE), "examples": examples}


@cache
def ready_made() -> tuple[ReadyMade, ...]:
    """Return all of them, by name."""
    found = [one for one in files(__name__).iterdir() if one.name.endswith(".toml")]
    measured = json.loads(files(__name__).joinpath("quality.json").read_text("utf-8"))
    made = [_made(one.name.removesuffix(".toml"), tomllib.loads(one.read_text("utf-8")), measured) for one in found]
    return tuple(sorted(made, key=lambda one: one.name))


def ready_made_tracker(name: str) -> ReadyMade:
    """By its name or key, whatever the case; raises ``TrackerNotFound``, which lists those that there are."""
    wanted = fold(name.strip())
    for one in ready_made():
        if wanted in (one.key, fold(one.name)):
            return one
    known = ", ".join(one.name for one in ready_made())
    raise TrackerNotFound(f"no ready-made tracker is called {name!r}; there are {known}")


def same_as(kind: TrackerKind, settings: Mapping[str, Any], filters: Filters) -> ReadyMade | None:
    """Return the ready-made one that finds by exactly this, whatever it is called.

    What was measured of it holds here, too.
    """
    return next(
        (one for one in ready_made() if (one.kind, one.settings, one.filters) == (kind, dict(settings), filters)), None
    )


def _made(key: str, file: dict[str, Any], measured: dict[str, Any]) -> ReadyMade:
    kind = checked_kind(file["kind"])
    settings = {name: value for name, value in file.items() if name not in _ABOUT}
    return ReadyMade(
        key=key,
        name=file["name"],
        description=file["description"],
        language=file["language"],
        kind=kind,
        filters=Filters.from_dict(file["filters"]),
        settings=checked_settings(kind, settings),
        label=file["label"],
        quality=_quality(measured[key]) if key in measured else None,
    )


def _quality(figures: dict[str, Any]) -> Quality:
    known: dict[str, Any] = {n: Interval(*value) if n in _FIGURES else value for n, value in figures.items()}
    return Quality(**known)
