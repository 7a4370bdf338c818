"""The workspace of plain Python that widgets are tested with, held against the real one.

The same calls, and the same messages of widgets, go to both. What comes back must have the same shape: the same
classes, fields, keys and errors. So a method that is renamed in the real workspace, or gives something else,
fails here.
"""

from __future__ import annotations

import dataclasses
import enum
import inspect
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import fakes
import pytest

import workbench as wb
from tests.support.patience import PATIENCE_S, wait_for
from tests.unit import small
from workbench.domain.errors import WorkbenchError
from workbench.domain.filters import Filters
from workbench.engine.encoders import HashingEncoder
from workbench.resources.jobs import Job
from workbench.training.session import TrainingSession
from workbench.widgets import QualityPlots, TaggingCarousel, TrackerBuilder
from workbench.workspace.tracker import Tracker
from workbench.workspace.trackers import Trackers
from workbench.workspace.workspace import Workspace

PAIRS: tuple[tuple[type, type], ...] = (
    (fakes.FakeWorkspace, Workspace),
    (fakes.FakeTrackers, Trackers),
    (fakes.FakeTracker, Tracker),
    (fakes.FakeSession, TrainingSession),
    (fakes.FakeJob, Job),
)
SIZE = 25
EXAMPLES = small.EXAMPLES


# The names, and what they take


def members(fake: type) -> Iterator[tuple[type, str, type]]:
    real = dict(PAIRS)[fake]
    return ((fake, name, real) for name, one in vars(fake).items() if not name.startswith("_") and _is_code(one))


def _is_code(one: object) -> bool:
    return inspect.isfunction(one) or isinstance(one, property)


@pytest.mark.parametrize(
    ("fake", "name", "real"),
    [one for fake, _ in PAIRS for one in members(fake)],
    ids=lambda one: getattr(one, "__name__", one),
)
def test_what_the_fake_has_the_real_one_has_too(fake, name, real):
    ours, theirs = vars(fake)[name], inspect.getattr_static(real, name, None)
    if isinstance(ours, property):
        assert theirs is None or isinstance(theirs, property), f"{real.__name__}.{name} is called"
        return  # an attribute of instances is looked at in the calls below
    assert inspect.isfunction(theirs), f"{real.__name__} has no method {name}"
    mine, taken = (dict(inspect.signature(one).parameters) for one in (ours, theirs))
    for parameter in mine.values():
        if parameter.kind is not parameter.VAR_KEYWORD:
            assert parameter.name in taken, f"{real.__name__}.{name} takes no {parameter.name}"
            assert parameter.kind is taken[parameter.name].kind
            assert parameter.default in (parameter.empty, taken[parameter.name].default)
    needed = {one.name for one in taken.values() if one.default is one.empty and one.kind is one.POSITIONAL_OR_KEYWORD}
    assert needed <= set(mine)
    in_order = [one.name for one in taken.values() if one.kind is one.POSITIONAL_OR_KEYWORD and one.name in mine]
    assert in_order == [one.name for one in mine.values() if one.kind is one.POSITIONAL_OR_KEYWORD]


# What comes back


def real(folder) -> wb.Workspace:
    workspace = wb.open(folder / "w", encoder=HashingEncoder())
    workspace.ingest([call | {"fields": {"region": "North"}} for call in small.conversations(30)])
    workspace.encode()
    return workspace


