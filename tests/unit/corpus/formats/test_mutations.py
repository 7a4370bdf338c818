"""Broken files never crash or hang a reader, and always give a reason; ``benchmarks.mutations`` tries more."""

from __future__ import annotations

import zlib

import pytest

from tests.support import mutations
from tests.unit.corpus.formats.test_examples import SINGLE
from workbench.corpus.formats import FormatProblem, FoundConversation, UnreadableFile, format_of

EACH = 6
FILES = [source for source, _ in SINGLE]


def outcome(path):
    """Return what the importer gets from a file: conversations and problems, or that no format recognises it."""
    try:
        reader = format_of(path)
        return None if reader is None else list(reader.read(path))
    except UnreadableFile as error:
        return [FormatProblem(error.line, error.reason)]


@pytest.mark.parametrize("file", FILES, ids=[one.name for one in FILES])
def test_a_broken_copy_is_read_or_refused(tmp_path, file):
    for place, (what, data) in enumerate(mutations.of(file.read_bytes(), EACH, zlib.crc32(file.name.encode()))):
        broken = tmp_path / f"{place}{file.suffix}"
        broken.write_bytes(data)
        found = outcome(broken)
        if found is None:
            continue
        assert found, f"{what}: neither a conversation nor a reason"
        for one in found:
            assert isinstance(one, FoundConversation | FormatProblem)
            assert not isinstance(one, FormatProblem) or one.reason.strip()
