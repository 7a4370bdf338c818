"""What the columns of a table contain, by their usual names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Use(StrEnum):
    """The use of a column."""

    CONVERSATION = "conversation"
    SPEAKER = "speaker"
    ROLE = "role"
    CHANNEL = "channel"
    EMAIL = "email"
    TEXT = "text"
    START = "start"
    END = "end"
    DURATION = "duration"
    ORDER = "order"
    TITLE = "title"
    STARTED = "started"
    LANGUAGE = "language"
    DIRECTION = "direction"
    ACCOUNT = "account"
    THREAD = "thread"


_NAMES = {
    Use.CONVERSATION: """
        conversationid callid transcriptid recordingid sessionid contactid ticketid dialogueid dialogid
        dialogueidentifier file filename audiofile audiofilename call conversation meetingid interactionid convid
        convoid chatid callsid conversationkey callidentifier callnumber callno meeting recording dialogue dialog
        transcriptname gesprachsid anrufid chatkey encounterid caseid casenumber calluuid conversationuuid
        uniqueid docid documentid
        anruf anrufnummer gesprach gesprächid gespräch gesprächsid idappel appelid appel idllamada llamadaid llamada
        idchamada chamada idconversa idconversation idconversacion idconversación idchiamata chiamata gesprekid gesprek
        rozmowaid idrozmowy 通話id 通話 会話id 会話 通话id 会话id 会话 对话id 对话
        通話編號 통화id 대화id 통화 звонок idзвонка
    """,
    Use.SPEAKER: """
        speaker speakername speakerlabel speakerid name participant participantname participantid interlocutor
        actor actorname author authorname from fromname user username userid party agentorcustomer sender
        sendername talker displayname who personname person sprecher sprechername speakertag diarizationlabel
        locuteur hablante speakerdisplayname fromaddress
        intervenant interlocuteur orateur falante orador parlante interlocutore spreker rozmówca mówca talare
        sprecherin 話者 発言者 発話者 说话人 发言人 講者 说话者 화자 발화자 говорящий спикер
    """,
    Use.ROLE: """
        role participantrole speakerrole speakertype side actortype authorrole authortype sendertype sendertyp
        senderrole usertype participanttype rolle isagent
        rôle rol ruolo papel perfil ролі роль 役割 角色 역할
    """,
    Use.CHANNEL: """
        channel channelid audiochannel track channeltag
        kanal canal canale kanaal チャンネル チャネル 声道 通道 채널 канал
    """,
    Use.EMAIL: """
        email speakeremail emailaddress participantemail useremail senderemail mail
    """,
    Use.TEXT: """
        text utterance utterancetext transcript transcription content message messagetext messagebody body
        sentence phrase snippet words turntext textbody spokentext said conversationtext calltranscript
        transcripttext fulltranscript fulltext dialoguetext speech asrtext caption comment commentbody
        turncontent nachricht inhalt texte texto transcribedtext rawtext plaintext bodytext chattext
        conversationtranscript
        äußerung äusserung aeusserung aussage transkript gesprächstext wortlaut propos énoncé transcription
        transcripción transcripcion enunciado mensaje mensagem transcrição transcricao fala testo trascrizione messaggio
        tekst transkrypcja wypowiedź yttrande metin konuşma 発話 発言 テキスト 本文 文字起こし 発話内容 内容 文本 话术
        转写文本 文字 发言内容 對話內容 발화 내용 텍스트 текст реплика сообщение
    """,
    Use.START: """
        start starttime begin beginning begintime offset startoffset beginoffset timestamp time ts starts startat
        startts timecode tc segmentstart utterancestart turnstart sentencestart startseconds onset timeoffset
        anfang zeit messagetime entrytime sentat messagedate messagetimestamp clienttimestamp timein timestart
        position zeitstempel beginn relativetime sent senton
        beginnzeit startzeit anfangszeit début debut heuredebut heuredébut inicio início comienzo horainicio tempoinicio
        inizio aanvang poczatek początek başlangıç 開始 開始時間 開始時刻 開始秒 开始
        开始时间 時間 时间 時刻 시작 시작시간 начало время
    """,
    Use.END: """
        end endtime stop finish endoffset stoptime ends endat endts segmentend utteranceend turnend to finishtime
        endtimestamp ende timeout sentenceend timeend
        endzeit fin heurefin término termino fim horafin eind einde koniec bitiş 終了 終了時間 終了時刻 结束 结束时间
        종료 종료시간 конец
    """,
    Use.DURATION: """
        duration length dauer durationtime callduration callduree totalduration calllength talktime
        durée duree duración duracion duração duracao durata duur süre 通話時間 時長 时长 통화시간 длительность
    """,
    Use.ORDER: """
        turn turnid index utteranceid utteranceindex utterancenumber sequence seq line lineno linenumber
        turnnumber turnindex turnno order sentenceid sentenceindex position messageid messageindex segmentid
        segment rownumber idx nr no turnorder sequencenumber
    """,
    Use.TITLE: """
        title subject calltitle meetingtitle topic subjectline callname meetingname titel betreff callsubject
        conversationtitle
        titre título titulo titolo onderwerp tytuł asunto assunto oggetto objet 件名 タイトル 标题 標題 제목 тема
    """,
    Use.STARTED: """
        date startedat calldate callstart callstarttime callstarted datetime createdat created calldatetime
        startdate startdatetime meetingdate conversationstart conversationstarttime conversationdate recordedat
        recordingdate datum datetimestart callstartedat day startedon callstartdate starttimeutc
        conversationstarted createddate createdtime
        anrufdatum gesprächsdatum startdatum fecha fechallamada fechainicio dataora datachamada dateappel
        datedebut datum datumuhrzeit tarih 日時 日付 通話日時 通話日 日期 通话时间 通話日期 날짜 일시 дата датазвонка
    """,
    Use.LANGUAGE: """
        language lang languagecode locale sprache spokenlanguage
        langue idioma lingua taal język dil 言語 语言 語言 언어 язык
    """,
    Use.DIRECTION: """
        direction calldirection inboundoutbound callingdirection richtung incoming
    """,
    Use.ACCOUNT: """
        account accountname company companyname customercompany organization organisation firma
        kunde kundenname unternehmen entreprise société empresa azienda bedrijf 会社 会社名 公司 회사 компания
    """,
    Use.THREAD: """
        thread threadid threadidentifier
    """,
}
_USES = {name: use for use, names in _NAMES.items() for name in names.split()}
_MILLIS, _SECONDS = 0.001, 1.0
_UNITS = {
    "ms": _MILLIS, "msec": _MILLIS, "msecs": _MILLIS, "millis": _MILLIS, "milliseconds": _MILLIS,
    "millisecond": _MILLIS,
    "millisec": _MILLIS,
    "s": _SECONDS, "sec": _SECONDS, "secs": _SECONDS, "second": _SECONDS, "seconds": _SECONDS,
    "sekunden": _SECONDS, "sek": _SECONDS, "min": 60.0, "mins": 60.0, "minutes": 60.0, "minuten": 60.0,
    "hours": 3600.0, "us": 1e-6, "micros": 1e-6, "usec": 1e-6, "microseconds": 1e-6, "ns": 1e-9, "nanos": 1e-9,
    "nanoseconds": 1e-9, "ticks": 1e-7,
}  # fmt: skip
_LISTS = frozenset(("turns", "messages", "utterances", "segments", "sentences", "entries", "monologues", "dialog"))
_TIMES = (Use.START, Use.END, Use.DURATION)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SPLIT = re.compile(r"[^\w]+|_+")
_MAX_NAME = 100
MAX_COLUMNS = 2_000


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        place: counted from 0.
        name: as in the header.
        use: by its name; None if the name is unknown.
        unit_s: seconds of the unit in the name; None if it has none.
    """

    place: int
    name: str
    use: Use | None
    unit_s: float | None = None


