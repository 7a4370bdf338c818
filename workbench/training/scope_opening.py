"""Opens the scope of a training session: now, or as it was when a round was drawn."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
import pyarrow as pa

from workbench.domain.call_sample import CallSample, share_of
from workbench.domain.errors import CorpusNotEncoded
from workbench.domain.plurals import plural
from workbench.domain.texts import normalise, text_key
from workbench.domain.trackers import TrackerSpec
from workbench.engine.heads import TrainingSet
from workbench.engine.pool import Pool
from workbench.engine.recipes import Recipe
from workbench.engine.training import METHOD, Trainer
from workbench.engine.vectors import VectorStore, VectorTable
from workbench.engine.word_store import words_of
from workbench.engine.words import WordVectors
from workbench.resources import Resources
from workbench.resources.opening import models_of
from workbench.resources.pools import NamedPool, apart, build_pool
from workbench.store.past_texts import past_texts_of
from workbench.training.calls_looked_at import sample_of
from workbench.training.scope import Pairs, Places, TrainingScope, fingerprint
from workbench.training.second_stage import SecondStage

_PACKAGES = ("tracker-workbench", "numpy", "scipy", "scikit-learn")


@dataclass(frozen=True, slots=True, kw_only=True)
class Then:
    """The past state: the encoder's key, conversations numbered below ``until``, and the number of vectors.

    If not all calls were used, ``sample`` says which.
    """

    encoder: str
    until: int
    vectors: int | None
    sample: CallSample | None = None


def open_scope(resources: Resources, spec: TrackerSpec, chosen: Recipe, taught: TrainingSet | None) -> TrainingScope:
    """Open the current scope: sentences from calls, even if the tracker also reads e-mails.

    Args:
        resources: the workspace's.
        spec: the current tracker.
        chosen: the recipe to train with.
        taught: labelled sentences that the tracker came with.

    Raises:
        CorpusNotEncoded: run ``ws.encode()`` first.
        EncoderUnavailable: the examples could not be encoded.
    """
    spec = replace(spec, filters=spec.filters.for_training())
    extent = resources.lake.extent()
    sample = sample_of(resources.lake, spec.filters, spec.seed)
    trainer, named = resources.trainer(spec.filters, spec.examples, chosen, spec.seed, taught, sample)
    table = resources.vectors.table(chosen.encoder)
    passing = None if sample is None else partial(resources.lake.passing, filters=spec.filters)
    places = _places(resources, named, chosen, table, passing)
    return TrainingScope(
        trainer=trainer,
        named=named,
        lake=resources.lake,
        filters=spec.filters,
        extent=extent,
        about=_about(spec, trainer, named, resources.encoder.key, sample) | {"corpus": extent.to_dict()},
        places=places,
        encode=resources.vectors.encode_with(chosen.encoder),
        second_stage=_second_stage(resources, spec, trainer, named, places),
        sample=sample,
    )


def scope_then(
    resources: Resources, spec: TrackerSpec, chosen: Recipe, taught: TrainingSet | None, then: Then
) -> TrainingScope:
    """Open the scope of that time, with the filters and examples of ``spec``; makes no vectors.

    Raises:
        CorpusNotEncoded: that encoder's vectors no longer exist; says which.
    """
    lake, table = resources.lake, _table(resources, chosen, then)
    words = resources.words if chosen.words else None
    numbers, sample = range(then.until), then.sample
    named = build_pool(lake, table, spec.filters, words, numbers, sample=sample)
    if then.vectors is not None and sample is None:
        named = _shortened(named, then.vectors)
    own = words_of([normalise(text) for text in spec.examples]) if chosen.words else None
    brought = taught if chosen.encoder == "sentences" else None
    trainer = Trainer(named.pool, _examples(spec, table), chosen, spec.seed, own, brought)
    trainer.share = share_of(sample)
    passing = None if sample is None else partial(lake.passing, filters=spec.filters, numbers=numbers)
    return TrainingScope(
        trainer=trainer,
        named=named,
        lake=lake,
        filters=spec.filters,
        extent=lake.extent(then.until),
        about=_about(spec, trainer, named, then.encoder, sample) | {"corpus": lake.extent(then.until).to_dict()},
        places=_places(resources, named, chosen, table, passing),
        encode=_no_encoder,
        sample=sample,
    )


def versions() -> dict[str, str]:
    """Return the versions of everything that draws, learns and estimates."""
    return {name: _version(name) for name in _PACKAGES}


def _about(
    spec: TrackerSpec, trainer: Trainer, named: NamedPool, encoder: str, sample: CallSample | None
) -> dict[str, Any]:
    """Return what decides which sentences a round asks about, apart from the answers and the corpus."""
    return {
        "recipe": trainer.recipe.to_dict(),
        "seed": trainer.seed,
        "examples": list(spec.examples),
        "filters": spec.filters.to_dict(),
        "encoder": encoder,
        "pool": fingerprint(named),
        "vectors": len(named.pool.vectors),
        "method": METHOD,
        "versions": versions(),
        **({} if sample is None else {"sample": sample.to_dict()}),
    }


def _places(
    resources: Resources,
    named: NamedPool,
    chosen: Recipe,
    table: VectorTable,
    passing: Callable[[Sequence[str]], Collection[str]] | None,
) -> Places:
    encode = table.encode if isinstance(table, WordVectors) else None

    def outside(rows: pa.Table, pairs: Pairs) -> Pool:
        if isinstance(table, VectorStore):
            table.refresh()  # another kernel may have asked about newer calls
        return apart(rows, pairs, table, encode, bool(chosen.words))

    return Places(named, resources.lake, outside, partial(past_texts_of, resources.state), passing)


def _second_stage(
    resources: Resources, spec: TrackerSpec, trainer: Trainer, named: NamedPool, places: Places
) -> SecondStage | None:
    """Return the second stage; None if the vectors are not from a sentence-transformers model."""
    model = getattr(resources.encoder, "model", None)
    if not isinstance(model, str) or trainer.recipe.encoder != "sentences":
        return None
    folder = models_of(resources.path, spec.id)
    return SecondStage(trainer, named, places.pairs_of, resources.lake, model, spec.examples, folder)


def _table(resources: Resources, chosen: Recipe, then: Then) -> VectorTable:
    """Return the vectors that a recipe had then: words were weighted by the texts of that time."""
    if chosen.encoder == "words":
        batches = resources.lake.distinct_texts(spans=[(0, then.until)])
        found = [pair for batch in batches for pair in zip(*batch.to_pydict().values(), strict=True)]
        return WordVectors(np.array([key for key, _ in found], dtype=np.int64), [text for _, text in found])
    if then.encoder == resources.encoder.key:
        return resources.vectors.table("sentences")
    folder = resources.path / "vectors" / then.encoder
    keys, data = folder / "keys.i64", folder / "vectors.f32"
    count = keys.stat().st_size // 8 if keys.exists() else 0
    if not count:
        raise CorpusNotEncoded(f"the vectors of the encoder {then.encoder} no longer exist")
    return VectorStore(folder, data.stat().st_size // 4 // count)


def _examples(spec: TrackerSpec, table: VectorTable) -> np.ndarray:
    if isinstance(table, WordVectors):
        return table.encode(spec.examples)
    at = table.lookup(np.array([text_key(text) for text in spec.examples], dtype=np.int64))
    if (at < 0).any():
        gone = plural(
            int((at < 0).sum()),
            "example of that time no longer has a vector",
            "examples of that time no longer have vectors",
        )
        raise CorpusNotEncoded(gone)
    return np.array(table.vectors[at])


def _shortened(named: NamedPool, vectors: int) -> NamedPool:
    """Return only the first ``vectors`` rows: a product with a table of another length may round differently."""
    last = max(int(named.pool.text.max(initial=-1)), int(named.pool.before.max(initial=-1)))
    if last >= vectors:
        raise CorpusNotEncoded("the vectors have been recomputed since")
    return replace(named, pool=replace(named.pool, vectors=named.pool.vectors[:vectors]))


def _no_encoder(texts: Any) -> np.ndarray:  # noqa: ARG001, stands in for an encoder
    raise CorpusNotEncoded("the sentences of that time are not encoded")


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"
