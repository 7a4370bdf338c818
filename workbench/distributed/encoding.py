"""Encoding on workers: each has the encoder by its name or folder, and the caller keeps the vectors."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from workbench.distributed.cluster import Cluster
from workbench.distributed.tasks import task
from workbench.domain.arrays import Vectors
from workbench.domain.errors import ClusterUnavailable
from workbench.domain.progress import OnProgress
from workbench.engine.encoder_process import SharedEncoder
from workbench.engine.encoders import Encoder, encoder_key
from workbench.resources import Resources


def encode(resources: Resources, cluster: Cluster, progress: OnProgress | bool | None = None) -> int:
    """Make the vectors that are missing, as :meth:`~workbench.resources.vectors.TextVectors.encode` does.

    Raises:
        ClusterUnavailable: workers cannot be used, or have another model or another way to run it.
        EncoderUnavailable: the encoder's model cannot be loaded.
    """
    import cloudpickle  # comes with Dask; takes an encoder that is defined in a notebook, too

    encoder = resources.encoder
    sent, way = cloudpickle.dumps(encoder), way_of(resources.vectors.made_by)

    def encoded(batches: Iterable[Sequence[str]]) -> Iterator[Vectors]:
        yield from cluster.in_order(task(encode_there, sent, encoder.key, way, list(one)) for one in batches)

    return resources.vectors.encode(progress, encoded, cluster.link)


def encode_there(encoder: bytes, key: str, way: str, texts: Sequence[str]) -> Vectors:
    """Encode texts on a worker, by an encoder that was pickled.

    Raises:
        ClusterUnavailable: the worker's model is another one than that of this ``key``, or runs in another ``way``.
    """
    own = _encoder(encoder)
    if isinstance(own, SharedEncoder):
        if encoder_key(own.model) != key:
            raise ClusterUnavailable(
                f"the model {own.model!r} is another one here ({encoder_key(own.model)}) than the caller's ({key}): "
                "install the same version, or copy its folder with the times of its files (cp -p, rsync -a)"
            )
        if way and (here := way_of(own.about())) != way:
            raise ClusterUnavailable(
                f"the model runs by {here} here and by {way} in this workspace, so vectors would differ a little: use "
                "workers with the same kind of processor, or encode on one machine"
            )
    return own.encode(texts)


def way_of(about: Any) -> str:
    """Return what runs a model, such as "openvino bfloat16", of what is recorded of its vectors; empty if unknown."""
    runs_on = (about or {}).get("runs_on") or {}
    return " ".join(str(runs_on[name]) for name in ("runtime", "precision") if name in runs_on)


@lru_cache(4)
def _encoder(encoder: bytes) -> Encoder:
    """Keep an encoder between tasks, so that a model is loaded once."""
    found: Encoder = pickle.loads(encoder)
    return found
