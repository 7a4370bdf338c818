"""Encoding on workers: each loads the encoder by name or folder, and the caller stores the vectors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from workbench.distributed.cluster import Cluster
from workbench.distributed.tasks import share, task
from workbench.domain.arrays import Vectors
from workbench.domain.errors import ClusterUnavailable
from workbench.domain.progress import OnProgress
from workbench.engine.encoder_process import SharedEncoder
from workbench.engine.encoders import Encoder, encoder_key
from workbench.resources import Resources


def encode(resources: Resources, cluster: Cluster, progress: OnProgress | bool | None = None) -> int:
    """Make the missing vectors, as :meth:`~workbench.resources.vectors.TextVectors.encode` does.

    Raises:
        ClusterUnavailable: workers cannot be used, or have another model or another backend for it.
        EncoderUnavailable: the encoder's model cannot be loaded.
    """
    encoder, way = resources.encoder, way_of(resources.vectors.made_by)
    sent = share(encoder)

    def encoded(batches: Iterable[Sequence[str]]) -> Iterator[Vectors]:
        yield from cluster.in_order(task(encode_there, encoder.key, way, list(one), shared=sent) for one in batches)

    return resources.vectors.encode(progress, encoded, cluster.link)


def encode_there(encoder: Encoder, key: str, way: str, texts: Sequence[str]) -> Vectors:
    """Encode texts on a worker.

    Raises:
        ClusterUnavailable: the worker's model differs from that of this ``key``, or runs in another ``way``.
    """
    if isinstance(encoder, SharedEncoder):
        if (known := encoder_key(encoder.model)) != key:
            raise ClusterUnavailable(
                f"the model {encoder.model!r} is another one here ({known}) than the caller's ({key}): "
                "install the same version, or copy its folder with the times of its files (cp -p, rsync -a)"
            )
        if way and (here := way_of(encoder.about())) != way:
            raise ClusterUnavailable(
                f"the model runs by {here} here and by {way} in this workspace, so vectors would differ a little: use "
                "workers with the same kind of processor, or encode on one machine"
            )
    return encoder.encode(texts)


def way_of(about: Any) -> str:
    """Return the backend of a model, such as "openvino bfloat16", from the record of its vectors; empty if unknown."""
    runs_on = (about or {}).get("runs_on") or {}
    return " ".join(str(runs_on[name]) for name in ("runtime", "precision") if name in runs_on)
