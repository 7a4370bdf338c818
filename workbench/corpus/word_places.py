"""An index of the places of each word in a part, made from the stored words, so that a search need not read them all.

A part's file has each word with its places in ascending order: a place is a sentence's row and the index of the word in
it. So a phrase is found by its words' places alone. The words of a range of sentences are sorted together, and DuckDB
reads only the row groups that can contain a word.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from workbench.corpus.schema import DERIVED
from workbench.domain.access import make_folder
from workbench.domain.files import write_whole
from workbench.domain.words import VERSION

WordPlaces = NDArray[np.int64]

FOLDER = f"{DERIVED}/{VERSION}-places-1"  # same start as the words, so that earlier versions clean it up
SCHEMA = pa.schema([("word", pa.string()), ("place", pa.int64())])
NO_PLACES = "SELECT NULL::VARCHAR AS word, NULL::BIGINT AS place WHERE false"
AT_ONCE = 65_536  # sentences whose words are sorted together
ROW_GROUP = 32_768
BITS = 20  # bits of a place for the index of a word within its sentence
_LAST = "\U0010ffff"


class TooManyWords(ValueError):
    """A sentence has more words than places have room for."""


def keep_places(file: Path, words: Iterable[pa.RecordBatch], metadata: dict[bytes, bytes]) -> None:
    """Write the places of the words of sentences: ``row``, ``plain``.

    Raises:
        OSError: the file cannot be written.
        TooManyWords: they are not written.
    """
    content = io.BytesIO()
    with pq.ParquetWriter(
        content,
        SCHEMA.with_metadata(metadata),
        compression="zstd",
        use_dictionary=["word"],
        column_encoding={"place": "DELTA_BINARY_PACKED"},
    ) as writer:
        for batch in words:
            writer.write(_sorted(batch), row_group_size=ROW_GROUP)
    make_folder(file.parent.parent)
    make_folder(file.parent)
    write_whole(file, content.getvalue())


def _sorted(batch: pa.RecordBatch) -> pa.Table:
    """Return each word with its places, both rising."""
    said = pc.split_pattern(pc.utf8_trim(pc.fill_null(batch["plain"], ""), " "), " ")
    counts = pc.list_value_length(said).to_numpy().astype(np.int64)
    if counts.max(initial=0) >= 1 << (BITS - 1):  # with as much room between sentences as a phrase may need
        raise TooManyWords
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    places = (np.repeat(batch["row"].to_numpy(), counts) << BITS) + within
    words = said.flatten().dictionary_encode()
    by_word = pc.sort_indices(words.dictionary)
    rank = np.empty(len(by_word), dtype=np.int64)
    rank[by_word.to_numpy()] = np.arange(len(by_word))
    rank = rank[words.indices.to_numpy()]
    order = np.lexsort((places, rank))
    in_order = words.dictionary.take(by_word).take(pa.array(rank[order]))
    return pa.Table.from_arrays([in_order, pa.array(places[order])], schema=SCHEMA)


def places_of(db: duckdb.DuckDBPyConnection, forms: Sequence[str], whole: bool = True) -> WordPlaces:
    """Return where these words follow each other, in rising order: the place of the first, by the table ``places``.

    The last word need not be ``whole``.
    """
    *before, last = forms
    found = [_places_of(db, "word = ?", form) - at for at, form in enumerate(before)]
    test = ("word = ?", last) if whole else ("word >= ? AND word < ?", last, f"{last}{_LAST}")
    return common([*found, _places_of(db, *test) - len(before)])


def _places_of(db: duckdb.DuckDBPyConnection, test: str, *values: str) -> WordPlaces:
    found = db.sql(f"SELECT place FROM places WHERE {test}", params=list(values)).to_arrow_table()
    places: WordPlaces = np.sort(found["place"].to_numpy(), kind="stable")  # quick, as a part's are in order already
    return places


def rows_of(places: WordPlaces) -> WordPlaces:
    """Return the rows of the sentences with these places, which rise, as the rows do; each once."""
    rows = places >> BITS
    return rows[np.diff(rows, prepend=-1) > 0]


def common(sets: Sequence[WordPlaces]) -> WordPlaces:
    """Return the numbers that all of these have, each of which rises."""
    found, *others = sorted(sets, key=len)
    for other in others:
        if len(found):
            found = found[other[np.minimum(np.searchsorted(other, found), len(other) - 1)] == found]
    return found
