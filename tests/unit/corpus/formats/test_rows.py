"""Conversations from the rows of a table, whatever file it came from."""

from __future__ import annotations

from workbench.corpus.formats import FormatProblem
from workbench.corpus.formats.tables.choosing import Table, TableRow
from workbench.corpus.formats.tables.rows import drafts_of


def table(header, *rows) -> Table:
    return Table(header, [TableRow(one, line) for line, one in enumerate(rows, start=2)])


def test_each_id_is_a_conversation_and_each_row_a_turn():
    found = list(
        drafts_of(
            table(
                ["call_id", "speaker", "text"],
                ["a", "Ann", "It is too expensive."],
                ["b", "Bo", "The weather is fine."],
                ["a", "Cy", "Is it really?"],
            )
        )
    )
    assert [one.id for one in found] == ["a", "b"]
    assert [(turn.speaker, turn.text) for turn in found[0].turns] == [
        ("Ann", "It is too expensive."),
        ("Cy", "Is it really?"),
    ]


def test_a_table_without_speech_is_refused():
    (found,) = drafts_of(table(["price", "amount"], [1, 2]))
    assert isinstance(found, FormatProblem)
    assert "price" in found.reason
