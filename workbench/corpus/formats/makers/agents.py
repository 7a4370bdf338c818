"""PolyAI, ElevenLabs Agents, Vapi, Retell, Rasa and similar, and chat datasets: people who talk with machines.

Here the machine is the company's, and "user" is the customer.
"""

from __future__ import annotations

from typing import Any

from workbench.corpus.formats.draft import Draft, DraftTurn
from workbench.corpus.formats.makers.maker import Maker
from workbench.corpus.formats.makers.values import among, at, first, name, obj, objs, sample, text
from workbench.corpus.formats.roles import known_speaker, side_of
from workbench.corpus.formats.times import between, millis, number, since_1970, taken_as_utc, tidy
from workbench.domain.conversations import Channel, Direction, Side

_UNSPOKEN = {
    "system": "system prompt",
    "developer": "system prompt",
    "tool": "tool call",
    "tools": "tool call",
    "tool_calls": "tool call",
    "tool_call": "tool call",
    "tool_call_result": "tool call",
    "tool_result": "tool call",
    "function": "tool call",
    "function_call": "tool call",
    "function_response": "tool call",
}
_SIDES = {
    "user": Side.CUSTOMER,
    "human": Side.CUSTOMER,
    "customer": Side.CUSTOMER,
    "assistant": Side.COMPANY,
    "bot": Side.COMPANY,
    "agent": Side.COMPANY,
    "gpt": Side.COMPANY,
    "chatgpt": Side.COMPANY,
    "model": Side.COMPANY,
    "ai": Side.COMPANY,
}


def _poly(document: Any) -> list[Draft] | None:
    held = objs(at(document, "turns"))
    if not {"user_input", "agent_response"} <= sample(held).keys() | _keys(held):
        return None
    own = name(first(document, "conversationId", "conversation_id", "id"))
    draft = Draft([], id=own, language=name(document.get("language")))
    draft.started = taken_as_utc(first(document, "startedAt", "started_at"))
    draft.duration_s = number(document.get("duration"))
    direction = text(document.get("direction")).lower()
    draft.direction = Direction(direction) if direction in set(Direction) else None
    draft.channel = Channel.TELEPHONY if text(document.get("channel")).lower() in ("voice", "phone", "sip") else None
    if first(document, "inProgress", "in_progress") is True:
        draft.notes.append("the conversation was still going on when it was exported; import it again once it is over")
    draft.sides = {"user": Side.CUSTOMER, "agent": Side.COMPANY}
    timed = []
    for one in held:
        for key, speaker in (("user_input", "user"), ("agent_response", "agent")):
            said = text(one.get(key)).strip()
            if said:
                timed.append((taken_as_utc(one.get(f"{key}_datetime")), DraftTurn(said, speaker)))
        if not text(one.get("user_input")).strip() and one.get("user_input_dtmf"):
            draft.left_out["keys pressed"] += 1
    draft.started = draft.started or min((time for time, _ in timed if time), default=None)
    for time, turn in timed:
        turn.start_s = between(draft.started, time)
        draft.turns.append(turn)
    spoken = {turn.speaker for turn in draft.turns}
    draft.sides = {one: side for one, side in draft.sides.items() if one in spoken}
    return [draft]


def _eleven(document: Any) -> list[Draft] | None:
    data = obj(at(document, "data")) or obj(document)
    held = objs(data.get("transcript"))
    keys = sample(held)
    if not among(keys, "role", "time_in_call_secs"):
        return None
    details = obj(data.get("metadata"))
    draft = Draft([], id=name(data.get("conversation_id")), language=name(details.get("main_language")))
    draft.started = since_1970(details.get("start_time_unix_secs"))
    draft.duration_s = number(details.get("call_duration_secs"))
    for one in held:
        if not text(one.get("message")).strip():
            draft.left_out["tool call"] += 1
            continue
        _add(draft, one.get("role"), text(one["message"]), number(one.get("time_in_call_secs")), None)
    return [draft]


def _vapi(document: Any) -> list[Draft] | None:
    held = objs(at(document, "messages")) or objs(at(document, "artifact", "messages"))
    keys = sample(held)
    if not among(keys, "role", "secondsFromStart"):
        return None
    draft = Draft([], id=name(document.get("id")), started=taken_as_utc(first(document, "startedAt", "createdAt")))
    draft.duration_s = between(draft.started, taken_as_utc(document.get("endedAt")))
    for one in held:
        start, length = number(one.get("secondsFromStart")), millis(one.get("duration"))
        since, until = number(one.get("time")), number(one.get("endTime"))
        if length is None and since is not None and until is not None:
            length = millis(until - since)
        end = None if start is None or length is None else tidy(start + length)
        _add(draft, one.get("role"), text(first(one, "message", "content")), start, end)
    return [draft]


