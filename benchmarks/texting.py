"""A thousand conversations by text over a carrier that misbehaves: counts what is lost, repeated or not paged.

Run as: python -m benchmarks.texting [--conversations 1000]
Ten in a hundred texts come twice, ten come after the next one, five callbacks in a hundred never come. In process, on a
store in memory: what is looked at is the door, not the store.
"""

import argparse
import asyncio
import time
from collections import Counter

from channels.telephony.stand_in import Faults
from dialogue.conversation import Conversation, QuestionKind
from dialogue.events import Said
from tests.channels.sms.line import Line

DANGER = "I have a crushing pain in my chest and my left arm feels heavy"
MOST = 40
SAID = {"consent": "1", "recap": "1", "complaint": "Sore throat for three days"}
KINDS = {
    QuestionKind.MULTI_CHOICE: "0",
    QuestionKind.YES_NO: "2",
    QuestionKind.DURATION: "3 days",
    QuestionKind.SCALE: "2",
}


async def one(line: Line, number: str, dangerous: bool) -> Conversation:
    """A whole conversation; every second patient is in danger."""
    await line.invites(number)
    for _ in range(MOST):
        question = (await line.now()).question
        if question is None:
            break
        told = "me, 34, male" if question.id.startswith("about_you") else KINDS.get(question.kind, "I don't know")
        body = DANGER if dangerous and question.id == "complaint" else SAID.get(question.id, told)
        await line.texts(body, number)
        await line.carrier.settle()
        await line.works()
    return await line.now()


async def run(conversations: int) -> Counter[str]:
    line = Line(Faults(duplicated=0.1, reordered=0.1, callbacks_lost=0.05, seed=11))
    paged = {notice.page for notice in line.sender.notices}
    found: Counter[str] = Counter()
    for index in range(conversations):
        number = next(line.numbers)
        conversation = await one(line, number, dangerous=bool(index % 2))
        heard = [entry.event.key for entry in conversation.log if isinstance(entry.event, Said)]
        sent = {text.sid for text in line.carrier.texts if text.phone == number and text.mine}
        asked = [text for text in line.carrier.sent_to(number) if "Is it OK to start?" in text]
        paged |= {notice.page for notice in line.sender.notices}
        found["texts"] += len(sent)
        found["lost"] += len(sent - set(heard))
        found["heard twice"] += len(heard) - len(set(heard))
        found["asked for consent twice"] += len(asked) > 1
        if index % 2:
            found["dangerous"] += 1
            found["not paged"] += conversation.page is None or conversation.page.id not in paged
        line.carrier.texts.clear()
        line.sender.notices.clear()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="Conversations by text over a carrier that misbehaves.")
    parser.add_argument("--conversations", type=int, default=1000)
    options = parser.parse_args()
    began = time.perf_counter()
    found = asyncio.run(run(options.conversations))
    seconds = time.perf_counter() - began
    print(f"{options.conversations} conversations, {found['texts']} texts of patients, {seconds:.0f} s")
    for name in ("lost", "heard twice", "asked for consent twice"):
        print(f"  {name}: {found[name]}")
    print(f"  not paged: {found['not paged']} of {found['dangerous']}")


if __name__ == "__main__":
    main()
