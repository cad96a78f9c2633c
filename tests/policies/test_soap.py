"""The short note: at most 120 words for any case, each part with its words, the decisive parts first."""

from hypothesis import given

from policies.case import Case, Fired
from policies.facts import Evidence
from policies.findings import Kind
from policies.levels import Level
from policies.soap import MOST_WORDS, Item, Line, soap, together
from tests.cases import CASE, cases, statement

TEMPERATURE = statement(7, "Temperature", "present", "38.4 °C", "38.4 this morning", kind=Kind.NUMBER)


def text(line: Line) -> str:
    return f"{line.lead}: {'; '.join(item.text for item in line.items)}"


def test_it_reads_as_a_nurse_writes() -> None:
    measured = (*CASE.statements, TEMPERATURE)
    note = soap(CASE.model_copy(update={"statements": measured}), "34 y, female", open_questions=2)
    assert [(line.part, text(line)) for line in note] == [
        ("S", "34 y, female: Sore throat 3 days; Fever 38.4 °C; Medicines ibuprofen 400 mg"),
        ("S", "Denies: Trouble breathing; Drooling"),
        ("S", "Not known: Weakened immune system"),
        ("O", "As told: Temperature 38.4 °C"),
        ("A", "Medium: A sore throat with fever can need a look at the throat."),
        ("P", ": To be seen within a week.; 2 questions left open."),
    ]
    assert note[0].items[0].evidence == (Evidence(turn=1, quote="sore throat for three days"),)


def test_having_no_more_to_say_denies_nothing() -> None:
    asked = statement(7, "In own words", "absent", quote="none", is_open=True)
    case = CASE.model_copy(update={"statements": (*CASE.statements, asked)})
    assert text(soap(case, "34 y, female")[1]) == "Denies: Trouble breathing; Drooling"


def test_the_most_pertinent_denial_comes_first() -> None:
    asked = (statement(7, "Rash", "absent"), statement(8, "Stridor", "absent", pertinence=14))
    case = CASE.model_copy(update={"statements": (*CASE.statements, *asked)})
    assert text(soap(case, "34 y, female")[1]) == "Denies: Stridor; Trouble breathing; Drooling; Rash"


@given(cases())
def test_any_case_fits_into_so_many_words_and_says_its_level(case: Case) -> None:
    note = soap(case, "34 y, female")
    assert sum(line.words for line in note) <= MOST_WORDS
    assert [line.part for line in note] == sorted((line.part for line in note), key="SOAP".index)
    assert note[-1].part == "P"
    labels = {f"{each.label} {each.value}".strip() for each in case.statements}
    told = {item.text for line in note if line.part in "SO" for item in line.items}
    assert told <= labels, "nothing that nobody said"


def test_a_long_note_keeps_what_decides_and_counts_the_rest() -> None:
    many = tuple(statement(number, f"Denied symptom number {number}", "absent") for number in range(1, 60))
    urgent = Fired(
        rule="r",
        level=Level.EMERGENCY,
        because="It can be a heart attack.",
        source="s",
        evidence=(Evidence(turn=1, quote="x"),),
    )
    case = CASE.model_copy(
        update={"statements": (*CASE.statements, *many), "fired": (urgent,), "level": Level.EMERGENCY}
    )
    note = soap(case, "34 y")
    assert any("heart attack" in text(line) for line in note)
    assert "Sore throat" in text(note[0])
    [denied] = [line for line in note if line.lead == "Denies"]
    assert denied.left_out > 30 and len(denied.items) > 5


def test_items_from_one_answer_share_one_link() -> None:
    one, other = (Evidence(turn=3, quote="None of these"),), (Evidence(turn=4, quote="no"),)
    items = [Item("Cough", one), Item("Rash", one), Item("Fever", other), Item("Routine.", ()), Item("Open.", ())]
    assert together(items) == [Item("Cough; Rash", one), Item("Fever", other), Item("Routine.", ()), Item("Open.", ())]
