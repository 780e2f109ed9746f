"""People who sign in, each with a browser profile of their own."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.acting import SignIn


@pytest.fixture
def sign_in(browser: Browser, desk: str) -> Iterator[SignIn]:
    people = SignIn(browser, desk)
    yield people
    people.leave()
