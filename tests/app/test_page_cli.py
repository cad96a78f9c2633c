"""`previsit page test`: which way arrived, by real receivers."""

from pathlib import Path

from tests.app.running import run
from tests.app.webhooks import webhook


def test_what_arrives_and_what_does_not_is_said(tmp_path: Path) -> None:
    with webhook() as hook:
        ways = {"webhook_url": hook.url, "webhook_secret": "s3cret", "ntfy_url": "http://127.0.0.1:9/on-call"}
        done = run("page", "test", folder=tmp_path / "data", settings=ways)
        _, body = hook.next()
    assert done.returncode == 1, done.stderr
    assert "arrived  webhook" in done.stdout and "FAILED   ntfy" in done.stdout
    assert body["event"] == "test" and "page" not in body
    assert "s3cret" not in done.stdout + done.stderr


def test_where_nothing_is_set_up_it_says_what_to_do(tmp_path: Path) -> None:
    done = run("page", "test", folder=tmp_path / "data")
    assert done.returncode == 1
    assert "PREVISIT_NTFY_URL" in done.stderr and "Traceback" not in done.stderr