def column_of(place: int, name: Any) -> Column:
    """Return a column's use by its name."""
    text = str(name if name is not None else "").strip().strip("\ufeff'\"#").strip()[:_MAX_NAME]
    words = [one.lower() for part in _SPLIT.split(text) for one in _CAMEL.split(part) if one]
    unit_s = next((_UNITS[one] for one in reversed(words) if one in _UNITS and len(words) > 1), None)
    for tried in ("".join(words), "".join(one for one in words if one not in _UNITS)):
        use = _USES.get(tried)
        if use:
            return Column(place, text, use, unit_s if use in _TIMES or use is Use.STARTED else None)
    return Column(place, text, None)


def columns_of(header: Sequence[Any]) -> list[Column]:
    """Return the columns of a header."""
    return [column_of(place, name) for place, name in enumerate(header[:MAX_COLUMNS])]


def known(columns: Sequence[Column]) -> set[Use]:
    """Return the known columns of a header."""
    return {one.use for one in columns if one.use}


def is_header(row: Sequence[Any]) -> bool:
    """Return whether a row names a column of text and one for the conversation, the speaker or the time."""
    uses = known(columns_of(row)) if sum(1 for one in row[:MAX_COLUMNS] if _is_name(one)) >= 2 else set()
    texts = Use.TEXT in uses or any(isinstance(one, str) and one.strip().lower() in _LISTS for one in row[:MAX_COLUMNS])
    return texts and bool(uses & {Use.CONVERSATION, Use.SPEAKER, Use.ROLE, Use.CHANNEL, Use.START, Use.STARTED})


def _is_name(cell: Any) -> bool:
    return isinstance(cell, str) and 0 < len(cell.strip()) <= _MAX_NAME
