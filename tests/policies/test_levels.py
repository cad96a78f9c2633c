import pytest
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from policies.levels import Level

LEVEL = TypeAdapter(Level)


def test_an_emergency_is_the_highest_of_four() -> None:
    assert sorted(Level) == [Level.LOW, Level.MEDIUM, Level.HIGH, Level.EMERGENCY]


def test_a_level_is_written_as_its_name_and_read_again() -> None:
    for level in Level:
        written = LEVEL.dump_json(level)
        assert written == f'"{level.name}"'.encode()
        assert LEVEL.validate_json(written) is level


@pytest.mark.parametrize("wrong", ['"high"', '"URGENT"', "3", "4.0", "true", "null", '""'])
def test_anything_else_is_refused_and_the_four_are_named(wrong: str) -> None:
    with pytest.raises(ValidationError, match="a level is one of LOW, MEDIUM, HIGH, EMERGENCY"):
        LEVEL.validate_json(wrong)


def test_a_refused_level_is_not_quoted_where_a_model_wrote_it() -> None:
    class Answer(BaseModel):
        model_config = ConfigDict(hide_input_in_errors=True)
        level: Level

    with pytest.raises(ValidationError) as caught:
        Answer.model_validate_json('{"level": "canary"}')
    assert "canary" not in str(caught.value)


def test_a_model_may_write_one_of_the_four_names() -> None:
    assert LEVEL.json_schema() == {"enum": ["LOW", "MEDIUM", "HIGH", "EMERGENCY"], "type": "string"}
