"""Keys made on the till are UUIDv7, each above the one before."""

import time
import uuid

from pos_tui.store.ids import made_at, new_key


def test_keys_are_uuid7_and_sort_by_when_they_were_made() -> None:
    before = time.time_ns() // 1_000_000
    keys = [new_key() for _ in range(2000)]
    assert keys == sorted(set(keys))
    for key in keys:
        assert len(key) == 32
        read = uuid.UUID(key)
        assert (read.version, read.variant) == (7, uuid.RFC_4122)
    assert made_at(keys[0]) >= before
    assert len({key[13:16] for key in keys}) > 1000, "the rest is random"
