"""Domain objects as plain JSON for the widgets' pages. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from workbench.domain.advice import Advice
from workbench.domain.assessments import Assessment, assess, in_words, of_estimate
from workbench.domain.estimates import DialPoint, Estimate, HeldOutEstimate, Interval
from workbench.domain.evidence import Piece
from workbench.domain.filters import Filters
from workbench.domain.language_tags import language_tag
from workbench.domain.plurals import plural
from workbench.domain.rounds import Round
from workbench.domain.tags import Candidate, ContextSentence, FoundCounts
from workbench.widgets.protocol import (
    AdviceView,
    AssessmentView,
    CardView,
    ContextView,
    FacetsView,
    FiltersForm,
    Form,
    FoundView,
    IntervalView,
    MeasureView,
    PieceView,
    RoundView,
    SettingView,
    SightView,
    SuggestionView,
    SummaryView,
    TuningView,
)

if TYPE_CHECKING:
    from workbench.corpus.views import SentenceInContext

LONGEST_TEXT, LONGEST_CONTEXT, LONGEST_NAME = 1_000, 400, 120  # characters; the call viewer shows whole sentences
PULLS = 0.15  # of the decision value, whose margins are at -1 and 1


def clock(seconds: float | None) -> str | None:
    """Return seconds in the form 4:07 or 1:02:33."""
    if seconds is None:
        return None
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def day(moment: datetime | None) -> str | None:
    """Return a date such as 3 Mar 2026."""
    return None if moment is None else f"{moment.day} {moment:%b %Y}"


def clip(text: str, most: int) -> str:
    """Return the text, or its beginning and the number of omitted characters: endless words freeze a page."""
    return text if len(text) <= most else f"{text[:most]}… ({plural(len(text) - most, 'more character')})"


def clip_name(name: str | None) -> str | None:
    return None if name is None else clip(name, LONGEST_NAME)


def card(candidate: Candidate) -> CardView:
    """Return a candidate as a card; the answer is separate, because it changes more often."""
    return {
        **sight(candidate, candidate.sentence_id),
        "reason": candidate.reason.value,
        "score": float(candidate.score),
        "outside": candidate.outside,
    }


def sight(sentence: Candidate | SentenceInContext, sentence_id: str) -> SightView:
    """Return a sentence with its context."""
    return {
        "conversation_id": sentence.conversation_id,
        "sentence_id": sentence_id,
        "text": clip(sentence.text, LONGEST_TEXT),
        "before": [context(one) for one in sentence.before],
        "after": [context(one) for one in sentence.after],
        "speaker": clip_name(sentence.speaker),
        "side": sentence.side,
        "time": clock(sentence.start_s),
        "title": clip_name(sentence.title),
        "date": day(sentence.started),
    }


def context(sentence: ContextSentence) -> ContextView:
    return {
        "text": clip(sentence.text, LONGEST_CONTEXT),
        "speaker": clip_name(sentence.speaker),
        "side": sentence.side,
        "time": clock(sentence.start_s),
    }


def piece(part: Piece) -> PieceView:
    """Return a part of a sentence; small effects are left out, as any word has a small one."""
    return {"text": part.text, "speaks": "for" if part.pull >= PULLS else "against" if part.pull <= -PULLS else ""}


def pieces(parts: Sequence[Piece]) -> list[PieceView]:
    """Return the parts that fit on a card."""
    out, room = [], LONGEST_TEXT
    for part in parts:
        out.append({**piece(part), "text": clip(part.text, max(room, 0))} if len(part.text) > room else piece(part))
        room -= len(part.text)
        if room <= 0:
            break
    return out


def others(answered: Mapping[str, int]) -> str:
    """Return a note on who else answers the open round; empty if nobody does."""
    if not answered:
        return ""
    verb, count = "answers" if len(answered) == 1 else "answer", sum(answered.values())
    shared = "Sentences answered by others are not asked again, except for one in five."
    return f"{_listed(answered)} {verb} this round, too: {count} so far. {shared}"


def completed(number: int, answered: Mapping[str, int]) -> str:
    """Return a note for a round that was completed while a card of it was shown."""
    where = f"with answers of {_listed(answered)}" if answered else "in another window"
    return f"Round {number} was completed {where}. All answers are kept."


def refilled(outside: int) -> str:
    """Return a note for filters that were changed while a round is open."""
    kept = f" Of those answered, {outside} lie outside them and still teach the tracker." if outside else ""
    return f"The tracker's filters have changed: cards that no longer match were replaced.{kept}"


def _listed(names: Iterable[str]) -> str:
    *first, last = sorted(name or "somebody" for name in names)
    return clip(f"{', '.join(first)} and {last}" if first else last, LONGEST_NAME)


def summary(candidates: Sequence[Candidate]) -> SummaryView:
    """Return the answers of a round's ``candidates``, counted."""
    answers = [str(candidate.answer) for candidate in candidates if candidate.answer]
    return {
        "round": candidates[0].round if candidates else 0,
        "yes": answers.count("yes"),
        "no": answers.count("no"),
        "not_sure": answers.count("not_sure"),
    }


