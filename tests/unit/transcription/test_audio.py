"""Recordings as samples, whatever their kind; damaged, endless and hostile ones are refused with a reason."""

from __future__ import annotations

import struct
import sys

import av
import numpy as np
import pytest

from tests.unit.transcription.sounds import RATE, tone, write_wav
from workbench.transcription import audio, containers, wave_files
from workbench.transcription.audio import read_audio
from workbench.transcription.sound import MAX_CHANNELS, UnreadableAudio


def encoded(path, *channels, codec, rate=RATE, form="s16p", container=None):
    """Write channels as a file that only PyAV reads."""
    with av.open(str(path), "w", format=container) as out:
        stream = out.add_stream(codec, rate=rate, layout="stereo" if len(channels) == 2 else "mono")
        resampler = av.AudioResampler(format=stream.format, layout=stream.layout, rate=rate)
        frame = av.AudioFrame.from_ndarray(np.stack(channels), format="s16p", layout=stream.layout.name)
        frame.sample_rate = rate
        fifo = av.AudioFifo()
        for one in resampler.resample(frame):
            fifo.write(one)
        while ready := fifo.read(stream.codec_context.frame_size or 1024, partial=True):
            out.mux(stream.encode(ready))
        out.mux(stream.encode(None))
    return path


def loudest(samples):
    """Return the strongest frequency in hertz."""
    return float(np.argmax(np.abs(np.fft.rfft(samples.astype(float)))) * RATE / len(samples))


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000, 7_919])
@pytest.mark.parametrize("seconds", [0.5, 61.37])
def test_a_wav_of_any_rate_keeps_its_length_and_its_tone(tmp_path, rate, seconds):
    found = read_audio(write_wav(tmp_path / "a.wav", tone(seconds, rate=rate), rate=rate))
    assert found.duration_s == pytest.approx(seconds, abs=2e-4)
    assert loudest(found.channels[0]) == pytest.approx(440, abs=3)


@pytest.mark.parametrize("rate", [8_000, 44_100])
def test_blocks_are_joined_without_a_seam(tmp_path, monkeypatch, rate):
    path = write_wav(tmp_path / "a.wav", tone(7.3, rate=rate), tone(7.3, 1_000, rate=rate), rate=rate)
    whole = read_audio(path).channels
    monkeypatch.setattr(wave_files, "BLOCK_SECONDS", 1)
    for one, other in zip(read_audio(path).channels, whole, strict=True):
        assert len(one) == len(other)
        assert np.abs(one.astype(int) - other).max() <= 1


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_samples_of_any_width_are_as_loud(tmp_path, width):
    found = read_audio(write_wav(tmp_path / "a.wav", tone(), width=width))
    assert np.abs(found.channels[0].astype(int) - tone()).max() <= 256
    assert found.samples(0).dtype == np.float32
    assert found.samples(0).max() == pytest.approx(10_000 / 32_768, abs=0.01)


def test_channels_stay_apart_unless_they_carry_the_same(tmp_path):
    apart = read_audio(write_wav(tmp_path / "a.wav", tone(), tone(hertz=880)))
    assert [round(loudest(one)) for one in apart.channels] == [440, 880]
    assert apart.notes == ()
    same = read_audio(write_wav(tmp_path / "b.wav", tone(), tone() + 3))
    assert len(same.channels) == 1
    assert same.notes == ("all channels carry the same sound, so who speaks is unknown",)
    assert len(read_audio(write_wav(tmp_path / "c.wav", tone(), 0 * tone())).channels) == 2


KINDS = [
    ("a.mp3", "libmp3lame", None), ("a.ogg", "libopus", None), ("a.flac", "flac", None), ("a.m4a", "aac", None),
    ("a.webm", "libopus", None), ("a.mkv", "pcm_s16le", None), ("law.wav", "pcm_mulaw", None),
    ("law.au", "pcm_alaw", None), ("wrong-name.wav", "libmp3lame", "mp3"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "codec", "container"), KINDS)
def test_other_kinds_are_decoded_with_both_channels(tmp_path, name, codec, container):
    rate = 48_000 if codec in ("libopus", "aac", "libmp3lame") else 8_000
    channels = tone(2, rate=rate), tone(2, 880, rate=rate)
    path = encoded(tmp_path / name, *channels, codec=codec, rate=rate, container=container)
    found = read_audio(path)
    assert found.duration_s == pytest.approx(2, abs=0.15)
    assert [loudest(one) for one in found.channels] == pytest.approx([440, 880], abs=3)
    assert len(read_audio(encoded(tmp_path / f"same-{name}", channels[0], channels[0], codec=codec, rate=rate,
                                  container=container)).channels) == 1  # fmt: skip


def test_without_pyav_plain_wav_is_read_and_the_rest_says_what_to_install(tmp_path, monkeypatch):
    path = encoded(tmp_path / "a.mp3", tone(), codec="libmp3lame")
    monkeypatch.setitem(sys.modules, "av", None)
    assert read_audio(write_wav(tmp_path / "a.wav", tone())).duration_s == 1
    with pytest.raises(UnreadableAudio, match=r"\.mp3.*tracker-workbench\[transcribe\]"):
        read_audio(path)


