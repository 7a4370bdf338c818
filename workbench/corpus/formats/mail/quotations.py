"""The new text of an e-mail: without quotations of earlier messages and without signatures.

Recognised by lines, in the languages of the common clients. We tried libraries for this: mail-parser-reply 1.36
mistakes the first item of a list for a signature and drops what follows, and takes quadratic time on blank lines.
"""

from __future__ import annotations

import re

_WROTE = re.compile(
    r"(?:On|Am|Le|El|Il|Em|A|Den|Op|W dniu|Dnia|Dne|V|På|På den|Pe|Ti|Dana|Tarihinde|Den|Vào|El dia)\b.{4,250}?"
    r"(?:wrote|schrieb(?: .{1,120})?|a écrit|escribió|ha scritto|escreveu|skrev(?: .{1,120})?|schreef(?: .{1,120})?"
    r"|heeft .{1,120} geschreven|napisał(?:\(a\)|a)?|napsal(?:\(a\)|a)?|scris|kirjoitti|írta|je napisao|va escriure"
    r"|napísal(?:\(a\)|a)?|a scris)\s?(?:\(.{1,60}\)\s?)?:?",
    re.IGNORECASE,
)
_WROTE_LAST = re.compile(
    r".{4,250}?(?:написал(?:\(а\)|а)?|пишет|yazdı|さんは書きました|のメッセージ|写道|寫道"
    r"|님이 작성|wrote|schrieb)\s?[:：]",
    re.IGNORECASE,
)
_BY_ADDRESS = re.compile(r".{0,200}\d.{0,200}<[^<>\s]+@[^<>\s]+>\s?[:：]")
_BY_DATE = re.compile(r"\d{4}[/年.-]\s?\d{1,2}[/月.-]\s?\d{1,2}.{0,80}<[^<>\s]+@[^<>\s]+>\s?[:：]?")
_ORIGINAL = re.compile(
    r"[-_=*> ]{2,}\s*(?:Original (?:Message|Appointment)|Forwarded message|Forwarded by .{1,80}|Ursprüngliche Nachricht"
    r"|Weitergeleitete Nachricht|Original-Nachricht|Message d'origine|Message transféré|Mensaje original"
    r"|Mensaje reenviado"
    r"|Messaggio originale|Messaggio inoltrato|Mensagem original|Mensagem encaminhada|Oorspronkelijk bericht"
    r"|Doorgestuurd bericht|Oprindelig meddelelse|Ursprungligt meddelande|Opprinnelig melding|Oryginalna wiadomość"
    r"|Wiadomość oryginalna|Původní zpráva|Исходное сообщение|原始邮件|転送メッセージ|元のメッセージ)\s*[-_=* ]{2,}",
    re.IGNORECASE,
)
_FORWARDED = re.compile(
    r"(?:Begin forwarded message|Anfang der weitergeleiteten Nachricht|Anfang der weitergeleiteten E-Mail"
    r"|Début du message (?:réexpédié|transféré)|Inicio del mensaje reenviado|Inizio messaggio inoltrato"
    r"|Begin doorgestuurd bericht)\s?:",
    re.IGNORECASE,
)
_LABELS = {
    "from": "from von de da van od från fra отправитель 发件人 差出人 보낸사람",
    "sent": "sent date gesendet datum envoyé envoyée enviado fecha inviato data verzonden wysłano skickat sendt dato "
    "odesláno отправлено дата 发送时间 日期 送信日時",
    "to": "to an à para a aan do till til komu кому 收件人 宛先",
    "subject": "subject betreff objet asunto oggetto assunto onderwerp temat ämne emne předmět тема 主题 件名",
    "cc": "cc kopie copie kopia dw",
}
_KINDS = {label: kind for kind, labels in _LABELS.items() for label in labels.split()}
_LABEL = re.compile(r"[*_\s]*([^\W\d_]{1,12})\s?[*_]*\s?[:：][*_]*\s?(.*)")
_QUOTED = re.compile(r"\s{0,3}(?:>|\|\s|»)")
_SIGNATURE = re.compile(r"--\s?")
_SENT_FROM = re.compile(
    r"(?:Sent from (?:my|the|a|Mail|Outlook|Yahoo|Gmail|ProtonMail|Proton|Samsung)\b|Get Outlook for|Sent via|Sent with"
    r"|Gesendet von (?:meinem|meiner|Mail|Outlook|iPhone)|Von meinem .{1,40} gesendet|Diese Nachricht wurde von meinem"
    r"|Envoyé (?:de|depuis) (?:mon|ma|mobile)|Enviado (?:desde|do) (?:mi|meu)|Inviato da(?:l mio)?\b"
    r"|Verzonden vanaf mijn"
    r"|Skickat från min|Sendt fra min|Lähetetty|Wysłane z|Odesláno z|Отправлено с|发自我的|iPhoneから送信|Outlook für)",
    re.IGNORECASE,
)
_RULE = re.compile(r"\s*(?:_{5,}|-{5,}|={5,}|\*{5,})\s*")
_MAX_QUOTED_LINES = 50_000
_HEAD_LINES = 8  # the most lines of a block of From, Sent, To and Subject
_LONGEST_HEAD = 400


