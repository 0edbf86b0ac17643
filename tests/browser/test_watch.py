"""The watch that `page` keeps would notice: a check that cannot fail proves nothing."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import is_here, watch

pytestmark = pytest.mark.browser

ELSEWHERE = "http://example.invalid/font.css"


@pytest.fixture
def other_page(browser: Browser) -> Iterator[Page]:
    """A page that is not checked at the end."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


def test_a_request_to_elsewhere_is_noticed(other_page: Page) -> None:
    seen = watch(other_page)
    other_page.set_content(f"<link rel=stylesheet href='{ELSEWHERE}'>", wait_until="load")
    assert seen.outside() == [ELSEWHERE]


def test_an_error_in_the_console_and_one_thrown_are_noticed(other_page: Page) -> None:
    seen = watch(other_page)
    other_page.set_content("<script>console.error('one'); throw new Error('two')</script>")
    other_page.wait_for_load_state("load")
    assert sorted(error.split(" ")[0] for error in seen.errors) == ["one", "two"]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://127.0.0.1:8866/voila", True),
        ("ws://127.0.0.1:8866/api/kernels", True),
        ("blob:http://127.0.0.1:8866/0", True),
        ("data:text/css,", True),
        ("https://127.0.0.1.example.invalid/", False),
        (ELSEWHERE, False),
    ],
)
def test_only_loopback_and_inline_addresses_are_here(address: str, *, expected: bool) -> None:
    assert is_here(address) is expected
