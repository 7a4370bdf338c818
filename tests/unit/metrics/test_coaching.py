"""Remarks on names and definitions: what is weak, and what to do."""

from __future__ import annotations

import pytest

from workbench.metrics.coaching import coach, coach_definition
from workbench.metrics.name_coaching import coach_name, style_of

GOOD = {
    "definition": "The caller gave a name and a date of birth, and the agent confirmed that both match the account.",
    "success": "The agent says that name and date of birth match.",
    "failure": "The caller cannot give both, or the agent says that they do not match.",
    "partial": "The caller gave one of the two, and the other could not be confirmed.",
    "applies_when": "Once the caller asks for something that needs the account.",
}


def said(remarks, field=None):
    return " ".join(one.message for one in remarks if field is None or one.field == field)


def test_a_good_metric_needs_no_remark():
    assert coach("Auth: verified", **GOOD, others=["Auth: failed", "Booking completed"]) == []


@pytest.mark.parametrize(
    ("name", "others", "says"),
    [
        ("", (), "Give the metric a name"),
        ("Success", (), "what happened"),
        ("The caller was authenticated by two details in time", (), "9 words"),
        ("BOOKING_COMPLETED", ("Refund given", "Parcel found"), "Booking completed"),
        ("Booking completed", ("REFUND_GIVEN", "PARCEL_FOUND"), "BOOKING_COMPLETED"),
        ("Transfer to human", ("Handoff: done",), "“handoff” where this says “transfer”"),
        ("Escalations made", ("Call transfers",), "“transfers” where this says “escalations”"),
        ("Authentication failed", ("Auth: verified",), "Begin this one with “Auth: ”"),
        ("Booking cancelled", ("Booking completed",), "Begin both with “Booking: ”"),
        ("booking completed", ("Booking completed",), "Another metric has this name"),
    ],
)
def test_names(name, others, says):
    assert says in said(coach_name(name, others))


def test_names_that_mean_the_same():
    assert "the same as “Paid”" in said(coach_name("Money received", ["Paid", "Moved"], {"Paid": 0.9, "Moved": 0.2}))
    assert coach_name("Money received", ["Paid"], {"Paid": 0.5}) == []


def test_how_names_are_written():
    styles = [
        "BOOKING_DONE",
        "booking_done",
        "bookingDone",
        "Booking Done",
        "Booking done",
        "Auth: verified",
        "Auth: All Done",
    ]
    assert [style_of(one) for one in styles] == ["CONSTANT", "snake", "camel", "Title", "words", "words", "Title"]


@pytest.mark.parametrize(
    ("definition", "says"),
    [
        ("", "Say what must have happened"),
        ("Booking metric", "only repeats the name"),
        ("Check if the call went well", "“went well” can mean anything"),
        ("Something was booked", "under which exact condition"),
        ("The caller was verified by sufficient details and confirmed by the agent", "“sufficient” leaves it open"),
        ("Was the caller verified by two details that match the account?", "State it instead of asking"),
        ("word " * 90, "90 words"),
    ],
)
def test_definitions(definition, says):
    assert says in said(coach_definition(definition, "Booking"))


def test_what_is_not_said():
    remarks = coach(
        "Auth: verified", definition="After login the caller gave both name and date of birth to the agent."
    )
    assert {one.field for one in remarks} == {"success", "failure", "partial", "applies_when"}
    assert "“After” names a point" in said(remarks, "applies_when")
    same = coach("Auth: verified", **GOOD | {"failure": GOOD["success"].upper()})
    assert [one.level for one in same] == ["error"]
    assert "Name the point" in said(coach("Auth: verified", **GOOD | {"applies_when": "login"}))
    assert coach("Auth: verified", **GOOD | {"applies_when": "Every call"}) == []


def test_it_stands_by_itself():
    leaning = GOOD | {"definition": "The same as booking completed, with a text message sent to the caller besides."}
    found = coach("SMS sent", **leaning, others=["Booking completed"])
    assert "depends on the metric “Booking completed”" in said(found)


def test_categories_are_told_apart():
    assert "at least two" in said(coach("Route", kind="categorical"), "categories")
    told = "Sales where the caller wants to buy, support where something does not work, other for the rest of calls."
    assert (
        said(coach("Route", kind="categorical", categories=["Sales", "Support"], definition=told), "categories") == ""
    )
    unsaid = coach("Route", kind="categorical", categories=["Sales", "Billing"], definition=told)
    assert "“Billing”" in said(unsaid, "categories")
