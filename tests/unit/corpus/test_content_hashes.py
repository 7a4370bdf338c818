"""What one column keeps of a conversation's content, of any version."""

from __future__ import annotations

import pytest

from workbench.corpus.content_hashes import HASH_DIGITS, ContentHash

IMPORTED, SAID = "a" * HASH_DIGITS, "b" * 16


@pytest.mark.parametrize("said", ["", SAID])
@pytest.mark.parametrize("names", [(), ("deal_stage",), ("fields.a;b+c", "team")])
def test_it_comes_back(said, names):
    kept = ContentHash(IMPORTED, said).with_set(names, {"team": "x"})
    assert ContentHash.of(kept) == ContentHash(IMPORTED, said, tuple(sorted(names)))
    assert kept.startswith(IMPORTED)


def test_other_values_have_another_text():
    texts = {ContentHash(IMPORTED).with_set(["team"], {"team": value}) for value in ("x", "y", None)}
    assert len(texts) == 3


def test_early_versions_kept_the_first_part_alone():
    assert ContentHash.of(IMPORTED) == ContentHash(IMPORTED)
    assert ContentHash.of("") == ContentHash("")
