"""One call, two calls: a count has its noun from one helper, wherever it is said."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.domain.plurals import plural

PACKAGE = Path(__file__).resolve().parents[3] / "workbench"
COUNTED = re.compile(
    r"^ (?:(?:past|new|more|other|different|recorded|further|older) )?(answer|backfill|call|cell|character|colleague|"
    r"conflict|conversation|credit entr|day|e-mail|example|file|find|line|match|message|minute|part|problem|record|"
    r"round|row|sentence|speaker|text|tracker|turn|version)(e?s|ies)\b"
)
NEVER_ONE = {
    "answers of a round of 25, or of several": (
        "{count} answers are NOT SURE",
        "{count} answers is",
        "{sum((one.answered for one in rounds))} sentences",
        "{len(fitted.tags)} answers",
    ),
    "more than a limit": (
        "{len(parts)} parts, more than",
        "{len(parts)} sentences. Keep",
        "{len(texts)} examples; at most",
        "{len(text)} characters; a name",
        "{len(text)} characters, and ",
        "{len(phrase)} characters; at most",
        "{len(given)} sentences; import at most",
        "{len(at)} sentences were looked at",
    ),
    "a limit": ("{most} characters",),
    "at least two, or another branch says it": (
        "{len(matching)} sentences say",
        "{-(-seconds // 60)} minutes",
        "{counts.calls} calls match;",
    ),
}
"""Counts that can't be 1, by the reason."""


def counts() -> Iterator[tuple[str, str]]:
    """Yield each f-string in which a noun in the plural stands right after a number, with where it stands."""
    for file in sorted(PACKAGE.rglob("*.py")):
        for found in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(found, ast.JoinedStr):
                for number, after in zip(found.values, found.values[1:], strict=False):
                    if isinstance(number, ast.FormattedValue) and isinstance(after, ast.Constant):
                        said = f"{{{ast.unparse(number.value)}}}{after.value}"
                        if COUNTED.match(str(after.value)) and is_number(number):
                            yield str(file.relative_to(PACKAGE.parent)), said


def is_number(value: ast.FormattedValue) -> bool:
    """Return whether it is shown as a number, or is a length, and isn't a limit of the package."""
    said = ast.unparse(value.value)
    is_limit = re.fullmatch(r"(\w+\.)*_?[A-Z][A-Z0-9_]*( // .+)?", said)
    return not is_limit and (value.format_spec is not None or said.startswith(("len(", "count", "int(", "sum(")))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (plural(1, "call"), "1 call"),
        (plural(0, "call"), "0 calls"),
        (plural(1_204, "call"), "1,204 calls"),
        (plural(1, "entry", "entries"), "1 entry"),
        (plural(2, "call is", "calls are"), "2 calls are"),
        (plural(1.5, "minute"), "1.5 minutes"),
        (plural(1_234_567, "row"), "1,234,567 rows"),
    ],
)
def test_a_noun_is_singular_after_1_alone(said, expected):
    assert said == expected


def test_counts_that_can_be_1_use_the_helper():
    excused = tuple(one for ones in NEVER_ONE.values() for one in ones)
    found = list(counts())
    wrong = [f"{file}: {said}" for file, said in found if not said.startswith(excused)]
    stale = [one for one in excused if not any(said.startswith(one) for _, said in found)]
    assert not wrong, "use workbench.domain.plurals.plural:\n" + "\n".join(wrong)
    assert stale == []


def test_no_other_code_makes_plurals():
    own = re.compile(r"""\b(if|==|!=) 1 else ["']e?s["']|["']["'] if [^{}"']{1,40} == 1 else|["']s["'] if """)
    wrong = [
        str(file.relative_to(PACKAGE)) for file in sorted(PACKAGE.rglob("*.py")) if own.search(file.read_text("utf-8"))
    ]
    assert wrong == []
