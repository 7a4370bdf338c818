"""The formats that are not JSON, in the order in which they are asked."""

from __future__ import annotations

from workbench.corpus.formats.base import Format
from workbench.corpus.formats.mail.mbox import Mbox
from workbench.corpus.formats.mail.messages import MailMessage
from workbench.corpus.formats.plain_text.transcripts import PlainText
from workbench.corpus.formats.plain_text.zoom import ZoomCaptions, ZoomChat
from workbench.corpus.formats.subtitles.subrip import SubRip, SubViewer, TeamsText
from workbench.corpus.formats.subtitles.webvtt import WebVtt
from workbench.corpus.formats.tables.delimited import Delimited
from workbench.corpus.formats.tables.parquet import Parquet
from workbench.corpus.formats.tables.spreadsheet import Spreadsheet

BY_FIRST_BYTES: tuple[Format, ...] = (Spreadsheet(), Parquet(), WebVtt())
BY_FIRST_LINES: tuple[Format, ...] = (Mbox(), MailMessage())
BY_LINES: tuple[Format, ...] = (
    TeamsText(),
    SubRip(),
    SubViewer(),
    ZoomCaptions(),
    ZoomChat(),
    Delimited(),
    PlainText(),
)
