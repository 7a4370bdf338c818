"""Old names work for one version, warn where they are used, and name the new one."""

from __future__ import annotations

import inspect
import re
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.modules import every_module
from workbench.domain.deprecation import DeprecatedName, old_keywords


class Shelf:
    @old_keywords(width="columns", height="rows")
    def size(self, columns: int = 1, rows: int = 1) -> tuple[int, int]:
        return columns, rows


def test_an_old_keyword_works_and_warns_at_the_caller():
    with pytest.warns(DeprecatedName, match=r"Use columns= instead of width= in size\(\)") as seen:
        assert Shelf().size(width=3, rows=2) == (3, 2)
    assert [one.filename for one in seen] == [__file__]


def test_a_new_keyword_does_not_warn():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert Shelf().size(3, rows=2) == (3, 2)


def test_a_keyword_given_by_both_names_is_refused():
    with pytest.raises(TypeError, match="leave out width="):
        Shelf().size(columns=1, width=2)


def members() -> Iterator[tuple[str, Any]]:
    """Yield every function, method and property of the package, by its full name."""
    for module in every_module():
        for name, value in vars(module).items():
            if getattr(value, "__module__", None) != module.__name__:
                continue
            yield f"{module.__name__}.{name}", value
            if inspect.isclass(value):
                for own, member in vars(value).items():
                    yield f"{module.__name__}.{name}.{own}", member


def unwrapped(member: Any) -> Any:
    member = member.fget if isinstance(member, property) else member
    return getattr(member, "__func__", member)


def test_each_old_name_says_what_to_use_instead():
    for where, member in members():
        function = unwrapped(member)
        said = getattr(function, "__deprecated__", None) if inspect.isroutine(function) else None
        if said is not None:
            old = where.rpartition(".")[2]
            assert re.fullmatch(rf"Use .+ instead of {old}(\(\))?, which the next version removes\.", said), where


def test_each_new_keyword_is_one_that_the_function_takes():
    for where, member in members():
        function = unwrapped(member)
        renamed = getattr(function, "__old_keywords__", {}) if inspect.isroutine(function) else {}
        taken = inspect.signature(function).parameters if renamed else {}
        for old, new in renamed.items():
            assert new in taken, where
            assert old not in taken, where
