"""Spanish as patients write it: what is said, denied, of whom, since when, and what is asked of the chat."""

import pytest

from channels.web.catalogue import load_catalogues
from dialogue.understanding import Command
from tests.dialogue.understanding.spanish import asking, heard, told

Told = dict[str, str | float]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no me duele el pecho", {"chest_pain": "absent"}),
        ("No tengo fiebre ni tos", {"fever": "absent", "cough": "absent"}),
        ("sin fiebre", {"fever": "absent"}),
        ("no tengo nada de fiebre", {"fever": "absent"}),
        ("nada de dolor en el pecho", {"chest_pain": "absent"}),
        ("niega dolor de pecho", {"chest_pain": "absent"}),
        ("nunca he tenido fiebre", {"fever": "absent"}),
        ("tampoco tengo tos", {"cough": "absent"}),
        ("ya no tengo fiebre", {"fever": "absent"}),
        ("la fiebre ya se me pasó", {"fever": "absent"}),
        ("fiebre no, tos sí", {"fever": "absent", "cough": "present"}),
        ("fiebre: no", {"fever": "absent"}),
        ("no tengo fiebre, tos o vómitos", {"fever": "absent", "cough": "absent", "vomiting": "absent"}),
        ("no tengo fiebre y me duele el pecho", {"fever": "absent", "chest_pain": "present"}),
        ("no tengo fiebre me duele mucho el pecho", {"fever": "absent", "chest_pain": "present"}),
        ("No tengo tos, fiebre sí", {"cough": "absent", "fever": "present"}),
        ("me duele el pecho, ¿no?", {"chest_pain": "present"}),
        ("No puedo respirar", {"cannot_breathe": "present"}),
        ("no puedo ni respirar", {"cannot_breathe": "present"}),
        ("no se me quita el dolor de cabeza", {"headache": "present"}),
        ("no baja la fiebre", {"fever": "present"}),
        ("nunca había tenido un dolor de pecho así", {"chest_pain": "present"}),
        ("no me duele tanto el pecho", {"chest_pain": "present"}),
        ("no tengo sangre en la orina", {"blood_in_urine": "absent"}),
        ("no hay nada de orina", {"cannot_urinate": "present"}),
        ("no solo fiebre, también tos", {"fever": "present", "cough": "present"}),
    ],
)
def test_denial(text: str, expected: Told) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("me duele el pecho", {"chest_pain": "present"}),
        ("El pecho me esta doliendo", {"chest_pain": "present"}),
        ("me aogo", {"cannot_breathe": "present"}),
        ("me falta el ayre", {"cannot_breathe": "present"}),
        ("no pued respirar", {"cannot_breathe": "present"}),
        ("estoy con toz y bomitando", {"cough": "present", "vomiting": "present"}),
        ("mi hermana esta envarazada", {"pregnant": "present"}),
        ("se desmalló", {"collapsed": "present"}),
        ("toy con fiebre xq no c", {"fever": "present"}),
        ("se me duermen los brazos", {"leg_weak": "present"}),
        ("me duele el ano", {"anus_pain": "present"}),
        ("me duele desde hace un año", {"symptom_duration": 365.25}),
    ],
)
def test_however_it_is_spelled(text: str, expected: Told) -> None:
    read = told(text)
    assert {name: read.get(name) for name in expected} == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mi hijo tiene fiebre", {"who": "my_child", "sex": "male", "fever": "present"}),
        ("mi hijo de 4 años tiene fiebre", {"who": "my_child", "sex": "male", "age": 1461.0, "fever": "present"}),
        ("mi bebé de 3 semanas tiene tos", {"who": "my_child", "age": 21.0, "cough": "present"}),
        ("tiene 4 años y tiene fiebre", {"age": 1461.0, "fever": "present"}),
        (
            "mi niño tiene 3 días con fiebre",
            {"who": "my_child", "sex": "male", "symptom_duration": 3.0, "fever": "present"},
        ),
        ("mi mamá se desmayó", {"who": "someone_else", "sex": "female", "collapsed": "present"}),
        ("mi esposo se me desmayó", {"who": "someone_else", "sex": "male", "collapsed": "present"}),
        ("Mi hijo dice que le duele el pecho", {"who": "my_child", "sex": "male", "chest_pain": "present"}),
        ("mi mama tuvo un infarto hace años", {"heart_attack": "other"}),
        ("me duele la cabeza, y murió mi mamá de un infarto", {"headache": "present", "heart_attack": "other"}),
        ("en mi familia hay infartos", {"heart_attack": "other"}),
        ("antecedentes familiares de infarto", {"heart_attack": "other"}),
        ("tengo treinta y cuatro años y tos", {"who": "me", "age": 12418.5, "cough": "present"}),
        ("mujer de 34 años con tos", {"age": 12418.5, "sex": "female", "cough": "present"}),
        ("hombre, 50 años, tos", {"age": 18262.5, "sex": "male", "cough": "present"}),
        ("tengo 2 bultos y tos", {"cough": "present"}),
    ],
)
def test_whose_complaint_it_is(text: str, expected: Told) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tengo tos desde hace 2 semanas", {"cough": "present", "symptom_duration": 14.0}),
        ("tengo tos hace 2 anos", {"cough": "present", "symptom_duration": 730.5}),
        ("hace tres dias que me duele la cabeza", {"headache": "present", "symptom_duration": 3.0}),
        ("llevo tres días con fiebre", {"fever": "present", "symptom_duration": 3.0}),
        ("tengo fiebre desde ayer", {"fever": "present", "symptom_duration": 1.0}),
        ("tengo tos desde hace unos días", {"cough": "present", "symptom_duration": 3.0}),
        ("tos desde hace año y medio", {"cough": "present"}),
        ("tuve un infarto hace dos años", {"heart_attack": "past"}),
        ("tuve un infarto hace más de dos años", {"heart_attack": "past"}),
        ("el año pasado tuve un infarto", {"heart_attack": "past"}),
        ("cuando era niño tuve tos", {"cough": "past"}),
        ("hace 2 años me operaron, ahora me duele el pecho", {"chest_pain": "present"}),
        ("me duele el pecho desde las 5", {"chest_pain": "present"}),
        ("tos desde hace un mes más o menos", {"cough": "present", "symptom_duration": 30.44}),
    ],
)
def test_how_long_and_when(text: str, expected: Told) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tengo 38'5 de fiebre", {"temperature": 38.5, "fever": "present"}),
        ("tengo 38,5", {"temperature": 38.5, "fever": "present"}),
        ("tengo 38.7º", {"temperature": 38.7, "fever": "present"}),
        ("calentura de 40", {"fever": "present", "temperature": 40.0}),
        ("tengo 39 de fiebre", {"fever": "present", "temperature": 39.0}),
        ("estoy embarazada de 30 semanas", {"pregnant": "present", "gestation_weeks": 30.0, "sex": "female"}),
        ("tengo 30 semanas de embarazo", {"pregnant": "present", "gestation_weeks": 30.0, "sex": "female"}),
        ("dolor 8 de 10", {"severity": 8.0}),
        ("tengo la presión en 180/110", {"systolic": 180.0, "diastolic": 110.0}),
        ("tension 180 sobre 110", {"systolic": 180.0, "diastolic": 110.0}),
        ("tengo la tensión en 19/11", {"systolic": 190.0, "diastolic": 110.0}),
        ("la presión 18 con 11", {"systolic": 180.0, "diastolic": 110.0}),
        ("tos 2 con 1", {"cough": "present"}),
    ],
)
def test_numbers(text: str, expected: Told) -> None:
    assert told(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "¿Podría ser un infarto?",
        "será un infarto?",
        "puede ser un infarto",
        "a lo mejor es un infarto",
        "tengo miedo de que sea un infarto",
        "¿qué hago si me da un infarto?",
    ],
)
def test_what_is_only_wondered_about_is_asked_back(text: str) -> None:
    assert told(text)["heart_attack"] == "unsure"


