import gc

from dialogue.conversation import Conversation
from dialogue.judging import look
from dialogue.looks import Looks, Seen
from tests.stage import clinic


def test_a_cached_look_lives_as_long_as_its_conversation() -> None:
    looks = Looks()
    one, other = (
        Conversation(id=name, code="c", language="en", ruleset="", created_at=0.0) for name in ("one", "other")
    )
    seen = Seen(look(one, clinic()), frozenset())
    looks.keep(one, seen)
    assert looks.of(one) is seen
    assert looks.of(other) is None
    assert looks.of(one.model_copy(update={})) is None, "another object may hold other facts"
    del one
    gc.collect()
    assert len(looks) == 0
