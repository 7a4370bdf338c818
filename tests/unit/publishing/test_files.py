"""A tracker as a file: what goes along, what another workspace makes of it, and files that mean harm."""

from __future__ import annotations

import io
import json
import os
import pickle
import re
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from safetensors.numpy import load, save

import workbench as wb
from tests.unit import small
from workbench.domain.errors import InvalidModelFile, InvalidTracker, NotEnoughTags, TrackerExists, WrongState
from workbench.domain.publications import Run
from workbench.engine import model_file
from workbench.engine.encoders import HashingEncoder
from workbench.publishing.file_contents import MOST_EXAMPLES, Contents, checked


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Where the tracker was trained and published."""
    workspace = small.ready(tmp_path_factory.mktemp("home") / "w", rounds=2)
    workspace.trackers.get("Price").publish()
    return workspace


@pytest.fixture(scope="module")
def file(home, tmp_path_factory):
    return home.trackers.get("Price").export(tmp_path_factory.mktemp("files") / "price.tracker")


@pytest.fixture(scope="module")
def target(tmp_path_factory):
    """A workspace without calls, for files that it refuses."""
    workspace = wb.open(tmp_path_factory.mktemp("target") / "w", encoder=HashingEncoder())
    assert not len(workspace.resources.vectors.store)  # their folder is made when they are first asked for
    return workspace


@pytest.fixture
def away(tmp_path):
    """Another workspace with other calls, and no tracker."""
    workspace = wb.open(tmp_path / "away", encoder=HashingEncoder())
    calls = [{**call, "id": f"away-{call['id']}"} for call in small.conversations(40, seed=5)]
    workspace.ingest(calls)
    workspace.encode()
    return workspace


def expected(workspace):
    """The sentences that say it."""
    found = workspace.lake.pool()
    texts = workspace.lake.sentences(found["id"].to_pylist(), 0)
    return {name for name, one in texts.items() if small.answer(one.text) == "yes"}


def test_an_imported_tracker_is_a_draft_that_finds_what_it_found_at_home(home, away, file):
    tracker = away.trackers.import_file(file)
    spec = home.trackers.get("Price").spec
    for field in ("name", "description", "kind", "filters", "examples", "threshold", "seed"):
        assert getattr(tracker.spec, field) == getattr(spec, field)
    assert (tracker.state, tracker.id == spec.id) == ("draft", False)
    right = expected(away)
    assert set(away.draft_detections("Price")["sentence_id"]) == right
    publication = tracker.publish(past="12 months")
    assert publication.wait().state is Run.DONE
    assert set(publication.detections()["sentence_id"]) == right
    assert tracker.unpublished_changes() == ()
    assert tracker.preview().gained == tracker.preview().lost == ()


def test_its_estimate_is_told_as_measured_elsewhere_and_never_as_its_own(home, away, file):
    tracker = away.trackers.import_file(file)
    brought = tracker.imported
    assert brought.estimate == home.trackers.get("Price").active_version().estimate
    assert brought.measured_on == "another corpus"
    assert "measured on another corpus" in repr(brought)
    assert tracker.last_estimate is None
    assert tracker.publish().estimate is None
    assert home.trackers.get("Price").imported is None


def test_it_learns_on_from_what_it_came_with(away, file):
    tracker = away.trackers.import_file(file)
    session = tracker.train()
    assert session.rounds() == []
    for candidate in session.next_round():
        session.tag(candidate.sentence_id, small.answer(candidate.text))
    done = session.complete_round()
    assert (done.estimate.heldout.tags, done.answered) == (25, 25)
    assert len(session.freeze().detector.model.data.labels) == 5 + 50 + 25
    frozen = tracker.publish()
    assert frozen.answers == 25
    assert frozen.estimate.round == 1
    assert tracker.replay().same
    again = wb.open(away.path, encoder=away.encoder).trackers.get("Price")
    assert set(again.train().detected()[0]) == expected(away)
    assert again.train("tfidf").detected()


def test_answers_go_along_as_text_or_not_at_all(home, away, file, tmp_path):
    asked = {one["sentence_id"] for one in home.trackers.get("Price").log()["answers"]}
    texts = {one.text for one in home.lake.sentences(list(asked), 0).values()}
    answers = away.trackers.import_file(file).imported.answers
    assert {one.text for one in answers} == texts
    assert all(one.answer == small.answer(one.text) for one in answers)
    bare = home.trackers.get("Price").export(tmp_path / "bare.tracker", answers=False)
    assert not any(text.encode() in bare.read_bytes() for text in texts - set(small.EXAMPLES))
    tracker = away.trackers.import_file(bare, name="Bare")
    assert tracker.imported.answers == ()
    assert len(tracker.imported.taught.labels) == 50


def test_answers_are_those_of_the_version(tmp_path):
    home = small.ready(tmp_path / "w")
    tracker = home.trackers.get("Price")
    tracker.publish()
    first = tracker.export(tmp_path / "before.tracker")
    session = tracker.train()
    item = next(iter(session.answered([one["sentence_id"] for one in tracker.log()["answers"]])))
    session.correct(item.sentence_id, "not_sure")
    for candidate in session.next_round():
        session.tag(candidate.sentence_id, small.answer(candidate.text))
    session.complete_round()
    again = tracker.export(tmp_path / "after.tracker", version=1)
    assert again.read_bytes() == first.read_bytes()


def test_an_imported_tracker_goes_on_to_a_third_workspace(away, file, tmp_path):
    tracker = away.trackers.import_file(file)
    with pytest.raises(WrongState, match="never published"):
        tracker.export(tmp_path / "x.tracker")
    tracker.update(examples=[*small.EXAMPLES, "one more that costs too much"])
    tracker.publish()
    third = wb.open(tmp_path / "third", encoder=HashingEncoder())
    third.ingest(small.conversations(20, seed=8))
    third.encode()
    other = third.trackers.import_file(tracker.export(tmp_path / "x.tracker"))
    assert len(other.imported.taught.labels) == 50
    assert set(third.draft_detections("Price")["sentence_id"]) == expected(third)


def test_a_name_that_is_taken_and_one_that_is_not(away, file):
    away.trackers.import_file(file)
    with pytest.raises(TrackerExists, match="already named 'Price'; import it under another name"):
        away.trackers.import_file(file)
    assert away.trackers.import_file(file, name=" Price  again").name == "Price again"
    with pytest.raises(InvalidTracker, match="name"):
        away.trackers.import_file(file, name="")
    assert len(list((away.path / "models").iterdir())) == 2


def test_another_threshold_waits_for_a_round(away, file):
    tracker = away.trackers.import_file(file)
    tracker.update(threshold="hit_rate>=0.9")
    with pytest.raises(WrongState, match="complete a round here"):
        tracker.publish()


def test_another_encoder_is_told_with_both_names(file, tmp_path):
    other = wb.open(tmp_path / "w", encoder=HashingEncoder(32))
    with pytest.raises(InvalidModelFile, match=r"price\.tracker: .*hashing-64-\S+, and this workspace has hashing-32-"):
        other.trackers.import_file(file)
    assert other.trackers.list() == []


def test_kinds_without_a_model_go_as_definitions(home, away, tmp_path):
    words = home.trackers.create("Words", kind="keyword", words=["price", "cost"])
    words.publish()
    path = words.export(tmp_path / "words.tracker")
    tracker = away.trackers.import_file(path)
    assert (tracker.kind, tracker.settings, tracker.imported) == ("keyword", words.settings, None)
    assert set(away.draft_detections("Words")["sentence_id"])
    assert wb.open(tmp_path / "w", encoder=HashingEncoder(32)).trackers.import_file(path).name == "Words"


@pytest.mark.parametrize("name", ["x.zip", "x", "folder.tracker"])
def test_a_file_is_called_tracker(home, tmp_path, name):
    (tmp_path / "folder.tracker").mkdir()
    with pytest.raises(wb.WorkbenchError, match=r"ends with \.tracker"):
        home.trackers.get("Price").export(tmp_path / name)


def test_a_draft_has_nothing_to_export_and_a_version_must_exist(home, tmp_path):
    draft = home.trackers.create("Draft", examples=small.EXAMPLES)
    with pytest.raises(WrongState, match="publish it first"):
        draft.export(tmp_path / "x.tracker")
    with pytest.raises(NotEnoughTags):
        draft.publish()
    with pytest.raises(WrongState, match="no version 9"):
        home.trackers.get("Price").export(tmp_path / "x.tracker", version=9)


def test_a_link_in_the_way_is_replaced_and_not_followed(home, tmp_path):
    outside = tmp_path / "outside"
    outside.write_text("mine")
    (tmp_path / "x.tracker").symlink_to(outside)
    path = home.trackers.get("Price").export(tmp_path / "x.tracker")
    assert outside.read_text() == "mine"
    assert not path.is_symlink()


# Files that mean harm


class Payload:
    """Writes a file when it is unpickled."""

    def __init__(self, canary):
        self.canary = canary

    def __reduce__(self):
        return (open, (str(self.canary), "w"))


def rebuilt(data, change=lambda content: None, arrays=lambda arrays: None, rehash=True):
    """The file with its JSON and its arrays changed, and, as whoever means harm can do, the hash made to fit."""
    size = int.from_bytes(data[:8], "little")
    content = json.loads(json.loads(data[8 : 8 + size])["__metadata__"]["tracker"])
    held = load(data)
    change(content)
    arrays(held)
    if rehash:
        content.pop("sha256", None)
        content["sha256"] = model_file.hash_of_content(held, content)
    return save({k: np.ascontiguousarray(v) for k, v in held.items()}, metadata={"tracker": json.dumps(content)})


def with_header(text, rest=b""):
    raw = text.encode() if isinstance(text, str) else text
    return len(raw).to_bytes(8, "little") + raw + rest


def told(text):
    return with_header(json.dumps({"__metadata__": {"tracker": text}}))


def zipped(name, content):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def npy(canary):
    out = io.BytesIO()
    np.save(out, np.array([Payload(canary)], dtype=object), allow_pickle=True)
    return out.getvalue()


def at(path, value):
    """A change of one field of the JSON."""

    def change(content):
        for name in path[:-1]:
            content = content[name]
        if value is ...:
            del content[path[-1]]
        else:
            content[path[-1]] = value

    return change


def setting(name, value):
    def change(arrays):
        arrays[name] = value(arrays[name]) if callable(value) else value

    return change


RAW = {
    "empty": lambda good, canary: b"",
    "a pickle": lambda good, canary: pickle.dumps(Payload(canary)),
    "a pickled array of objects": lambda good, canary: npy(canary),
    "a zip that leads out": lambda good, canary: zipped("../../escaped.txt", b"out"),
    "a zip bomb": lambda good, canary: zipped("bomb", bytes(20_000_000)),
    "cut off in the header": lambda good, canary: good[:300],
    "cut off in the arrays": lambda good, canary: good[:-100],
    "a header longer than the file": lambda good, canary: (2**62).to_bytes(8, "little") + good[8:],
    "a header of negative length": lambda good, canary: b"\xff" * 8 + good[8:],
    "a header that is no text": lambda good, canary: with_header(b"\xff\xfe{}"),
    "a header that is a list": lambda good, canary: with_header("[]"),
    "metadata of another type": lambda good, canary: with_header('{"__metadata__": {"tracker": 3}}'),
    "no JSON": lambda good, canary: told("{"),
    "NaN": lambda good, canary: told('{"format": NaN}'),
    "infinity by exponent": lambda good, canary: told('{"format": 1e999}'),
    "a giant integer": lambda good, canary: told('{"format": ' + "9" * 5_000 + "}"),
    "deep nesting": lambda good, canary: told("[" * 200_000 + "]" * 200_000),
    "a field twice": lambda good, canary: told('{"format": "tracker-1", "format": "tracker-1"}'),
    "a field twice in the header": lambda good, canary: with_header(
        '{"__metadata__": {"tracker": "{}"}, "__metadata__": {}}'
    ),
    "a flipped bit": lambda good, canary: good[:-9] + bytes([good[-9] ^ 1]) + good[-8:],
}

CHANGED = {
    "another format": (at(["format"], "tracker-9"), "format is 'tracker-9', and this version reads 'tracker-1'"),
    "another version": (at(["about", "file"], 2), "version 2; this version reads 1"),
    "no version": (at(["about", "file"], ...), "version None"),
    "no about": (at(["about"], []), "not a JSON object"),
    "no detector": (at(["detector"], None), ""),
    "a long name": (at(["about", "name"], "x" * 81), "1 to 80 characters, not 81"),
    "no examples": (at(["about", "examples"], []), "examples: 0 different"),
    "an unknown field": (at(["about", "more"], 1), "more: "),
    "a lone surrogate": (at(["about", "name"], "\ud800"), ""),
    "a null character": (at(["about", "description"], "a\0b"), "null character"),
    "an unknown kind": (at(["about", "kind"], "oracle"), "kind: "),
    "a kind without a model": (at(["about", "kind"], "keyword"), "kind keyword has not a model"),
    "a rule": (at(["about", "threshold"], "always"), "threshold: must be one of balanced"),
    "a giant seed": (at(["about", "seed"], 10**30), "seed: "),
    "a giant field": (at(["about", "filters", "fields"], {"x": 10**400}), "fields.x: give a text, a finite number"),
    "a filter's value": (at(["about", "filters", "side"], "<b>"), "filters.side"),
    "a filter's type": (at(["about", "filters", "title"], {"a": 1}), "filters.title"),
    "an unknown filter": (at(["about", "filters", "sql"], "1=1"), "filters.sql"),
    "settings that name a field": (at(["about", "settings"], {"name": "x"}), ""),
    "more examples than there are": (at(["about", "given"], 10_000), "given: "),
    "an unknown answer": (at(["about", "answers", 0, "answer"], "maybe"), "answers.0.answer"),
    "a recipe's type": (at(["detector", "recipe", "gamma"], "0.5"), "gamma cannot be '0.5'"),
    "a recipe's size": (at(["detector", "recipe", "neighbours"], 10**9), "neighbours cannot be"),
    "a recipe's field": (at(["detector", "recipe", "code"], "import os"), "does not know code"),
    "a recipe's encoder": (at(["detector", "recipe", "encoder"], "words"), "word weights of the original corpus"),
    "a recipe's head": (at(["detector", "recipe", "head"], "os.system"), "head must be one of"),
    "a threshold that is none": (at(["detector", "threshold"], True), "not a number"),
    "a giant intercept": (at(["detector", "intercept"], 10**400), "not a number"),
    "a falling calibration": (at(["detector", "calibration"], [-1, 0]), "calibration"),
    "a long calibration": (at(["detector", "calibration"], [1, 2, 3]), ""),
}

ARRAYS = {
    "a vector that is not finite": setting(
        "sentence", lambda a: np.where(np.arange(a.size).reshape(a.shape), a, np.nan)
    ),
    "a vector that is too long": setting("before", lambda a: a + np.float32(1e20)),
    "a weight that is infinite": setting("weights", lambda a: np.full_like(a, np.inf)),
    "labels that are none": setting("labels", lambda a: a + np.int8(5)),
    "one kind of label": setting("labels", lambda a: np.ones_like(a)),
    "fewer labels": setting("labels", lambda a: a[1:]),
    "another type": setting("weights", lambda a: a.astype(np.float32)),
    "another shape": setting("sentence", lambda a: a.reshape(-1)),
    "an unknown array": setting("code", np.zeros(3, dtype=np.float32)),
    "words out of range": setting("words", lambda a: a + np.int32(2**30)),
    "words below nought": setting("words", lambda a: a - np.int32(2**30)),
    "ends that fall": setting("word_ends", lambda a: a[::-1]),
    "ends without end": setting("word_ends", lambda a: np.append(a[:-1], 2**62)),
    "ends that begin below nought": setting("word_ends", lambda a: np.append(-(2**40), a[1:])),
    "other vectors": setting("sentence", lambda a: a[:, :5]),
}


def refused(target, tmp_path, content, match=""):
    """Is refused by name and reason, writes nothing, and runs nothing."""
    bad = tmp_path / "bad.tracker"
    bad.write_bytes(content)
    before = files_in(tmp_path, target.path.parent)
    with pytest.raises(InvalidModelFile, match=r"^bad\.tracker: .*" + re.escape(match)):
        target.trackers.import_file(bad)
    assert files_in(tmp_path, target.path.parent) == before
    assert target.trackers.list() == []


def files_in(*folders):
    return {path for folder in folders for path in folder.rglob("*") if "state.db" not in path.name}


@pytest.mark.parametrize("what", RAW)
def test_what_is_no_trackers_file_is_refused(target, file, tmp_path, what):
    refused(target, tmp_path, RAW[what](file.read_bytes(), tmp_path / "canary"))


@pytest.mark.parametrize("what", CHANGED)
def test_a_file_with_a_wrong_field_is_refused_even_where_its_hash_fits(target, file, tmp_path, what):
    change, match = CHANGED[what]
    refused(target, tmp_path, rebuilt(file.read_bytes(), change), match)


@pytest.mark.parametrize("what", ARRAYS)
def test_a_file_with_wrong_arrays_is_refused_even_where_its_hash_fits(target, file, tmp_path, what):
    refused(target, tmp_path, rebuilt(file.read_bytes(), arrays=ARRAYS[what]))


def test_a_file_that_was_changed_does_not_fit_its_hash(target, file, tmp_path):
    changed = rebuilt(file.read_bytes(), at(["about", "description"], "Another"), rehash=False)
    refused(target, tmp_path, changed, "its hash does not fit")
    without = rebuilt(file.read_bytes(), at(["sha256"], ...), rehash=False)
    refused(target, tmp_path, without, "'sha256' is missing")


def test_markup_stays_text(target, file, tmp_path):
    evil = "<script>alert(1)</script>"
    path = tmp_path / "evil.tracker"
    path.write_bytes(rebuilt(file.read_bytes(), at(["about", "name"], evil)))
    assert target.trackers.import_file(path).name == evil
    target.trackers.delete(evil, forever=True)


def test_links_folders_and_devices_are_no_files(target, file, tmp_path):
    (tmp_path / "link.tracker").symlink_to(file)
    (tmp_path / "folder.tracker").mkdir()
    os.mkfifo(tmp_path / "pipe.tracker")
    for name in ("link", "folder", "pipe"):
        with pytest.raises(InvalidModelFile, match=name):
            target.trackers.import_file(tmp_path / f"{name}.tracker")
    with pytest.raises(FileNotFoundError):
        target.trackers.import_file(tmp_path / "nothing.tracker")


def test_a_large_file_is_not_read(target, tmp_path):
    path = tmp_path / "large.tracker"
    with path.open("wb") as handle:
        handle.truncate(10**12)  # sparse: takes no room on the disk
    with pytest.raises(InvalidModelFile, match=r"large\.tracker: larger than 50 MB"):
        target.trackers.import_file(path)


@given(st.binary(max_size=400))
def test_any_bytes_are_refused(data):
    with pytest.raises(InvalidModelFile, match=r"^any\.tracker: "):
        checked(data, "any.tracker")


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_mutation_of_a_good_file_passes(file, data):
    """Bytes changed, cut out or doubled anywhere: a clean error, or a change that means nothing."""
    good = file.read_bytes()
    head = 8 + int.from_bytes(good[:8], "little")
    start = data.draw(st.integers(0, data.draw(st.sampled_from([64, head, len(good)])) - 1))
    end = min(len(good), start + data.draw(st.integers(0, 40)))
    bad = good[:start] + data.draw(st.binary(max_size=40)) + good[end:]
    try:
        contents, told = checked(bad, "bad.tracker")[1], ""
    except InvalidModelFile as error:
        contents, told = None, str(error)
    assert told.startswith("bad.tracker: ") if contents is None else contents == checked(good, "good.tracker")[1]


names = st.sampled_from(
    ["about", "detector", "recipe", "filters", "name", "examples", "cut", "given", "estimate", "seed"]
)
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names | st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_json_in_place_of_any_field_is_refused_or_fits(file, data):
    def change(content):
        while True:
            name = data.draw(st.sampled_from(sorted(content)) if isinstance(content, dict) else st.just(0))
            inner = content[name]
            if not isinstance(inner, dict) or not inner or data.draw(st.booleans()):
                content[name] = data.draw(plain)
                return
            content = inner

    said = "bad.tracker: "
    try:
        checked(rebuilt(file.read_bytes(), change), "bad.tracker")
    except InvalidModelFile as error:
        said = str(error)
    assert said.startswith("bad.tracker: ")


@pytest.mark.parametrize(("count", "refused"), [(MOST_EXAMPLES, False), (MOST_EXAMPLES + 1, True)])
def test_no_more_examples_are_read_than_any_file_needs(count, refused):
    with pytest.raises(ValidationError) as raised:  # all else is missing
        Contents.model_validate({"examples": ["x"] * count})
    wrong = {one["loc"]: one["type"] for one in raised.value.errors()}
    assert (wrong.get(("examples",)) == "too_long") is refused
