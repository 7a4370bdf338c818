"""Metrics as a user would define them, with what is true of each call; written before any was measured.

The truth of a call follows from which labels its turns carry: whether it gets so far (``applies``), whether it is so
(``true``), and whether it is partly so (``partial``). What the local judge does with definitions was chosen on
``CHOSEN_ON`` alone.
"""

from __future__ import annotations

from collections.abc import Set
from typing import NamedTuple

from workbench.domain.metrics import NOT_APPLICABLE, PARTIAL, Value


class Judged(NamedTuple):
    """A boolean metric from a question, and the labels that are the truth of it; none means that it is never so."""

    corpus: str  # sample, sgd or p4g
    side: str
    question: str
    true: str
    partial: str = ""
    applies: str = ""
    success: str = ""
    failure: str = ""
    partly: str = ""
    applies_when: str = ""

    def value(self, labels: Set[str]) -> Value:
        """Return the value of a call with these labels."""
        if self.applies and self.applies not in labels:
            return NOT_APPLICABLE
        if self.true in labels:
            return True
        return PARTIAL if self.partial in labels else False


REPORTED = (
    Judged(
        corpus="sample",
        side="customer",
        question="Did the customer ask for a discount or better terms?",
        success="The customer asks for a lower price or for better terms.",
        failure="The customer only asks what it costs.",
        partly="The customer says that the money is not there, but does not ask for less.",
        applies_when="Once the customer finds the price too high.",
        true="discount_request",
        partial="budget_constraint",
        applies="pricing_objection",
    ),
    Judged(
        corpus="sample",
        side="customer",
        question="Does the customer want to cancel the contract?",
        success="The customer wants to end the contract, or not to renew it.",
        partly="The customer is unhappy with our product or our service, but does not want to cancel.",
        true="cancellation_intent",
        partial="dissatisfaction",
    ),
    Judged(
        corpus="sample",
        side="anyone",
        question="Was a next step agreed?",
        applies_when="It applies only after the customer has said that it is too expensive.",
        true="next_step_agreed",
        applies="pricing_objection",
    ),
    Judged(
        corpus="sgd",
        side="company",
        question="Did our rep give the phone number?",
        applies_when="Once the customer asks for a phone number.",
        true="SYSTEM:INFORM:phone_number",
        applies="USER:REQUEST:phone_number",
    ),
    Judged(
        corpus="sgd",
        side="customer",
        question="Did the customer accept what our rep offered to do next?",
        failure="The customer turns it down.",
        applies_when="Once our rep has offered to make a booking.",
        true="USER:AFFIRM_INTENT",
        applies="SYSTEM:OFFER_INTENT",
    ),
    Judged(
        corpus="p4g",
        side="customer",
        question="Did the customer ask how to donate?",
        partly="The customer asks about the organisation, but not how to donate.",
        true="EE:ask-donation-procedure",
        partial="EE:ask-org-info",
    ),
)
CHOSEN_ON = (
    Judged(
        corpus="p4g",
        side="customer",
        question="Did the customer agree to donate?",
        success="The customer says that they will donate.",
        failure="The customer does not want to donate.",
        partly="The customer is not sure yet, or wants to think about it.",
        applies_when="Once our rep has asked for a donation.",
        true="EE:agree-donation",
        partial="EE:neutral-reaction-to-donation",
        applies="ER:proposition-of-donation",
    ),
    Judged(
        corpus="sgd",
        side="company",
        question="Did our rep say that the booking is made?",
        success="Our rep says that the booking succeeded.",
        partly="Our rep says that the booking failed.",
        applies_when="Once our rep reads the details back and asks whether they are right.",
        true="SYSTEM:NOTIFY_SUCCESS",
        partial="SYSTEM:NOTIFY_FAILURE",
        applies="SYSTEM:CONFIRM",
    ),
    Judged(
        corpus="sample",
        side="customer",
        question="Did the customer mention a deadline?",
        applies_when="After the customer talks about problems with how they work today.",
        true="urgency_timing",
        applies="pain_point",
    ),
    Judged(
        corpus="sample",
        side="customer",
        question="Did the customer object to the price?",
        partly="The customer says that they don't have the budget, but not that it is too expensive.",
        true="pricing_objection",
        partial="budget_constraint",
    ),
)
