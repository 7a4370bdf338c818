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


def literal_lengths(tree):
    """Yield what ``max_length=…`` and ``length(…)`` of pydantic's models say in figures."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call):
            given = [one.value for one in call.keywords if one.arg in ("max_length", "most")]
            if isinstance(call.func, ast.Name) and call.func.id == "length":
                given += call.args[:1]
            yield from ((call.lineno, one.value) for one in given if isinstance(one, ast.Constant))


def test_models_repeat_no_limit_in_figures():
    found = {one for _, one in literal_lengths(ast.parse("Field(max_length=200); length(80, 1); Field(le=3)"))}
    assert found == {200, 80}
    ours = {getattr(rules, name) for name in vars(rules) if name.startswith("MAX_")}
    again = [
        f"{file.relative_to(ROOT)}:{line}: {figure}"
        for file in sorted((ROOT / "workbench").rglob("*.py"))
        if "pydantic" in (text := file.read_text(encoding="utf-8")) or "length(" in text
        for line, figure in literal_lengths(ast.parse(text))
        if figure in ours
    ]
    assert again == [], "take the limit of domain/rules.py, or give one that only looks like it a name of its own"


def test_pages_write_no_limit_in_figures():
    fields = 0
    for file in sorted((ROOT / "widgets").rglob("*.ts*")):
        if not {"node_modules", "tests"} & set(file.parts):
            for given in re.findall(r"max-?length\s*[=:]\s*(\S+)", file.read_text(encoding="utf-8"), re.IGNORECASE):
                assert re.fullmatch(r"\{LIMITS\.[a-z]+\}.*", given), f"{file}: {given}: take LIMITS of the protocol"
                fields += 1
    assert fields > 5
