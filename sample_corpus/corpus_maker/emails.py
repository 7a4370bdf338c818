"""E-mails that follow some of the calls: threads of one to three messages."""

from __future__ import annotations

import random
from datetime import timedelta

from . import people
from .bank import Bank
from .calendar import Event
from .calls import party_of
from .scripts import RATES
from .talk import Sentence, Talk

SHARE = 0.24  # of the English external calls get a thread
SUBJECTS = ("Our call", "Documents", "Next steps", "Open questions", "Summary", "Your request")
WRITTEN = ("next_step_agreed", "pricing_objection", "discount_request", "budget_constraint",
           "competitor_alternative", "decision_authority", "urgency_timing", "dissatisfaction", "praise",
           "cancellation_intent", "escalation_request")  # fmt: skip


def make_emails(
    events: list[Event], accounts: list[str], bank: Bank, rng: random.Random
) -> tuple[list[dict], list[Sentence]]:
    """Threads after a share of the calls; each message is one conversation of kind "email"."""
    emails: list[dict] = []
    sentences: list[Sentence] = []
    for event in events:
        if event.account is None or event.account.language != "en" or rng.random() > SHARE:
            continue
        thread = f"thread-{len(emails):04d}"
        subject = f"{rng.choice(SUBJECTS)}: {event.account.name}"
        for reply in range(rng.choice((1, 1, 2, 3))):
            email, written = _message(len(emails), event, reply, accounts, bank, rng)
            email |= {"thread": thread, "title": ("Re: " if reply else "") + subject}
            emails.append(email)
            sentences += written
    return emails, sentences


def _message(
    number: int, event: Event, reply: int, accounts: list[str], bank: Bank, rng: random.Random
) -> tuple[dict, list[Sentence]]:
    account, rep = event.account, event.rep
    sender, receiver = ("customer", "company") if reply % 2 else ("company", "customer")
    people_of = {
        "company": party_of(rep.name, "company", rep.team, "tallyfern"),
        "customer": party_of(account.contacts[0], "customer", None, account.name),
    }
    slots = people.slots_for(account, rep, event.started, accounts, rng)
    talk = Talk(bank, rng, slots, {"me": [people_of[sender]["id"]]}, spoken=0.0)
    talk.say("me", f"mail.hello.{sender}", *_body(sender, event, rng), f"mail.bye.{sender}")
    email_id = f"email-{number:04d}"
    turns, sentences = talk.finish(email_id, timed=False)
    sent = event.started + timedelta(hours=2 + 20 * reply, minutes=rng.randrange(60))
    email = {
        "id": email_id, "kind": "email", "title": None, "started": sent.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "direction": "inbound" if reply % 2 else "outbound", "scope": "external", "language": "en",
        "account": account.name, "team": rep.team, "thread": None,
        "fields": {"region": account.region, "industry": account.trade.industry, "product": account.product},
        "parties": [people_of[sender], people_of[receiver]], "turns": turns,
    }  # fmt: skip
    return email, sentences


def _body(sender: str, event: Event, rng: random.Random) -> list[str]:
    """Plain business sentences, now and then a concept that goes with the kind of call."""
    pools = [f"mail.{sender}"] * rng.choice((1, 2, 2, 3))
    if sender == "company":
        return [*pools, *["next_step.rep"] * (rng.random() < 0.3)]
    likely = [name for name in RATES[event.kind] if name in WRITTEN]
    if likely and rng.random() < 0.5:
        pools.append(rng.choice(likely))
    return [*pools, *["next_step.cust"] * (rng.random() < 0.25)]
