"""Moves: short exchanges that a call is put together from."""

from __future__ import annotations

from .talk import Talk

LED = {  # concept: how the company's person reacts
    "pricing_objection": "rep.after_money",
    "discount_request": "rep.after_money",
    "budget_constraint": "rep.after_money",
    "competitor_alternative": "rep.after_comp",
    "decision_authority": "rep.after_authority",
    "urgency_timing": "rep.after_urgency",
    "pain_point": "rep.after_pain",
    "dissatisfaction": "agent.soothe",
    "escalation_request": "agent.soothe",
    "cancellation_intent": "agent.soothe",
    "praise": "rep.after_praise",
}

ASKED = {  # concept: the question that may lead to it
    "pricing_objection": "lead.money", "discount_request": "lead.money", "budget_constraint": "lead.money",
    "competitor_alternative": "lead.comp", "urgency_timing": "lead.time", "pain_point": "lead.pain",
    "dissatisfaction": "lead.mood", "praise": "lead.mood",
}  # fmt: skip


def concept(talk: Talk, name: str) -> None:
    """The customer raises a concept, once or twice, and is answered."""
    if name == "decision_authority" and talk.rng.random() < 0.45:
        return authority_asked(talk)
    talk.change_voice("cust", 0.2)
    if name in ASKED and talk.asks and talk.rng.random() < 0.45:
        talk.say("rep", ASKED[name])
    talk.say("cust", *[name] * (1 + (talk.rng.random() < 0.35)))
    talk.say("rep", LED[name])
    if talk.rng.random() < 0.25:
        talk.say("cust", name)
        talk.say("rep", LED[name])
    return None


def authority_asked(talk: Talk) -> None:
    """Somebody asks who signs; the answer alone would not tell."""
    talk.say("rep", "ctx.authority_q")
    talk.say("cust", "ctx.authority_a")
    talk.say("rep", "rep.after_authority")


def authority_decoy(talk: Talk) -> None:
    """The same short answers to a question about something else."""
    talk.say("rep", "ctx.authority_decoy_q")
    talk.say("cust", "ctx.authority_decoy_a")
    talk.say("rep", "ack.rep")


def yes_decoy(talk: Talk) -> None:
    """A yes that agrees to no next step."""
    talk.say("rep", "decoy_yes_q")
    talk.say("cust", "decoy_yes_a")


def near_question(talk: Talk) -> None:
    """The customer asks about the product in the words of a concept."""
    talk.change_voice("cust", 0.2)
    talk.say("cust", "near.q")
    talk.say("rep", "near.a", *["near.s.company"] * (talk.rng.random() < 0.5))
    if talk.rng.random() < 0.4:
        talk.say("cust", "ack.cust")


def near_talk(talk: Talk) -> None:
    """The customer tells something in the words of a concept."""
    talk.say("cust", "near.s.customer")
    talk.say("rep", "ack.rep")


def topic(talk: Talk, name: str) -> None:
    """A question of the company's person, the answer, perhaps a second round."""
    rng = talk.rng
    talk.change_voice("cust", 0.15)
    demo = name.startswith("demo.")
    talk.say("rep", *["bridge.rep"] * (rng.random() < 0.2), f"{name}.q")
    talk.say("cust", f"{name}.a", *[f"{name}.m"] * (not demo and rng.random() < 0.6))
    if demo:
        talk.say("rep", f"{name}.m", *["near.s.company"] * (rng.random() < 0.15))
        talk.say("cust", f"{name}.r" if rng.random() < 0.6 else "ack.cust")
    else:
        talk.say("rep", f"{name}.r")
    if rng.random() < 0.5:
        talk.say("cust", f"{name}.a" if demo else f"{name}.m")
        talk.say("rep", f"{name}.m" if demo else "ack.rep")


def issue(talk: Talk, name: str, first: bool = True) -> None:
    """A support case from report to confirmation."""
    rng = talk.rng
    talk.say("cust", *["bridge.cust"] * (not first), f"{name}.p")
    talk.say("rep", f"{name}.d")
    talk.say("cust", f"{name}.a")
    if rng.random() < 0.6:
        talk.say("rep", f"{name}.d")
        talk.say("cust", f"{name}.a")
    talk.say("rep", f"{name}.f")
    if rng.random() < 0.5:
        talk.say("cust", "bc")
        talk.say("rep", f"{name}.f")
    talk.say("cust", f"{name}.c")


def small_talk(talk: Talk) -> None:
    """A word about the weather or the weekend."""
    names = [n for n in talk.bank.topics(talk.pool("small.")) if n != talk.pool("small")]
    name = talk.rng.choice(names).removeprefix(f"{talk.language}.")
    talk.say("rep", f"{name}.q")
    talk.say("cust", f"{name}.a")
    talk.say("rep", "small.r")


def recording_notice(talk: Talk) -> None:
    """The company's person says that the call is recorded."""
    talk.say("rep", *["recording_notice"] * (1 + (talk.rng.random() < 0.2)))
    talk.say("cust", "recording_answer")


def identity(talk: Talk) -> None:
    """The caller is checked with one to three questions."""
    for _ in range(talk.rng.choice((1, 2, 2, 3))):
        talk.say("rep", "identity_check")
        talk.say("cust", "cust.identity_answer")


def next_steps(talk: Talk, rounds: int) -> None:
    """Proposal and acceptance, or plain commitments."""
    for _ in range(rounds):
        kind = talk.rng.random()
        if kind < 0.5:
            talk.say("rep", "propose")
            talk.say("cust", "ctx.next_a")
        elif kind < 0.75:
            talk.say("rep", "next_step.rep")
            talk.say("cust", "bc")
        else:
            talk.say("cust", "next_step.cust")
            talk.say("rep", "bc")


def internal_point(talk: Talk, name: str) -> None:
    """One point of an internal meeting; everybody may speak."""
    rng = talk.rng
    talk.change_voice("cust", 0.8)
    talk.say("rep", f"{name}.q")
    talk.say("cust", f"{name}.a", *[f"{name}.m"] * (rng.random() < 0.5))
    talk.say("rep", f"{name}.r")
    if rng.random() < 0.6:
        talk.change_voice("cust", 0.8)
        talk.say("cust", f"{name}.m" if rng.random() < 0.5 else f"{name}.a")
        talk.say("rep", "bc")
