"""The console's own words for levels, states and outcomes. Knows nothing about pages; patients never read these."""

from typing import NamedTuple

from dialogue.conversation import State
from policies.facts import Status
from policies.levels import Level
from policies.roles import Role

LEVELS = {
    Level.EMERGENCY: "Emergency",
    Level.HIGH: "High",
    Level.MEDIUM: "Medium",
    Level.LOW: "Low",
}

TIME_FRAMES = {
    Level.EMERGENCY: "now",
    Level.HIGH: "same day",
    Level.MEDIUM: "within a week",
    Level.LOW: "routine or self care",
}

STATES = {
    State.WELCOME: "Just opened",
    State.CONSENT: "Asked for consent",
    State.ABOUT_YOU: "Answering questions",
    State.COMPLAINT: "Answering questions",
    State.SAFETY_CHECK: "Answering questions",
    State.HISTORY: "Answering questions",
    State.BACKGROUND: "Answering questions",
    State.RECAP: "Checking the summary",
    State.ASSESSING: "Draft being written",
    State.NURSE_REVIEW: "Waits for review",
    State.WITH_NURSE: "With a nurse",
    State.CLOSED: "Closed",
    State.URGENT: "Urgent",
    State.DECLINED: "Declined",
    State.ABANDONED: "Stopped half-way",
}

PARTIALS = {
    "stopped": "the patient stopped.",
    "fell_silent": "the patient fell silent.",
    "asked_for_a_person": "the patient asked for a person.",
    "not_understood": "the answers were not understood.",
    "lost": "the store has lost what this patient told. Only the page was kept, and who it was is not known here.",
    "red_flag": "the questions ended when a red flag was found.",
}
"""Why a case reached the nurse before the patient had finished."""

STATUSES = {Status.PRESENT: "Present", Status.ABSENT: "Denied", Status.UNKNOWN: "Not known"}


class Outcome(NamedTuple):
    """How a case can end. `value` is kept in the record, `label` is what the nurse chooses."""

    value: str
    label: str


OUTCOMES = (
    Outcome("emergency_services", "Sent to emergency services or an emergency department"),
    Outcome("same_day", "Seen or booked for the same day"),
    Outcome("appointment", "Appointment booked"),
    Outcome("doctor", "Handed to a doctor"),
    Outcome("advice", "Advice given, no appointment needed"),
    Outcome("unreachable", "Could not be reached"),
    Outcome("not_clinical", "Not a clinical matter"),
    Outcome("withdrawn", "The patient no longer wants it"),
)

RESOLUTIONS = {
    **{outcome.value: outcome.label.lower() for outcome in OUTCOMES},
    "answered": "the patient was answered",
    "lowered": "no longer an emergency",
}
"""Why a page is over."""

DOORS = {"web": "web chat", "text": "text", "link": "web chat, from a text"}
"""The channel through which the patient talks with us."""

SOAP_PARTS = {"S": "Subjective", "O": "Objective", "A": "Assessment", "P": "Plan"}

FRAMES = {
    "now": "Now",
    "same_day": "Same day",
    "week": "Within a week",
    "routine": "Routine",
}
"""The time frames in which an appointment can be asked for."""

JUDGEMENTS = {"right": "Right", "too_high": "Too high", "too_low": "Too low"}
"""What a nurse thinks of the level that the rules gave."""

ROLES = {
    Role.NURSE: "Nurse: reads and decides cases",
    Role.DOCTOR: "Doctor: reads and decides cases",
    Role.ADMIN: "Administrator: cases, staff, on-call, audit",
    Role.ENGINEER: "Engineer: no patient text",
    Role.AUDITOR: "Auditor: the audit trail, no patient text",
}

EMERGENCY_REASONS = {
    "nobody_reachable": "A page rings and no nurse or doctor can be reached",
    "patient_in_danger": "A patient is in danger and their words are needed at once",
    "sign_in_down": "Nurses and doctors cannot sign in",
    "drill": "A drill that was announced",
}
"""The reasons for emergency access."""

DONE = {
    "take": "You have the case. Nobody else can answer it without taking it over.",
    "let_go": "You no longer have the case.",
    "guess": "Your level was noted. Here is what the rules say.",
    "leave": "You left the chat. The patient is told, and the case is back in the queue.",
    "ask": "Your question was sent to the patient. The answer appears in the transcript.",
    "second": "You agreed, and the emergency was lowered.",
    "hand_over": "The case is for a doctor now. The patient is told.",
    "book": "The appointment was asked for in the clinic's system.",
    "propose": "You proposed another level. It stays an emergency until a second person agrees.",
    "acknowledge": "You acknowledged the page. The patient is told that it has been seen.",
    "join": "You joined the chat. What you write now reaches the patient at once.",
    "write": "Your message was sent to the patient.",
    "release": "The message was released to the patient.",
    "reject": "The draft was rejected. The case stays open.",
    "relevel": "The level was set.",
    "close": "The case was closed.",
}


def age_in_words(years: float | None) -> str:
    """`34 y`; in months below two years, in days below one month."""
    if years is None:
        return "age not known"
    if years >= 2:
        return f"{int(years)} y"
    months = int(years * 12 + 1e-6)
    return f"{months} mo" if months else f"{int(years * 365.25 + 1e-6)} d"


def seconds_in_words(seconds: float) -> str:
    """`42 s`, then as `wait_in_words`."""
    return f"{seconds:.0f} s" if seconds < 60 else wait_in_words(seconds)


def wait_in_words(seconds: float) -> str:
    """`under 1 min`, `7 min`, `2 h 05 min`, `3 d 4 h`; the script counts on in the same words."""
    minutes = max(0, int(seconds // 60))
    if minutes < 1:
        return "under 1 min"
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes:02d} min"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h"