def test_general_questions_are_about_nobody_and_help_is_no_question() -> None:
    assert told("cuáles son los síntomas de un infarto") == {}
    assert told("qué hago, me duele el pecho") == {"chest_pain": "present"}
    assert told("creo que es un infarto") == {"heart_attack": "present"}


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        *[
            (text, True)
            for text in ("sí", "si", "Sí, gracias", "claro que sí", "por supuesto", "creo que si", "un poco")
        ],
        *[
            (text, False)
            for text in ("no", "No gracias", "para nada", "claro que no", "creo que no", "no tengo", "nunca")
        ],
    ],
)
def test_yes_and_no(text: str, yes: bool) -> None:
    assert heard(text).affirmed is yes
    assert told(text, asking("yes_no", "fever")) == {"fever": "present" if yes else "absent"}


@pytest.mark.parametrize("text", ["no tengo fiebre", "nunca tuve fiebre", "ya no tengo fiebre", "tampoco tengo fiebre"])
def test_a_denial_of_one_thing_does_not_answer_another(text: str) -> None:
    assert told(text, asking("yes_no", "chest_pain")) == {"fever": "absent"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ninguna de estas", {"fever": "absent", "cough": "absent"}),
        ("ninguno", {"fever": "absent", "cough": "absent"}),
        ("no tengo nada de eso", {"fever": "absent", "cough": "absent"}),
        ("todas", {"fever": "present", "cough": "present"}),
        ("las dos", {"fever": "present", "cough": "present"}),
        ("la primera", {"fever": "present", "cough": "absent"}),
        ("1 y 2", {"fever": "present", "cough": "present"}),
        ("solo tos", {"fever": "absent", "cough": "present"}),
        ("tengo fiebre y tos", {"fever": "present", "cough": "present"}),
    ],
)
def test_several_at_once(text: str, expected: Told) -> None:
    assert told(text, asking("multi_choice", "fever", "cough")) == expected


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("atrás", Command.BACK),
        ("volver a la anterior", Command.BACK),
        ("repita por favor", Command.REPEAT),
        ("¿Por qué pregunta eso?", Command.WHY),
        ("xq pregunta", Command.WHY),
        ("no entiendo", Command.REPHRASE),
        ("no sé", Command.DONT_KNOW),
        ("nose", Command.DONT_KNOW),
        ("omitir", Command.SKIP),
        ("¿cuánto falta?", Command.HOW_LONG),
        ("quiero hablar con una persona", Command.PERSON),
        ("empezar de nuevo", Command.START_OVER),
        ("parar", Command.STOP),
        ("borrar mis respuestas", Command.DELETE),
        ("me equivoqué", Command.CORRECT),
        ("perdón, tres días, no dos", Command.CORRECT),
    ],
)
def test_commands(text: str, command: Command) -> None:
    assert heard(text).command is command


def test_the_answers_that_the_chat_page_sends_are_understood() -> None:
    page = {"say_person": Command.PERSON, "say_back": Command.BACK, "say_restart": Command.START_OVER}
    words = load_catalogues(["es"])["es"].page
    assert {key: heard(words[key]).command for key in page} == page
    assert heard(words["say_stop"]).command is Command.STOP
    assert heard(words["dont_know"]).command is Command.DONT_KNOW


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("yo, 34, mujer", {"who": "me", "age": 12418.5, "sex": "female"}),
        ("mi marido, 60", {"who": "someone_else", "age": 21915.0, "sex": "male"}),
        ("es para mi esposo, 60", {"who": "someone_else", "age": 21915.0, "sex": "male"}),
        ("para mi pobre abuelo, 90", {"who": "someone_else", "age": 32872.5, "sex": "male"}),
        ("para mí, 79 años, viuda, mi marido murió", {"who": "me", "age": 28854.75, "sex": "female"}),
    ],
)
def test_who_it_is_about_with_age_and_sex(text: str, expected: Told) -> None:
    assert told(text, asking("choice", "who", "age", "sex")) == expected
