"""From sound to words: decoding, finding utterances, transcribing, saying who spoke. No network, no store.

The inner format is PCM: signed 16 bit, little endian, mono per track, 16 kHz. Times are milliseconds
from the start of the recording.
"""
