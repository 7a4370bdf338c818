"""One place per rule: every door gives the same answer to a value, and no limit is written down a second time."""

from __future__ import annotations

import ast
import json
import re
from collections import defaultdict

import pytest
from pydantic import ValidationError

import workbench as wb
from tests.unit.small import ROOT
from workbench.domain import rules
from workbench.domain.errors import WorkbenchError
from workbench.engine.encoders import HashingEncoder
from workbench.server.models.metrics import MetricNew
from workbench.server.models.trackers import PublishBody, TrackerNew
from workbench.trackers.coaching import coach_name
from workbench.trackers.definitions import changed, new_definition
from workbench.workspace.definitions import listed_in_csv, listed_in_json, read_definitions, to_csv, to_json

NAMES = {
    "at the limit": ("x" * 80, True),
    "over the limit": ("x" * 81, False),
    "at the limit, with spaces around it": (f"  {'x' * 80}  ", True),
    "empty": ("", False),
    "blank": (" \t", False),
    "control characters alone": ("\x07\x1b", False),
    "a control character within": ("a\x1bb", True),
    "right-to-left marks": ("\u202eecirP\u2066", True),
    "right-to-left marks alone": ("\u202e\u2066", False),
    "Japanese": ("価格" * 40, True),
    "too much Japanese": ("価格" * 41, False),
    "signs alone": ("?!", True),
}
# The same rule under one name for different things, or another thing under the same name.
SAME_NAME = {
    "MAX_NAME": "names within imported calls are longer than those that people type; the socket's is a file name",
    "MAX_BYTES": "of a text that is compared, and of a file of definitions",
    "MAX_NOTE": "characters of what a person says of a wrong hit, and bytes of an encoder's note to itself",
    "MAX_WORDS": "of a keyword tracker, and of a sentence",
    "MAX_DAYS": "until a token expires, and of an alert's period",
    "MAX_TURN": "characters of an imported turn, and of a live one, which is heard in several",
    "MAX_LINE": "characters of an import, and bytes of the live journal",
    "MAX_WHOLE": "of 64 bits, and of JavaScript",
}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    return wb.open(tmp_path_factory.mktemp("rules") / "w", encoder=HashingEncoder())


def takes(call, *arguments, **values):
    try:
        call(*arguments, **values)
    except (WorkbenchError, ValidationError):
        return False
    return True


def drafted(listed):
    (spec,), _ = read_definitions(listed, set(), skip=False)
    return spec


def name_doors(name, workspace):
    words = {"kind": "keyword", "words": ["dog"]}
    given = {"name": name, "kind": "keyword", "settings": {"words": ["dog"]}}

    def rest():
        body = TrackerNew.model_validate_json(json.dumps(given))
        new_definition(body.name, kind=body.kind, **body.settings)

    yield "Python", takes(new_definition, name, **words)
    yield "JSON", takes(lambda: drafted(listed_in_json(json.dumps([given]))))
    row = name.replace('"', '""')
    yield "CSV", takes(lambda: drafted(listed_in_csv(f'name,kind,words\n"{row}",keyword,dog\n')))
    yield "REST", takes(rest)
    yield "REST, metrics", takes(MetricNew.model_validate_json, json.dumps({"name": name}))
    yield "REST, streams", takes(PublishBody.model_validate_json, json.dumps({"stream": name}))
    yield "the builder", not [one for one in coach_name(name) if one.level == "error"]

    def kept(make):
        made = make()
        workspace.boards.delete(made.id)

    tracker = workspace.trackers.list() or [workspace.trackers.create("Dogs", **words)]
    yield "boards", takes(lambda: kept(lambda: workspace.boards.create(name, [tracker[0].id], target=0.5)))


@pytest.mark.parametrize("case", NAMES)
def test_every_door_takes_the_same_names(case, workspace):
    name, allowed = NAMES[case]
    assert dict(name_doors(name, workspace)) == dict.fromkeys(dict(name_doors(name, workspace)), allowed)


def sentences(count, length=12):
    return [f"{at:03d} ".ljust(length, "x") for at in range(count)]


