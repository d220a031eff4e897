"""Fetching from a server that behaves as bad servers and bad lines do."""

from __future__ import annotations

import random
import threading
from pathlib import Path

import pytest

from tests.artifacts.server import Served, Server, digest
from web.artifacts import Errand, Errands, Fetched, Fetcher, FetchFailed, Wanted

pytestmark = [pytest.mark.loopback, pytest.mark.allow_hosts(["127.0.0.1"])]

CONTENT = random.Random(1).randbytes(300_000)
OTHER = random.Random(2).randbytes(300_000)


def bring(errands: Errands, fetcher: Fetcher, wanted: Wanted) -> Fetched:
    """Fetches, and reads what came while it is there."""
    found: list[Fetched] = []
    content: list[bytes] = []

    def work(errand: Errand) -> None:
        found.append(fetcher.fetch(wanted, errand))
        content.append(found[0].path.read_bytes())

    errands.run("it", work)
    assert digest(content[0]) == found[0].sha256
    assert len(content[0]) == found[0].size
    return found[0]


@pytest.fixture
def partial(tmp_path: Path) -> Path:
    return tmp_path / "incoming" / "it" / "x.bin.part"


@pytest.mark.parametrize(
    "how", [{}, {"chunked": True}, {"etag": None}, {"etag": 'W/"weak"'}, {"ranges": False}]
)
def test_a_file_comes_whole_however_it_is_given_out(
    server: Server, errands: Errands, fetcher: Fetcher, how: dict[str, object]
) -> None:
    server.serve("/x", CONTENT, **how)
    got = bring(errands, fetcher, Wanted("x.bin", server.url("/x")))
    assert got.sha256 == digest(CONTENT)


def test_it_goes_on_where_the_line_went_dead(server: Server, errands: Errands, fetcher: Fetcher) -> None:
    server.serve("/x", CONTENT, break_after=[100_000, 50_000, 1])
    got = bring(errands, fetcher, Wanted("x.bin", server.url("/x")))
    assert got.sha256 == digest(CONTENT)
    asked = [range_ for _, range_ in server.asked]
    assert asked == [None, "bytes=100000-", "bytes=150000-", "bytes=150001-"]


def test_a_later_try_goes_on_with_what_an_earlier_one_left(
    server: Server, errands: Errands, fetcher: Fetcher, partial: Path
) -> None:
    server.serve("/x", CONTENT, break_after=[100_000, 0, 0, 0, 0, 0])
    wanted = Wanted("x.bin", server.url("/x"))
    with pytest.raises(FetchFailed, match="breaks off again and again"):
        bring(errands, fetcher, wanted)
    assert partial.stat().st_size == 100_000
    assert errands.status("it").state == "failed"

    bring(errands, fetcher, wanted)
    assert server.asked[-1] == ("/x", "bytes=100000-")


def changed(served: Served) -> None:
    served.content, served.etag = OTHER, '"two"'


def test_a_file_that_changed_meanwhile_is_fetched_from_its_beginning(
    server: Server, errands: Errands, fetcher: Fetcher
) -> None:
    server.serve("/x", CONTENT, break_after=[100_000], between=changed)
    assert bring(errands, fetcher, Wanted("x.bin", server.url("/x"))).sha256 == digest(OTHER)


def test_a_part_of_another_file_is_not_glued_on(
    server: Server, errands: Errands, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "tests.artifacts.server._begin",
        lambda handler, served: int((handler.headers.get("Range") or "bytes=0-")[6:-1]) or None,
    )  # deaf to If-Range
    server.serve("/x", CONTENT, break_after=[100_000], between=changed)
    assert bring(errands, fetcher, Wanted("x.bin", server.url("/x"))).sha256 == digest(OTHER)


def test_without_any_mark_and_checksum_no_part_is_trusted(
    server: Server, errands: Errands, fetcher: Fetcher
) -> None:
    server.serve("/x", CONTENT, etag=None, break_after=[100_000])
    bring(errands, fetcher, Wanted("x.bin", server.url("/x")))
    assert [range_ for _, range_ in server.asked] == [None, None]


