"""Plays a made-up red flag in memory before the first patient comes.

It loads and compiles everything that is loaded at first use; otherwise the first patients would wait for it. Knows no
symptom: the messages are examples from the clinical content.
"""

import logging
import time

from dialogue.case import case_of
from dialogue.conversation import Paging
from dialogue.engine import Engine
from dialogue.questions import YES
from llm.assessor import Assessor
from llm.breaker import Breaker
from policies.levels import Level
from storage.store import memory_store

log = logging.getLogger(__name__)


async def warm_up(real: Engine) -> bool:
    """Whether the red flag would have paged; if not, the log says so. Nothing is stored."""
    clinic, kept = real.clinic, memory_store(real.clock).conversations
    stage = Engine(kept, clinic, real.clock, real.new_id, real.language, real.paraphrases)
    rule = next(rule for rule in clinic.ruleset.rules.values() if rule.level is Level.EMERGENCY)
    talk = await stage.start()
    await stage.say(talk.id, key="consent", choices=(YES,))
    await stage.foresee(talk.id, rule.must_not_fire[0])  # a message that does not page uses the sentence encoder
    after = await stage.say(talk.id, key="danger", text=rule.must_fire[0])
    await Assessor(None, None, Breaker(time.monotonic)).assess(case_of(after, clinic))
    if after.paging is not Paging.OPEN:
        log.error("the red flag of the warm-up pages nobody: run previsit protocols check")
    return after.paging is Paging.OPEN
