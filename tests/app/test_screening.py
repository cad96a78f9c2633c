"""`previsit screen`: what a first message alone does, line by line, without any server."""

import json
from pathlib import Path

from tests.app.running import run

DANGER = "I have a crushing pain in my chest and my left arm feels heavy"


def lines(*items: object) -> str:
    return "".join(json.dumps(item) + "\n" for item in items)


def test_each_line_gets_a_line_of_the_promised_shape_and_the_same_one_again(tmp_path: Path) -> None:
    text = lines(
        {"id": 1, "text": DANGER},
        {"id": "b", "text": "I need new glasses", "age_years": 34, "sex": "F"},
        {"id": "c", "text": "no chest pain, just a sore throat", "age_years": None, "sex": None},
    )
    done = run("screen", "-", folder=tmp_path, text=text)
    assert (done.returncode, done.stderr) == (0, "")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == [1, "b", "c"]
    keys = {"id", "decision", "level", "rules", "findings", "ask"}
    assert all(answer.keys() == keys for answer in answers)
    urgent, calm, denied = answers
    assert (urgent["decision"], urgent["level"], urgent["ask"]) == ("page", "EMERGENCY", [])
    worst = urgent["rules"][0]
    assert worst["id"] and worst["because"]
    assert all(quote in DANGER for quote in worst["quote"].split(" … "))
    assert {"id", "status", "subject", "quote"} == urgent["findings"][0].keys()
    assert calm["decision"] == "none"
    assert {"id": "chest_pain", "status": "absent"}.items() <= next(
        one for one in denied["findings"] if one["id"] == "chest_pain"
    ).items()
    assert run("screen", "-", folder=tmp_path, text=text).stdout == done.stdout


def test_bad_lines_are_named_by_number_without_their_content_and_the_others_answered(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    good = lines({"id": 1, "text": DANGER}).encode()
    bad = [
        b"quixotrope\n",
        b"\n",
        b'{"id": 3}\n',
        b'{"id": 4, "text": "\xff quixotrope"}\n',
        b'{"id": 5, "text": "quixotrope", "age_years": -1, "sex": "quixotrope"}\n',
        b'{"id": 6, "text": ["quixotrope"]}\n',
    ]
    path.write_bytes(b"\xef\xbb\xbf" + good + b"".join(bad) + good.rstrip())
    done = run("screen", str(path), folder=tmp_path)
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 2
    assert [number for number in range(1, 9) if f"previsit: line {number}:" in done.stderr] == [2, 4, 5, 6, 7]
    assert "line 4: text: Field required" in done.stderr
    assert "sex: Input should be 'female', 'male' or 'other'" in done.stderr
    assert "5 lines could not be read" in done.stderr
    assert "quixotrope" not in done.stderr and "Traceback" not in done.stderr


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    done = run("screen", str(tmp_path / "none.jsonl"), folder=tmp_path)
    assert done.returncode != 0
    assert "No such file" in done.stderr and "Traceback" not in done.stderr


def test_odd_messages_are_answered(tmp_path: Path) -> None:
    texts = ["🤒🤒🤒", "38 ° °", "34", "?", "1e9", "\u0000", "", "x" * 4000]
    done = run("screen", "-", folder=tmp_path, text=lines(*({"id": text, "text": text} for text in texts)))
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(answer["id"], answer["decision"]) for answer in answers] == [(text, "none") for text in texts]
