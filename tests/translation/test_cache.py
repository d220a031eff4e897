from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from web.translation.cache import Cache


def test_it_remembers_by_package_and_text() -> None:
    cache = Cache()
    cache.put(("a", "привіт"), "hello")

    assert cache.get(("a", "привіт")) == "hello"
    assert cache.get(("b", "привіт")) is None
    assert cache.get(("a", "Привіт")) is None


def test_the_longest_unused_goes_when_the_room_is_used_up() -> None:
    cache = Cache(characters=40)
    for word in "abcd":
        cache.put(("p", word * 5), word * 5)
    cache.get(("p", "aaaaa"))

    cache.put(("p", "eeeee"), "eeeee")

    assert cache.get(("p", "bbbbb")) is None
    assert [cache.get(("p", word * 5)) is not None for word in "acde"] == [True] * 4


def test_a_text_larger_than_all_the_room_is_not_kept_and_does_no_harm() -> None:
    cache = Cache(characters=20)
    cache.put(("p", "x" * 30), "y")

    assert cache.get(("p", "x" * 30)) is None
    cache.put(("p", "small"), "klein")
    assert cache.get(("p", "small")) == "klein"


def test_what_a_package_that_is_gone_translated_is_forgotten() -> None:
    cache = Cache(characters=20)
    cache.put(("old", "aaaaa"), "bbbbb")
    cache.put(("new", "ccccc"), "ddddd")

    cache.keep_only({"new"})

    assert cache.get(("old", "aaaaa")) is None
    assert cache.get(("new", "ccccc")) == "ddddd"
    cache.put(("new", "eeeee"), "fffff")  # the room of the forgotten is free again
    assert cache.get(("new", "ccccc")) == "ddddd"


def test_many_threads_leave_it_whole() -> None:
    cache = Cache(characters=200)

    def work(number: int) -> bool:
        key = ("p", str(number % 50))
        cache.put(key, key[1])
        return cache.get(key) in {None, key[1]}

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(2000)))
    assert sum(len(str(n)) * 2 for n in range(50) if cache.get(("p", str(n)))) <= 200