def test_a_gap_in_timestamps_is_silence(tmp_path):
    path = tmp_path / "gap.mkv"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("pcm_s16le", rate=RATE, layout="mono")
        for begin_s in (0, 5):
            frame = av.AudioFrame.from_ndarray(tone()[np.newaxis], format="s16", layout="mono")
            frame.sample_rate, frame.pts = RATE, begin_s * RATE
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    found = read_audio(path)
    assert found.duration_s == pytest.approx(6, abs=0.01)
    assert not found.channels[0][2 * RATE : 4 * RATE].any()
    assert loudest(found.channels[0][5 * RATE :]) == pytest.approx(440, abs=2)


def test_damaged_packets_are_passed_over_and_noted(tmp_path):
    path = encoded(tmp_path / "a.flac", tone(10), codec="flac")
    data = bytearray(path.read_bytes())
    for at in range(len(data) // 2, len(data) // 2 + 400):
        data[at] ^= 0xFF
    path.write_bytes(data)
    try:
        found = read_audio(path)
    except UnreadableAudio:
        return
    assert found.duration_s > 3


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_wav_that_is_cut_off_is_read_as_far_as_it_goes(tmp_path, share):
    path = write_wav(tmp_path / "a.wav", tone(), tone(hertz=880))
    data = path.read_bytes()
    path.write_bytes(data[: round(len(data) * share) // 4 * 4 + 1])
    assert read_audio(path).duration_s == pytest.approx(share, abs=0.01)


def wav_with(channels, rate, bits):
    head = struct.pack(
        "<HHIIHH", 1, channels, rate, rate * channels * bits // 8 % 2**32, channels * bits // 8 % 2**16, bits
    )
    return (
        b"RIFF"
        + struct.pack("<I", 1_036)
        + b"WAVEfmt "
        + struct.pack("<I", 16)
        + head
        + b"data\xe8\x03\0\0"
        + b"\1" * 1_000
    )


def mp4_that_names_another():
    return b"\0\0\0\x18ftypisom\0\0\2\0isomiso2" + b"\0\0\0\x08moov"


BROKEN = {
    "empty": b"",
    "text": b"not a recording at all\n" * 20,
    "header alone": wav_with(1, 16_000, 16)[:44],
    "no rate": wav_with(1, 0, 16),
    "absurd rate": wav_with(1, 4_000_000_000, 16),
    "many channels": wav_with(MAX_CHANNELS + 1, 16_000, 16),
    "most channels": wav_with(65_535, 16_000, 16),
    "wide samples": wav_with(1, 16_000, 64),
    "unknown codec": b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\xef\xbe\1\0\x80\x3e\0\0\0\x7d\0\0\2\0\x10\0data\0\0\0\0",
    "no track": mp4_that_names_another(),
}


@pytest.mark.parametrize("kind", BROKEN)
@pytest.mark.parametrize("suffix", [".wav", ".mp4"])
def test_what_is_no_recording_is_refused_with_a_reason(tmp_path, kind, suffix):
    path = tmp_path / f"a{suffix}"
    path.write_bytes(BROKEN[kind])
    with pytest.raises(UnreadableAudio) as refused:
        read_audio(path)
    assert len(str(refused.value)) > 20


@pytest.mark.parametrize("kind", ["hls", "concat", "hls of a whole list", "sdp", "dash", "image list"])
def test_a_playlist_opens_no_other_file(tmp_path, kind):
    secret = write_wav(tmp_path / "secret.wav", tone())
    text = {
        "hls": f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{secret}\n#EXT-X-ENDLIST\n",
        "hls of a whole list": f"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nfile://{secret}\n",
        "concat": f"ffconcat version 1.0\nfile '{secret}'\n",
        "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 9 RTP/AVP 0\n",
        "dash": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period/></MPD>',
        "image list": f"{secret}\n",
    }[kind]
    for suffix in (".wav", ".m3u8", ".mp3"):
        path = tmp_path / f"list{suffix}"
        path.write_text(text)
        with pytest.raises(UnreadableAudio):
            read_audio(path)
    assert not {"hls", "concat", "dash", "sdp", "image2", "lavfi"} & set(containers.FORMATS.split(","))


def test_a_recording_that_is_too_long_is_refused_before_it_fills_the_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(audio, "MAX_TOTAL_SAMPLES", 3 * RATE)
    assert read_audio(write_wav(tmp_path / "a.wav", tone(3))).duration_s == 3
    for path in (
        write_wav(tmp_path / "b.wav", tone(1.6), tone(1.6, 880)),
        encoded(tmp_path / "b.flac", tone(3.2), codec="flac"),
    ):
        with pytest.raises(UnreadableAudio, match="longer than"):
            read_audio(path)
