import pytest

from workbench.trackers.pasting import MOST_LINES, lines_of, verdicts

PRICE = "That's just not in our price range."


@pytest.mark.parametrize(
    ("pasted", "lines"),
    [
        ("- One.\n\n2) Two.\r\n• three\n 4. four", ["One.", "Two.", "three", "four"]),
        ("12 months is too long", ["12 months is too long"]),
        (
            'id\tsentence\n1\tIt is too dear for us.\n2\t"He said ""no"" to it."',
            ["sentence", "It is too dear for us.", 'He said "no" to it.'],
        ),
        ('"A cell\nwith two lines"\n"Another, with a comma"', ["A cell with two lines", "Another, with a comma"]),
        ('"Too dear," she said.\nAnd left.', ["Too dear, she said.", "And left."]),
        ("", []),
        (" \n\t\n", []),
    ],
)
def test_sentences_come_from_lists_and_from_spreadsheets(pasted, lines):
    assert lines_of(pasted) == lines


def test_a_quote_that_never_ends_loses_nothing():
    assert "And left." in " ".join(lines_of('"Too dear, she said.\nAnd left.'))


def test_each_line_gets_its_verdict():
    lines = [
        "that's just not in our price range",
        "Okay, that sounds good.",
        "It costs too much. We can't pay that.",
        "Cheaper elsewhere.",
        "word " * 30,
    ]
    found = verdicts([*lines, "Your competitor is a good deal cheaper."], [PRICE])
    assert [one.flaw for one in found] == ["same", "general", "several", "short", "long", None]
    assert found[0].message == "The same as example 1."
    assert found[2].parts == ("It costs too much.", "We can't pay that.")
    assert [one.serves for one in found] == [False, False, False, True, False, True]


def test_repeats_within_what_is_pasted_name_the_line():
    found = verdicts(["Could you go any lower on that cost?", "Can you go any lower on that cost?"], [PRICE])
    assert (found[1].flaw, found[1].message) == ("alike", "Says the same as line 1.")


def test_of_a_whole_sheet_the_first_lines_are_taken():
    pasted = "\n".join(f"{PRICE} Number {n} of the {n * 37} there are" for n in range(5_000))
    assert len(verdicts(lines_of(pasted), [f"{PRICE} {n}" for n in range(100)])) == MOST_LINES
