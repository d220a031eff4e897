"""Machine translation by argostranslate, offline, always beside the source and never instead of it.

Importing this package is cheap; the engine is loaded when the first text is translated.
"""

from __future__ import annotations

from web.translation.archive import BadPackage
from web.translation.engine import BadText, NoRoute, Translator
from web.translation.installing import install, remove
from web.translation.model import PackageRef, Route, Translation
from web.translation.packages import Installed, installed

__all__ = [
    "BadPackage",
    "BadText",
    "Installed",
    "NoRoute",
    "PackageRef",
    "Route",
    "Translation",
    "Translator",
    "install",
    "installed",
    "remove",
]
