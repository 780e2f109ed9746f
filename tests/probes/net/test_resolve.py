"""Names become addresses once, and in time."""

import threading
import time

import pytest

from probes.net.resolve import absolute, resolve


def no_lookup(name: str, port: int) -> list[str]:
    raise AssertionError("a number needs no resolver")


@pytest.mark.parametrize(
    "spelling", ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "127。0。0。1"]
)
def test_every_spelling_of_a_number_is_read_as_the_connecting_libc_reads_it(spelling):
    assert resolve(spelling, 443, within_s=1, lookup=no_lookup) == ("127.0.0.1",)


def test_the_resolver_is_asked_once_and_repeated_answers_count_once():
    asked = []

    def lookup(name: str, port: int) -> list[str]:
        asked.append((name, port))
        return ["1.1.1.1", "1.1.1.1", "2606:4700::1111"]

    assert resolve("gateway.test.", 443, within_s=1, lookup=lookup) == ("1.1.1.1", "2606:4700::1111")
    assert asked == [("gateway.test.", 443)]


def test_a_resolver_that_hangs_is_left_behind():
    release = threading.Event()

    def lookup(name: str, port: int) -> list[str]:
        release.wait(5)
        return ["1.1.1.1"]

    start = time.monotonic()
    with pytest.raises(TimeoutError):
        resolve("gateway.test", 443, within_s=0.1, lookup=lookup)

    assert time.monotonic() - start < 1
    release.set()


@pytest.mark.parametrize("answer", [OSError("no such name"), UnicodeError("label too long"), []])
def test_a_name_without_an_answer_is_an_error(answer):
    def lookup(name: str, port: int) -> list[str]:
        if isinstance(answer, Exception):
            raise answer
        return answer

    with pytest.raises((OSError, UnicodeError)):
        resolve("gateway.test", 443, within_s=1, lookup=lookup)


def test_names_are_absolute_unless_the_hosts_file_may_hold_them():
    assert absolute("api.example.com", as_written=False) == "api.example.com."
    assert absolute("api.example.com", as_written=True) == "api.example.com"
    assert absolute("localhost", as_written=False) == "localhost"


@pytest.mark.parametrize("number", ["1.1.1.1", "127.1", "::ffff:1.1.1.1", "2606:4700::1111"])
def test_a_number_is_no_name_and_gets_no_dot(number):
    assert absolute(number, as_written=False) == number
