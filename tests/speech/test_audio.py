from __future__ import annotations

import io
import struct
import wave
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.speech.audio.make_wav import make_wav
from tests.speech.conftest import AUDIO
from web.speech.audio import BadAudio, Recording, decode
from web.speech.model import RATE, Samples

SECONDS = 5


def tone(seconds: float = SECONDS, tracks: int = 1) -> Samples:
    time = np.arange(int(seconds * RATE)) / RATE
    waves = [8000 * np.sin(2 * np.pi * 300 * (track + 1) * time) for track in range(tracks)]
    return np.array(waves).astype(np.int16)


def encoded(samples: Samples, container: str, codec: str, rate: int = RATE) -> bytes:
    layout = "stereo" if len(samples) == 2 else "mono"
    file = io.BytesIO()
    with av.open(file, "w", format=container) as target:
        stream: Any = target.add_stream(codec, rate=rate, layout=layout)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples.T.reshape(1, -1)), "s16", layout)
        frame.rate = RATE
        resampler = av.AudioResampler(stream.codec_context.format, layout, rate)
        fifo = av.AudioFifo()
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            fifo.write(part)
        for part in fifo.read_many(stream.codec_context.frame_size or 1024, partial=True):
            target.mux(stream.encode(part))
        target.mux(stream.encode(None))
    return file.getvalue()


def length_s(source: bytes | Path) -> float:
    return sum(len(chunk) for chunk in decode(source)) / RATE


def png() -> bytes:
    def piece(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" + b"\xff" * 6 + b"\0" + b"\0" * 6)
    return b"\x89PNG\r\n\x1a\n" + piece(b"IHDR", head) + piece(b"IDAT", pixels) + piece(b"IEND", b"")


@pytest.mark.parametrize(
    ("container", "codec", "rate"),
    [
        ("wav", "pcm_s16le", 16_000),
        ("wav", "pcm_f32le", 44_100),
        ("mp3", "libmp3lame", 44_100),
        ("mp4", "aac", 48_000),
        ("webm", "libopus", 48_000),
        ("ogg", "libopus", 48_000),
        ("flac", "flac", 8_000),
        ("matroska", "ac3", 48_000),
        ("aiff", "pcm_s16be", 22_050),
    ],
)
def test_common_formats_become_16_khz_samples_of_the_same_length(
    container: str, codec: str, rate: int
) -> None:
    heard = np.concatenate(list(decode(encoded(tone(), container, codec, rate))))

    assert heard.dtype == np.int16
    assert len(heard) / RATE == pytest.approx(SECONDS, abs=0.15)
    assert np.abs(heard[RATE : 2 * RATE]).max() > 6000


def test_stereo_keeps_its_channels_apart() -> None:
    with Recording(encoded(tone(tracks=2), "wav", "pcm_s16le")) as recording:
        heard = np.concatenate(list(recording.chunks()), axis=1)

    assert recording.tracks == 2
    assert np.array_equal(heard, tone(tracks=2))


def test_a_long_recording_comes_in_pieces_of_ten_seconds_at_most() -> None:
    sizes = [len(chunk) for chunk in decode(encoded(tone(35), "flac", "flac"))]

    assert sum(sizes) == 35 * RATE
    assert max(sizes) <= 10 * RATE


def test_a_stored_sample_becomes_a_wav_file_for_the_browser(tmp_path: Path) -> None:
    made = make_wav("two-tracks.opus", tmp_path / "child.wav", track=1)

    with wave.open(str(made)) as file:
        assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (1, RATE, 2)
        assert file.getnframes() / RATE == pytest.approx(40.3, abs=0.1)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (png(), "not a sound file"),
        (b"\0" * 5000, "not a sound file"),
        (b"The child said something.\n" * 50, "not a sound file"),
        (encoded(tone(), "wav", "pcm_s16le")[:30], "beginning is damaged"),
        (encoded(tone(), "mp4", "aac")[:20_000], "not a sound file"),
    ],
    ids=["empty", "png", "zeros", "text", "wav-header-only", "m4a-without-index"],
)
def test_what_is_no_recording_is_refused_by_name_and_reason(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    file = tmp_path / "interview.wav"
    file.write_bytes(content)

    with pytest.raises(BadAudio, match=f"^interview.wav: .*{reason}") as caught:
        list(decode(file))

    assert caught.value.where == "interview.wav"
    assert "child said" not in str(caught.value)


def test_a_wav_file_without_any_sample_is_refused() -> None:
    whole = encoded(tone(0.5), "wav", "pcm_s16le")

    with pytest.raises(BadAudio, match="no sound|not a sound"):
        list(decode(whole[: whole.index(b"data") + 8]))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadAudio, match=r"gone\.wav: cannot be opened"):
        list(decode(tmp_path / "gone.wav"))


