"""What can go wrong with a model server. No message holds a word of a prompt or of an answer.

ModelError
├── ModelUnavailable   no connection, or the server failed (424, 5xx)
├── ModelTimeout       no whole answer before the deadline
├── ModelOverloaded    the server has no room now (429)
├── ModelRefused       the server does not take this request (any other 4xx), e.g. 401 or 422
└── BadCompletion      the server answered 200 with something that is no completion
"""


class ModelError(Exception):
    """The model gave no usable answer."""


class ModelUnavailable(ModelError):
    """There is no server, or it failed while it worked."""


class ModelTimeout(ModelError):
    """The whole answer was not there before the deadline."""


class ModelOverloaded(ModelError):
    """The server turned the request away because it is busy."""


class ModelRefused(ModelError):
    """The server does not accept the request; asking again changes nothing. `status` is its HTTP status."""

    def __init__(self, status: int) -> None:
        super().__init__(f"the model server refused the request with status {status}")
        self.status = status


class BadCompletion(ModelError):
    """The answer is no chat completion: another shape, too large, or not JSON."""
