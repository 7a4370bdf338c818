"""What a training session uses: the sentences that match the filters, and answers about any others."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa

from workbench.corpus.extent import Extent
from workbench.corpus.lake import Lake
from workbench.domain.arrays import Vectors
from workbench.domain.call_sample import CallSample, share_of
from workbench.domain.errors import CorpusNotEncoded, InvalidFilters
from workbench.domain.filters import Filters
from workbench.domain.tags import Answer, Reason
from workbench.domain.texts import text_key
from workbench.engine.fitted import TaggedSentence
from workbench.engine.pool import Pool
from workbench.engine.training import Trainer
from workbench.resources.pools import NamedPool
from workbench.training.second_stage import SecondStage

MAX_STEPS = 1_000  # imports to search back for rounds of older versions
Pairs = Sequence[tuple[str, str]]
"""For each sentence the one before it, and its text."""

Openings = Mapping[int, Mapping[str, Any]]
"""What each round was drawn with, by number."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sentence is: its index in the pool, or among those outside; and its conversation's number.

    If the pool is a sample of the calls, a sentence outside it may match the filters all the same: it is ``beyond``.
    """

    at: int
    inside: bool
    call: int
    beyond: bool = False

    @property
    def matches(self) -> bool:
        """Return whether it matches the filters."""
        return self.inside or self.beyond


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A sentence with the answer that counts, and why it was asked."""

    sentence_id: str
    answer: Answer
    round: int
    reason: Reason
    probability: float | None
    text_key: int | None = None


class Places:
    """Where answered sentences are: in the pool, elsewhere in the corpus, or deleted.

    Args:
        named: the pool.
        lake: the corpus.
        outside: makes a pool of sentences given as rows of :meth:`Lake.placed`, whatever the filters, and as pairs of
            the sentence before and the sentence.
        past: returns such pairs for answered sentences that were deleted when their conversation was corrected.
        passing: returns which sentences match the filters, if the pool is a sample of the calls.
    """

    def __init__(
        self,
        named: NamedPool,
        lake: Lake,
        outside: Callable[[pa.Table, Pairs], Pool],
        past: Callable[[Sequence[str]], Mapping[str, tuple[str, str]]],
        passing: Callable[[Sequence[str]], Collection[str]] | None = None,
    ):
        self._named = named
        self._lake = lake
        self._make = outside
        self._past = past
        self._passing = passing
        self._known: dict[str, Place | None] = {}
        self._ids: list[str] = []  # of those outside
        self._said: list[tuple[str, str]] = []
        self.outside: Pool | None = None

    def look_up(self, asked: Mapping[str, int | None]) -> None:
        """Find the sentences, given with the key of each text when it was asked about, None if not stored."""
        new = [name for name in asked if name not in self._known]
        if not new:
            return
        found = {row["id"]: row for row in self._lake.placed(new).to_pylist()}
        past = self._past([name for name in new if name not in found])
        inside = dict(zip(new, self._named.places(new), strict=True))
        strange: list[str] = []
        for name in new:
            row = found.get(name)
            if name in past:
                self._known[name] = None  # until it has an index among those outside
            elif row is None or asked[name] not in (None, row["text_key"]):
                self._known[name] = None
            elif inside[name] >= 0:
                self._known[name] = Place(inside[name], True, row["number"])
            else:
                strange.append(name)
        if strange:
            rows = [found[name] for name in strange]
            self._add_outside(rows, self._lake.pairs([row["row"] for row in rows]), self.matching(strange))
        if past:
            with suppress(CorpusNotEncoded):  # their vectors were deleted
                self._add_outside(self._past_rows(past), list(past.values()))

    def matching(self, sentence_ids: Sequence[str]) -> Collection[str]:
        """Return which of these sentences, none of them in the pool, match the filters all the same."""
        return () if self._passing is None or not sentence_ids else self._passing(sentence_ids)

    def of(self, sentence_id: str) -> Place | None:
        """Return where a sentence is that was looked up; None if it was deleted, or says something else by now."""
        return self._known.get(sentence_id)

    def gone(self, asked: Iterable[str]) -> list[str]:
        """Return those of these sentences that were looked up and no longer exist."""
        return [name for name in asked if name in self._known and self._known[name] is None]

    def id_of(self, tag: TaggedSentence) -> str:
        """Return the sentence that a tag is about."""
        return self._named.id_at(tag.at) if tag.inside else self._ids[tag.at]

    def pairs_of(self, tags: Sequence[TaggedSentence]) -> list[tuple[str, str]]:
        """Return for the tags' sentences the sentence before, and the sentence itself."""
        inside = iter(self._lake.pairs([int(self._named.rows[tag.at]) for tag in tags if tag.inside]))
        return [next(inside) if tag.inside else self._said[tag.at] for tag in tags]

    def _past_rows(self, past: Mapping[str, tuple[str, str]]) -> list[dict[str, Any]]:
        """Return rows like those of :meth:`Lake.placed`, with the number of the conversation, or -1."""
        calls = {name: name.rsplit(":", 2)[0] for name in past}
        numbers = self._lake.numbers_of(set(calls.values()))
        return [
            {
                "row": -1,
                "id": name,
                "text_key": text_key(text),
                "before_key": text_key(before) if before else None,
                "number": numbers.get(calls[name], -1),
            }
            for name, (before, text) in past.items()
        ]

    def _add_outside(self, found: Sequence[Mapping[str, Any]], pairs: Pairs, beyond: Collection[str] = ()) -> None:
        rows = pa.Table.from_pylist(list(found), schema=_PLACED)
        made = self._make(rows, pairs)
        first = 0 if self.outside is None else len(self.outside)
        self.outside = made if self.outside is None else _joined(self.outside, made)
        for at, row in enumerate(rows.to_pylist()):
            self._known[row["id"]] = Place(first + at, False, row["number"], row["id"] in beyond)
            self._ids.append(row["id"])
        self._said += pairs


