"""The facts that a message states by itself, whatever was asked. Knows nothing about questions or commands."""

from collections.abc import Iterator, Sequence

from dialogue.understanding.doubt import Stance, stance
from dialogue.understanding.experiencer import Whose, experiencers, spans_two_people
from dialogue.understanding.identities import about_others, about_patient, about_writer, sex_of_the_pregnant
from dialogue.understanding.index import Hit, Role
from dialogue.understanding.measured_facts import ages_by_birth, measured_facts
from dialogue.understanding.message import Message
from dialogue.understanding.negation import Denial, bare_answer, denial
from dialogue.understanding.patient import people_in
from dialogue.understanding.people import People
from dialogue.understanding.quotes import quote
from dialogue.understanding.reach import Reach
from dialogue.understanding.stated import Stated
from dialogue.understanding.timing import Timeline, is_diagnosis, long_known, long_standing, reach_of_past, timeline
from dialogue.understanding.words import ITEM
from policies.facts import Evidence, Fact, Status, When, latest
from policies.findings import Finding, Kind


def statements(message: Message, turn: int, facts: Sequence[Fact] = ()) -> list[Stated]:
    """All facts, in the order of the words, without contradictions. `facts` are those that the conversation has
    already."""
    times = timeline(message)
    known = people_in(message, times, facts)
    claims = message.claims
    if known.several:
        claims = [hit for hit in claims if not spans_two_people(message, known, hit)]
    claimed = [one for hit in claims for one in facts_of_claim(message, times, known, hit, turn)]
    stated = settle(message, without_wider_denials(message, claimed))
    stated += possible_facts(message, known, facts, measured_facts(message, times, known, turn))
    stated += ages_by_birth(message, known, stated, turn)
    if known.proxy:
        stated += about_patient(message, known.proxy, known, turn, facts)
    elif known.writer_is_ill and not latest(facts, message.lexicon.bindings.who):
        stated += about_writer(message, stated)
    stated += sex_of_the_pregnant(message, stated, facts)
    if known.several:
        stated += about_others(message, known, stated, turn)
    return sorted(stated, key=lambda one: one.start)


def possible_facts(message: Message, known: People, facts: Sequence[Fact], measured: list[Stated]) -> list[Stated]:
    """The measured facts without weeks of a pregnancy where the patient is known to be a man, nobody else is named and
    no word says "pregnant": "five weeks, slight bleeding" of his gum."""
    bindings, words = message.lexicon.bindings, message.lexicon.language.quantities.of_pregnancy
    sex = latest(facts, bindings.sex)
    others = any(mention.person for mention in known.mentions)
    if sex is None or sex.value != "male" or others or not words.isdisjoint(message.words.words):
        return measured
    return [one for one in measured if one.fact.finding not in (bindings.gestation, bindings.pregnant)]


def facts_of_claim(message: Message, times: Timeline, known: People, hit: Hit, turn: int) -> Iterator[Stated]:
    """The facts that a claim states: one for each possible experiencer; none if about nobody ("what is a stroke?")."""
    finding = message.lexicon.findings[hit.entry.name]
    attitude = attitude_of(message, hit, finding)
    if attitude is Stance.GENERAL:
        return
    denied, cue = denial(message, hit)
    status = Status.ABSENT if denied in {Denial.YES, Denial.PERHAPS} else Status.PRESENT
    if not can_state(finding, status, hit):
        return
    mention = known.at(hit.start)
    over, sure_of_time = temporality(message, times, hit, finding, mention.at if mention and mention.returns else 0)
    slip = misread(message, hit)
    sure = (
        (hit.entry.role is not Role.HINT or finding.kind is Kind.TEXT)
        and denied in {Denial.YES, Denial.NO}
        and sure_of_time
        and (attitude is Stance.STATED or denied is Denial.YES)
        and not slip
    )
    start, end = (min(hit.start, cue.start), max(hit.end, cue.end)) if cue else (hit.start, hit.end)
    evidence = Evidence(turn=turn, quote=quote(message, start, end))
    for experiencer in experiencers(message, known, times, hit):
        fact = Fact(
            finding=hit.entry.name,
            status=status,
            evidence=evidence,
            value=hit.entry.value or (evidence.quote if finding.kind is Kind.TEXT else None),
            subject=experiencer.subject,
            when=When.PAST if experiencer.whose is Whose.HISTORY or over else When.NOW,
            certain=sure and experiencer.whose is not Whose.UNSURE,
            person=experiencer.name,
        )
        yield Stated(hit.start, hit.end, fact, cue is not None and cue.start >= hit.end, slip)
        if status is Status.ABSENT:
            return


