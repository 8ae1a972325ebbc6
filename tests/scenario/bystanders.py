"""Honest people who go on chatting while a story does its worst, and a look at the memory."""
import contextlib
import os
import threading
import time

import chatd_world
from people import direct, sign_up


@contextlib.contextmanager
def undisturbed(world, max_growth_mib=32):
    """Two people chat all the while: each message arrives. Memory has grown by so much at most."""
    dave, erin = sign_up(world, "dave", "erin")
    room = direct(dave, erin)
    before = world.memory_kib()
    is_over, failures, count, longest = threading.Event(), [], 0, 0

    def chat():
        nonlocal count, longest
        try:
            while not is_over.is_set():
                begin = time.monotonic()
                dave.send(room, f"line {count}")
                erin.expect_text(room, f"line {count}")
                erin.logs[room].clear()
                erin.events.clear()
                longest = max(longest, time.monotonic() - begin)
                count += 1
        except Exception as error:
            failures.append(error)

    chatting = threading.Thread(target=chat)
    chatting.start()
    try:
        yield
        at_the_end = count
        chatd_world.until("they chat on", lambda: failures or count > at_the_end + 2)
    finally:
        is_over.set()
        chatting.join()
    if failures:
        raise failures[0]
    after = world.memory_kib()
    print(f"{count} lines meanwhile, the slowest in {longest:.2f} s; "
          f"resident {before} KiB before, {after} KiB after")
    if "CHATD_SANITIZED" not in os.environ:  # a sanitizer keeps what was freed
        assert after < before + max_growth_mib * 1024, "memory has grown"
    dave.drop()
    erin.drop()
