"""What a tracker's file says, and whether it may be believed: read without following links, checked in every field."""

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
from workbench.domain.tags import Answer
from workbench.domain.trackers import TrackerKind
from workbench.engine.detection import Detector
from workbench.engine.model_file import unpack

VERSION: Final = 1
FileText = Annotated[str, Field(max_length=20_000)]


class TaughtAnswer(BaseModel):
    """An answered sentence, with the last sentence of the turn before; empty where there was none."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    text: FileText
    before: FileText
    answer: Answer


class Contents(BaseModel):
    """What a tracker's file says beside its model.

    ``given`` counts the examples, which come first in the model's training set. ``estimate`` was measured on the corpus
    where the tracker was trained. ``answers`` is None where they were left out.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    file: Literal[1] = VERSION
    name: FileText
    description: FileText
    kind: TrackerKind
    filters: Filters
    examples: Annotated[list[FileText], Field(max_length=1_000)]
    threshold: Annotated[str, Field(max_length=40)]
    settings: dict[str, JsonValue]
    seed: Annotated[int, Field(ge=0, lt=2**31)]
    version: Annotated[int, Field(ge=0, lt=2**31)]
    published: datetime | None
    encoder: Annotated[str, Field(max_length=400)]
    given: Annotated[int, Field(ge=0)]
    estimate: Estimate | None
    answers: list[TaughtAnswer] | None


def read_plain_file(file: Path, most: int) -> bytes:
    """The content of a plain file of at most ``most`` bytes.

    Raises:
        FileNotFoundError: there is none of this name.
        InvalidModelFile: it is a link, a folder or a device, too large, or may not be read.
    """
    if file.is_symlink():
        raise InvalidModelFile(f"{file.name}: is a link; give the file that it leads to")
    careful = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        with open(os.open(file, os.O_RDONLY | careful), "rb") as handle:
            if not stat.S_ISREG(os.fstat(handle.fileno()).st_mode):
                raise InvalidModelFile(f"{file.name}: is no plain file")
            data = handle.read(most + 1)
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        if isinstance(error, InvalidModelFile):
            raise
        raise InvalidModelFile(f"{file.name}: cannot be read: {error}") from None
    if len(data) > most:
        raise InvalidModelFile(f"{file.name}: is larger than {most // 10**6} MB, so no tracker")
    return data


def checked(data: bytes, file: str) -> tuple[Detector | None, Contents]:
    """The model, None where the tracker's kind needs none, and what is said of it.

    Raises:
        InvalidModelFile: names the file and the field.
    """
    detector, about = unpack(data, file)
    if about.get("file") != VERSION:
        raise InvalidModelFile(
            f"{file}: is a tracker's file of version {str(about.get('file'))[:40]}, and this version reads {VERSION}"
        )
    text = plain_json.dumps(about)
    if _NUL.search(text):
        raise InvalidModelFile(f"{file}: a text holds a null character")
    try:
        contents = Contents.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))[:200]
        raise InvalidModelFile(f"{file}: {where}: {first['msg']}") from None
    if (contents.kind is TrackerKind.EXAMPLE) != (detector is not None):
        raise InvalidModelFile(f"{file}: kind: a tracker of kind {contents.kind} {_TAKES[detector is None]} a model")
    if detector is not None and contents.given > len(detector.model.data.labels):
        raise InvalidModelFile(f"{file}: given: there are not so many examples in its model")
    if detector is not None and detector.model.recipe.encoder != "sentences":
        raise InvalidModelFile(f"{file}: its model reads words as weighed in another corpus, which do not come along")
    return detector, contents


_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_TAKES = {True: "needs", False: "has not"}