_PLACED = pa.schema(
    [(name, pa.string() if name == "id" else pa.int64()) for name in ("row", "id", "text_key", "before_key", "number")]
)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class TrainingScope:
    """The engine over the sentences that matched the filters when it was opened.

    ``about`` is what rounds are drawn with, for their log; ``extent`` the conversations at that time; ``encode`` makes
    vectors of texts; ``sample`` says which calls are used, if not all are.
    """

    trainer: Trainer
    named: NamedPool
    lake: Lake
    filters: Filters
    extent: Extent
    about: Mapping[str, Any]
    places: Places
    encode: Callable[[Sequence[str]], Vectors]
    second_stage: SecondStage | None = None
    sample: CallSample | None = None
    _drawn_from: dict[str, np.ndarray] = field(default_factory=dict)
    _numbers: dict[str, int | None] = field(default_factory=dict)

    def tags(self, answered: Sequence[Answered], openings: Openings) -> list[TaggedSentence]:
        """Return the answers for the engine, in this order; those about deleted sentences are left out.

        Every answer teaches, wherever it was given. Only those drawn from everything that matches now count in the
        corpus estimate.
        """
        self.places.look_up({one.sentence_id: one.text_key for one in answered})
        self.trainer.outside = self.places.outside
        known = [(one, place) for one in answered if (place := self.places.of(one.sentence_id)) is not None]
        numbers = {one.round for one, _ in known if one.probability is not None}
        cover = {number: self._cover(number, openings.get(number), known) for number in numbers}
        return [
            TaggedSentence(
                at=place.at,
                answer=one.answer,
                round=one.round,
                probability=one.probability,
                review=one.reason is Reason.REVIEW,
                imported=one.reason is Reason.IMPORTED,
                inside=place.inside,
                covers=cover.get(one.round, (True, None))[0],
                calls=cover.get(one.round, (True, None))[1],
                beyond=place.call if place.beyond else None,
                share=_share(openings.get(one.round)),
            )
            for one, place in known
        ]

    def _cover(
        self, number: int, about: Mapping[str, Any] | None, known: Sequence[tuple[Answered, Place]]
    ) -> tuple[bool, int | None]:
        """Return whether a round drew from all current matches, and below which number of conversations.

        Rounds from versions without a log are assumed to have drawn from what matches now.
        """
        if about is None or "filters" not in about:
            return True, None
        if about.get("pool") == self.about["pool"] and not about.get("replaced"):
            return True, None
        corpus = about.get("corpus")
        if corpus is not None:
            until = int(corpus["until"])
        else:
            until = self._until(about) or 1 + max(place.call for one, place in known if one.round <= number)
        drawn_from = [about["filters"], *(one["filters"] for one in about.get("replaced", ()))]
        return all(self._holds(filters, until) for filters in drawn_from), until

    def _until(self, about: Mapping[str, Any]) -> int | None:
        """Return how many conversations there were when an older version drew a round, None if unknown."""
        pool = about.get("pool")
        if pool is None or about["filters"] != self.about["filters"]:
            return None
        if pool not in self._numbers:
            self._numbers[pool] = until_of(self.named, self.lake, pool)
        return self._numbers[pool]

    def _holds(self, filters: Mapping[str, Any], until: int) -> bool:
        """Return whether all of the pool in the conversations numbered below ``until`` matches these filters."""
        if filters == self.about["filters"]:
            return True
        key = repr(sorted(filters.items(), key=str))
        if key not in self._drawn_from:
            try:
                rows = self.lake.pool(Filters.stored(filters), sample=self.sample)["row"].to_numpy()
            except InvalidFilters:  # of another version
                rows = np.zeros(0, dtype=np.int64)
            self._drawn_from[key] = rows
        own = self.named.rows[self.named.pool.call < until]
        return bool(np.isin(own, self._drawn_from[key], assume_unique=True).all())


