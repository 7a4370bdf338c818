"""Weights of four bits are unpacked, and a file of another kind is told."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks._multilingual import BLOCK, NoWeights, read, tokenizer_of, unpacked


def test_a_block_is_a_scale_and_halves_of_bytes():
    numbers = np.arange(BLOCK) % 16
    packed = (numbers[: BLOCK // 2] | (numbers[BLOCK // 2 :] << 4)).astype(np.uint8)
    block = np.float16(0.5).tobytes() + packed.tobytes()
    assert unpacked(block * 2).tolist() == [0.5 * (one - 8) for one in numbers] * 2


def test_a_file_of_another_kind_is_told():
    with pytest.raises(NoWeights, match="not a model of a known kind"):
        read(b"GGUF" + bytes(100))


def test_pieces_become_a_tokenizer():
    names = ["<s>", "<pad>", "</s>", "<unk>", "▁wir", "▁gehen", "▁", "w", "i", "r"]
    made = tokenizer_of([(name, -float(at)) for at, name in enumerate(names)])
    assert made("wir  gehen")["input_ids"] == [0, 4, 5, 2]
    assert made.pad_token_id == 1