@pytest.mark.parametrize(
    ("examples", "allowed"),
    [
        (sentences(5), True),
        (sentences(4), False),
        (sentences(100), True),
        (sentences(101), False),
        (sentences(100) * 6, True),
        (sentences(5, rules.MAX_EXAMPLE), True),
        (sentences(5, rules.MAX_EXAMPLE + 1), False),
        (["高すぎる。", "値段が高い。", "予算を超えている。", "安くなりますか。", "割引はありますか。"], True),
        (["", " ", "\u3000", "\t", "\n"], False),
    ],
    ids=str,
)
def test_every_door_takes_the_same_examples(examples, allowed):
    given = {"name": "A", "examples": examples}

    def rest():
        body = TrackerNew.model_validate_json(json.dumps(given))
        new_definition(body.name, examples=body.examples)

    cell = "\n".join(examples)
    doors = {
        "Python": takes(new_definition, "A", examples=examples),
        "JSON": takes(lambda: drafted(listed_in_json(json.dumps([given])))),
        "CSV": takes(lambda: drafted(listed_in_csv(f'name,examples\nA,"{cell}"\n'))),
        "REST": takes(rest),
    }
    assert doors == dict.fromkeys(doors, allowed)


@pytest.mark.parametrize(("count", "allowed"), [(0, True), (20_000, True), (20_001, False)])
def test_every_door_takes_the_same_descriptions(count, allowed):
    given = {"name": "A", "kind": "keyword", "description": "高" * count, "settings": {"words": ["dog"]}}

    def rest():
        body = TrackerNew.model_validate_json(json.dumps(given))
        new_definition(body.name, kind=body.kind, description=body.description, **body.settings)

    doors = {
        "Python": takes(new_definition, "A", kind="keyword", description=given["description"], words=["dog"]),
        "JSON": takes(lambda: drafted(listed_in_json(json.dumps([given])))),
        "REST": takes(rest),
    }
    assert doors == dict.fromkeys(doors, allowed)


def test_a_definition_that_an_older_version_took_keeps_what_is_not_changed():
    from dataclasses import replace

    old = replace(new_definition("A", kind="keyword", words=["dog"]), name="x" * 90, description="y" * 30_000)
    assert changed(old, {"name": old.name, "description": old.description, "words": ["cat"]}).name == old.name
    with pytest.raises(WorkbenchError, match="name: must have 1 to 80 characters, not 91"):
        changed(old, {"name": old.name + "x"})


def test_what_is_kept_comes_back_by_every_file():
    spec = new_definition("高い", description="d\0e\ud800", examples=[*sentences(99), "half \ud800 a character"])
    assert "\0" not in spec.description
    for listed in (listed_in_json(to_json([spec])), listed_in_csv(to_csv([spec]))):
        again = drafted(listed)
        assert (again.name, again.description, again.examples) == (spec.name, spec.description, spec.examples)


def test_no_limit_is_defined_twice():
    places = defaultdict(list)
    for file in sorted((ROOT / "workbench").rglob("*.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            for target in targets:
                for name in ast.walk(target) if target is not None else ():
                    if isinstance(name, ast.Name) and re.fullmatch(r"_?(MAX|MIN)_[A-Z_]+", name.id):
                        places[name.id.lstrip("_")].append(str(file.relative_to(ROOT)))
    twice = {name: files for name, files in places.items() if len(files) > 1}
    assert {name: files for name, files in twice.items() if name not in SAME_NAME} == {}
    assert set(SAME_NAME) <= set(twice), "a reason that is no longer needed"


def test_pages_repeat_no_limit_of_what_is_kept():
    ours = {getattr(rules, name) for name in vars(rules) if name.startswith("MAX_")} - {200, 500}
    for file in (ROOT / "widgets").rglob("*.tsx"):
        if "node_modules" not in file.parts:
            found = re.findall(r"maxLength=\{([\d_]+)\}", file.read_text(encoding="utf-8"))
            assert not {int(one) for one in found} & ours, f"{file}: take LIMITS of the protocol"
