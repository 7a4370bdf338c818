"""Labels with which annotators mark silence."""

from __future__ import annotations

_SILENCE = frozenset(
    ("", "sil", "<sil>", "sp", "<sp>", "spn", "#", "##", "-", "_", "<p>", "<p:>", "silence", "<silence>", "[silence]",
     "(silence)", "pause", "<pause>", "<eps>", "xsil", "sounding", "silent", "<s>", "</s>", "<nib>")
)  # fmt: skip


def is_silence(text: str) -> bool:
    """Return whether a label marks silence, or is empty."""
    return text.strip().lower() in _SILENCE
