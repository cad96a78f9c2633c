import re
from pathlib import Path

import pytest

from channels.problems import Kind
from channels.web import api, incoming
from channels.web.catalogue import WebCatalogue, load_catalogues, written
from channels.web.pages import HERE

CATALOGUES = load_catalogues(written())
ENGLISH = CATALOGUES["en"]
FILLED_IN = {"clinic", "number", "seconds", "step", "total", "over"}


@pytest.mark.parametrize("catalogue", CATALOGUES.values(), ids=CATALOGUES.keys())
def test_every_language_has_every_string_with_the_same_places(catalogue: WebCatalogue) -> None:
    assert catalogue.page.keys() == ENGLISH.page.keys()
    assert catalogue.problems.keys() == ENGLISH.problems.keys()
    for key, text in {**catalogue.page, **catalogue.problems}.items():
        english = ENGLISH.page.get(key) or ENGLISH.problems[key]
        assert places(text) == places(english), key
        assert places(text) <= FILLED_IN, key


def test_every_string_is_used_and_every_used_string_is_there() -> None:
    sources = [*Path(HERE, "static").glob("*.js"), *Path(HERE, "pages").glob("*.html")]
    code = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    named = set(re.findall(r"""say\(["'](\w+)["']""", code)) | set(re.findall(r'data-say="(\w+)"', code))
    chosen = set(re.findall(r'\? "(\w+)" : "(\w+)"\)', code))
    named |= {key for pair in chosen for key in pair}
    families = ("from_", "unit_")
    unused = {key for key in ENGLISH.page if key not in named and not key.startswith(families)}
    assert not unused
    assert {key for key in named if key in ENGLISH.page or "_" in key} <= ENGLISH.page.keys()


def test_every_problem_of_the_api_has_a_sentence_for_the_patient() -> None:
    kinds = [each for module in (api, incoming) for each in vars(module).values() if isinstance(each, Kind)]
    spoken = {kind.code for kind in kinds} - {"refused"}
    assert spoken <= ENGLISH.problems.keys()


@pytest.mark.parametrize("code", ["not_saved", "too_fast", "too_many_chats", "not_now"])
def test_what_keeps_a_message_from_being_read_names_the_emergency_number(code: str) -> None:
    assert "{number}" in ENGLISH.problems[code]


def places(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))
