"""The makers' own traps, from their documentation: documents that the examples do not have."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from workbench.corpus.formats.assemble import assembled
from workbench.corpus.formats.base import FoundConversation
from workbench.corpus.formats.makers import read_document
from workbench.corpus.formats.opened import UnreadableFile
from workbench.domain.conversations import Conversation, Direction, Scope


def conversations(document: Any) -> list[Conversation]:
    """As they are read, after a way through JSON."""
    read = read_document(json.loads(json.dumps(document)))
    assert read, "no maker knows it"
    out = [assembled(draft, f"file {place}") for place, draft in enumerate(read.drafts)]
    assert all(isinstance(one, FoundConversation) for one in out), out
    return [one.conversation for one in out if isinstance(one, FoundConversation)]


def only(document: Any) -> Conversation:
    (found,) = conversations(document)
    return found


def said(conversation: Conversation) -> list[tuple[str | None, float | None, float | None, str]]:
    return [(turn.party, turn.start_s, turn.end_s, turn.text) for turn in conversation.turns]


def sides(conversation: Conversation) -> dict[str, str]:
    return {party.id: party.side.value for party in conversation.parties if party.side}


MONOLOGUES = [
    {"speakerId": "12345678901234567890", "topic": None, "sentences": [{"start": 0, "end": 900, "text": "Hello."}]},
    {"speakerId": None, "sentences": [{"start": 1000, "end": 2000, "text": "Hi."}]},
]
CALL = {
    "metaData": {
        "id": "7782342274025937895",
        "title": "Plan",
        "started": "2026-03-02T10:00:00+01:00",
        "scheduled": "2026-03-02T08:00:00Z",
        "duration": 372,
        "direction": "Inbound",
        "scope": "External",
        "language": "eng",
    },
    "parties": [
        {"speakerId": "12345678901234567890", "name": "Ada", "affiliation": "External", "emailAddress": "a@x.example"},
        {"name": "Silent", "affiliation": "Internal"},
    ],
    "content": {"trackers": [{"name": "Pricing", "count": 2}, {"name": "Never", "count": 0}]},
}


@pytest.mark.parametrize(
    "document",
    [
        {"callTranscripts": [{"callId": "7782342274025937895", "transcript": MONOLOGUES}], "calls": [CALL]},
        {**CALL, "transcript": MONOLOGUES},
        {"calls": [{**CALL, "transcript": MONOLOGUES}]},
    ],
    ids=["both", "merged", "list"],
)
def test_gong_is_joined_by_ids_in_whatever_shape_it_was_saved(document):
    call = only(document)
    assert (call.id, call.title, call.duration_s, call.language) == ("7782342274025937895", "Plan", 372, "en")
    assert (call.direction, call.scope) == (Direction.INBOUND, Scope.EXTERNAL)
    assert call.started is not None
    assert call.started.isoformat() == "2026-03-02T09:00:00+00:00"
    assert said(call) == [("Ada", 0.0, 0.9, "Hello."), (None, 1.0, 2.0, "Hi.")]
    assert sides(call) == {"Ada": "customer"}
    assert call.fields["trackers"] == "Pricing (2)"


def test_gongs_calls_alone_are_refused():
    with pytest.raises(UnreadableFile, match="but not what was said"):
        read_document({"calls": [CALL]})


def test_gongs_event_form_and_single_transcripts_are_read():
    event = {
        "event": {
            "callId": "1",
            "transcripts": [
                {"speakerId": "2", "sentences": [{"text": "Hi.", "startedAtMillis": 500, "endedAtMillis": 900}]}
            ],
        }
    }
    assert said(only(event)) == [("2", 0.5, 0.9, "Hi.")]
    assert only({"callId": "9", "transcript": MONOLOGUES}).id == "9"


def test_times_in_a_unit_in_which_nobody_could_speak_are_taken_for_the_other():
    sentence = {"start": 0, "end": 60, "text": "so this is a sentence with some words in it " * 12}
    call = only({"callTranscripts": [{"callId": "1", "transcript": [{"speakerId": "2", "sentences": [sentence]}]}]})
    assert call.turns[0].end_s == 60


def test_amazon_speakers_are_found_by_the_start_of_their_words():
    item = {"type": "pronunciation", "start_time": "0.5", "end_time": "0.9", "alternatives": [{"content": "Hello"}]}
    mark = {"type": "punctuation", "alternatives": [{"content": "."}]}
    other = {"type": "pronunciation", "start_time": "1.0", "end_time": "1.5", "alternatives": [{"content": "Hi"}]}
    labels = [
        {"speaker_label": "spk_0", "items": [{"start_time": "0.5", "speaker_label": "spk_0"}]},
        {"speaker_label": "", "items": []},
        {"speaker_label": "spk_1", "items": [{"start_time": "1.0", "speaker_label": "spk_1"}]},
    ]
    results = {
        "transcripts": [{"transcript": ""}],
        "items": [item, mark, other],
        "speaker_labels": {"segments": labels},
    }
    call = only({"jobName": "j", "results": results})
    assert said(call) == [("spk_0", 0.5, 0.9, "Hello."), ("spk_1", 1.0, 1.5, "Hi")]


def test_amazon_without_labels_takes_its_segments():
    item = {"type": "pronunciation", "start_time": "0", "end_time": "1", "alternatives": [{"content": "Hello"}]}
    segments = [{"id": 0, "transcript": "Hello.", "start_time": "0.0", "end_time": "1.0", "items": [0]}]
    call = only({"jobName": "j", "results": {"transcripts": [], "items": [item], "audio_segments": segments}})
    assert said(call) == [(None, 0.0, 1.0, "Hello.")]


def test_amazon_in_real_time():
    turn = {"Id": "1", "ParticipantRole": "AGENT", "Content": "Hi.", "BeginOffsetMillis": 10, "EndOffsetMillis": 500}
    call = only({"Segments": [{"Transcript": turn}, {"Categories": {"MatchedCategories": []}}]})
    assert said(call) == [("AGENT", 0.01, 0.5, "Hi.")]
    assert sides(call) == {"AGENT": "company"}


def test_azure_fast_is_sorted_and_names_channels_where_there_are_two():
    phrases = [
        {"channel": 1, "offsetMilliseconds": 900, "durationMilliseconds": 100, "text": "Hi.", "locale": "en-US"},
        {"channel": 0, "offsetMilliseconds": 40, "durationMilliseconds": 500, "text": "Hello.", "locale": "en-US"},
    ]
    call = only({"durationMilliseconds": 1000, "combinedPhrases": [], "phrases": phrases})
    assert said(call) == [("channel 0", 0.04, 0.54, "Hello."), ("channel 1", 0.9, 1.0, "Hi.")]
    assert (call.duration_s, call.language) == (1.0, "en-US")


def test_azure_leaves_out_what_was_not_recognised_and_finds_the_speaker_in_nbest():
    phrases = [
        {"recognitionStatus": "NoMatch", "offset": "PT0S", "duration": "PT1S", "nBest": []},
        {
            "recognitionStatus": "Success",
            "offset": "PT1M2S",
            "duration": "PT2.5S",
            "nBest": [{"speaker": 2, "display": "Hi."}],
        },
    ]
    assert said(only({"recognizedPhrases": phrases})) == [("2", 62.0, 64.5, "Hi.")]


def test_deepgram_takes_the_paragraphs_of_each_channel():
    def channel(text, start):
        paragraph = {"sentences": [{"text": text, "start": start, "end": start + 1}], "speaker": 0, "start": start}
        return {"alternatives": [{"transcript": text, "paragraphs": {"paragraphs": [{**paragraph, "end": start + 1}]}}]}

    call = only({"results": {"channels": [channel("Second.", 5), channel("First.", 1)]}})
    assert said(call) == [("channel 1 speaker 0", 1, 2, "First."), ("channel 0 speaker 0", 5, 6, "Second.")]


def test_deepgram_without_words_has_its_transcript():
    assert said(only({"results": {"channels": [{"alternatives": [{"transcript": "Hello."}]}]}}))[0][3] == "Hello."


def test_assemblyai_says_why_a_transcription_failed():
    with pytest.raises(UnreadableFile, match="no audio"):
        read_document(
            {"id": "1", "status": "error", "error": "no audio", "audio_url": "x", "text": None, "words": None}
        )


def test_assemblyai_keeps_the_labels_of_channels():
    utterances = [{"speaker": "1A", "channel": "1", "start": 0, "end": 900, "text": "Hi."}]
    utterances.append({"speaker": "2A", "channel": "2", "start": 1000, "end": 1900, "text": "Hello."})
    assert [one[0] for one in said(only({"audio_url": "x", "utterances": utterances, "words": []}))] == ["1A", "2A"]


def test_google_channels_have_names_and_results_without_words_have_times():
    results = [
        {"alternatives": [{"transcript": "Hello."}], "channelTag": 1, "resultEndTime": "2s"},
        {"alternatives": [{}], "channelTag": 1},
        {"alternatives": [{"transcript": " Hi.", "words": [
            {"start_time": {"seconds": "3"}, "end_time": {"seconds": "3", "nanos": 500000000}, "word": "Hi."}
        ]}], "channelTag": 2},
    ]  # fmt: skip
    assert said(only({"response": {"results": results}})) == [
        ("channel 1", 0.0, 2.0, "Hello."),
        ("channel 2", 3.0, 3.5, "Hi."),
    ]


def test_meet_finds_names_among_the_participants():
    document = {
        "transcriptEntries": [
            {
                "name": "conferenceRecords/c/transcripts/t/entries/1",
                "participant": "conferenceRecords/c/participants/7",
                "text": "Hi.",
                "startTime": "2026-03-02T09:00:00Z",
            }
        ],
        "participants": [{"name": "conferenceRecords/c/participants/7", "phoneUser": {"displayName": "+44 20…"}}],
    }
    assert said(only(document)) == [("+44 20…", 0.0, None, "Hi.")]


def test_whisper_cpp_is_in_milliseconds():
    segment = {"timestamps": {"from": "00:00:00,000"}, "offsets": {"from": 500, "to": 900}, "text": " Hello."}
    call = only({"result": {"language": "en"}, "transcription": [segment]})
    assert (said(call), call.language) == ([(None, 0.5, 0.9, "Hello.")], "en")


def test_whisperx_splits_where_the_speaker_of_words_changes():
    words = [
        {"word": "Hi", "start": 0, "end": 1, "speaker": "A"},
        {"word": "2"},
        {"word": "Yes.", "start": 2, "end": 3, "speaker": "B"},
    ]
    segment = {"start": 0, "end": 3, "text": " Hi 2 Yes.", "words": words, "speaker": "A"}
    assert said(only({"segments": [segment], "word_segments": []})) == [("A", 0, 1, "Hi 2"), ("B", 2, 3, "Yes.")]


def test_whisper_without_segments_is_one_turn():
    assert said(only({"text": "Hello there."})) == [(None, None, None, "Hello there.")]


def test_a_list_of_whispers_segments_is_one_conversation():
    segments = [{"id": n, "seek": 0, "start": n, "end": n + 1, "text": f" Line {n}."} for n in range(3)]
    assert len(only(segments).turns) == 3


def test_gecko_is_not_rev_ai():
    terms = [{"start": 0, "end": 1, "text": "Hello", "type": "WORD"}, {"text": ".", "type": "PUNCTUATION"}]
    document = {
        "schemaVersion": "2.0",
        "monologues": [{"speaker": {"id": "s", "name": "Ada"}, "start": 0, "end": 1, "terms": terms}],
    }
    assert said(only(document)) == [("Ada", 0, 1, "Hello.")]


def test_speechmatics_attaches_marks_and_writes_japanese_without_spaces():
    def word(content, kind="word", **more):
        return {
            "type": kind,
            "start_time": 0,
            "end_time": 1,
            "alternatives": [{"content": content, "speaker": "S1"}],
            **more,
        }

    def of(language, *results):
        return only({
            "format": "2.9",
            "job": {"id": "j"},
            "metadata": {"transcription_config": {"language": language}},
            "results": [*results],
        })  # fmt: skip

    assert (
        said(of("en", word("¿", "punctuation", attaches_to="next"), word("Yes"), word("?", "punctuation")))[0][3]
        == "¿Yes?"
    )
    assert said(of("ja", word("はい"), word("そう"), word("。", "punctuation")))[0][3] == "はいそう。"


def test_speechmatics_version_1_has_texts_for_numbers():
    document = {
        "job": {"id": 7, "lang": "en-GB", "duration": 3},
        "speakers": [{"duration": "1.5", "name": "M1", "time": "0.0"}, {"duration": "1", "name": "F1", "time": "1.5"}],
        "words": [
            {"duration": "0.3", "name": "Hello", "time": "0.1"},
            {"duration": "0.0", "name": ".", "time": "0.4"},
            {"duration": "0.3", "name": "Hi", "time": "1.6"},
        ],
    }
    assert said(only(document)) == [("M1", 0.1, 0.4, "Hello."), ("F1", 1.6, 1.9, "Hi")]


def test_gladia_and_watson_and_multichannel_elevenlabs():
    gladia = {
        "id": "g",
        "result": {
            "metadata": {"audio_duration": 9.5},
            "transcription": {
                "languages": ["en"],
                "full_transcript": "Hi.",
                "utterances": [{"text": "Hi.", "start": 0.5, "end": 0.9, "channel": 0, "speaker": 1}],
            },
        },
    }
    assert (said(only(gladia)), only(gladia).duration_s) == ([("1", 0.5, 0.9, "Hi.")], 9.5)
    watson = {
        "result_index": 0,
        "results": [{"final": True, "alternatives": [{"transcript": "hi %HESITATION no ", "timestamps": [
            ["hi", 0.5, 0.9], ["%HESITATION", 1.0, 1.1], ["no", 1.2, 1.5]]}]}],
        "speaker_labels": [{"from": 0.5, "to": 0.9, "speaker": 0}, {"from": 1.2, "to": 1.5, "speaker": 1}],
    }  # fmt: skip
    assert [one for one in said(only(watson)) if one[0]] == [("0", 0.5, 0.9, "hi"), ("1", 1.2, 1.5, "no")]
    del watson["speaker_labels"]
    assert said(only(watson)) == [(None, 0.5, 1.5, "hi no")]

    def channel(index, text, start):
        return {
            "language_code": "eng",
            "channel_index": index,
            "words": [{"text": text, "start": start, "end": start + 1, "type": "word"}],
        }

    eleven = {"transcripts": [channel(0, "Late", 5), channel(1, "Early", 1)]}
    assert said(only(eleven)) == [("channel 1", 1, 2, "Early"), ("channel 0", 5, 6, "Late")]


def test_twilio_has_times_as_texts_numbers_and_null():
    sentences = [
        {"media_channel": 1, "sentence_index": 0, "start_time": "0.50", "end_time": "0.9", "transcript": "Hi."},
        {"media_channel": 2, "sentence_index": 1, "start_time": None, "end_time": None, "transcript": "Yes."},
    ]
    url = "https://intelligence.twilio.com/v2/Transcripts/GT0123/Sentences?PageSize=50"
    call = only({"sentences": sentences, "meta": {"key": "sentences", "url": url}})
    assert call.id == "GT0123"
    assert said(call) == [("channel 1", 0.5, 0.9, "Hi."), ("channel 2", None, None, "Yes.")]


def test_genesys_takes_small_values_for_offsets():
    phrase = {"text": "hi", "startTimeMs": 500, "duration": {"milliseconds": 100}, "participantPurpose": "agent"}
    call = only({"conversationId": "c", "transcripts": [{"phrases": [phrase]}]})
    assert said(call) == [("agent", 0.5, 0.6, "hi")]
    assert sides(call) == {"agent": "company"}


def test_hubspot_dialpad_and_the_sent_form():
    utterance = {
        "text": "Hi.",
        "startTimeMillis": 500,
        "endTimeMillis": 900,
        "speaker": {"name": "Ada", "email": "a@x.example"},
    }
    for key in ("transcriptUtterances", "transcriptCreateUtterances"):
        assert said(only({"id": "1", key: [utterance]})) == [("Ada", 0.5, 0.9, "Hi.")]
    lines = [
        {
            "name": "Tom",
            "content": "Yes.",
            "time": "2026-03-02T09:00:05.500000",
            "type": "transcript",
            "contact_id": "2",
        },
        {"name": "Ada", "content": "price", "time": "2026-03-02T09:00:04.000000", "type": "moment", "user_id": "1"},
        {"name": "Ada", "content": "Hi.", "time": "2026-03-02T09:00:00.500000", "type": "transcript", "user_id": "1"},
    ]
    call = only({"call_id": 9007199254740993, "lines": lines})
    assert call.id == "9007199254740993"
    assert said(call) == [("Ada", 0.0, None, "Hi."), ("Tom", 5.0, None, "Yes.")]
    assert sides(call) == {"Tom": "customer", "Ada": "company"}


def test_avoma_and_fathom():
    avoma = {
        "uuid": "u",
        "speakers": [
            {"id": 1, "name": "Ada", "email": "a@x.example", "is_rep": True},
            {"id": 2, "name": "Tom", "is_rep": False},
        ],
        "transcript": [
            {"transcript": "Hi Tom.", "timestamps": [0.5, 0.9], "speaker_id": 1},
            {"transcript": "Yes.", "timestamps": [2.0], "speaker_id": 2},
        ],
    }
    assert said(only(avoma)) == [("Ada", 0.5, None, "Hi Tom."), ("Tom", 2.0, None, "Yes.")]
    assert sides(only(avoma)) == {"Ada": "company", "Tom": "customer"}
    meeting = {
        "title": "Plan",
        "recording_id": 12,
        "recording_start_time": "2026-03-02T09:00:00Z",
        "recording_end_time": "2026-03-02T09:30:00Z",
        "calendar_invitees": [{"name": "Tom A.", "email": "t@y.example", "is_external": True}],
        "transcript": [
            {
                "speaker": {"display_name": "Tom", "matched_calendar_invitee_email": "t@y.example"},
                "text": "Hi.",
                "timestamp": "00:01:02",
            }
        ],
    }
    for document in (meeting, {"items": [meeting], "next_cursor": None}, {"transcript": meeting["transcript"]}):
        assert said(only(document)) == [("Tom", 62.0, None, "Hi.")]
    assert sides(only(meeting)) == {"Tom": "customer"}
    assert only(meeting).duration_s == 1800


def test_polyai_gives_the_customer_first_and_warns_of_what_goes_on():
    document = {
        "conversationId": "p",
        "startedAt": "2026-03-02T09:00:00Z",
        "inProgress": True,
        "turns": [
            {"user_input": "", "agent_response": "Hello.", "agent_response_datetime": "2026-03-02T09:00:01Z"},
            {
                "user_input": "Hi.",
                "user_input_datetime": "2026-03-02T09:00:03Z",
                "agent_response": "Yes?",
                "agent_response_datetime": "2026-03-02T09:00:05Z",
            },
        ],
    }
    assert said(only(document)) == [("agent", 1, None, "Hello."), ("user", 3, None, "Hi."), ("agent", 5, None, "Yes?")]
    assert sides(only(document)) == {"agent": "company", "user": "customer"}
    assert conversations({"conversations": [document], "count": 1})[0].id == "p"
    read = read_document(document)
    assert read is not None
    assert "going on" in read.drafts[0].notes[0]


def test_zendesk_leaves_internal_notes_out_and_takes_spoken_comments():
    comments = [
        {"id": 2, "author_id": 8, "public": False, "body": "He asked twice.", "created_at": "2026-03-02T09:01:00Z"},
        {
            "id": 3,
            "author_id": 8,
            "public": True,
            "html_body": "<p>See &amp; try.</p>",
            "created_at": "2026-03-02T09:02:00Z",
        },
        {"id": 1, "author_id": 7, "public": True, "plain_body": "It stopped.", "created_at": "2026-03-02T09:00:00Z"},
        {
            "id": 4,
            "type": "VoiceComment",
            "author_id": 7,
            "public": True,
            "body": "Call from +44",
            "data": {"transcription_text": "Thank you."},
            "created_at": "2026-03-02T09:03:00Z",
        },
    ]
    users = [{"id": 7, "name": "Tom", "role": "end-user"}, {"id": 8, "name": "Ada", "role": "agent"}]
    call = only({"comments": comments, "users": users})
    assert said(call) == [
        ("Tom", 0, None, "It stopped."),
        ("Ada", 120, None, "See & try."),
        ("Tom", 180, None, "Thank you."),
    ]
    assert sides(call) == {"Tom": "customer", "Ada": "company"}


def test_teams_resources_hold_no_speech():
    with pytest.raises(UnreadableFile, match="does not contain it"):
        read_document({"id": "t", "meetingId": "m", "transcriptContentUrl": "https://x.example"})


def test_signed_and_encrypted_vcons():
    vcon = {
        "uuid": "u",
        "parties": [{"name": "Ada"}],
        "dialog": [{"type": "text", "start": "2026-03-02T09:00:00Z", "parties": 0, "body": "Hi."}],
    }
    payload = base64.urlsafe_b64encode(json.dumps({"vcon": "0.4.0", **vcon}).encode()).decode().rstrip("=")
    assert said(only({"payload": payload, "signatures": []})) == [("Ada", 0.0, None, "Hi.")]
    assert said(only(vcon)) == [("Ada", 0.0, None, "Hi.")]
    with pytest.raises(UnreadableFile, match="encrypted"):
        read_document({"ciphertext": "x", "recipients": []})


@pytest.mark.parametrize(
    "body",
    [
        {"segments": [{"start": 0.5, "end": 0.9, "text": "Hi."}, {"start": 1, "end": 2, "text": "Yes."}]},
        json.dumps({"segments": [{"start": 0.5, "end": 0.9, "text": "Hi."}, {"start": 1, "end": 2, "text": "Yes."}]}),
        [{"speaker": "A", "message": "Hi."}, {"speaker": "B", "message": "Yes."}],
        {
            "transcript": "Hi. Yes.",
            "words": [{"word": "Hi.", "start": 0.5, "end": 0.9}, {"word": "Yes.", "start": 1, "end": 2}],
        },
    ],
    ids=["whisper", "as text", "messages", "deepgram"],
)
def test_a_vcons_transcript_is_in_any_makers_form_and_begins_with_its_dialog(body):
    def dialog(start):
        return {"type": "recording", "start": f"2026-03-02T09:00:{start:02}Z", "duration": 9, "parties": [0, 1]}

    vcon = {"vcon": "0.0.1", "uuid": "u", "parties": [{}, {}], "dialog": [dialog(0), dialog(10)]}
    call = only({**vcon, "analysis": [{"type": "transcript", "dialog": 1, "body": body}]})
    assert " ".join(turn.text for turn in call.turns) == "Hi. Yes."
    assert call.turns[0].start_s in (10.5, None)


def test_taskmaster_abcd_and_dialogues_of_instructions():
    taskmaster = {"conversation_id": "t", "utterances": [{"index": 0, "speaker": "USER", "text": "Hi."}]}
    assert (said(only(taskmaster)), sides(only(taskmaster))) == ([("USER", None, None, "Hi.")], {"USER": "customer"})
    abcd = {"train": [{"convo_id": 1, "original": [["agent", "Hello."], ["action", "looked up"], ["customer", "Hi."]]}]}
    assert [turn.text for turn in only(abcd).turns] == ["Hello.", "Hi."]
    share = [{"id": "s", "conversations": [{"from": "human", "value": "Hi."}, {"from": "gpt", "value": "Hello."}]}]
    assert sides(only(share)) == {"human": "customer", "gpt": "company"}


def test_convokit_follows_replies_where_there_are_no_times():
    lines = [
        {"id": "c", "conversation_id": "a", "speaker": "x", "text": "Third.", "reply-to": "b", "timestamp": None},
        {"id": "a", "conversation_id": "a", "speaker": "x", "text": "First.", "reply-to": None, "timestamp": None},
        {"id": "b", "conversation_id": "a", "speaker": "y", "text": "Second.", "reply-to": "a", "timestamp": None},
    ]
    assert [turn.text for turn in only(lines).turns] == ["First.", "Second.", "Third."]


def test_retells_words_tell_when_a_turn_begins():
    words = [{"word": "hi", "start": 0.7, "end": 1.3}, {"word": "there", "start": 1.4, "end": 1.9}]
    turns = [{"role": "agent", "content": "hi there", "words": words}, {"role": "user", "content": "good", "words": []}]
    found = only({"call_id": "c", "direction": "inbound", "start_timestamp": 1703302407333, "transcript_object": turns})
    assert said(found) == [("agent", 0.7, 1.9, "hi there"), ("user", None, None, "good")]
    assert (sides(found), found.direction) == ({"agent": "company", "user": "customer"}, Direction.INBOUND)


def test_of_rasas_events_only_what_is_said_is_read():
    events = [
        {"event": "action", "name": "action_listen", "timestamp": 1600000001.0},
        {"event": "user", "text": "hi", "timestamp": 1600000001.5},
        {"event": "bot", "text": "Hello!", "timestamp": 1600000002.0},
        {"event": "bot", "text": None, "timestamp": 1600000003.0},
    ]
    found = only({"sender_id": "s", "events": events, "slots": {}})
    assert said(found) == [("user", 0.0, None, "hi"), ("bot", 0.5, None, "Hello!")]
    assert sides(found) == {"user": "customer", "bot": "company"}


def test_slacks_marks_become_text_and_its_notices_are_left_out():
    messages = [
        {
            "type": "message",
            "user": "U1",
            "text": "Hi <@U2> &amp; all",
            "ts": "1610000000.5",
            "user_profile": {"real_name": "Ann"},
        },
        {"type": "message", "subtype": "channel_join", "user": "U2", "text": "<@U2> has joined", "ts": "1610000001.0"},
        {"type": "message", "user": "U2", "text": "see <https://x.y/z|the offer>", "ts": "1610000002.5"},
    ]
    found = only(messages)
    assert said(found) == [("Ann", 0.0, None, "Hi U2 & all"), ("U2", 2.0, None, "see the offer")]


def test_youtubes_captions_are_joined_by_line():
    events = [
        {"tStartMs": 0, "dDurationMs": 3000, "segs": [{"utf8": "hello "}, {"utf8": "there", "tOffsetMs": 300}]},
        {"tStartMs": 2990, "dDurationMs": 10, "aAppend": 1, "segs": [{"utf8": "\n"}]},
        {"tStartMs": 3000, "dDurationMs": 2000, "segs": [{"utf8": "second"}]},
    ]
    assert said(only({"wireMagic": "pb3", "events": events})) == [
        (None, 0.0, 3.0, "hello there"),
        (None, 3.0, 5.0, "second"),
    ]


@pytest.mark.parametrize(
    "at", [lambda time: {"relative": time, "absolute": f"2024-01-01T00:00:0{time}Z"}, lambda time: time]
)
def test_recalls_words_are_a_turn_a_participant(at):
    def words(start, *texts):
        return [{"text": one, "start_timestamp": at(start), "end_timestamp": at(start + 1)} for one in texts]

    held = [
        {"participant": {"id": 1, "name": "Ann", "email": "Ann@us.com"}, "words": words(1, "Hello", "there")},
        {"participant": {"id": 2, "name": "Bob"}, "words": words(3, "Hi")},
    ]
    found = only(held)
    assert said(found) == [("Ann", 1.0, 2.0, "Hello there"), ("Bob", 3.0, 4.0, "Hi")]
    assert [party.email for party in found.parties] == ["ann@us.com", None]
