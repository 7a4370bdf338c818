"""A tracker's file: read without following links, and checked in every field before it is trusted."""

from __future__ import annotations

import os
import re
import stat
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from workbench.domain import plain_json
from workbench.domain.errors import InvalidModelFile
from workbench.domain.estimates import Estimate
from workbench.domain.filters import Filters
from workbench.domain.rules import MAX_EXAMPLE, MAX_RULE
from workbench.domain.tags import Answer
from workbench.domain.trackers import TrackerKind
from workbench.engine.detection import Detector
from workbench.engine.model_file import unpack

VERSION: Final = 1
MOST_EXAMPLES: Final = 1_000  # that are read; the limit on a tracker's answers is checked later
TextInFile = Annotated[str, Field(max_length=MAX_EXAMPLE)]  # longer than any valid value


class TaughtAnswer(BaseModel):
    """An answered sentence, with the last sentence of the turn before; empty if there was none."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    text: TextInFile
    before: TextInFile
    answer: Answer


class Contents(BaseModel):
    """The content of a tracker's file besides its model.

    ``given`` counts the examples, which come first in the model's training set. ``estimate`` is for the corpus on which
    the tracker was trained. ``answers`` is None if they were left out.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    file: Literal[1] = VERSION
    name: TextInFile
    description: TextInFile
    kind: TrackerKind
    filters: Filters
    examples: Annotated[list[TextInFile], Field(max_length=MOST_EXAMPLES)]
    threshold: Annotated[str, Field(max_length=MAX_RULE)]
    settings: dict[str, JsonValue]
    seed: Annotated[int, Field(ge=0, lt=2**31)]
    version: Annotated[int, Field(ge=0, lt=2**31)]
    published: datetime | None
    encoder: Annotated[str, Field(max_length=400)]
    given: Annotated[int, Field(ge=0)]
    estimate: Estimate | None
    answers: list[TaughtAnswer] | None


def read_plain_file(file: Path, most: int) -> bytes:
    """Return the content of a plain file of at most ``most`` bytes.

    Raises:
        FileNotFoundError: it does not exist.
        InvalidModelFile: it is a link, a folder or a device, too large, or not readable.
    """
    if file.is_symlink():
        raise InvalidModelFile(f"{file.name}: a link; give the file that it leads to")
    careful = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        with open(os.open(file, os.O_RDONLY | careful), "rb") as handle:
            if not stat.S_ISREG(os.fstat(handle.fileno()).st_mode):
                raise InvalidModelFile(f"{file.name}: not a regular file")
            data = handle.read(most + 1)
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        if isinstance(error, InvalidModelFile):
            raise
        raise InvalidModelFile(f"{file.name}: cannot be read: {error}") from None
    if len(data) > most:
        raise InvalidModelFile(f"{file.name}: larger than {most // 10**6} MB, so not a tracker file")
    return data


def checked(data: bytes, file: str) -> tuple[Detector | None, Contents]:
    """Return the model, None if the tracker's kind has none, and its description.

    Raises:
        InvalidModelFile: a field is invalid; names the file and the field.
    """
    detector, about = unpack(data, file)
    if about.get("file") != VERSION:
        raise InvalidModelFile(
            f"{file}: a tracker file of version {str(about.get('file'))[:40]}; this version reads {VERSION}"
        )
    text = plain_json.dumps(about)
    if _NUL.search(text):
        raise InvalidModelFile(f"{file}: a text contains a null character")
    try:
        contents = Contents.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))[:200]
        raise InvalidModelFile(f"{file}: {where}: {first['msg']}") from None
    if (contents.kind is TrackerKind.EXAMPLE) != (detector is not None):
        raise InvalidModelFile(f"{file}: kind: a tracker of kind {contents.kind} {_TAKES[detector is None]} a model")
    if detector is not None and contents.given > len(detector.model.data.labels):
        raise InvalidModelFile(f"{file}: given: larger than the number of examples in its model")
    if detector is not None and detector.model.recipe.encoder != "sentences":
        raise InvalidModelFile(
            f"{file}: its model depends on word weights of the original corpus, which are not part of the file"
        )
    return detector, contents


_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_TAKES = {True: "needs", False: "has not"}
