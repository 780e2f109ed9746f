"""One lab for the whole room."""

from collections.abc import Iterator

import pytest

from probes.lab.server import Lab


@pytest.fixture(scope="package")
def lab() -> Iterator[Lab]:
    with Lab() as running:
        yield running
