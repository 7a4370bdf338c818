"""Old names of the Python API: they keep working for one version, and each use warns and names the new one.

An old method or property is written out and marked with :func:`typing_extensions.deprecated` of the category
:class:`DeprecatedName`, so that type checkers see it, too. An old keyword argument is taken by :func:`old_keywords`.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class DeprecatedName(DeprecationWarning):
    """An old name was used; the next version does not have it. The message names the new one."""


def old_keywords(**new_names: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Let a function also take keyword arguments by their old names, with a warning that points at the caller.

    Args:
        new_names: the new name by the old one.
    """

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        @wraps(function)
        def renamed(*args: P.args, **kwargs: P.kwargs) -> T:
            for old, new in new_names.items():
                if old not in kwargs:
                    continue
                if new in kwargs:
                    raise TypeError(f"{function.__name__}() takes {new}=; leave out {old}=, its old name")
                message = f"Use {new}= instead of {old}= in {function.__name__}(); the next version removes {old}=."
                warnings.warn(message, DeprecatedName, stacklevel=2)
                kwargs[new] = kwargs.pop(old)
            return function(*args, **kwargs)

        renamed.__dict__["__old_keywords__"] = dict(new_names)
        return renamed

    return decorate
