"""What passes through the port is never printed by accident."""

from llm.port import Completion, Message


def test_contents_do_not_show_in_a_repr() -> None:
    assert "secret" not in repr(Message(role="user", content="secret"))
    assert "secret" not in repr(Completion(text="secret"))
