"""The cases of the console's lists: made once for each version of a conversation, gone with it."""

import gc

from channels.console.cases import Cases
from dialogue.conversation import Conversation
from tests.channels.console import samples
from tests.channels.console.sample_clinic import sample_clinic


def test_a_case_is_made_once_for_each_version() -> None:
    cases, first = Cases(sample_clinic()), samples.reviewing()
    assert cases.of(first) is cases.of(first)
    later = first.model_copy(update={"partial": "went away"})
    assert cases.of(later).partial == "went away"
    del first
    gc.collect()
    assert cases.of(later) is cases.of(later), "the older version's end takes nothing of the newer one"


def test_no_case_outlives_its_conversation() -> None:
    cases = Cases(sample_clinic())

    def shown(conversation: Conversation) -> None:
        assert cases.of(conversation).id == "M4TNX"
        assert len(cases) == 1

    shown(samples.reviewing())
    gc.collect()
    assert len(cases) == 0
