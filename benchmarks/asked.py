"""Questions as a user would ask them, each with the label whose sentences answer it; written before any was measured.

The fifteen that are reported are about the first ten labels of the sample corpus in alphabetical order, and the first
five of SGD-8 as they stand in ``benchmarks.quality.corpora``. What the judge is made of was chosen on the others alone.
"""

from __future__ import annotations

from typing import NamedTuple


class Asked(NamedTuple):
    """A question about the sentences of one side, and the label that is its ground truth."""

    corpus: str  # sample, sgd or p4g
    label: str
    side: str
    question: str


REPORTED = (
    Asked("sample", "budget_constraint", "customer", "Did the customer say that they don't have the budget?"),
    Asked("sample", "cancellation_intent", "customer", "Does the customer want to cancel the contract?"),
    Asked("sample", "competitor_alternative", "customer", "Did the customer mention a competitor or another option?"),
    Asked("sample", "decision_authority", "customer", "Did the customer say who makes the decision?"),
    Asked("sample", "discount_request", "customer", "Did the customer ask for a discount or better terms?"),
    Asked("sample", "dissatisfaction", "customer", "Is the customer unhappy with our product or our service?"),
    Asked("sample", "escalation_request", "customer", "Did the customer ask to speak to a manager?"),
    Asked("sample", "identity_check", "company", "Did our rep verify the identity of the caller?"),
    Asked("sample", "next_step_agreed", "anyone", "Was a next step agreed?"),
    Asked("sample", "pain_point", "customer", "Did the customer talk about problems with how they work today?"),
    Asked("sgd", "USER:REQUEST_ALTS", "customer", "Did the customer ask for other options?"),
    Asked("sgd", "USER:NEGATE_INTENT", "customer", "Did the customer turn down what our rep offered to do next?"),
    Asked("sgd", "USER:REQUEST:phone_number", "customer", "Did the customer ask for a phone number?"),
    Asked("sgd", "SYSTEM:OFFER_INTENT", "company", "Did our rep offer to make a booking?"),
    Asked("sgd", "USER:INFORM_INTENT:FindProvider", "customer", "Is the customer looking for a doctor or a therapist?"),
)
CHOSEN_ON = (
    Asked("sample", "praise", "customer", "Did the customer praise our product or our people?"),
    Asked("sample", "pricing_objection", "customer", "Did the customer object to the price?"),
    Asked("sample", "recording_notice", "company", "Did our rep say that the call is recorded?"),
    Asked("sample", "urgency_timing", "customer", "Did the customer mention a deadline?"),
    Asked("sgd", "USER:NEGATE", "customer", "Did the customer say that the details were wrong?"),
    Asked("sgd", "USER:INFORM:number_of_seats", "customer", "Did the customer say how many people are coming?"),
    Asked("sgd", "SYSTEM:OFFER:price", "company", "Did our rep name a price?"),
    Asked("sgd", "USER:INFORM_INTENT:GetWeather", "customer", "Does the customer want to know the weather?"),
    Asked("sgd", "SYSTEM:REQ_MORE", "company", "Did our rep ask whether there is anything else to do?"),
    Asked("sgd", "SYSTEM:REQUEST:city", "company", "Did our rep ask which city it is?"),
    Asked("sgd", "USER:INFORM:additional_luggage", "customer", "Does the customer have extra luggage?"),
    Asked("sgd", "SYSTEM:NOTIFY_FAILURE", "company", "Did our rep say that the booking failed?"),
    Asked("sgd", "USER:REQUEST:total_price", "customer", "Did the customer ask about the total price?"),
    Asked("p4g", "EE:agree-donation", "customer", "Did the customer agree to donate?"),
    Asked("p4g", "EE:ask-donation-procedure", "customer", "Did the customer ask how to donate?"),
    Asked("p4g", "EE:negative-reaction-to-donation", "customer", "Did the customer refuse to donate?"),
    Asked("p4g", "ER:foot-in-the-door", "company", "Did our rep ask for just a small donation?"),
    Asked("p4g", "ER:self-modeling", "company", "Did our rep say that they donate themselves?"),
    Asked("p4g", "ER:praise-user", "company", "Did our rep praise the customer?"),
)
