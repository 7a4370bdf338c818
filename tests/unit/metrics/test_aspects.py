"""What a definition asks of a call: conditions as they would be spoken, outcomes, and what is said of a category."""

from __future__ import annotations

import pytest

from workbench.domain.metric_checks import checked_body
from workbench.domain.metrics import Metric
from workbench.metrics.aspects import about, aspects, outcomes, spoken
from workbench.store.moments import now


def metric(**values):
    source = {"type": "question", "question": "Did the customer pay?", "side": "customer"}
    return Metric(id="m", name="Paid", created=now(), changed=now(), **checked_body({"source": source, **values}))


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("Once the customer asks for a discount.", "can I get a discount?"),
        ("It applies only after our rep has asked for a phone number", "can I get a phone number?"),
        ("The customer wants to pay, but cannot.", "I want to pay"),
        ("Booking failed", "Booking failed"),
    ],
)
def test_a_condition_as_it_would_be_spoken(condition, said):
    assert said in spoken(condition)


def test_each_sentence_of_a_condition_counts():
    assert len(spoken("The parcel is late. Nobody is at home!")) == 2
    assert spoken(" … ") == ()


def test_the_order_in_which_things_are_looked_for():
    whole = metric(partial="The customer pays a part.", applies_when="Once there is an invoice.")
    assert [(one.value, one.side) for one in aspects(whole)] == [
        (True, "customer"),
        ("partial", "customer"),
        (False, "anyone"),
    ]
    assert [one.value for one in aspects(metric())] == [True]
    assert [one.value for one in aspects(metric(partial="?"))] == [True]


def test_outcomes_say_when_a_call_has_them():
    assert outcomes(metric(success="It is paid.", failure="It is not.")) == ()
    found = dict(outcomes(metric(failure="It is not.", partial="A part is.", applies_when="Once it is due")))
    assert list(found) == ["true", "partial", "false", "not_applicable"]
    assert found["false"] == "It is not."
    assert found["partial"] == "A part is."
    assert "Once it is due" in found["not_applicable"]
    assert list(dict(outcomes(metric(kind="categorical", categories=["a", "b"])))) == ["a", "b", "not_applicable"]


def test_what_a_definition_says_of_a_category():
    definition = "Sales: the caller wants to buy. A call is Support where something is broken; other calls are neither."
    assert about(definition, "Sales") == ("the caller wants to buy.",)
    assert about(definition, "Support") == ("A call is Support where something is broken;",)
    assert about(definition, "Legal") == ()
