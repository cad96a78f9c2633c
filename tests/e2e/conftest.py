"""One product for all these tests, without the language model; a browser for each module that drives one."""

import shutil
from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, expect, sync_playwright

from tests.e2e.people import Nurse, Patient
from tests.e2e.product import Product, running

PHONE, DESK = 320, 1280
"""The widths, in CSS pixels, at which everything must hold."""

PATIENCE_MS = 15_000

Contexts = Callable[..., BrowserContext]


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with running(tmp_path_factory.mktemp("previsit"), "--no-model", log_level="info") as product:
        yield product
        with product.client() as client:
            client.get("/health")
    logged = product.output.text.partition("Stop with Ctrl-C")[2]
    assert "GET /health" in logged, "it does log requests"
    for never in ("crushing", "sore throat", "wisteria", "neighbour", product.password, "Traceback"):
        assert never not in logged, "what was logged in all these tests holds nothing of a patient's"


@pytest.fixture
def http(product: Product) -> Iterator[httpx.Client]:
    with product.client() as client:
        yield client


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Closed after each module: while it is open, no other event loop can run in this thread."""
    if (chromium := shutil.which("chromium")) is None:
        pytest.skip("chromium is missing (Debian: apt install chromium)")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def contexts(browser: Browser, product: Product) -> Iterator[Contexts]:
    """Makes browsers of different people; whatever one of them complains about in its console fails the test."""
    opened: list[BrowserContext] = []
    complaints: list[str] = []

    def open_context(
        width: int = DESK, height: int = 860, *, may_complain: bool = False, **options: object
    ) -> BrowserContext:
        known = {"viewport": {"width": width, "height": height}, "base_url": product.address}
        context = browser.new_context(**(known | options))  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE_MS)
        if not may_complain:
            context.on("weberror", lambda error: complaints.append(str(error.error)))
            context.on("console", lambda said: complaints.append(said.text) if _is_complaint(said) else None)
        opened.append(context)
        return context

    yield open_context
    for context in opened:
        context.close()
    assert complaints == []


def _is_complaint(said: ConsoleMessage) -> bool:
    """An answer that is not 200, or a line cut on purpose, is none: what the page makes of it is tested."""
    return said.type == "error" and "Failed to load resource" not in said.text


@pytest.fixture
def patient(contexts: Contexts) -> Patient:
    return Patient(contexts().new_page())


@pytest.fixture
def nurse(contexts: Contexts, product: Product) -> Nurse:
    return Nurse(contexts().new_page(), product.password)
