from __future__ import annotations

import pytest

from workbench.judges.statements import declared, statements


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (
            "Did the customer ask for a discount or better terms?",
            {"can I get a discount?", "I would like better terms"},
        ),
        ("Does the client want to leave us?", {"I want to leave you", "we are going to leave you"}),
        ("Did our rep ask whether there is anything else?", {"is there anything else?"}),
        ("Is the customer unhappy with our support?", {"I am not happy with your support"}),
        ("Did they say that they have no money?", {"we have no money"}),
        ("Has our agent verified the identity of the caller?", {"can you confirm your identity?"}),
        ("Was a date agreed?", {"a date was agreed", "let's agree on a date"}),
        ("Are people frustrated by the delay?", {"I am not happy with the delay"}),
        ("Did the buyer explicitly mention Acme?", {"Acme", "we have Acme"}),
        ("Did the customer juggle?", {"I juggle"}),
    ],
)
def test_questions_become_what_would_be_said(question, said):
    assert said <= set(statements(question))


@pytest.mark.parametrize(
    "question", ["Pricing", "¿El cliente pidió un descuento?", "Why did they leave?", "?", "a" * 300]
)
def test_any_other_question_stands_as_it_is(question):
    assert statements(question) == (question,)


def test_the_details_speak_in_quotes():
    found = statements("Pricing", 'Cost and fees. “Is that per seat?” "Too much!" “we use [name]”')
    assert found == ("Is that per seat?", "Too much!")


def test_a_question_as_a_statement_about_the_call():
    assert declared("Did the customer ask for a discount?") == "The customer did ask for a discount."
    assert declared("Is the caller angry?") == "The caller is angry."
    assert declared("Pricing") == "Pricing"