def temporality(message: Message, times: Timeline, hit: Hit, finding: Finding, since: int) -> tuple[bool, bool]:
    """Whether what is claimed is over, and whether the message is clear about that, by its words from `since` on."""
    if finding.acute and long_known(message, times, hit):
        return True, True
    goes_on = finding.lasting or (not finding.acute and is_diagnosis(message, hit))
    ago = Reach.NONE if goes_on else reach_of_past(message, times, hit, since)
    over = ago is not Reach.NONE and not (finding.acute and ago is Reach.UNCLEAR)
    clear = ago not in {Reach.LOOSE, Reach.UNCLEAR} and not (finding.acute and long_standing(message, times, hit))
    return over, clear


def attitude_of(message: Message, hit: Hit, finding: Finding) -> Stance:
    """How the claim is meant. A question with its answer ("fever? yes"), and a request, state it."""
    attitude = stance(message, hit)
    if attitude is not Stance.STATED and bare_answer(message, hit, message.lexicon.language.negation.bare_yes):
        return Stance.STATED
    return Stance.STATED if attitude is Stance.WONDERED and finding.request else attitude


def can_state(finding: Finding, status: Status, hit: Hit) -> bool:
    """Whether a pattern of this role can state this status. A denied hint says nothing about the finding.

    For a finding that is a list, such as medicines, it is the other way round: its hints name the whole list, so that
    "not on any medicine" denies it, and "not on insulin" does not.
    """
    if finding.kind is Kind.TEXT:
        return (status is Status.ABSENT) is (hit.entry.role is Role.HINT)
    return status is not Status.ABSENT or hit.entry.role is Role.PHRASE


def misread(message: Message, hit: Hit) -> bool:
    """Whether the claim depends on a doubtful spelling, or is a single misspelt word."""
    place = range(hit.start, hit.end)
    return not message.slips.doubtful.isdisjoint(place) or (len(place) == 1 and hit.start in message.slips.sure)


def without_wider_denials(message: Message, stated: list[Stated]) -> list[Stated]:
    """The facts without denials of a thing of which only a kind is denied: "no coughing up blood" denies no cough."""
    denied = [one for one in stated if one.fact.status is Status.ABSENT]
    wider = {id(one) for one in denied if any(is_a_kind_of(message, other, one) for other in denied)}
    return [one for one in stated if id(one) not in wider]


def is_a_kind_of(message: Message, narrow: Stated, wide: Stated) -> bool:
    """Whether the words of one denied thing hold those of another, and are no list of several things."""
    text, negation = message.words, message.lexicon.language.negation
    if narrow.fact.finding == wide.fact.finding or not narrow.start <= wide.start < wide.end <= narrow.end:
        return False
    if narrow.end - narrow.start == wide.end - wide.start:
        return False
    listed = negation.either | negation.also
    return listed.isdisjoint(text.words[narrow.start : narrow.end]) and all(
        text.pauses[place] < ITEM for place in range(narrow.start + 1, narrow.end)
    )


def settle(message: Message, stated: list[Stated]) -> list[Stated]:
    """The facts without repetitions and contradictions: "present" wins, unless a later "absent" ends or corrects it."""
    kept: dict[str, list[Stated]] = {}
    for one in stated:
        rivals = kept.setdefault(one.fact.finding, [])
        if not any(outweighs(message, other, one) for other in rivals):
            rivals[:] = [other for other in rivals if not outweighs(message, one, other)]
            rivals.append(one)
    return [one for rivals in kept.values() for one in rivals]


def outweighs(message: Message, one: Stated, other: Stated) -> bool:
    """Whether `one` makes `other`, about the same finding and person, superfluous."""
    first, second = one.fact, other.fact
    if first.finding != second.finding or first.value != second.value:
        return False
    if (first.subject, first.person, first.when) != (second.subject, second.person, second.when):
        return False
    if first.status is second.status:
        return first.certain or not second.certain
    if not first.certain:
        return False
    later = one.start > other.start and (one.final or corrected(message, other.end, one.start))
    if first.status is Status.PRESENT:
        return not (other.start > one.start and (other.final or corrected(message, one.end, other.start)))
    return later


def corrected(message: Message, start: int, end: int) -> bool:
    return any(start <= mark.start < end for mark in message.cues.get(Role.CORRECTION, ()))
