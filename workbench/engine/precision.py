"""The fastest way for this processor to run a model that preserves its vectors (needs torch).

Candidates are float32 and bfloat16 in torch, and the same in OpenVINO, which fuses the layers of small models.
Each encodes the same sample; the fastest with a cosine of at least 0.99 to plain float32 for *every* text wins.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import torch
from sentence_transformers import SentenceTransformer

from workbench.domain.arrays import Ints, SmallFloats

TokenBatch = tuple[list[int], Ints, Ints]
"""Rows of the result, and the token ids and mask of their texts, ``[len(rows), length]``."""

RunBatches = Callable[[Iterable[TokenBatch], SmallFloats], None]
"""Writes the unit vectors of every batch into its rows of the array."""

MIN_COSINE = 0.99

SAMPLE = (
    "Yeah.",
    "Could you send that over by Friday?",
    "I'm not sure that's in our budget this year, to be honest.",
    "So, um, the way we do it now is a spreadsheet that three people keep by hand, and it breaks every month.",
    "Thanks for calling, this call may be recorded for training purposes.",
    "What would it take to get the whole team onto the new version before the end of the quarter?",
    "No, I meant the other one.",
    "¿Podría repetir el número de pedido, por favor?",
    "We looked at two other vendors last spring and they were both a good deal cheaper than what you quoted us.",
    "Let me check with my manager and come back to you.",
)


@dataclass(frozen=True, slots=True)
class Choice:
    """A backend for a model and its measurements: texts per second and the minimum cosine to float32."""

    runtime: str
    precision: str
    texts_per_second: float
    min_cosine: float

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def build(model: SentenceTransformer, runtime: str, precision: str) -> RunBatches:
    """Return the model in this backend."""
    forward = _Forward(model).eval()
    if runtime == "openvino":
        return _openvino(forward, precision)
    dtype = torch.bfloat16 if precision == "bfloat16" else torch.float32

    def run(batches: Iterable[TokenBatch], out: SmallFloats) -> None:
        with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=dtype is torch.bfloat16):
            for rows, ids, mask in batches:
                out[rows] = forward(torch.from_numpy(ids), torch.from_numpy(mask)).float().numpy()

    return run


def candidates() -> list[tuple[str, str]]:
    """Return every (runtime, precision) that can be tried here, the reference first."""
    found = [("torch", "float32"), ("torch", "bfloat16")]
    try:
        import openvino  # noqa: F401, whether it is installed
    except ImportError:
        return found
    return [*found, ("openvino", "float32"), ("openvino", "bfloat16")]


def measure(
    model: SentenceTransformer, encode: Callable[[RunBatches, Sequence[str]], SmallFloats], repeats: int = 12
) -> list[Choice]:
    """Return speed and cosine of every candidate, on ``repeats`` copies of a small sample of spoken sentences."""
    texts = [text for _ in range(repeats) for text in SAMPLE]
    reference: SmallFloats | None = None
    measured = []
    for runtime, precision in candidates():
        try:
            run = build(model, runtime, precision)
            encode(run, texts[: len(SAMPLE)])  # compiles and warms up
            seconds, vectors = min((_timed(encode, run, texts) for _ in range(3)), key=lambda pair: pair[0])
        except Exception:  # a candidate that this processor or model does not support is left out
            if reference is None:
                raise
            continue
        reference = vectors if reference is None else reference
        cosine = float((vectors * reference).sum(axis=1).min())
        measured.append(Choice(runtime, precision, len(texts) / seconds, cosine))
    return measured


def fastest(measured: Sequence[Choice]) -> Choice:
    """Return the fastest choice that preserves the vectors."""
    return max((c for c in measured if c.min_cosine >= MIN_COSINE), key=lambda c: c.texts_per_second)


def _timed(
    encode: Callable[[RunBatches, Sequence[str]], SmallFloats], run: RunBatches, texts: Sequence[str]
) -> tuple[float, SmallFloats]:
    start = time.perf_counter()
    vectors = encode(run, texts)
    return time.perf_counter() - start, vectors


class _Forward(torch.nn.Module):
    """All modules of a sentence-transformers model, pooling included, as one function of ids and mask."""

    def __init__(self, model: SentenceTransformer):
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        features = self.model({"input_ids": input_ids, "attention_mask": attention_mask})
        return torch.nn.functional.normalize(features["sentence_embedding"].float(), dim=1)


def _openvino(forward: _Forward, precision: str) -> RunBatches:
    import openvino

    example = {name: torch.ones(2, 9, dtype=torch.long) for name in ("input_ids", "attention_mask")}
    hint = {"float32": "f32", "bfloat16": "bf16"}[precision]
    with torch.inference_mode(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # for tracing: lengths are traced as variable anyway
        graph = openvino.convert_model(forward, example_input=example)
    # One batch per core at a time: small ones would not use several cores.
    settings = {"INFERENCE_PRECISION_HINT": hint, "PERFORMANCE_HINT": "THROUGHPUT"}
    queue = openvino.AsyncInferQueue(openvino.Core().compile_model(graph, "CPU", settings))

    def run(batches: Iterable[TokenBatch], out: SmallFloats) -> None:
        def write(request: Any, rows: list[int]) -> None:
            out[rows] = request.get_output_tensor(0).data

        queue.set_callback(write)
        for rows, ids, mask in batches:
            queue.start_async({0: ids, 1: mask}, rows)
        queue.wait_all()

    return run
