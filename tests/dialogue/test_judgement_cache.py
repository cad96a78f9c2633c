import gc

from dialogue.conversation import Conversation
from dialogue.judgement_cache import Cached, JudgementCache
from dialogue.judging import judge
from tests.stage import clinic


def test_a_cached_judgement_lives_as_long_as_its_conversation() -> None:
    cache = JudgementCache()
    one, other = (
        Conversation(id=name, code="c", language="en", ruleset="", created_at=0.0) for name in ("one", "other")
    )
    cached = Cached(judge(one, clinic()), frozenset())
    cache.keep(one, cached)
    assert cache.of(one) is cached
    assert cache.of(other) is None
    assert cache.of(one.model_copy(update={})) is None, "another object may hold other facts"
    del one
    gc.collect()
    assert len(cache) == 0
