"""Scripts: which moves make up which kind of call, and how likely each concept is in it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from . import moves
from .talk import Talk
from .world import Rep

# Expected number of times that a concept is raised in a call of a kind.
RATES: dict[str, dict[str, float]] = {
    "Prospecting": {
        "pain_point": 2.2,
        "competitor_alternative": 0.4,
        "budget_constraint": 0.25,
        "decision_authority": 0.6,
        "urgency_timing": 0.2,
        "pricing_objection": 0.2,
    },
    "Discovery": {
        "pain_point": 4.0,
        "competitor_alternative": 0.5,
        "budget_constraint": 0.3,
        "decision_authority": 1.0,
        "urgency_timing": 0.5,
        "pricing_objection": 0.2,
    },
    "Demo": {
        "pain_point": 1.8,
        "competitor_alternative": 0.7,
        "pricing_objection": 0.6,
        "decision_authority": 0.5,
        "urgency_timing": 0.4,
        "praise": 0.5,
        "discount_request": 0.1,
    },
    "Proposal": {
        "pricing_objection": 2.4,
        "discount_request": 0.9,
        "budget_constraint": 0.45,
        "competitor_alternative": 0.8,
        "decision_authority": 1.0,
        "urgency_timing": 0.5,
        "pain_point": 0.5,
    },
    "Negotiation": {
        "pricing_objection": 2.6,
        "discount_request": 1.6,
        "budget_constraint": 0.5,
        "competitor_alternative": 0.6,
        "decision_authority": 0.9,
        "urgency_timing": 0.7,
    },
    "Contract": {"discount_request": 0.5, "decision_authority": 0.7, "urgency_timing": 0.7, "praise": 0.2},
    "onboarding": {"praise": 0.6, "dissatisfaction": 0.5, "urgency_timing": 0.6, "pain_point": 0.8},
    "checkin": {
        "praise": 1.6,
        "dissatisfaction": 0.8,
        "cancellation_intent": 0.4,
        "pain_point": 0.6,
        "pricing_objection": 0.2,
        "competitor_alternative": 0.15,
    },
    "renewal": {
        "pricing_objection": 1.4,
        "discount_request": 1.0,
        "budget_constraint": 0.35,
        "praise": 0.5,
        "dissatisfaction": 0.7,
        "cancellation_intent": 1.8,
        "competitor_alternative": 0.5,
    },
    "support": {
        "dissatisfaction": 1.0,
        "escalation_request": 0.75,
        "urgency_timing": 0.4,
        "praise": 0.6,
        "cancellation_intent": 0.4,
        "pain_point": 0.1,
    },
}
TOPICS = {
    "Prospecting": ("disc.",),
    "Discovery": ("disc.",),
    "Demo": ("demo.",),
    "Proposal": ("terms.", "demo."),
    "Negotiation": ("terms.",),
    "Contract": ("terms.", "cs.onboard"),
    "onboarding": ("cs.onboard", "cs.training"),
    "checkin": ("cs.",),
    "renewal": ("cs.", "terms."),
}
SALES_ONLY = ("int.deal", "int.pipeline", "int.winloss")  # no points of a support meeting
DISCOUNTING = {"pricing_objection", "discount_request"}


@dataclass(frozen=True)
class Setting:
    """What shapes a call besides its kind. `month` counts from 0 to 13; `lost` deals object more."""

    kind: str
    month: int
    rep: Rep
    turns: int
    lost: bool = False
    telephone: bool = False


def play(talk: Talk, setting: Setting) -> None:
    """Fill a talk with a call of the setting's kind."""
    if setting.kind == "internal":
        internal(talk, setting)
    elif setting.kind == "support":
        support(talk, setting)
    else:
        meeting(talk, setting)


def expected(setting: Setting, name: str) -> float:
    """How often a concept is raised in such a call, with the drift over time and the person's way."""
    rate = RATES[setting.kind].get(name, 0.0)
    if name in DISCOUNTING:
        rate *= setting.rep.discounts
    if name == "competitor_alternative":
        rate *= 0.6 + 0.08 * setting.month
    if name == "dissatisfaction":
        rate *= 1.5 if 6 <= setting.month <= 8 else 0.85
    return rate * (1.25 if setting.lost and name != "praise" else 1.0)


def raised(rng: random.Random, setting: Setting) -> list[str]:
    """The concepts that come up in this call."""
    found: list[str] = []
    for name in RATES[setting.kind]:
        rate = expected(setting, name)
        found += [name] * (int(rate) + (rng.random() < rate % 1))
    unhappy = {"dissatisfaction", "escalation_request", "cancellation_intent"}
    if "praise" in found and unhappy & set(found):
        found = [n for n in found if n not in unhappy] if rng.random() < 0.4 else [n for n in found if n != "praise"]
    return found


