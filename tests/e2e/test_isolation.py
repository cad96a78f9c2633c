"""The clinic's own page, and whatever script runs on it, cannot read the chat; only named sites may show it."""

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Contexts
from tests.e2e.people import Patient
from tests.e2e.product import DANGER, Product, running

pytestmark = pytest.mark.needs_browser

SPY = """() => {
  const host = document.querySelector("previsit-chat");
  const frame = host.shadowRoot.querySelector("iframe");
  const heard = [];
  try { heard.push(frame.contentDocument?.body.innerText) } catch (error) { heard.push(error.name) }
  try { heard.push(frame.contentWindow.sessionStorage.length) } catch (error) { heard.push(error.name) }
  try { heard.push(frame.contentWindow.document.title) } catch (error) { heard.push(error.name) }
  return heard;
}"""

LISTEN = "window.heard = []; addEventListener('message', ({ data }) => heard.push(data));"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def clinic_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A clinic's own web site on an origin of its own: its folder and its address."""
    folder = tmp_path_factory.mktemp("site")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield folder, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory, clinic_site: tuple[Path, str]) -> Iterator[Product]:
    """A previsit that lets this site, and no other, show its chat."""
    folder, site = clinic_site
    with running(tmp_path_factory.mktemp("embedded"), "--no-model", clinic_origins=site) as product:
        page = f'<!doctype html><title>Clinic</title><script src="{product.address}/widget.js" defer></script>'
        (folder / "index.html").write_text(f"{page}<h1>Our clinic</h1><previsit-chat></previsit-chat>")
        yield product


def test_a_script_on_the_clinic_s_page_cannot_read_the_chat(
    contexts: Contexts, clinic_site: tuple[Path, str], embedded: Product
) -> None:
    page = contexts().new_page()
    page.add_init_script(LISTEN)
    page.goto(clinic_site[1])
    page.get_by_role("button", name="Start before your visit").click()
    patient = Patient(page)
    patient.chat = page.frame_locator("previsit-chat iframe")
    patient.says_who()
    patient.writes(DANGER)
    expect(patient.alarm).to_be_visible()
    text, storage, title = page.evaluate(SPY)
    assert text is None, "another origin's document is not there at all"
    assert (storage, title) == ("SecurityError", "SecurityError")
    assert set(page.evaluate("heard")) <= {"previsit:ready", "previsit:news"}
    assert "emergency" not in page.content()


def test_a_site_that_is_not_named_cannot_show_the_chat(
    contexts: Contexts, clinic_site: tuple[Path, str], embedded: Product
) -> None:
    """The same page, reached by a name that the clinic has not given."""
    page = contexts(may_complain=True).new_page()
    page.goto(clinic_site[1].replace("127.0.0.1", "localhost"))
    with page.expect_console_message(lambda said: "frame-ancestors" in said.text):
        page.get_by_role("button", name="Start before your visit").click()
    assert not page.frame_locator("previsit-chat iframe").get_by_role("log").count()


def test_a_chat_that_does_not_load_says_what_to_do(
    contexts: Contexts, clinic_site: tuple[Path, str], embedded: Product
) -> None:
    folder, site = clinic_site
    chat = "previsit-chat src='http://127.0.0.1:9' lost='Please phone us.'"
    script = (folder / "index.html").read_text().partition("<h1>")[0]
    (folder / "lost.html").write_text(f"{script}<h1>Our clinic</h1><{chat}></previsit-chat>")
    page = contexts(may_complain=True).new_page()
    page.clock.install()
    page.goto(f"{site}/lost.html")
    page.get_by_role("button", name="Start before your visit").click()
    page.clock.run_for(10_000)
    expect(page.get_by_role("status")).to_have_text("Please phone us.")