def rounds(done: Sequence[Round]) -> list[RoundView]:
    """Return the completed rounds that have an estimate, with cumulative counts of tags."""
    out: list[RoundView] = []
    tags = yes = 0
    for one in done:
        tags += one.answered
        yes += one.yes
        if not one.complete or one.estimate is None:
            continue
        held, corpus = one.estimate.heldout, one.estimate.corpus
        out.append(
            {
                "round": one.number,
                "tags": tags,
                "yes": yes,
                "review": one.review,
                "wanted": corpus.wanted,
                "rests_on": rests_on(one.estimate),
                "stale": one.estimate.stale,
                "precision": measure(held, "precision", corpus.precision),
                "hit_rate": measure(held, "hit_rate", corpus.hit_rate),
                "quality": assessment(of_estimate(one.estimate)),
                "words": list(in_words(one.estimate)),
            }
        )
    return out


def rests_on(estimate: Estimate) -> str:
    """Return what figures are based on, and why some are missing.

    The basis is left out if it is simply all the answers shown.
    """
    said = estimate.rests_on if estimate.rests_on.count(",") else ""
    return ". ".join(part for part in (said, estimate.corpus.reason.rstrip(".")) if part)


def measure(held: HeldOutEstimate, name: str, corpus: Interval | None) -> MeasureView:
    """Return precision or hit rate, by both methods."""
    return {
        "heldout": getattr(held, name),
        "spread": getattr(held, f"{name}_spread"),
        "corpus": interval(corpus),
    }


def interval(one: Interval | None) -> IntervalView | None:
    """Return a measure with its 95% interval."""
    return None if one is None else {"low": one.low, "point": one.point, "high": one.high, "tells": one.tells}


def assessment(one: Assessment) -> AssessmentView:
    """Return a tracker's quality."""
    return {
        "badge": str(one.badge),  # type: ignore[typeddict-item]  # the badges of the protocol
        "sentence": one.sentence,
        "precision": interval(one.precision),
        "hit_rate": interval(one.hit_rate),
        "basis": str(one.basis),
        "stale": one.stale,
    }


def setting(point: DialPoint) -> SettingView:
    return {
        "threshold": point.threshold,
        "found": point.found,
        "precision": interval(point.precision),
        "hit_rate": interval(point.hit_rate),
        "quality": assessment(assess(point.precision, point.hit_rate)),
        "rule": point.rule,
        "also": list(point.also),
    }


def advice(one: Advice, cards: Mapping[str, Candidate]) -> AdviceView:
    """Return a piece of advice; ``cards`` has the candidates of its groups, by sentence id."""
    groups = [[cards[name] for name in group if name in cards] for group in one.groups]
    return {
        "kind": str(one.kind),
        "message": one.message,
        "groups": [[card(candidate) for candidate in group] for group in groups],
        "answers": {c.sentence_id: c.answer.value for group in groups for c in group if c.answer},
        "notes": dict(one.notes),
    }


def found(now: FoundCounts) -> FoundView:
    return {"sentences": now.sentences, "calls": now.calls, "of_calls": now.of_calls}


def tuning(job: Any, result: Any) -> TuningView | None:
    """Return the state of fine-tuning, None if there is neither job nor result."""
    if job is not None and not job.done:
        return {"running": True, "fraction": float(job.fraction), "message": str(job.message)}
    if job is not None and job.error is not None:
        return {"running": False, "fraction": 1.0, "message": str(job.error)}
    if result is not None:
        return {"running": False, "fraction": 1.0, "message": result.message}
    return None


def form(tracker: Any) -> Form:
    """Return a tracker as the builder's form."""
    return {
        "name": tracker.name,
        "description": tracker.description,
        "filters": filters_form(tracker.filters),
        "examples": list(tracker.examples),
    }


def filters_form(filters: Filters) -> FiltersForm:
    """Return filters as plain JSON types; :meth:`Filters.from_dict` reads them.

    Languages are tags, as in the corpus, in whichever form the filters name them.
    """
    languages = list(dict.fromkeys(language_tag(one) or one for one in filters.languages))
    found = filters.to_dict() | {"languages": languages}
    fields = {
        name: [exact(one) for one in value] if isinstance(value, tuple) else exact(value)
        for name, value in filters.fields.items()
    }
    return {**found, "fields": fields}  # type: ignore[typeddict-item]  # what Filters write


def exact(value: Any) -> Any:
    """Return a value in a form that a page can return unchanged.

    A page's numbers are doubles, which cannot represent all numbers with 16 digits.
    """
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return {"whole": str(value)} if is_whole and abs(value) >= 2**53 else value


def facets(found: Any) -> FacetsView:
    """Return the corpus's values for which the builder has a control."""
    names = ("stages", "outcomes", "teams", "accounts", "languages", "channels", "directions", "participants")
    lists: Any = {name: [str(value) for value in getattr(found, name)] for name in names}
    fields = {name: [exact(value) for value in values] for name, values in found.fields.items()}
    counts = {name: dict(found.counts.get(name, {})) for name in names}
    return {**lists, "fields": fields, "usual_s": found.usual_s, "counts": counts}  # type: ignore[typeddict-item]  # all lists of the view


def suggestion(found: Any) -> SuggestionView:
    """Return a sentence of the corpus that may become an example."""
    return {
        "sentence_id": found.id,
        "text": found.text,
        "speaker": found.speaker,
        "side": found.side,
        "title": found.title,
        "date": day(found.started),
    }