@pytest.mark.parametrize(
    ("container", "codec"), [("wav", "pcm_s16le"), ("flac", "flac"), ("matroska", "pcm_s16le")]
)
def test_a_truncated_recording_gives_what_it_has_and_says_up_to_when(container: str, codec: str) -> None:
    whole = encoded(tone(20), container, codec)
    with Recording(whole[: len(whole) // 2]) as recording:
        read = sum(chunk.shape[1] for chunk in recording.chunks())

    assert 8 < read / RATE < 12
    if container != "matroska":  # that one never wrote how long it would become
        assert recording.truncated
        assert f"up to second {recording.read_ms / 1000:.1f} of 20.0" in recording.warnings()[0]


def test_a_whole_recording_brings_no_warning() -> None:
    with Recording(AUDIO / "one-track.opus") as recording:
        list(recording.chunks())

    assert recording.warnings() == []


def test_a_header_that_promises_gigabytes_reserves_none() -> None:
    whole = bytearray(encoded(tone(2), "wav", "pcm_s16le"))
    at = whole.index(b"data") + 4
    whole[at : at + 4] = struct.pack("<I", 0xFFFF_FFF0)

    with Recording(bytes(whole)) as recording:
        read = sum(chunk.shape[1] for chunk in recording.chunks())

    assert read / RATE == pytest.approx(2, abs=0.05)


def test_a_header_part_that_claims_a_gigabyte_is_not_believed() -> None:
    whole = bytearray(encoded(tone(2), "wav", "pcm_s16le"))
    at = whole.index(b"LIST") + 4
    whole[at : at + 4] = struct.pack("<I", 0x4000_0000)

    with pytest.raises(BadAudio, match="beginning is damaged"):
        Recording(bytes(whole))


def test_damage_in_the_middle_costs_only_the_damaged_part() -> None:
    whole = bytearray(encoded(tone(20), "mp3", "libmp3lame", 44_100))
    middle = len(whole) // 2
    whole[middle : middle + 3000] = b"\xa5" * 3000

    assert 18 < length_s(bytes(whole)) <= 20.2


def test_limits_of_size_and_length_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "long.wav"
    file.write_bytes(encoded(tone(), "wav", "pcm_s16le"))

    with pytest.raises(BadAudio, match="at most 1000 are read"):
        Recording(file, max_bytes=1000)
    with Recording(file, max_seconds=2) as recording, pytest.raises(BadAudio, match="longer than"):
        list(recording.chunks())


def test_a_sampling_rate_that_would_explode_is_refused() -> None:
    whole = bytearray(encoded(tone(), "wav", "pcm_s16le"))
    at = whole.index(b"fmt ") + 12
    whole[at : at + 4] = struct.pack("<I", 1)

    with pytest.raises(BadAudio, match="sampling rate"):
        Recording(bytes(whole))


def test_an_unknown_coding_is_refused() -> None:
    whole = bytearray(encoded(tone(), "wav", "pcm_s16le"))
    at = whole.index(b"fmt ") + 8
    whole[at : at + 2] = b"\x99\x99"

    with pytest.raises(BadAudio, match="coding that cannot be read"):
        Recording(bytes(whole))


SAMPLES = [
    encoded(tone(1), "wav", "pcm_s16le"),
    encoded(tone(1), "mp4", "aac", 48_000),
    encoded(tone(1), "webm", "libopus", 48_000),
]


@settings(max_examples=120, deadline=None)
@given(
    st.integers(0, 2), st.lists(st.tuples(st.integers(0, 600), st.integers(0, 255)), min_size=1, max_size=20)
)
def test_any_damage_ends_in_sound_or_in_a_plain_refusal(which: int, changes: list[tuple[int, int]]) -> None:
    content = bytearray(SAMPLES[which])
    for at, value in changes:
        content[at] = value

    with suppress(BadAudio), Recording(bytes(content)) as recording:
        for chunk in recording.chunks():
            assert chunk.shape[1] <= 10 * RATE
        assert all("left out" in warning or "second" in warning for warning in recording.warnings())


@pytest.mark.parametrize(
    "playlist",
    ["#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{}\n#EXT-X-ENDLIST\n", "ffconcat version 1.0\nfile {}\n"],
)
def test_a_playlist_cannot_make_it_read_another_file(tmp_path: Path, playlist: str) -> None:
    secret = tmp_path / "secret.wav"
    secret.write_bytes(encoded(tone(), "wav", "pcm_s16le"))
    trap = tmp_path / "trap.wav"
    trap.write_text(playlist.format(secret))

    with pytest.raises(BadAudio):
        list(decode(trap))
