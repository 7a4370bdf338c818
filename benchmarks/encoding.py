"""How fast texts become vectors, beside plain ``SentenceTransformer.encode``: a ratio, and the least cosine.

Both get the same turns of the sample corpus in the same order, as they were said, piece by piece and by turns, so that
other load hits both alike. Ours encodes each distinct text once; a second ratio leaves that gain out. Plain
sentence-transformers runs as it comes: float32, batches of 32. Bounds: at least 2.5 times, cosine at least 0.99.

usage: python -m benchmarks.encoding [CORPUS]     a file or folder in the neutral format; by default sample_corpus/
"""

from __future__ import annotations

import gzip
import json
import statistics
import sys
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import numpy as np

from workbench.engine.encoders import DEFAULT_MODEL
from workbench.engine.loading import load_encoder
from workbench.engine.local_encoder import LocalEncoder

ROOT = Path(__file__).resolve().parent.parent
PIECES, SIZE = 6, 1_500
LEAST_RATIO, LEAST_COSINE = 2.5, 0.99
Vectors = np.ndarray


def main() -> int:
    pieces = _pieces(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "sample_corpus")
    plain = load_encoder(DEFAULT_MODEL)
    ours = LocalEncoder()
    plain.encode(pieces[0][:64])
    whole, encoder_only, cosines = [], [], []
    for texts in pieces:
        reference, seconds = _timed(plain.encode, texts)
        vectors, own = _timed(lambda t: _distinct(ours, t), texts)
        _, every = _timed(ours.encode, texts)
        whole.append(seconds / own)
        encoder_only.append(seconds / every)
        cosines.append(float((reference * vectors).sum(axis=1).min()))
    ratio, cosine = statistics.median(whole), min(cosines)
    print(f"{sum(map(len, pieces)):,} turns, {len({t for p in pieces for t in p}):,} of them distinct")
    print(f"chosen: {ours.choice.runtime} {ours.choice.precision}")
    print(f"as ws.encode() does: {ratio:.2f} times plain (least {min(whole):.2f}; at least {LEAST_RATIO} wanted)")
    print(f"every text, repeats too: {statistics.median(encoder_only):.2f} times plain (least {min(encoder_only):.2f})")
    print(f"least cosine to plain float32: {cosine:.5f} (at least {LEAST_COSINE} wanted)")
    return 0 if ratio >= LEAST_RATIO and cosine >= LEAST_COSINE else 1


def _pieces(corpus: Path) -> list[list[str]]:
    """Return equal parts of the turns, taken evenly from the whole corpus."""
    turns = [turn["text"] for file in _files(corpus) for line in _lines(file) for turn in json.loads(line)["turns"]]
    step = max(1, len(turns) // (PIECES * SIZE))
    texts = list(islice(turns[::step], PIECES * SIZE))
    return [texts[at::PIECES] for at in range(PIECES)]


def _files(corpus: Path) -> list[Path]:
    return sorted(corpus.glob("*.jsonl*")) if corpus.is_dir() else [corpus]


def _lines(file: Path) -> list[str]:
    text = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    return text.decode("utf-8").splitlines()


def _distinct(encoder: LocalEncoder, texts: list[str]) -> Vectors:
    place = {text: at for at, text in enumerate(dict.fromkeys(texts))}
    return encoder.encode(list(place))[[place[text] for text in texts]]


def _timed(encode: Callable[[list[str]], Vectors], texts: list[str]) -> tuple[Vectors, float]:
    began = time.perf_counter()
    vectors = encode(texts)
    return vectors, time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
