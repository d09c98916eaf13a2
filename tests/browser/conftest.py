"""A server of its own and a real Chromium for the tests in this folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from serving import running

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync",
    "--disable-dev-shm-usage",
]  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "browser: needs Chromium and playwright")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    reason = ""
    if CHROMIUM is None:
        reason = "Chromium ontbreekt: apt-get install chromium (of zet CHROMIUM)"
    elif find_spec("playwright") is None:
        reason = "playwright ontbreekt: pip install playwright"
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.filterwarnings("ignore"))
            if reason:
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running server with an index of its own."""
    with running(tmp_path_factory.mktemp("server")) as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Any, request: pytest.FixtureRequest) -> Iterator[Callable[..., Any]]:
    """Opens pages that fail the test on a request to elsewhere, a script error or a breach of the policy.

    The server is `site`, or the one that the test's module calls `where`.
    """
    contexts, wrong = [], []
    site = request.getfixturevalue(getattr(request.module, "where", "site"))

    def opened(path: str = "/", width: int = 390, height: int = 844, **context: Any) -> Any:
        made = chromium.new_context(viewport={"width": width, "height": height}, base_url=site, **context)
        contexts.append(made)
        page = made.new_page()
        page.on(
            "request",
            lambda r: wrong.append(f"elders: {r.url}") if not r.url.startswith((site, "data:", "blob:")) else None,
        )
        page.on("pageerror", lambda error: wrong.append(f"fout: {error}"))
        page.on(
            "console",
            lambda m: wrong.append(f"beleid: {m.text}") if "Content Security Policy" in m.text else None,
        )
        page.goto(path)
        if path.startswith("/?") or path == "/":
            page.wait_for_selector("#vraag" if context.get("java_script_enabled", True) else "body")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not wrong


@pytest.fixture(scope="session")
def axe() -> str:
    """The text of axe-core (MPL-2.0, see LEESMIJ.md)."""
    return (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
