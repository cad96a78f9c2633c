"""The words beside a place in a message, within its sentence. Knows nothing about what they mean."""

from dialogue.understanding.message import Message


def words_ahead(message: Message, place: int, count: int) -> list[str]:
    """The next words of the sentence, at most `count`."""
    if place >= len(message.words):
        return []
    return message.words.words[place : min(place + count, message.words.last[place - 1])]


def words_behind(message: Message, place: int, count: int) -> list[str]:
    """The words before in the sentence, at most `count`, the nearest first."""
    first = max(message.words.first[place], place - count)
    return message.words.words[first:place][::-1]
