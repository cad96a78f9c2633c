"""De-identification of records: what goes, what stays, and when nothing is written. Everybody is made up."""

import json
import socket
from pathlib import Path

import pytest

from training import deid, deid_score
from training.deid import cleaned
from training.identifiers import identifiers

CASE = {
    "patient_profile": {
        "age": 94,
        "gender": "male",
        "medical_history": ["asthma, seen by Dr. Miller at Mercy Hospital"],
        "current_medications": ["Lisinopril 10 mg"],
    },
    "symptoms": {
        "duration": "three days",
        "presenting_symptoms": ["cough"],
        "associated_symptoms": [],
        "denied_symptoms": [],
        "symptom_severity": None,
    },
    "conversation_history": [{"role": "patient", "content": "My wife Anna Miller lives in Denver, CO 80203"}],
    "expected_output": {
        "triage_level": "Low",
        "preliminary_assessment": "Miller has a cough",
        "key_concerns": [],
        "possible_explanations": [],
        "recommended_actions": [],
        "safety_disclaimer": "No diagnosis",
    },
}


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Presidio would ask for a list of domains on the first e-mail address."""

    def refuse(*given: object) -> None:
        raise AssertionError("asked the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.parametrize(
    ("type_", "text", "secret"),
    [
        ("NAME", "I am seeing Dr. Patel for this", "Patel"),
        ("NAME", "my husband Tomasz says it is worse", "Tomasz"),
        ("NAME", "hi, my name is sarah connell and I cough", "connell"),
        ("NAME", "Follow-up of Robert S., with a cough", "Robert"),
        ("PLACE", "I live at 12 Maple Street, Springfield", "Maple"),
        ("PLACE", "Her postcode is SW1A 1AA", "SW1A"),
        ("PLACE", "We moved to Albuquerque", "Albuquerque"),
        ("DATE", "It began on March 3rd", "3rd"),
        ("DATE", "Admitted 04/05/2021 with pain", "04/05"),
        ("DATE", "Seit 3 May 2022", "3 May"),
        ("AGE", "She is 97 years old", "97"),
        ("PHONE", "Ring me on +44 20 7946 0958", "7946"),
        ("PHONE", "Call 415-555-0134 please", "0134"),
        ("PHONE", "Mon numéro est 01 99 00 12 34", "99 00"),
        ("FAX", "Fax: 650-555-0167", "0167"),
        ("EMAIL", "Write to jo.bloggs@example.org", "bloggs"),
        ("SSN", "Her SSN is 987-65-4320", "4320"),
        ("MRN", "MRN: 445566", "445566"),
        ("MRN", "NHS number 943 476 5919", "476"),
        ("HEALTH_PLAN", "insurance number HP-678901", "678901"),
        ("ACCOUNT", "account no. 99112233", "9911"),
        ("LICENCE", "licence CLN-112233", "112233"),
        ("VEHICLE", "number plate AB12 CDE3", "AB12"),
        ("DEVICE", "pacemaker serial number PM123987", "PM123987"),
        ("URL", "See https://example.org/me/123", "example"),
        ("IP", "from 192.168.14.7 today", "192.168"),
        ("USERNAME", "username jo_bloggs7 on the portal", "jo_bloggs7"),
        ("ORGANISATION", "I work at Acme Logistics as a driver", "Acme"),
        ("ORGANISATION", "They saw me at Lakeside Clinic", "Lakeside"),
        ("ID", "Study ID: 98765", "98765"),
    ],
)
def test_each_identifier_of_safe_harbor_goes(type_: str, text: str, secret: str) -> None:
    clean, counted, left = cleaned(text)
    assert secret not in clean
    assert counted[type_] == 1, counted
    assert not left
    assert type_ in identifiers().safe_harbor


@pytest.mark.parametrize(
    "text",
    [
        "45 year old with a headache for three days, twice last week, BP 120/80, temp 101.5, took 400 mg ibuprofen",
        "I take Lisinopril and Warfarin and have Crohn's disease, was told of Lyme disease in 2021",
        "I had COVID-19 and my HbA1c is 7.2; pain is 8/10; I may have a UTI",
        "My knee hurts since I fell off my bike yesterday at 5 pm",
    ],
)
def test_clinical_words_durations_and_ages_stay(text: str) -> None:
    assert cleaned(text) == (text, {}, [])


def test_one_person_has_one_placeholder_in_all_of_a_record_and_the_layout_stays() -> None:
    clean, _, left = cleaned(json.dumps(CASE))
    made = json.loads(clean)
    assert not left
    assert "Miller" not in clean
    assert made["expected_output"]["preliminary_assessment"] == "[NAME_1] has a cough"
    assert "[NAME_1]" in made["patient_profile"]["medical_history"][0]
    assert made["patient_profile"]["current_medications"] == ["Lisinopril 10 mg"]
    assert made["expected_output"]["triage_level"] == "Low"
    assert made["patient_profile"]["age"] == 90


def test_dates_keep_their_year_but_no_year_tells_of_an_age_over_89() -> None:
    assert cleaned("Admitted on March 3rd, 2021")[0] == "Admitted on [DATE 2021]"
    assert cleaned("Born 04/05/1931")[0] == "Born [DATE]"


def test_ages_become_bands_where_wanted() -> None:
    assert cleaned("45 year old with a cough", bands=True)[0] == "40-49 year old with a cough"


def test_an_identifier_that_is_left_refuses_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(deid, "find_all", lambda texts: [[] for _ in texts])
    source, out = tmp_path / "in.txt", tmp_path / "out.txt"
    source.write_text("a cough\nwrite to jo@example.org\n")
    with pytest.raises(SystemExit, match="Nothing written"):
        deid.main([str(source), "--out", str(out)])
    told = capsys.readouterr().err
    assert "line 2: something like EMAIL" in told
    assert "jo@" not in told
    assert list(tmp_path.iterdir()) == [source]
    deid.main([str(source), "--out", str(out), "--leave-out"])
    assert out.read_text() == "a cough\n"


def test_a_stopped_run_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, out = tmp_path / "in.txt", tmp_path / "out.txt"
    source.write_text("Dr. Patel called\na cough\nMRN: 445566\n")
    real, asked = deid.cleaned, []

    def stopping(line: str, bands: bool) -> object:
        asked.append(line)
        if len(asked) == 2:
            raise KeyboardInterrupt
        return real(line, bands)

    monkeypatch.setattr(deid, "cleaned", stopping)
    with pytest.raises(SystemExit) as stopped:
        deid.main([str(source), "--out", str(out)])
    assert stopped.value.code == 130
    assert not out.exists()
    deid.main([str(source), "--out", str(out)])
    assert asked == ["Dr. Patel called", "a cough", "a cough", "MRN: 445566"]
    assert out.read_text() == "[NAME_1] called\na cough\nMRN: [MRN_1]\n"


def test_a_field_that_nobody_expects_is_refused_by_line_without_its_text(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(json.dumps({**CASE, "secret": "Anna"}) + "\n")
    with pytest.raises(SystemExit, match="line 1: the line has fields beyond") as refused:
        deid.main([str(source), "--out", str(tmp_path / "out")])
    assert "Anna" not in str(refused.value)


def test_the_score_counts_what_was_found_and_what_was_lost(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    marked = tmp_path / "marked.txt"
    marked.write_text(
        "===QUERY===\nA cough, Robert S., seen in room 5\n===PHI_TAGS===\n"
        '{"identifier_type": "NAME", "value": "Robert S."}\n{"identifier_type": "PLACE", "value": "room 5"}\n'
    )
    deid_score.main([str(marked)])
    told = capsys.readouterr().out
    assert "(1/2;" in told
    assert "ordinary words lost                0.0%  (0/4;" in told
