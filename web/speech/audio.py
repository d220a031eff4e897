"""Reads recordings of any common format as a stream of 16 kHz PCM; nothing is written to disk."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import av
import numpy as np

from web.speech import wav
from web.speech.model import RATE, Samples

GIB = 1024**3
MAX_BYTES = 6 * GIB
MAX_SECONDS = 6 * 3600
LONGEST_CHUNK = 10 * RATE
# Formats that hold sound themselves. Playlists (m3u8, concat, sdp) name other files and addresses: never.
FORMATS = "wav,w64,mp3,mov,mp4,m4a,3gp,matroska,webm,ogg,flac,aac,aiff,caf,amr,avi,asf,mpegts,mpeg"


class BadAudio(ValueError):
    """Sound that cannot be read. `what` is the reason, `where` the file or the place in it."""

    def __init__(self, what: str, where: str) -> None:
        super().__init__(f"{where}: {what}")
        self.what = what
        self.where = where


class Recording:
    """An opened recording: a context manager whose `chunks()` gives its sound in order, once.

    `tracks` is 1 or 2 (a stereo file is two tracks; more channels are mixed to one). After reading,
    `read_ms` is how much sound there was, `truncated` whether the file claims more, and `damaged` how
    many unreadable packets were left out.
    """

    def __init__(
        self,
        source: Path | bytes | BinaryIO,
        where: str = "recording",
        *,
        mono: bool = False,
        max_bytes: int = MAX_BYTES,
        max_seconds: int = MAX_SECONDS,
    ) -> None:
        """Raises BadAudio where `source` is missing, empty, too large or holds no sound."""
        self.where = source.name if isinstance(source, Path) else where
        self._max_samples = max_seconds * RATE
        self._file = self._open(source, max_bytes)
        try:
            self._wav_ms = self._wav_length()
            self._container = self._probe()
            stream = self._stream()
        except BadAudio:
            self._file.close()
            raise
        self.tracks = 2 if stream.codec_context.channels == 2 and not mono else 1
        self.declared_ms = self._wav_ms or _declared_ms(self._container, stream)
        self.damaged = 0
        self._samples = 0
        self._broke_off = False

    def _open(self, source: Path | bytes | BinaryIO, max_bytes: int) -> BinaryIO:
        try:
            if isinstance(source, Path):
                file: BinaryIO = source.open("rb")
            else:
                file = io.BytesIO(source) if isinstance(source, bytes) else source
        except OSError as error:
            raise BadAudio(f"cannot be opened ({error.strerror})", self.where) from None
        size = file.seek(0, io.SEEK_END)
        file.seek(0)
        if size == 0:
            raise BadAudio("the file is empty", self.where)
        if size > max_bytes:
            raise BadAudio(f"the file has {size} bytes; at most {max_bytes} are read", self.where)
        return file

    def _wav_length(self) -> int | None:
        try:
            return wav.declared_ms(self._file)
        except ValueError as error:
            raise BadAudio(f"the beginning is damaged ({error})", self.where) from None

    def _probe(self) -> Any:
        try:
            return av.open(
                self._file,
                options={"format_whitelist": FORMATS, "protocol_whitelist": ""},
                metadata_errors="ignore",
            )
        except (av.error.FFmpegError, ValueError):
            raise BadAudio(
                "this is not a sound file that can be read, or its beginning is damaged", self.where
            ) from None

    def _stream(self) -> Any:
        streams = self._container.streams.audio
        if not streams:
            raise BadAudio("the file holds no sound", self.where)
        if streams[0].codec_context is None:
            raise BadAudio("the sound is in a coding that cannot be read", self.where)
        rate = streams[0].codec_context.sample_rate
        if not 4_000 <= rate <= 384_000:
            raise BadAudio(f"a sampling rate of {rate} per second cannot be used", self.where)
        return streams[0]

    @property
    def read_ms(self) -> int:
        """How much sound has been read so far."""
        return self._samples * 1000 // RATE

    @property
    def truncated(self) -> bool:
        """Whether the file says it is longer than what could be read (by over a second and one percent)."""
        if self.declared_ms is None:
            return self._broke_off
        return self._broke_off or self.declared_ms - self.read_ms > max(1000, self.declared_ms // 100)

    def warnings(self) -> list[str]:
        """What a person should know after the last chunk, in plain words."""
        said = []
        if self.truncated:
            until = f"the recording could be read up to second {self.read_ms / 1000:.1f}"
            claim = f" of {self.declared_ms / 1000:.1f}" if self.declared_ms else ""
            said.append(f"{until}{claim}; the rest is missing or damaged")
        if self.damaged:
            said.append(f"damaged pieces of the recording that were left out: {self.damaged}")
        return said

    def chunks(self) -> Iterator[Samples]:
        """Sound as arrays of shape (tracks, samples), each at most ten seconds long.

        Raises BadAudio where nothing can be decoded or the recording is longer than allowed; a recording
        that breaks off gives what there is (see `truncated`).
        """
        layout = "stereo" if self.tracks == 2 else "mono"
        resampler = av.AudioResampler("s16", layout, RATE)
        for frame in self._frames():
            yield from self._resample(resampler, frame)
        yield from self._resample(resampler, None)
        if self._samples == 0:
            raise BadAudio("the file holds no sound that can be decoded", self.where)

    def _frames(self) -> Iterator[Any]:
        packets = self._container.demux(audio=0)
        while True:
            try:
                packet = next(packets)
            except StopIteration:
                return
            except av.error.FFmpegError:
                self._broke_off = True
                return
            try:
                yield from packet.decode()
            except av.error.FFmpegError:
                self.damaged += 1

    def _resample(self, resampler: Any, frame: Any) -> Iterator[Samples]:
        if frame is not None:
            frame.pts = None  # gaps in the clock of a browser's recording are not silence to be invented
        try:
            ready = resampler.resample(frame)
        except (av.error.FFmpegError, ValueError):
            self.damaged += 1
            return
        for part in ready:
            samples = part.to_ndarray().reshape(-1, self.tracks).T
            for start in range(0, samples.shape[1], LONGEST_CHUNK):
                chunk = np.ascontiguousarray(samples[:, start : start + LONGEST_CHUNK])
                self._samples += chunk.shape[1]
                if self._samples > self._max_samples:
                    hours = self._max_samples / RATE / 3600
                    raise BadAudio(f"the recording is longer than {hours:g} hours", self.where)
                yield chunk

    def close(self) -> None:
        self._container.close()
        self._file.close()

    def __enter__(self) -> Recording:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _declared_ms(container: Any, stream: Any) -> int | None:
    if stream.duration is not None and stream.time_base is not None:
        return int(stream.duration * stream.time_base * 1000)
    return None if container.duration is None else int(container.duration // 1000)


def decode(source: Path | bytes | BinaryIO, where: str = "recording") -> Iterator[Samples]:
    """The whole recording mixed to one track, as one-dimensional arrays. Raises BadAudio."""
    with Recording(source, where, mono=True) as recording:
        for chunk in recording.chunks():
            yield chunk[0]