def test_with_a_checksum_a_wrong_part_costs_one_more_try_not_the_file(
    server: Server, errands: Errands, fetcher: Fetcher
) -> None:
    def other(served: Served) -> None:
        served.content = CONTENT

    server.serve("/x", OTHER, etag=None, break_after=[100_000], between=other)
    got = bring(errands, fetcher, Wanted("x.bin", server.url("/x"), digest(CONTENT)))
    assert got.sha256 == digest(CONTENT)
    assert [range_ for _, range_ in server.asked] == [None, "bytes=100000-", None]


def test_a_part_longer_than_the_file_there_is_thrown_away(
    server: Server, errands: Errands, fetcher: Fetcher, partial: Path
) -> None:
    wanted = Wanted("x.bin", server.url("/x"), digest(CONTENT))
    server.serve("/x", OTHER + OTHER, break_after=[400_000, 0, 0, 0, 0, 0])
    with pytest.raises(FetchFailed):
        bring(errands, fetcher, wanted)
    server.serve("/x", CONTENT)
    assert bring(errands, fetcher, wanted).sha256 == digest(CONTENT)
    assert not partial.exists()


def test_other_bytes_are_refused_and_not_kept(
    server: Server, errands: Errands, fetcher: Fetcher, partial: Path
) -> None:
    server.serve("/x", OTHER)
    with pytest.raises(FetchFailed, match=r"x\.bin is not the file it should be"):
        bring(errands, fetcher, Wanted("x.bin", server.url("/x"), digest(CONTENT)))
    assert list(partial.parent.iterdir()) == []
    assert "SHA-256" in errands.status("it").why


@pytest.mark.parametrize(
    ("how", "wanted", "reason"),
    [
        ({}, {"size": 299_999}, "offers 300000 bytes as x.bin; it should be 299999"),
        ({"chunked": True}, {"size": 299_999}, "x.bin is larger than the 299999"),
        ({"chunked": True}, {"size": 300_001}, "offers 300000 bytes as x.bin; it should be 300001"),
        ({"chunked": True}, {"limit": 100_000}, "larger than the 100000"),
        ({}, {"limit": 100_000}, "larger than the 100000"),
        ({"length": 300_100}, {}, "breaks off again and again"),
        ({"headers": {"Content-Encoding": "gzip"}}, {}, "packed form"),
        ({"status": [403]}, {}, "answers 403 for x.bin"),
        ({"status": [503] * 6}, {}, "breaks off again and again"),
    ],
)
def test_lies_and_refusals_are_named(
    server: Server,
    errands: Errands,
    fetcher: Fetcher,
    how: dict[str, object],
    wanted: dict[str, int],
    reason: str,
) -> None:
    server.serve("/x", CONTENT, **how)
    with pytest.raises(FetchFailed, match=reason):
        bring(errands, fetcher, Wanted("x.bin", server.url("/x"), **wanted))  # type: ignore[arg-type]
    assert reason in errands.status("it").why


def test_a_busy_server_is_asked_again(server: Server, errands: Errands, fetcher: Fetcher) -> None:
    server.serve("/x", CONTENT, status=[503, 429])
    assert bring(errands, fetcher, Wanted("x.bin", server.url("/x"))).size == 300_000


def test_it_follows_to_configured_hosts_only(server: Server, errands: Errands, fetcher: Fetcher) -> None:
    server.serve("/x", CONTENT)
    server.serve("/here", b"", redirect="/x")
    assert bring(errands, fetcher, Wanted("x.bin", server.url("/here"))).size == 300_000

    second = Server()
    second.serve("/x", CONTENT)
    server.serve("/there", b"", redirect=second.url("/x"))
    with pytest.raises(FetchFailed, match=rf"sends us to {second.host}, which is none of"):
        bring(errands, fetcher, Wanted("y.bin", server.url("/there")))
    assert second.asked == []
    assert bring(errands, Fetcher([server.host, second.host]), Wanted("y.bin", server.url("/there"))).size
    second.stop()