def _retell(document: Any) -> list[Draft] | None:
    held = objs(at(document, "transcript_object"))
    if not among(sample(held), "role", "content"):
        return None
    draft = Draft([], id=name(first(document, "call_id", "chat_id")))
    draft.started = since_1970(document.get("start_timestamp"))
    draft.duration_s = between(draft.started, since_1970(document.get("end_timestamp")))
    direction = text(document.get("direction")).lower()
    draft.direction = Direction(direction) if direction in set(Direction) else None
    for one in held:
        words = objs(one.get("words"))
        start = number(at(words, 0, "start"))
        _add(draft, one.get("role"), text(one.get("content")), start, number(at(words, -1, "end")))
    return [draft]


def _rasa(document: Any) -> list[Draft] | None:
    """Read Rasa's tracker: among its events only what the user and the bot say."""
    held = objs(at(document, "events"))
    if not among(sample(held), "event", "timestamp") or "sender_id" not in obj(document):
        return None
    draft = Draft([], id=name(document["sender_id"]))
    for one in held:
        said = text(one.get("text"))
        if one.get("event") not in ("user", "bot") or not said.strip():
            draft.left_out["event"] += 1
            continue
        moment = since_1970(one.get("timestamp"))
        draft.started = draft.started or moment
        _add(draft, one["event"], said, between(draft.started, moment), None)
    return [draft]


def _chat(document: Any) -> list[Draft] | None:
    keys = obj(document)
    held = objs(keys.get("messages"))
    found = sample(held)
    if not among(found, "role") or not {"content", "parts"} & found.keys():
        return None
    draft = Draft(
        [], id=name(first(keys, "id", "conversation_id", "dialogue_id", "thread_id")), title=name(keys.get("title"))
    )
    return [_chat_draft(draft, held)]


def _chat_list(document: Any) -> list[Draft] | None:
    held = objs(document)
    if not among(sample(held), "role", "content") or {"conversation_id", "start", "timestamp"} & sample(held).keys():
        return None
    return [_chat_draft(Draft([]), held)]


def _chat_draft(draft: Draft, held: list[dict[str, Any]]) -> Draft:
    for one in held:
        _add(draft, one.get("role"), _content(first(one, "content", "parts")), None, None)
    return draft


def _share(document: Any) -> list[Draft] | None:
    """Read dialogues in the form of instruction datasets."""
    held = objs(at(document, "conversations"))
    if not among(sample(held), "from", "value"):
        return None
    draft = Draft([], id=name(document.get("id")))
    for one in held:
        _add(draft, one.get("from"), text(one.get("value")), None, None)
    return [draft]


def _taskmaster(document: Any) -> list[Draft] | None:
    held = objs(at(document, "utterances"))
    if not among(sample(held), "speaker", "text") or not {"conversation_id", "conversationId"} & obj(document).keys():
        return None
    draft = Draft([], id=name(first(document, "conversation_id", "conversationId")))
    for one in held:
        _add(draft, one.get("speaker"), text(one.get("text")), None, None)
    return [draft]


def _abcd(document: Any) -> list[Draft] | None:
    held = at(document, "original")
    if not isinstance(held, list) or "convo_id" not in document:
        return None
    draft = Draft([], id=name(document["convo_id"]))
    for one in held:
        if text(at(one, 0)) == "action":
            draft.left_out["action"] += 1
        else:
            _add(draft, at(one, 0), text(at(one, 1)), None, None)
    return [draft]


def _add(draft: Draft, role: Any, said: str, start: float | None, end: float | None) -> None:
    speaker = known_speaker(role)
    folded = (speaker or "").lower()
    if folded in _UNSPOKEN:
        draft.left_out[_UNSPOKEN[folded]] += 1
        return
    draft.turns.append(DraftTurn(said, speaker, start, end))
    if speaker and (side := _SIDES.get(folded) or side_of(speaker)):
        draft.sides[speaker] = side


def _content(value: Any) -> str:
    """Return a text, or the texts of its parts; pictures and tool calls are left out."""
    if isinstance(value, list):
        parts = (one if isinstance(one, str) else text(first(obj(one), "text", "content")) for one in value)
        return "\n".join(part for part in parts if part.strip())
    return text(at(value, "text")) if isinstance(value, dict) else text(value)


def _keys(held: list[dict[str, Any]]) -> set[str]:
    return {key for one in held[:20] for key in one}


POLY = Maker("PolyAI", _poly)
ELEVEN_AGENT = Maker("ElevenLabs Agents", _eleven)
VAPI = Maker("Vapi", _vapi)
RETELL = Maker("Retell", _retell)
RASA = Maker("Rasa", _rasa)
CHAT = Maker("chat messages with roles", _chat)
SHARE = Maker("dialogues of instructions", _share)
TASKMASTER = Maker("Taskmaster dialogues", _taskmaster)
ABCD = Maker("ABCD dialogues", _abcd)
CHAT_LIST = Maker("chat messages", _chat_list, of_turns=True)