def new_text(text: str) -> str:
    """Return the new text of a message; empty if there is none."""
    lines = [line.rstrip() if not _SIGNATURE.fullmatch(line) else line for line in text.split("\n")[:_MAX_QUOTED_LINES]]
    kept: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if _SIGNATURE.fullmatch(line) and (line == "-- " or _is_last(lines, at)):
            at = _after_signature(lines, at)
            continue
        if _ORIGINAL.fullmatch(line.strip()) or _FORWARDED.fullmatch(line.strip()) or _is_outlook_head(lines, at):
            break
        if length := _attribution(lines, at):
            following = _next_text(lines, at + length)
            if following is None or not _QUOTED.match(lines[following]):
                break
            at = following
            continue
        if not _QUOTED.match(line):
            kept.append(line)
        at += 1
    return _tidy(kept)


def _attribution(lines: list[str], at: int) -> int:
    """Return the number of lines of an "On … wrote:" that begins here; 0 if none does."""
    first = lines[at].strip().lstrip("> ")
    if not first or len(first) > _LONGEST_HEAD:
        return 0
    joined = ""
    for length in range(1, 4):
        if at + length > len(lines):
            break
        piece = lines[at + length - 1].strip().lstrip("> ")
        if not piece:
            break
        joined = f"{joined} {piece}".strip()
        if len(joined) > _LONGEST_HEAD:
            break
        if _is_attribution(joined):
            return length
    return 0


def _is_attribution(text: str) -> bool:
    if not text.endswith((":", "：")) and "@" not in text:
        return False
    told = any(map(str.isdigit, text))
    if _BY_DATE.fullmatch(text) or (_BY_ADDRESS.fullmatch(text) and re.search(r"\d:\d\d", text)):
        return True
    if not text.endswith((":", "：")):
        return False
    if _WROTE.fullmatch(text) and told:
        return True
    return bool(_WROTE_LAST.fullmatch(text)) and told and ("@" in text or bool(re.search(r"\d{4}|\d:\d\d", text)))


def _is_outlook_head(lines: list[str], at: int) -> bool:
    """Return whether a block of From, Sent, To and Subject begins here, rather than text with colons."""
    if _kind(lines[at]) != "from":
        return False
    found = {"from"}
    gap = 0
    for line in lines[at + 1 : at + _HEAD_LINES]:
        kind = _kind(line)
        if kind:
            found.add(kind)
            gap = 0
        else:
            gap += 1
        if gap > 2:
            break
    return len(found - {"cc"}) >= 3 and ("sent" in found or "@" in lines[at])


def _kind(line: str) -> str | None:
    found = _LABEL.match(line.lstrip("> ")) if len(line) < 2_000 else None
    return _KINDS.get(found[1].lower()) if found and found[2].strip(" *_") else None


def _next_text(lines: list[str], at: int) -> int | None:
    return next((place for place in range(at, len(lines)) if lines[place].strip()), None)


def _is_last(lines: list[str], at: int) -> bool:
    """Return whether only a few lines follow before a quotation or the end, as after ``--`` without its space."""
    rest = [line for line in lines[at + 1 :] if line.strip()]
    own = next((place for place, line in enumerate(rest) if _QUOTED.match(line)), len(rest))
    return 0 < own <= 12


def _after_signature(lines: list[str], at: int) -> int:
    """Return where a signature ends: at a quotation, as answers may follow within it, or at the end of the text."""
    for place in range(at + 1, len(lines)):
        if _QUOTED.match(lines[place]) or _attribution(lines, place):
            return place
    return len(lines)


def _tidy(lines: list[str]) -> str:
    """Return the lines without a closing rule or "Sent from my phone"."""
    while lines and (not lines[-1].strip() or _RULE.fullmatch(lines[-1]) or _is_sent_from(lines[-1])):
        lines.pop()
    out: list[str] = []
    for line in lines:
        if line.strip() or (out and out[-1].strip()):
            out.append(line)
    return "\n".join(out).strip()


def _is_sent_from(line: str) -> bool:
    return len(line) < 100 and bool(_SENT_FROM.match(line.strip()))
