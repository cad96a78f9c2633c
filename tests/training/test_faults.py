"""Nothing slips past the review: thousands of drafts spoilt by seed, and the good ones they were made of."""

import random
from collections import Counter
from itertools import islice

from dialogue.case import reader_of
from llm.prompt import build_prompt
from llm.reply import parsed
from llm.rule_only import rule_only_draft
from policies.review import review
from training.cases import synthetic_cases
from training.clinic import training_clinic
from training.examples import example_of
from training.faults import FAULTS, OF_SMALL_MODELS, faulty_drafts
from training.pairs import pairs
from training.targets import target

CASES = 85
LEAST = 2_000
REJECTED = 0.02


def test_no_spoilt_draft_passes_and_hardly_a_good_one_is_refused() -> None:
    read = reader_of(training_clinic())
    luck, spoilt, slipped, good, refused = random.Random(5), Counter[str](), Counter[str](), 0, Counter[str]()
    for synthetic in islice(synthetic_cases(9, training_clinic()), CASES):
        case = synthetic.case
        by_rules = rule_only_draft(case, [])
        good += 1
        refused.update(objection.code for objection in review(by_rules, case, [], read=read))
        wanted = target(case, build_prompt(case, [], 900))
        for fault in faulty_drafts(wanted or by_rules, case, luck):
            spoilt[fault.code] += 1
            slipped[fault.code] += not review(fault.draft, case, [], read=read)
    assert spoilt.total() >= LEAST
    assert spoilt.keys() == FAULTS.keys()
    assert +slipped == Counter()
    assert refused.total() <= REJECTED * good, refused


def test_half_of_the_pairs_show_what_small_models_do() -> None:
    judged, read = Counter[bool](), reader_of(training_clinic())
    for synthetic in islice(synthetic_cases(9, training_clinic()), 30):
        prompt = build_prompt(synthetic.case, [], 900)
        wanted = target(synthetic.case, prompt)
        if wanted is None:
            continue
        shown = list(pairs([example_of(synthetic, wanted, prompt)], seed=1))
        rejected = [parsed(pair["rejected"][0]["content"]) for pair in shown]
        codes = [{found.code for found in review(draft, synthetic.case, [], read=read)} for draft in rejected]
        assert all(codes) and all(pair["chosen"] != pair["rejected"] for pair in shown)
        judged.update(bool(found & OF_SMALL_MODELS) for found in codes)
    assert judged[True] >= judged[False] > 0
