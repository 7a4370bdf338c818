"""A Whisper model that is made in a moment: it is loaded and run as a real one, and always hears the same words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

SIZE, HEADS, MELS, CONTEXT, SPOKEN = 16, 2, 80, 1500, 448
HEAD = SIZE // HEADS
FRAMES_A_WORD = 20  # of 0.02 seconds
SAID = " good morning price order"
UNTIL_S = 2.0  # when it says that they end
SPECIAL = (
    *("<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|translate|>", "<|transcribe|>", "<|startoflm|>"),
    *("<|startofprev|>", "<|nospeech|>", "<|notimestamps|>"),
)
TIMES = tuple(f"<|{step * 0.02:.2f}|>" for step in range(1501))
WORDS = tuple(f"\u0120{word}" for word in SAID.split())  # the sign with which byte-level tokens begin words
TOKENS = ("<unk>", *WORDS, *SPECIAL, *TIMES)
STEPS = ("<|0.00|>", *WORDS, f"<|{UNTIL_S:.2f}|>", "<|endoftext|>")
"""What it gives at each place of its output, whatever it hears."""


def tiny_whisper(folder: Path) -> Path:
    """Write the model for CTranslate2 into a new folder and return it."""
    from ctranslate2.specs import WhisperSpec

    spec = WhisperSpec(1, HEADS, 1, HEADS)
    spec.encoder.conv1.weight, spec.encoder.conv1.bias = _zeros(SIZE, MELS, 3), _zeros(SIZE)
    spec.encoder.conv2.weight, spec.encoder.conv2.bias = _zeros(SIZE, SIZE, 3), _zeros(SIZE)
    spec.encoder.position_encodings.encodings = _zeros(CONTEXT, SIZE)
    spec.decoder.embeddings.weight = _zeros(len(TOKENS), SIZE)
    spec.decoder.position_encodings.encodings = _zeros(SPOKEN, SIZE)
    spec.decoder.projection.weight = _zeros(len(TOKENS), SIZE)
    for place in range(SPOKEN):  # each place has a direction of its own, and its token lies there
        step = min(place, len(STEPS) - 1)
        spec.decoder.position_encodings.encodings[place, step] = 1
        spec.decoder.projection.weight[TOKENS.index(STEPS[step]), step] = 10
    for frame in range(CONTEXT):  # so has each stretch of time, and each place attends to its own
        spec.encoder.position_encodings.encodings[frame, min(frame // FRAMES_A_WORD, HEAD - 1)] = 1
    for half in (spec.encoder, spec.decoder):
        _norm(half.layer_norm)
        _attention(half.layer[0].self_attention, 3 * SIZE, SIZE)
        _feed_forward(half.layer[0].ffn)
    _attention(spec.decoder.layer[0].attention, SIZE, 2 * SIZE, SIZE)
    queries, keys_and_values, _ = spec.decoder.layer[0].attention.linear
    queries.weight[:HEAD, :HEAD] = keys_and_values.weight[:HEAD, :HEAD] = np.eye(HEAD)
    spec.config.suppress_ids = spec.config.suppress_ids_begin = []
    spec.config.lang_ids = [TOKENS.index("<|en|>")]
    spec.config.alignment_heads = [(0, 0)]
    spec.register_vocabulary(list(TOKENS))
    spec.validate()
    folder.mkdir()
    spec.save(str(folder))
    _tokenizer().save(str(folder / "tokenizer.json"))
    return folder


def _zeros(*shape: int) -> Any:
    return np.zeros(shape, np.float32)


def _norm(layer: Any) -> None:
    layer.gamma, layer.beta = np.ones(SIZE, np.float32), _zeros(SIZE)


def _linear(layer: Any, out: int, into: int) -> None:
    layer.weight, layer.bias = _zeros(out, into), _zeros(out)


def _attention(layer: Any, *widths: int) -> None:
    _norm(layer.layer_norm)
    for one, out in zip(layer.linear, widths, strict=True):
        _linear(one, out, SIZE)


def _feed_forward(layer: Any) -> None:
    _norm(layer.layer_norm)
    _linear(layer.linear_0, 4 * SIZE, SIZE)
    _linear(layer.linear_1, SIZE, 4 * SIZE)


def _tokenizer() -> Any:
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    found = Tokenizer(models.WordLevel({token: at for at, token in enumerate(TOKENS)}, unk_token="<unk>"))
    found.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    found.decoder = decoders.ByteLevel()
    found.add_special_tokens([AddedToken(token, special=True) for token in (*SPECIAL, *TIMES)])
    return found
