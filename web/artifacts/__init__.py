"""Large files from elsewhere (models, packages): fetched with resume, checked, put in place in one step.

Nothing here begins by itself: every road to the network starts with an administrator. Who uses it:

    errands = Errands(home / "models" / ".incoming")
    fetcher = Fetcher(hosts=["models.example"])

    def work(errand: Errand) -> None:              # errand.folder: private, kept over interruptions
        got = fetcher.fetch(Wanted("x.bin", "https://models.example/x.bin", sha256=…), errand)
        errand.verifying()                         # what takes long after the last byte
        os.rename(got.path, home / "models" / "x.bin")

    errands.start("x", work)                       # returns at once; `errands.run` waits instead
    errands.status("x")                            # Status(state="downloading", done=…, total=…)
    errands.cancel("x")

`receive` takes a file that a person sends or names (an upload, a stick) into the same folder.
"""

from web.artifacts.errands import Errand, Errands
from web.artifacts.fetch import Fetcher
from web.artifacts.model import Busy, Cancelled, Fetched, FetchFailed, State, Status, Wanted
from web.artifacts.receive import receive

__all__ = [
    "Busy",
    "Cancelled",
    "Errand",
    "Errands",
    "FetchFailed",
    "Fetched",
    "Fetcher",
    "State",
    "Status",
    "Wanted",
    "receive",
]
