"""The encoder itself, in the process that loads torch."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.domain import plain_json
from workbench.domain.access import make_folder
from workbench.domain.errors import WorkbenchError
from workbench.domain.files import plain_bytes, write_whole
from workbench.domain.texts import canonical
from workbench.engine.encoders import DEFAULT_MODEL, encoder_key
from workbench.engine.loading import load_encoder
from workbench.engine.precision import Choice, RunBatches, build, fastest, measure

TOKENS_A_BATCH = 1024  # padded tokens; larger batches exceed the cache of a small machine
_MAX_NOTE = 100_000  # bytes


class LocalEncoder:
    """A sentence-transformers model, run with the fastest precision that preserves its vectors.

    Texts are encoded in batches of equal size in tokens, sorted by length, to minimise padding. ``choice`` is the
    backend; it is measured once per machine and stored in ``cache``. A model with a default prompt, such as some of the
    E5 family, gets it before each text.
    """

    _prompt = ""

    def __init__(self, model: str = DEFAULT_MODEL, cache: Path | None = None):
        self.key = encoder_key(model)
        self._model = load_encoder(model, download=True)
        self._model.eval()
        self._prompt = (self._model.prompts or {}).get(self._model.default_prompt_name or "") or ""
        self.dimension = int(self._model.get_embedding_dimension() or 0)
        self.choice = self._choose(cache)
        self._run = build(self._model, self.choice.runtime, self.choice.precision)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors, float32, ``[len(texts), dimension]``."""
        return self._encode(self._run, texts)

    def _encode(self, run: RunBatches, texts: Sequence[str]) -> NDArray[np.float32]:
        tokens = self._tokenise(texts)
        out = np.zeros((len(texts), self.dimension), dtype=np.float32)
        batches = _batches([len(t) for t in tokens])
        run(((rows, *_padded([tokens[i] for i in rows], self._pad)) for rows in batches), out)
        return out

    @property
    def _pad(self) -> int:
        return int(self._model.tokenizer.pad_token_id or 0)

    def _tokenise(self, texts: Sequence[str]) -> list[list[int]]:
        if not texts:
            return []
        prepared = [self._prompt + canonical(t).encode("utf-8", "replace").decode("utf-8") for t in texts]
        limit = self._model.max_seq_length or 512
        ids: list[list[int]] = self._model.tokenizer(
            prepared, truncation=True, max_length=limit, padding=False, return_attention_mask=False
        )["input_ids"]
        return ids

    def _choose(self, cache: Path | None) -> Choice:
        file = cache / f"precision-{self.key}.json" if cache else None
        machine = this_machine()
        if file and (known := _known_choice(file, machine)):
            return known
        measured = measure(self._model, self._encode)
        choice = fastest(measured)
        if file:
            record: dict[str, Any] = {"machine": machine, "choice": choice.to_dict()}
            record["measured"] = [c.to_dict() for c in measured]
            with suppress(OSError):  # then it is measured again next time
                make_folder(file.parent)
                write_whole(file, plain_json.dumps(record, indent=2).encode())
        return choice


def _known_choice(file: Path, machine: dict[str, Any]) -> Choice | None:
    """Return the choice measured on this machine before; None if there is none, or it is damaged."""
    try:
        found = json.loads(plain_bytes(file, _MAX_NOTE))
        return Choice(**found["choice"]) if found["machine"] == machine else None
    except (OSError, ValueError, TypeError, KeyError, RecursionError, WorkbenchError):
        return None


def this_machine() -> dict[str, Any]:
    """Return what a choice of precision depends on: the processor and its number of cores."""
    return {"processor": _processor(), "cores": os.cpu_count()}


def _processor() -> str:
    """Return name and instruction set: the same name with fewer instructions is another machine."""
    info = Path("/proc/cpuinfo")
    if not info.exists():
        return platform.processor()
    lines = info.read_text().splitlines()
    return "\n".join(next((x for x in lines if x.startswith(head)), "") for head in ("model name", "flags"))


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """Return indices sorted by length, split into batches of at most ``TOKENS_A_BATCH`` padded tokens."""
    order = np.argsort(np.asarray(lengths, dtype=np.int64), kind="stable").tolist()
    batches: list[list[int]] = []
    for i in order:
        if not batches or lengths[i] * (len(batches[-1]) + 1) > TOKENS_A_BATCH:
            batches.append([])
        batches[-1].append(i)
    return batches


def _padded(tokens: Sequence[Sequence[int]], pad: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    width = max(1, max(map(len, tokens)))
    ids = np.full((len(tokens), width), pad, dtype=np.int64)
    mask = np.zeros((len(tokens), width), dtype=np.int64)
    for row, line in enumerate(tokens):
        ids[row, : len(line)] = line
        mask[row, : len(line)] = 1
    return ids, mask
