"""Ready-made trackers, and definitions of many trackers in one text."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from workbench.domain.filters import Filters
from workbench.domain.trackers import TrackerKind
from workbench.domain.views import RefusedView, TrackerRef
from workbench.server.models.base import (
    MAX_REFS,
    Count,
    IdText,
    ListPage,
    NameGiven,
    RequestModel,
    View,
    length,
)
from workbench.server.models.trackers import IntervalModel

FileFormat = Literal["json", "csv"]
Content = Annotated[str, length(1_000_000)]


class QualityModel(View):
    """Measured on ``calls`` sample calls, in which ``hits`` sentences carry the concept; other calls will differ."""

    precision: IntervalModel
    hit_rate: IntervalModel
    f1: IntervalModel
    average_precision: IntervalModel
    calls: Count
    hits: Count
    measured: str


class ReadyMadeModel(View):
    """``settings`` depend on its ``kind``. ``quality`` is null if it was not measured."""

    key: str
    name: str
    description: str
    language: str
    kind: TrackerKind
    filters: Filters
    settings: dict[str, JsonValue]
    quality: QualityModel | None


class ReadyMades(ListPage):
    items: list[ReadyMadeModel]


class ReadyMadeAdd(RequestModel):
    """``as_examples``: add it as a tracker of examples, to be trained. ``name``: a name other than its own."""

    as_examples: bool = False
    name: NameGiven | None = None


class DefinitionsQuery(RequestModel):
    format: Annotated[FileFormat, Field(description="The format of the text.")] = "json"
    tracker: Annotated[list[IdText], Field(max_length=MAX_REFS, description="Only these, by id or name.")] = []


class DefinitionsView(View):
    """A file's content: JSON as accepted by ``POST trackers``, or CSV with one tracker per row."""

    format: FileFormat
    text: str


class DefinitionsBody(RequestModel):
    """``text``: a file's content. ``skip``: report invalid entries and import the others, instead of importing none."""

    format: FileFormat = "json"
    text: Annotated[Content, Field(description="JSON or CSV, as exported here.")]
    skip: bool = False


class BroughtModel(View):
    """The drafts created, and the entries refused."""

    made: list[TrackerRef]
    refused: list[RefusedView]
