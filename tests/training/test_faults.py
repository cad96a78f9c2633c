"""Nothing slips past the review: thousands of drafts spoilt by seed, and the good ones they were made of."""

import random
from collections import Counter
from itertools import islice

from llm.prompt import build_prompt
from llm.rule_only import rule_only_draft
from policies.review import review
from training.cases import synthetic_cases
from training.clinic import training_clinic
from training.faults import FAULTS, faulty_drafts
from training.targets import target

CASES = 85
LEAST = 2_000
REJECTED = 0.02


def test_no_spoilt_draft_passes_and_hardly_a_good_one_is_refused() -> None:
    luck, spoilt, slipped, good, refused = random.Random(5), Counter[str](), Counter[str](), 0, Counter[str]()
    for synthetic in islice(synthetic_cases(9, training_clinic()), CASES):
        case = synthetic.case
        by_rules = rule_only_draft(case, [])
        good += 1
        refused.update(objection.code for objection in review(by_rules, case, []))
        wanted = target(case, build_prompt(case, [], 900))
        for fault in faulty_drafts(wanted or by_rules, case, luck):
            spoilt[fault.code] += 1
            slipped[fault.code] += not review(fault.draft, case, [])
    assert spoilt.total() >= LEAST
    assert spoilt.keys() == FAULTS.keys()
    assert +slipped == Counter()
    assert refused.total() <= REJECTED * good, refused