def calls(workspace: Any) -> Iterator[tuple[str, Any]]:
    """What widgets ask of the workspace, step by step, and what each step gives or raises."""
    trackers = workspace.trackers
    yield "counts", workspace.counts(Filters())
    yield "facets", workspace.facets()
    yield "language advice", workspace.language_advice(Filters())
    yield "similar", workspace.similar_sentences("", Filters(), examples=EXAMPLES, wait=True)
    yield "sides", workspace.lake.sides([])
    yield "no tracker", raised(lambda: trackers.get("Nothing"))
    yield "too few examples", raised(lambda: trackers.create("Price", examples=["one"]))
    tracker = trackers.create("Price", examples=EXAMPLES)
    yield "name taken", raised(lambda: trackers.create("Price", examples=EXAMPLES))
    yield (
        "tracker",
        {name: getattr(tracker, name) for name in ("id", "name", "description", "filters", "examples", "is_trained")},
    )
    yield "kind and state", (str(tracker.kind), str(tracker.state))
    yield "specification", {name: getattr(tracker.spec, name) for name in ("id", "created", "threshold")}
    yield "update", tracker.update(description="It costs too much") is tracker
    yield "found in", tracker.found_in(range(3))
    yield "list", [one.name for one in trackers.list()]
    session = tracker.train()
    yield "before a round", (session.round_number, session.candidates, session.answers, session.others())
    yield "nothing to undo", session.undo()
    yield "no estimate", raised(session.estimate)
    yield "nothing to complete", raised(session.complete_round)
    asked = session.next_round()
    yield "round", asked
    yield "nothing learnt", raised(lambda: session.evidence(asked[0].sentence_id))
    yield "unknown", raised(lambda: session.tag("nowhere", "yes"))
    yield "answer", session.tag(asked[0].sentence_id, "yes")
    yield "answers", session.answers
    yield "undo", session.undo()
    yield "incomplete", raised(session.complete_round)
    for _ in range(2):
        for place, one in enumerate(session.next_round()):
            session.tag(one.sentence_id, ("yes", "no", "no")[place % 3])
        yield "completed", session.complete_round()
    yield "rounds", session.rounds()
    yield "estimate", session.estimate()
    yield "dial", session.dial()
    yield "surfaced", session.surfaced(3)
    yield "surfaced at", session.surfaced(3, 0.2, 0.9)
    yield "advice", session.advice()
    yield "answered", session.answered([asked[0].sentence_id])
    yield "corrected", session.correct(asked[0].sentence_id, "no")
    yield "fine-tuning", (session.fine_tuning, session.second_stage, session.sample)
    yield "evidence", session.evidence(session.next_round()[0].sentence_id)
    for one in session.candidates:
        session.tag(one.sentence_id, "no")
    job = session.complete_round_later()
    wait_for(lambda: job.done, "the round")
    yield "job", (job.fraction, job.message, job.error, job.cancel(), job.result(timeout=PATIENCE_S))
    yield "listens", callable(job.on_change(lambda _: None))


def messages(workspace: Any, page: Any) -> Iterator[tuple[str, Any]]:
    """What three widgets, each on a page, reply and show while somebody makes a tracker and trains it."""
    builder = TrackerBuilder(workspace)
    typing = page(builder)
    yield "facets", builder.facets
    form = builder.form | {"name": "Dear", "description": "It costs too much", "examples": EXAMPLES}
    for kind, values in (
        ("check", {"form": form}),
        ("suggest", {"query": "", "filters": form["filters"], "examples": EXAMPLES}),
        ("preview", {"pasted": "It costs too much.", "examples": EXAMPLES}),
        ("save", {"form": form | {"examples": []}}),
        ("save", {"form": form}),
        ("save", {"form": form | {"description": "Somebody says that it costs too much"}}),
        ("open", {"tracker_id": "nowhere"}),
    ):
        yield f"builder {kind}", reply(typing, kind, **values)
    builder.tracker_id = workspace.trackers.get("Dear").id
    yield "builder", (builder.form, builder.saved, builder.drafts, builder.step)
    carousel, plots = TaggingCarousel(workspace, builder), QualityPlots(workspace, builder)
    tagging, looking = page(carousel), page(plots)
    yield "plots open", reply(looking, "open")
    yield "plots too early", reply(looking, "surface")
    yield "carousel open", reply(tagging, "open")
    yield "carousel", (carousel.cards, carousel.state, carousel.tuning)
    first = carousel.cards[0]["sentence_id"]
    yield "evidence too early", reply(tagging, "evidence", sentence_id=first)
    yield "tag nothing", reply(tagging, "tag", sentence_id="nowhere", answer="yes")
    yield "tag", reply(tagging, "tag", sentence_id=first, answer="yes")
    yield "undo", reply(tagging, "undo")
    yield "a call without a viewer", reply(tagging, "show_call", conversation_id="call-1", sentence_id=first)
    for _ in range(2):
        for place, card in enumerate(carousel.cards):
            tagging.result("tag", sentence_id=card["sentence_id"], answer=("yes", "no", "no")[place % 3])
        yield "training", carousel.state
        number = carousel.state["round"]
        wait_for(lambda number=number: _next(tagging, carousel, number), "the next round")
    yield "next round", (carousel.cards, carousel.state, carousel.rounds_done)
    yield "evidence", reply(tagging, "evidence", sentence_id=carousel.cards[0]["sentence_id"])
    for kind, values in (
        ("open", {}),
        ("surface", {}),
        ("surface", {"threshold": 0.2, "below": 0.5}),
        ("details", {}),
        ("correct", {"sentence_id": first, "answer": "no"}),
        ("tuning", {}),
        ("stop_tuning", {}),
        ("keep", {"rule": "hit_rate>=0.9"}),
    ):
        yield f"plots {kind}", reply(looking, kind, **values)
        yield f"plots after {kind}", (plots.state, plots.surfaced, plots.details, plots.rounds_done)


