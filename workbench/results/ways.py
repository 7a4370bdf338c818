"""In which ways a tracker's sentences were read: versions that read alike are one way, with one error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from workbench.domain.arrays import Floats
from workbench.domain.estimates import CorpusEstimate
from workbench.results.correction import LEAST, Errors, KnownError, combined
from workbench.results.differences import resampled
from workbench.results.entries import Entries
from workbench.results.finds import Finds


@dataclass(frozen=True, eq=False, kw_only=True)
class Ways:
    """The ways in which sentences were read that count, the oldest first.

    ``of_part`` has the way of each part of the finds, -1 if nothing of it counts; ``versions`` are those of each
    way. ``errors`` are theirs, None if one is not known: ``unknown`` names the versions, with their sentences.
    """

    of_part: NDArray[np.int64]
    versions: tuple[tuple[int | None, ...], ...]
    errors: tuple[KnownError, ...] | None
    unknown: tuple[tuple[tuple[int | None, ...], int], ...] = ()

    def __len__(self) -> int:
        return len(self.versions)


def ways_of(finds: Finds, whole: pd.DataFrame, counted: pd.DataFrame) -> Ways:
    """Return the ways of what is ``counted``; the share that each finds is taken over the ``whole``."""
    places = range(len(finds.parts))
    readings: dict[object, list[int]] = {}
    for at in sorted(places, key=lambda at: finds.parts[at].version or 0):
        readings.setdefault(finds.parts[at].reading or at, []).append(at)
    sentences = counted.groupby("part")["sentences"].sum().reindex(places, fill_value=0)
    kept = [parts for parts in readings.values() if sentences[parts].sum() > 0] or [readings[next(iter(readings))]]
    of_part = np.full(len(finds.parts), -1, dtype=np.int64)
    for way, parts in enumerate(kept):
        of_part[parts] = way
    versions = tuple(tuple(finds.parts[at].version for at in parts) for parts in kept)
    errors = [_error(finds.parts[parts[0]].estimate, whole[whole["part"].isin(parts)]) for parts in kept]
    unknown = tuple(
        (versions[way], int(sentences[kept[way]].sum())) for way, error in enumerate(errors) if error is None
    )
    known = None if unknown else tuple(error for error in errors if error is not None)
    return Ways(of_part=of_part, versions=versions, errors=known, unknown=unknown)


def weights(way: NDArray[np.int64], entries: Entries, groups: int, ways: int) -> tuple[Floats, Floats]:
    """Of each group and way the sentences, and their share of the group's, ``[groups, ways]``."""
    cell = entries.group * ways + way
    sentences = np.asarray(np.bincount(cell, entries.sentences, groups * ways), dtype=np.float64).reshape(groups, ways)
    return sentences, sentences / np.maximum(sentences.sum(axis=1, keepdims=True), 1)


def drawn_rates(
    way: NDArray[np.int64], entries: Entries, groups: int, effect: float, errors: tuple[KnownError, ...], seed: int = 0
) -> tuple[Floats, Floats]:
    """Draws of each group's rate, ``[draws, groups]``: of what would be found read all in one way, and corrected.

    Where groups were read in several ways, what was found in them cannot be compared as it is: the first way's error
    is put in place of each. It cannot change which of two groups is ahead in a draw.
    """
    ways = len(errors)
    cells = Entries(entries.call, entries.group * ways + way, entries.sentences, entries.found)
    shares = resampled(cells, groups * ways, effect).shares.reshape(-1, groups, ways)
    weight = weights(way, entries, groups, ways)[1]
    rng = np.random.default_rng(seed)
    z = ndtri((np.arange(len(shares)) + 0.5) / len(shares))
    draws = [one.draws(z, rng) for one in errors]
    true = np.stack([_unclipped(one, shares[:, :, at]) for at, one in enumerate(draws)], axis=2)
    together = combined(true, weight)
    first = draws[0]
    alike = first.false[:, None] + (first.hit - first.false)[:, None] * together
    return np.clip(alike, 0.0, 1.0), np.clip(together, 0.0, 1.0)


def read_alike(way: NDArray[np.int64], entries: Entries, errors: tuple[KnownError, ...]) -> Entries:
    """Return the entries as if the first way had read all of them: by the points of the estimates; some are below 0."""
    hit, false = (np.array([float(getattr(one.point, name)[0]) for one in errors]) for name in ("hit", "false"))
    told = np.maximum(hit - false, LEAST)
    said = (entries.found - entries.sentences * false[way]) / told[way]
    found = entries.sentences * false[0] + told[0] * said
    return Entries(entries.call, entries.group, entries.sentences, np.where(way == 0, entries.found, found))


def _unclipped(errors: Errors, shares: Floats) -> Floats:
    """As :meth:`Errors.true`, beyond 0 and 1, too, so that what lies there still has an order."""
    told = (errors.hit - errors.false)[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(told > LEAST, (shares - errors.false[:, None]) / told, shares)


def _error(estimate: CorpusEstimate | None, read: pd.DataFrame) -> KnownError | None:
    if estimate is None or estimate.precision is None or estimate.hit_rate is None or estimate.hit_rate.point <= 0:
        return None
    base = float(read["found"].sum() / max(1, read["sentences"].sum()))
    return KnownError(estimate.precision, estimate.hit_rate, base)
