"""The names of keys: a conversation and its duties share a hash tag."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.crc import key_slot

from storage.keys import ALL_SHARDS, SHARDS, conversation_of, shard_of


@given(st.text())
def test_all_that_one_script_touches_lies_in_one_slot_of_a_cluster(conversation_id: str) -> None:
    shard = shard_of(conversation_id)
    keys = (shard.conversation(conversation_id), shard.outbox, shard.due, shard.waiting, shard.deleted)
    assert len({key_slot(key.encode()) for key in keys}) == 1


def test_shards_lie_in_different_slots() -> None:
    assert len({key_slot(shard.outbox.encode()) for shard in ALL_SHARDS}) == SHARDS


@pytest.mark.parametrize(("conversation_id", "tag"), [("a", "previsit:{03}"), ("b", "previsit:{01}")])
def test_a_shard_never_changes(conversation_id: str, tag: str) -> None:
    assert shard_of(conversation_id).tag == tag


def test_conversations_are_spread_evenly() -> None:
    found = [shard_of(secrets.token_urlsafe(16)).tag for _ in range(8000)]
    assert all(800 < found.count(shard.tag) < 1200 for shard in ALL_SHARDS)


def test_an_id_can_be_told_from_its_key() -> None:
    assert conversation_of(shard_of("a:b").conversation("a:b").encode()) == "a:b"
