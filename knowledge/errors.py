"""What can go wrong with guidelines, and what to do about it. Messages never hold a query.

KnowledgeError
├── DocumentError          a guideline document cannot be read; names the file and the line or field
├── NothingToIngest        the given paths hold no guideline
└── KnowledgeUnavailable   guidelines cannot be searched or changed now: the case goes on without them
    └── KnowledgeBusy      another process is changing the guidelines
"""


class KnowledgeError(Exception):
    """Guidelines cannot be loaded, changed or searched."""


class DocumentError(KnowledgeError):
    """A guideline document cannot be read. The line is 0 where a file has no lines."""

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(f"{file}:{line}: {reason}" if line else f"{file}: {reason}")
        self.file = file
        self.line = line
        self.reason = reason


class NothingToIngest(KnowledgeError):
    """The given paths hold no guideline."""


class KnowledgeUnavailable(KnowledgeError):
    """Guidelines cannot be searched or changed now; the message says what to do."""


class KnowledgeBusy(KnowledgeUnavailable):
    """Another process is changing the guidelines."""