def _share(about: Mapping[str, Any] | None) -> float:
    """Return the probability that a round draws from a given call, by its log."""
    return share_of(CallSample.stored((about or {}).get("sample")))


def fingerprint(named: NamedPool) -> str:
    """Return a hash of the pool's sentences in order: another hash means another corpus, or other filters."""
    found = hashlib.blake2b(digest_size=12)
    for array in (named.rows, named.pool.call, named.pool.text, named.pool.before):
        found.update(array.astype("int64").data.cast("B"))
    return found.hexdigest()


def until_of(named: NamedPool, lake: Lake, pool: str) -> int | None:
    """Find how many conversations there were when the pool had this fingerprint, by the known imports.

    For rounds of versions that stored no more; None if it matches no part of the pool.
    """
    for until in reversed(lake.steps()[-MAX_STEPS:]):
        inside = named.pool.call < until
        if fingerprint(replace(named, pool=named.pool.part(inside), rows=named.rows[inside])) == pool:
            return until
    return None


def _joined(one: Pool, other: Pool) -> Pool:
    """Return two pools, each with a table of its own, as one."""
    from scipy.sparse import vstack

    shift = len(one.vectors)
    words = said = None
    if one.words is not None and other.words is not None and one.said is not None and other.said is not None:
        words = vstack([one.words, other.words], format="csr")
        said = np.concatenate([one.said, other.said + one.words.shape[0]]).astype(np.int32)
    return Pool(
        vectors=np.concatenate([one.vectors, other.vectors]),
        text=np.concatenate([one.text, other.text + shift]).astype(np.int32),
        before=np.concatenate([one.before, np.where(other.before < 0, -1, other.before + shift)]).astype(np.int32),
        call=np.concatenate([one.call, other.call]).astype(np.int32),
        words=words,
        said=said,
    )
