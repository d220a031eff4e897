"""The Tellmore console: everything a person sees, and the record behind it."""

from __future__ import annotations

import os

# onnxruntime (voice detection, by way of faster-whisper) reports its use to Microsoft from native code
# unless this is set before its first import; seen with 1.31 by strace. Nothing may leave this machine.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
