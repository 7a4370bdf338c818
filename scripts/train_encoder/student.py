"""The encoder as it learns: its upper layers change, and beside them stand the same layers as they were."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import torch
from torch.nn import functional

from workbench.engine.fine_tuning import through

MAX_TOKENS = 64
PARTS = 3  # of a batch, by length, so that little is padded


class Student:
    """A BERT of sentence-transformers with mean pooling; its ``upper`` last layers learn, without dropout."""

    def __init__(self, model: Any, upper: int):
        self._tokenizer = model.tokenizer
        self._bert = model[0].model if hasattr(model[0], "model") else model[0].auto_model
        self._bert.eval().requires_grad_(False)
        layers = self._bert.encoder.layer
        self._first = len(layers) - upper
        self._old = layers[self._first :]
        self._new = copy.deepcopy(self._old).requires_grad_(True)

    @property
    def learning(self) -> dict[str, torch.nn.Parameter]:
        """What learns, by the names that the whole model has for it."""
        found = {}
        for name, value in self._new.named_parameters():
            number, _, rest = name.partition(".")
            found[f"encoder.layer.{int(number) + self._first}.{rest}"] = value
        return found

    def vectors(self, texts: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
        """Return unit vectors of the texts, ``[n, d]``: as they are now, to be learnt from, and as they were."""
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        size = -(-len(order) // PARTS)
        parts = [order[at : at + size] for at in range(0, len(order), size)]
        read = [self._read([texts[at] for at in part]) for part in parts]
        back = torch.argsort(torch.tensor([at for part in parts for at in part]))
        return torch.cat([new for new, _ in read])[back], torch.cat([old for _, old in read])[back]

    def _read(self, texts: list[str]) -> tuple[torch.Tensor, torch.Tensor]:
        options = {"padding": True, "truncation": True, "max_length": MAX_TOKENS, "return_tensors": "pt"}
        tokens = self._tokenizer(texts, **options)
        mask = tokens["attention_mask"].float()
        with torch.no_grad():
            hidden = self._bert.embeddings(input_ids=tokens["input_ids"])
            hidden = through(self._bert.encoder.layer[: self._first], hidden, mask)
            old = _pooled(through(self._old, hidden, mask), mask)
        return _pooled(through(self._new, hidden, mask), mask), old


def _pooled(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    mean = (hidden * mask.unsqueeze(-1)).sum(1) / mask.sum(1, keepdim=True)
    return functional.normalize(mean, dim=1)