def _next(tagging: Any, carousel: TaggingCarousel, number: int) -> bool:
    tagging.result("progress")
    return carousel.state["phase"] == "tagging" and carousel.state["round"] == number + 1


def reply(browser: Any, kind: str, **values: Any) -> Any:
    answer = browser.ask(kind, **values)
    return answer["result"] if answer["error"] is None else {"error": answer["error"]["kind"]}


class Raised(str):
    """The name of an error."""


def raised(call: Callable[[], Any]) -> Raised:
    try:
        call()
    except WorkbenchError as error:
        return Raised(type(error).__name__)
    return Raised("nothing")


# Shapes


@dataclasses.dataclass(frozen=True)
class Shape:
    """Of a value: its class, and the shapes of its fields, keys or items. None, and what is empty, fit anything."""

    kind: str
    parts: Mapping[str, Shape | None] = dataclasses.field(default_factory=dict)


def shape(value: Any) -> Shape | None:
    if value is None:
        return None
    if isinstance(value, Raised):
        return Shape(f"raises {value}")
    if isinstance(value, (enum.Enum, bool, str)):
        return Shape("str" if isinstance(value, str) else type(value).__name__)
    if dataclasses.is_dataclass(value):
        fields = {one.name: shape(getattr(value, one.name)) for one in dataclasses.fields(value)}
        return Shape(type(value).__name__, fields)
    if isinstance(value, Mapping):
        if not value:
            return None
        if all(str(key).isidentifier() for key in value):
            error = {"error": Shape(value["error"])} if set(value) == {"error"} else {}
            return Shape("record", {key: shape(one) for key, one in value.items()} | error)
        return Shape("mapping", {"": merged(map(shape, value.values()))})
    if isinstance(value, (list, tuple)):
        fixed = isinstance(value, tuple) and len({type(one) for one in value}) > 1
        parts = {str(at): shape(one) for at, one in enumerate(value)} if fixed else {"": merged(map(shape, value))}
        return Shape(type(value).__name__, parts)
    return Shape(type(value).__name__)


def merged(shapes: Iterator[Shape | None]) -> Shape | None:
    """One that fits all of them."""
    out: Shape | None = None
    for one in shapes:
        out = one if out is None else out if one is None else Shape(out.kind, _both(out, one))
    return out


def _both(one: Shape, other: Shape) -> dict[str, Shape | None]:
    return {name: merged(iter((one.parts.get(name), other.parts.get(name)))) for name in {**one.parts, **other.parts}}


def differences(one: Shape | None, other: Shape | None, where: str = "") -> Iterator[str]:
    if one is None or other is None:
        return
    if one.kind != other.kind:
        yield f"{where}: {one.kind} and {other.kind}"
    elif one.kind != "mapping" and set(one.parts) != set(other.parts):
        yield f"{where}: {sorted(one.parts)} and {sorted(other.parts)}"
    else:
        for name in one.parts:
            yield from differences(one.parts[name], other.parts.get(name), f"{where}.{name}")


@pytest.mark.parametrize("what", ["calls", "messages"])
def test_both_answer_alike(what, page, tmp_path):
    steps = calls if what == "calls" else partial(messages, page=page)
    with real(tmp_path) as workspace:
        theirs = [(name, shape(value)) for name, value in steps(workspace)]
    ours = [(name, shape(value)) for name, value in steps(fakes.FakeWorkspace(size=SIZE))]
    assert [name for name, _ in ours] == [name for name, _ in theirs]
    told = [
        line for (name, one), (_, other) in zip(ours, theirs, strict=True) for line in differences(one, other, name)
    ]
    assert not told, "The fake and the real one differ:\n" + "\n".join(told)
