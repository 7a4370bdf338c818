"""A question about a call as what would be said in it: "Did they ask for a discount?" as "Can I get a discount?".

Whoever answers a question says no question: sentences are nearer to one another than to what is asked about them. The
rewriting uses the words that English questions are made of; their verbs stand in ``forms.toml``. A question of
another form, or in another language, stands as it is.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from workbench.domain.texts import normalise

_MOST = 12
_AUX = r"(?:did|does|do|is|was|were|are|has|have|had|will|would|can|could)"
_WHO = r"(?:(?:the|our|any|a|an|one of the|one of our) )?(?:\w+ )??"
_CUSTOMER = r"customers?|callers?|clients?|buyers?|prospects?|users?|they|contacts?"
_COMPANY = r"reps?|agents?|sellers?|sales ?(?:people|person)|team|colleagues?|we|advis[eo]rs?"
_ANYONE = r"anyone|anybody|someone|somebody|people|any party|participants?|speakers?|either side"
_ASKED = re.compile(
    rf"(?P<aux>{_AUX})(?:n['’]t)? (?P<subject>{_WHO}(?P<who>{_CUSTOMER}|{_COMPANY}|{_ANYONE}))(?: on the call)? "
    r"(?P<rest>.+?)[\s?.!]*",
    re.IGNORECASE,
)
_OF_A_THING = re.compile(rf"{_AUX} (?P<thing>.+?) (?:been )?(?P<done>\w+ed|said|made|given|told|sent|set)\b", re.I)
_ASIDES = re.compile(r"\b(?:ever|also|actually|explicitly|clearly|at any point|during the call|in this call)\b ?", re.I)
_CLAUSE = r"(?=(?:how|who|what|when|where|why|which)\b)"
_BE = r"(?:be|is|are|was|were|been|being)"
_IRREGULAR = {
    "be": f"(?:{_BE} )?", "say": "(?:say|says|said)", "tell": "(?:tell|tells|told)",
    "think": "(?:think|thinks|thought)", "feel": "(?:feel|feels|felt)",
    "speak": "(?:speak|speaks|spoke|spoken)", "bring": "(?:bring|brings|brought)",
    "give": "(?:give|gives|gave|given)", "have": "(?:have|has|had|got)",
}  # fmt: skip
_SWAPPED = {
    "they": "we", "their": "our", "them": "us", "themselves": "ourselves", "theirs": "ours",
    "our": "your", "us": "you", "we": "you", "ours": "yours",
}  # fmt: skip
_OTHERS = r"\bthe (?:customer|caller|client|rep|agent)\b|\bour (?:rep|agent)\b"
_OTHER, _OF_OTHER = (
    re.compile(rf"(?:{_OTHERS})(?P<own>['’]s)?", re.I),
    re.compile(rf"\bthe (\w+) of (?:{_OTHERS})", re.I),
)
_QUOTED = re.compile(r"[“\"„]([^“”\"„]{3,})[”\"“]")
_PLACEHOLDER = re.compile(r"\[[^\]]*\]")


def statements(question: str, details: str = "") -> tuple[str, ...]:
    """Return what would be said where the answer is yes; the question itself where nothing else can be made of it.

    What the details give in quotation marks is taken as it is.
    """
    question = normalise(question)
    out: list[str] = []
    if matched := _ASKED.fullmatch(_ASIDES.sub("", question)):
        out = _spoken(matched["rest"], re.fullmatch(_COMPANY, matched["who"], re.IGNORECASE) is not None)
    elif thing := _OF_A_THING.match(question):
        what, done = thing["thing"], thing["done"]
        out = [f"{what} was {done}", f"let's {_base(done)} {what}", f"so we have {done} {what}"]
    out += [one for one in _QUOTED.findall(details) if not _PLACEHOLDER.search(one)]
    return tuple(dict.fromkeys(normalise(one) for one in out if normalise(one))) or (question,)


def declared(question: str) -> str:
    """Return the question as a statement about the call, as models of entailment want.

    So "Did the customer ask for a discount?" becomes "The customer did ask for a discount".

    The question itself where it has another form.
    """
    question = normalise(question)
    found = _ASKED.fullmatch(question)
    if not found:
        return question
    subject = found["subject"]
    return f"{subject[0].upper()}{subject[1:]} {found['aux'].lower()} {found['rest']}."


def _spoken(rest: str, company: bool) -> list[str]:
    for verb, said in _forms():
        if found := verb.match(rest):
            after = rest[found.end() :]
            parts = [_own_person(one, company) for one in _alternatives(after)] if after else []
            return [_agreeing(_filled(form, one)) for form in said for one in parts][:_MOST]
    own = _own_person(rest, company)
    if found := re.match(rf"{_BE} ", rest, re.IGNORECASE):
        what = own[found.end() :]
        return [f"I am {what}", f"we are {what}", f"it is {what}"]
    return [f"I {own}", f"we {own}", f"let's {own}"]


@cache
def _forms() -> tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]:
    table = tomllib.loads(Path(__file__).with_name("forms.toml").read_text(encoding="utf-8"))
    out = []
    for form in table["form"]:
        verbs = "|".join(_pattern(verb) for verb in sorted(form["verbs"], key=len, reverse=True))
        out.append((re.compile(rf"(?:{verbs})", re.IGNORECASE), tuple(form["said"])))
    return tuple(out)


def _pattern(verb: str) -> str:
    """Match a verb with what belongs to it, its first word in any inflection."""
    first, _, rest = verb.strip().partition(" ")
    words = [_CLAUSE if word == "*" else rf"{re.escape(word)}\b ?" for word in rest.split()]
    if first == "be":
        return _IRREGULAR[first] + "".join(words)
    stem = first.removesuffix("e").removesuffix("y")
    regular = rf"(?:{first}(?:s|es|d|ed|ing)?|{stem}(?:ed|ing|ies|ied))"
    return rf"{_IRREGULAR.get(first, regular)}\b ?{''.join(words)}"


def _alternatives(what: str) -> list[str]:
    """Return ``a discount`` and ``better terms`` of "a discount or better terms"."""
    return [one for one in re.split(r",? or |, ", what) if one]


def _filled(form: str, what: str) -> str:
    if "{?}" not in form:
        return form.replace("{}", what)
    words = what.split()
    if len(words) > 1 and words[1] in ("is", "are", "was", "were", "can", "will", "would", "have", "has"):
        words[0], words[1] = words[1], words[0]
    return form.replace("{?}", " ".join(words) + "?")


def _own_person(text: str, company: bool) -> str:
    """Return a clause as the speaker would say it of themselves; the other side becomes "you"."""
    text = _OF_OTHER.sub(r"your \1", text)
    text = _OTHER.sub(lambda found: "your" if found["own"] else "you", text)
    swapped = {k: v for k, v in _SWAPPED.items() if k.startswith("the") or not company}
    return re.sub(r"\b\w+\b", lambda found: swapped.get(found.group().lower(), found.group()), text)


def _agreeing(text: str) -> str:
    return re.sub(r"\b(you|we|they|people) is\b", r"\1 are", text)


def _base(done: str) -> str:
    known = {"agreed": "agree on", "said": "say", "made": "make", "given": "give", "told": "tell", "sent": "send"}
    return known.get(done.lower(), done.lower().removesuffix("ed"))
