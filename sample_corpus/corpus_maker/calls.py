"""Turns planned events into calls."""

from __future__ import annotations

import random
import unicodedata

from . import people, world
from .bank import Bank
from .calendar import Event, month_of
from .scripts import Setting, play
from .talk import Sentence, Talk
from .world import Account, Rep

TITLES = {
    "Prospecting": "First contact",
    "Discovery": "Discovery",
    "Demo": "Demo",
    "Proposal": "Offer walk-through",
    "Negotiation": "Commercial talk",
    "Contract": "Contract details",
    "onboarding": "Onboarding",
    "checkin": "Check-in",
    "renewal": "Renewal",
    "support": "Support case",
}


def party_of(name: str, side: str, team: str | None, account: str) -> dict:
    """One party with an address at an example domain."""
    plain = unicodedata.normalize("NFKD", name)
    local = "".join(c for c in plain.lower().replace(" ", ".") if c.isascii() and (c.isalnum() or c == "."))
    firm = "".join(c for c in account.lower() if c.isascii() and c.isalnum())
    host = "tallyfern.example" if side == "company" else f"{firm}.example"
    return {"id": local, "name": name, "side": side, "team": team, "email": f"{local}@{host}"}


def _company(rep: Rep | str) -> dict:
    name, team = (rep, "Engineering") if isinstance(rep, str) else (rep.name, rep.team)
    return party_of(name, "company", team, "tallyfern")


def make_call(
    number: int, event: Event, accounts: list[Account], bank: Bank, rng: random.Random, brief: bool = False
) -> tuple[dict, list[Sentence]]:
    """One call and its sentences. `brief` makes a call of a few turns, short enough for a sound file."""
    if event.account is None:
        return _internal(number, event, accounts, bank, rng)
    account = event.account
    parties, voices = _parties(event, account, rng)
    language = account.language
    outbound = rng.random() < 0.2
    slots = people.slots_for(account, event.rep, event.started, [a.name for a in accounts if a is not account], rng)
    engineers = [p["name"].split(" ")[0] for p in parties if p["team"] == "Engineering"]
    slots |= {"outbound": "yes" if outbound else "no"} | ({"colleague": engineers[0]} if engineers else {})
    raw = rng.random() < 0.2 and not brief
    talk = Talk(bank, rng, slots, voices, language=language, spoken=rng.uniform(0.12, 0.42), raw=raw)
    length = 3 if brief else round(rng.triangular(20, 58, 30 if event.kind == "support" else 36))
    lost = event.deal is not None and event.deal.outcome == "lost"
    play(talk, Setting(event.kind, month_of(event.started), event.rep, length, lost))
    call_id = f"call-{number:04d}"
    if brief:
        talk.turns = talk.turns[:6] + talk.turns[-2:]
    turns, sentences = talk.finish(call_id)
    channel, direction = _manner(event, outbound, rng)
    stage = event.kind if event.kind in world.STAGES else "Renewal"
    deal = event.deal and {
        "id": event.deal.id,
        "stage": stage,
        "amount": event.deal.amount,
        "outcome": event.deal.outcome,
    }
    call = {
        "id": call_id,
        "kind": "call",
        "title": f"{TITLES[event.kind]}: {account.name}",
        **_facts(event, turns),
        "direction": direction,
        "channel": channel,
        "scope": "external",
        "language": language,
        "account": account.name,
        "deal": deal,
        "team": event.rep.team,
        "fields": {
            "region": account.region,
            "industry": account.trade.industry,
            "product": account.product,
            "call_type": TITLES[event.kind].lower(),
            "machine_transcript": raw,
        },
        "parties": parties,
        "turns": turns,
    }
    return call, sentences


def _facts(event: Event, turns: list[dict]) -> dict:
    started = event.started.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"started": started, "duration_s": round(turns[-1]["end_s"] + 1.0, 1)}


def _parties(event: Event, account: Account, rng: random.Random) -> tuple[list[dict], dict[str, list[str]]]:
    """Who is in the call: one or two a side; the second customer is somebody the sentences do not name."""
    company = [_company(event.rep)]
    customer = [party_of(account.contacts[0], "customer", None, account.name)]
    if event.kind in ("Demo", "Contract", "onboarding") and rng.random() < 0.6:
        company.append(_company(rng.choice(world.ENGINEERS)))
    if event.kind not in ("support", "Prospecting") and rng.random() < 0.4:
        customer.append(party_of(account.contacts[3], "customer", None, account.name))
    voices = {"rep": [p["id"] for p in company], "cust": [p["id"] for p in customer]}
    return company + customer, voices


def _manner(event: Event, outbound: bool, rng: random.Random) -> tuple[str, str]:
    """Channel and direction that go with the kind of call."""
    if event.kind == "support":
        return "telephony", "outbound" if outbound else "inbound"
    if event.kind == "Prospecting":
        return "telephony", rng.choice(("outbound", "outbound", "inbound"))
    if rng.random() < 0.15:
        return "telephony", "outbound"
    return "web_conference", "conference"


def _internal(
    number: int, event: Event, accounts: list[Account], bank: Bank, rng: random.Random
) -> tuple[dict, list[Sentence]]:
    """A team meeting: the first of the team leads it."""
    team = [r for r in world.REPS if r.team == event.rep.team]
    parties = [_company(r) for r in team]
    slots = people.slots_for(rng.choice(accounts[:40]), event.rep, event.started, [a.name for a in accounts], rng)
    english = [a.name for a in accounts if a.language == "en"]
    slots |= {"otheracct": lambda r: r.choice(english), "colleague": lambda r: r.choice(team[1:]).first}
    voices = {"rep": [parties[0]["id"]], "cust": [p["id"] for p in parties[1:]]}
    talk = Talk(bank, rng, slots, voices, spoken=rng.uniform(0.12, 0.42), raw=rng.random() < 0.2)
    play(talk, Setting("internal", month_of(event.started), event.rep, round(rng.triangular(20, 50, 30))))
    call_id = f"call-{number:04d}"
    turns, sentences = talk.finish(call_id)
    call = {
        "id": call_id,
        "kind": "call",
        "title": f"Team meeting: {event.rep.team}",
        **_facts(event, turns),
        "direction": "conference",
        "channel": "web_conference",
        "scope": "internal",
        "language": "en",
        "account": None,
        "deal": None,
        "team": event.rep.team,
        "fields": {"call_type": "team meeting", "machine_transcript": talk.raw},
        "parties": parties,
        "turns": turns,
    }
    return call, sentences
