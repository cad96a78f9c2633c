"""How often a patient may write, read and open a chat: far more than a person does, far less than a script would."""

from dataclasses import dataclass, field

from channels.rate_limit import RateLimit


@dataclass(frozen=True)
class WebLimits:
    """New chats are counted by client address (a waiting room shares one), everything else by conversation."""

    new: RateLimit = field(default_factory=lambda: RateLimit(burst=40, per_minute=40))
    messages: RateLimit = field(default_factory=lambda: RateLimit(burst=20, per_minute=60))
    reads: RateLimit = field(default_factory=lambda: RateLimit(burst=60, per_minute=120))
    streams: int = 4
