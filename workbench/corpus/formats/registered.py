"""The formats other than JSON, in the order in which they are tried."""

from __future__ import annotations

from workbench.corpus.formats.base import Format
from workbench.corpus.formats.documents.refused import RefusedDocument
from workbench.corpus.formats.documents.word import WordDocument
from workbench.corpus.formats.mail.mbox import Mbox
from workbench.corpus.formats.mail.messages import MailMessage
from workbench.corpus.formats.plain_text.transcripts import PlainTranscript
from workbench.corpus.formats.plain_text.zoom import ZoomCaptions, ZoomChat
from workbench.corpus.formats.research.chat import Chat
from workbench.corpus.formats.research.ctm import Ctm
from workbench.corpus.formats.research.elan import Elan
from workbench.corpus.formats.research.rttm import Rttm
from workbench.corpus.formats.research.stm import Stm
from workbench.corpus.formats.research.textgrid import TextGrid
from workbench.corpus.formats.subtitles.subrip import SubRip, SubViewer, TeamsText
from workbench.corpus.formats.subtitles.substation import SubStation
from workbench.corpus.formats.subtitles.ttml import TimedText
from workbench.corpus.formats.subtitles.webvtt import WebVtt
from workbench.corpus.formats.tables.delimited import Delimited
from workbench.corpus.formats.tables.parquet import Parquet
from workbench.corpus.formats.tables.spreadsheet import Spreadsheet

BY_FIRST_BYTES: tuple[Format, ...] = (WordDocument(), Spreadsheet(), Parquet(), RefusedDocument(), WebVtt())
BY_FIRST_LINES: tuple[Format, ...] = (TextGrid(), Elan(), TimedText(), SubStation(), Chat(), Mbox(), MailMessage())
BY_LINES: tuple[Format, ...] = (
    TeamsText(),
    SubRip(),
    SubViewer(),
    Rttm(),
    Stm(),
    Ctm(),
    ZoomCaptions(),
    ZoomChat(),
    Delimited(),
    PlainTranscript(),
)