@pytest.mark.parametrize(
    ("then", "reason"),
    [
        ("/circle", "in circles"),
        ("ftp://127.0.0.1/x", "none of the configured"),
        ("file:///etc/hosts", "none"),
    ],
)
def test_it_follows_neither_circles_nor_other_protocols(
    server: Server, errands: Errands, fetcher: Fetcher, then: str, reason: str
) -> None:
    server.serve("/circle", b"", redirect=then)
    with pytest.raises(FetchFailed, match=reason):
        bring(errands, fetcher, Wanted("x.bin", server.url("/circle")))


@pytest.mark.parametrize(
    ("host", "reason"),
    [("cdn.example", ""), ("example", "none"), ("evilexample", "none"), ("cdn.example:99", "none")],
)
def test_a_leading_dot_stands_for_names_below(host: str, reason: str) -> None:
    import httpx

    check = Fetcher([".example"])._check
    if reason:
        with pytest.raises(FetchFailed, match=reason):
            check(httpx.URL(f"https://{host}/x"))
    else:
        check(httpx.URL(f"https://{host}/x"))


def test_it_never_goes_from_https_to_http(errands: Errands, monkeypatch: pytest.MonkeyPatch) -> None:
    import httpx

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(302, headers={"Location": "http://models.example/x"})

    made = httpx.Client
    monkeypatch.setattr(httpx, "Client", lambda **more: made(transport=httpx.MockTransport(answer), **more))
    with pytest.raises(FetchFailed, match="from HTTPS to an unprotected address"):
        bring(errands, Fetcher(["models.example"]), Wanted("x.bin", "https://models.example/x"))


def test_where_room_is_short_nothing_is_begun(
    server: Server, errands: Errands, fetcher: Fetcher, partial: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.artifacts.room.KEEP_FREE", 10**18)
    server.serve("/x", CONTENT)
    with pytest.raises(FetchFailed, match="Make room"):
        bring(errands, fetcher, Wanted("x.bin", server.url("/x")))
    assert not partial.exists()


def test_several_files_count_together(server: Server, errands: Errands, fetcher: Fetcher) -> None:
    seen: list[tuple[int, int | None]] = []
    server.serve("/x", CONTENT)

    def work(errand: Errand) -> None:
        tell = errand.progress

        def told(done: int, total: int | None = None) -> None:
            seen.append((done, total))
            tell(done, total)

        errand.progress = told  # type: ignore[method-assign]
        fetcher.fetch(Wanted("x.bin", server.url("/x")), errand, 1_000_000, 2_000_000)

    errands.run("it", work)
    assert seen[-1] == (1_300_000, 2_000_000)


def test_a_name_cannot_lead_out_of_the_folder() -> None:
    for name in ("../x", "/x", "a/b", "", ".hidden"):
        with pytest.raises(ValueError, match="cannot be the name"):
            Wanted(name, "http://127.0.0.1/")


def test_a_slow_server_can_be_called_off(
    server: Server, errands: Errands, fetcher: Fetcher, tmp_path: Path
) -> None:
    begun, ended = threading.Event(), threading.Event()
    served = server.serve("/x", CONTENT, stall_after=100_000)

    def work(errand: Errand) -> None:
        tell = errand.progress

        def told(done: int, total: int | None = None) -> None:
            tell(done, total)
            begun.set()

        errand.progress = told  # type: ignore[method-assign]
        try:
            fetcher.fetch(Wanted("x.bin", server.url("/x")), errand)
        finally:
            ended.set()

    errands.start("it", work)
    assert begun.wait(10)
    assert errands.status("it").state == "downloading"
    errands.cancel("it")
    served.stall.set()
    assert ended.wait(10)
    for _ in range(200):
        if errands.status("it").state == "absent":
            break
        threading.Event().wait(0.05)
    assert errands.status("it").state == "absent"
    assert not (tmp_path / "incoming" / "it").exists()
