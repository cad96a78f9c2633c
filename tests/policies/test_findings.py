import pytest
from pydantic import ValidationError

from policies.findings import EVERYBODY, Applies, Finding


@pytest.mark.parametrize(
    ("applies", "age", "sex", "true"),
    [
        (EVERYBODY, None, None, True),
        (Applies(sex="female"), 30, "female", True),
        (Applies(sex="female"), 30, "male", False),
        (Applies(sex="female"), 30, None, True),
        (Applies(sex="female"), 30, "other", True),
        (Applies(min_age=12), 12, None, True),
        (Applies(min_age=12), 11.99, None, False),
        (Applies(min_age=12), None, None, True),
        (Applies(max_age=16), 15.99, None, True),
        (Applies(max_age=16), 16, None, False),
        (Applies(sex="male", max_age=16), 5, "female", False),
    ],
)
def test_who_a_finding_can_be_true_of(applies: Applies, age: float | None, sex: str | None, true: bool) -> None:
    """What is not known of a patient rules nothing out: a danger is asked for rather than passed over."""
    assert applies.to(age, sex) is true


def test_it_is_selective_when_there_is_anybody_it_cannot_be_true_of() -> None:
    assert not EVERYBODY.selective
    assert all(one.selective for one in (Applies(sex="male"), Applies(min_age=0), Applies(max_age=1)))


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "Fever", "label": "Fever"},
        {"id": "fever!", "label": "Fever"},
        {"id": "fever", "label": "Fever", "kind": "maybe"},
        {"id": "fever", "label": "Fever", "phrase": {"en": ["hot"]}},
        {"id": "fever", "label": "Fever", "applies": {"sex": "women"}},
        {"id": "fever"},
    ],
)
def test_a_misspelt_key_of_a_finding_is_an_error(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Finding.model_validate(wrong)
