from app.huge_pages import own, use_huge_pages

MAPS = """\
55d000000000-55d000800000 rw-p 00000000 00:00 0                          [heap]
7f0000000000-7f0000400000 rw-p 00000000 00:00 0
7f0000400000-7f0000500000 rw-p 00000000 00:00 0
7f0001000000-7f0001400000 r--p 00000000 00:00 0
7f0002000000-7f0002400000 rw-p 00000000 fe:00 1234                       /usr/lib/lib some.so
7ffc00000000-7ffc00800000 rw-p 00000000 00:00 0                          [stack]
"""


def test_only_large_memory_of_our_own_is_moved() -> None:
    heap, arena = 0x55D000000000, 0x7F0000000000
    assert list(own(MAPS.splitlines())) == [(heap, heap + 0x800000), (arena, arena + 0x400000)]


def test_moving_memory_does_not_change_its_content() -> None:
    held = [str(number) for number in range(200_000)]
    use_huge_pages()
    assert held == [str(number) for number in range(200_000)]
