"""Page ids: no two patients' pages have the same."""

from dialogue.conversation import Conversation
from dialogue.engine import code_of
from dialogue.owing import raised

MANY = 20_000


def paged(identity: str) -> Conversation:
    talk = Conversation(id=identity, code=code_of(identity), language="en", ruleset="r", created_at=0.0)
    return raised(talk, 1.0, ("some_rule",))


def test_pages_of_two_cases_with_one_code_have_different_names() -> None:
    by_code: dict[str, str] = {}
    twins = [
        (by_code[code], identity)
        for identity in (f"talk-{number}" for number in range(MANY))
        if by_code.setdefault(code := code_of(identity), identity) != identity
    ]
    assert twins, "among so many cases two share a code by chance"
    for one, other in twins:
        first, second = paged(one).page, paged(other).page
        assert first and second and first.id != second.id, "a paging service would show one incident for both"
        assert one not in first.id, "by its id a patient's page could be reached"


def test_a_page_keeps_its_name_when_it_is_raised_again() -> None:
    once = paged("talk")
    assert once.page and raised(once, 2.0, ("another_rule",)).page == once.page.model_copy(
        update={"rules": ("some_rule", "another_rule")}
    )
