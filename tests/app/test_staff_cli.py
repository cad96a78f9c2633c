"""`previsit staff add`: who may sign in, with a password that is shown once or never."""

from pathlib import Path

import httpx
from typer.testing import CliRunner, Result

from app.cli import app
from tests.app.running import LONGEST, nurse, run, running


def add(folder: Path, *arguments: str, typed: str = "\n") -> Result:
    return CliRunner().invoke(app, ["staff", "add", *arguments, "--data-dir", str(folder)], input=typed)


def test_a_made_password_is_shown_once_and_opens_the_console(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    done = add(folder, "Kim Lee")
    assert done.exit_code == 0, done.output
    assert "Kim Lee may sign in as nurse." in done.output
    password = done.output.partition("Password: ")[2].rpartition("Password: ")[2].split()[0]
    with running(folder) as server:
        assert "sign in as" not in "".join(server.said), "somebody can sign in already"
        with httpx.Client(base_url=server.address, headers={"Origin": server.address}, timeout=LONGEST) as browser:
            form = {"name": "Kim Lee", "password": password, "next": "/console"}
            assert browser.post("/console/sign-in", data=form).status_code == 303
            assert browser.get("/console").status_code == 200


def test_a_typed_password_is_asked_twice_and_not_shown(tmp_path: Path) -> None:
    done = add(tmp_path, "Ana Ruiz", "--role", "admin", typed="correct horse battery\ncorrect horse battery\n")
    assert done.exit_code == 0 and "may sign in as admin" in done.output
    assert "correct horse" not in done.output
    differs = add(tmp_path, "Bo", typed="correct horse battery\nwrong\n")
    assert differs.exit_code == 1 and "The two passwords differ. Nothing was changed." in differs.output


def test_a_name_that_is_taken_and_a_role_that_is_none_are_refused(tmp_path: Path) -> None:
    assert add(tmp_path, "Kim").exit_code == 0
    again = add(tmp_path, "Kim")
    assert again.exit_code == 1 and "Kim" in again.output
    assert add(tmp_path, "Lee", "--role", "surgeon").exit_code == 2


def test_people_are_listed_get_a_new_password_and_are_removed(tmp_path: Path) -> None:
    def staff(*arguments: str) -> Result:
        return CliRunner().invoke(app, ["staff", *arguments, "--data-dir", str(tmp_path)])

    add(tmp_path, "Kim Lee", "--role", "doctor")
    assert "Kim Lee" in staff("list").output and "doctor" in staff("list").output
    assert "new password" in staff("reset", "kim lee").output
    assert staff("remove", "Kim Lee").exit_code == 0
    for gone in (staff("remove", "Kim Lee"), staff("reset", "Kim Lee")):
        assert gone.exit_code == 1 and "Nobody is called Kim Lee" in gone.output
    assert staff("list").output == ""


def test_beside_a_running_server_it_says_what_to_do(tmp_path: Path) -> None:
    with running(tmp_path / "data") as server:
        done = run("staff", "add", "Kim", folder=tmp_path / "data", text="\n")
        assert done.returncode == 1
        assert "Stop it first" in done.stderr and "Traceback" not in done.stderr
        with nurse(server) as browser:
            assert browser.get("/console").status_code == 200