def _notice(talk: Talk, setting: Setting) -> None:
    """The recording notice was made a rule in the spring; people take it up at their own pace."""
    if talk.rng.random() < 0.2 + 0.05 * setting.month + setting.rep.notice:
        moves.recording_notice(talk)


def _steps(talk: Talk, setting: Setting) -> None:
    if talk.rng.random() < 0.55 + 0.025 * setting.month + setting.rep.steps:
        moves.next_steps(talk, talk.rng.choice((2, 3, 3, 4)))


def _middle(talk: Talk, setting: Setting) -> list[Callable[[], None]]:
    """The moves between opening and closing, without topics."""
    rng = talk.rng
    parts: list[Callable[[], None]] = [partial(moves.concept, talk, name) for name in raised(rng, setting)]
    for move, chance in (
        (moves.near_question, 0.8),
        (moves.near_question, 0.4),
        (moves.near_talk, 0.6),
        (moves.near_talk, 0.3),
        (moves.yes_decoy, 0.5),
        (moves.authority_decoy, 0.22),
    ):
        if rng.random() < chance:
            parts.append(lambda move=move: move(talk))
    rng.shuffle(parts)
    return parts


def meeting(talk: Talk, setting: Setting) -> None:
    """Sales and customer success: opening, topics with what comes up between them, next steps, goodbye."""
    rng = talk.rng
    talk.say("rep", "open.rep")
    talk.say("cust", "open.cust")
    if rng.random() < 0.5:
        moves.small_talk(talk)
    _notice(talk, setting)
    talk.say("rep", "open.rep2")
    talk.say("cust", "bc")
    names = [n for prefix in TOPICS[setting.kind] for n in talk.bank.topics(talk.pool(prefix))]
    names = [n.removeprefix(f"{talk.language}.") for n in names]
    rng.shuffle(names)
    parts = _middle(talk, setting)
    _through(talk, parts, [lambda n=n: moves.topic(talk, n) for n in names], setting.turns - 6)
    _steps(talk, setting)
    goodbye(talk)


def _through(talk: Talk, parts: list[Callable[[], None]], topics: list[Callable[[], None]], until: int) -> None:
    """Topics and parts in turn until enough turns are there; every part is played, a topic comes first."""
    while parts or len(talk.turns) < until:
        if topics and (len(talk.turns) < until):
            topics.pop()()
        if parts:
            parts.pop()()
        elif not topics:
            break


def support(talk: Talk, setting: Setting) -> None:
    """A support call: greeting, check of the caller, the case, what else comes up, goodbye."""
    rng = talk.rng
    outbound = talk.slots["outbound"] == "yes"
    talk.say("rep", "open.support_out" if outbound else "open.support")
    talk.say("cust", "open.cust_support")
    _notice(talk, setting)
    if rng.random() < 0.62 + 0.015 * setting.month:
        moves.identity(talk)
    names = [n.removeprefix(f"{talk.language}.") for n in talk.bank.topics(talk.pool("issue."))]
    rng.shuffle(names)
    talk.asks = False
    topics = [lambda n=n, i=i: moves.issue(talk, n, i == 2) for i, n in enumerate(names[:3])]
    _through(talk, _middle(talk, setting), topics, setting.turns - 5)
    if rng.random() < 0.5:
        _steps(talk, setting)
    goodbye(talk)


def goodbye(talk: Talk) -> None:
    """Anything else, thanks and bye."""
    if talk.rng.random() < 0.5:
        talk.say("rep", "close.ask")
        talk.say("cust", "close.answer")
    talk.say("rep", "close.rep")
    talk.say("cust", "close.cust")
    if talk.rng.random() < 0.4:
        talk.say("rep", "close.rep")


def internal(talk: Talk, setting: Setting) -> None:
    """A team meeting or deal review."""
    talk.say("rep", "open.internal")
    talk.say("cust", "bc")
    skipped = SALES_ONLY if setting.rep.team == "Support" else ("int.tickets",)
    names = [name for name in talk.bank.topics("int.") if name not in skipped]
    talk.rng.shuffle(names)
    names += ["int.tickets", "int.product"] if setting.rep.team == "Support" else ["int.deal", "int.deal"]
    while names and len(talk.turns) < setting.turns - 3:
        moves.internal_point(talk, names.pop())
    talk.say("rep", "close.internal")
    talk.change_voice("cust", 0.5)
    talk.say("cust", "close.internal")
