"""The findings that take what is built in, such as ages and temperatures. Knows nothing about how these are read."""

from functools import cache
from pathlib import Path

from policies.findings import Content
from policies.marked import read

PATH = Path(__file__).with_name("bindings.yaml")


class Bindings(Content):
    """The ids of these findings, and the values of the finding `who`. Findings that the content lacks get nothing.

    A temperature of `fever_from` degrees Celsius or more is a fever, whether or not the word is said.
    """

    age: str
    sex: str
    who: str
    duration: str
    temperature: str
    fever: str
    fever_from: float
    severity: str
    pregnant: str
    birth: str
    harm: str
    breast: str
    of_record: frozenset[str]
    gestation: str
    systolic: str
    diastolic: str
    pulse: str
    breaths: str
    oxygen: str
    glucose: str
    reading: str
    me: str
    child: str
    adult: str
    sex_of_the_pregnant: str


@cache
def load_bindings(path: Path = PATH) -> Bindings:
    return Bindings.model_validate(read(path, path.name).data)
