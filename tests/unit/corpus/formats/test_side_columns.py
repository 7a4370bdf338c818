"""Tables with a column of text for each side."""

from __future__ import annotations

import pytest

from tests.unit.corpus.formats.files import call, calls, reason, said
from workbench.corpus.formats.tables.side_columns import side_columns
from workbench.domain.conversations import Side


@pytest.mark.parametrize(
    "header",
    [
        "agent_text,customer_text",
        "AgentText,CustomerText",
        "Agent utterance,Customer utterance",
        "text (agent),text (customer)",
    ],
)
def test_each_side_has_a_column(header):
    text = f"call_id,start,{header}\n1,0,Hello. How can I help?,\n1,4,,My order is late.\n1,8,Let me check.,Thanks.\n"
    assert said("a.csv", text) == [
        ("agent", "Hello. How can I help?"),
        ("customer", "My order is late."),
        ("agent", "Let me check."),
        ("customer", "Thanks."),
    ]
    found = call("a.csv", text)
    assert found.id == "1"
    assert [turn.start_s for turn in found.turns] == [0.0, 4.0, 8.0, 8.0]
    assert {party.id: party.side for party in found.parties} == {"agent": Side.COMPANY, "customer": Side.CUSTOMER}


def test_a_row_may_be_a_call_and_tables_may_be_in_other_languages():
    found = calls("a.tsv", "file\tBerater Text\tKunde Text\na\tGuten Tag.\tHallo.\nb\tJa?\tNein.\n")
    assert [(one.id, [turn.text for turn in one.turns]) for one in found] == [
        ("a", ["Guten Tag.", "Hallo."]),
        ("b", ["Ja?", "Nein."]),
    ]
    assert said("a.csv", "担当者 発話,お客様 発話\nはい。,\n,届きません。\n") == [
        ("担当者", "はい。"),
        ("お客様", "届きません。"),
    ]


@pytest.mark.parametrize(
    "header",
    [
        "agent_id,customer_id",
        "agent_text,agent_utterance",
        "agent_comment,customer_comment",
        "text_agent_text,customer_text_text",
        "left_text,right_text",
    ],
)
def test_other_columns_are_no_sides(header):
    assert side_columns(header.split(",")) == {}


def test_a_table_with_a_column_of_text_is_read_by_it():
    text = "speaker,text,agent_text,customer_text\nAnn,Hello.,a,b\nBen,Hi.,c,d\n"
    assert said("a.csv", text) == [("Ann", "Hello."), ("Ben", "Hi.")]


def test_numbers_are_no_texts():
    assert "has no column for what is said" in reason("a.csv", "id,agent_text,customer_text\n1,5,7\n2,3,4\n")
