"""What the machine and the store do by themselves."""
import json
import os
import subprocess
import time

SYNCS = 1000
STORE_MESSAGES = 500_000


def sync_ms(folder):
    """p50 and p99 of writing 4 KiB and fdatasync."""
    times = []
    file = os.open(folder / "probe", os.O_RDWR | os.O_CREAT)
    try:
        for number in range(SYNCS):
            os.pwrite(file, bytes(4096), number % 256 * 4096)
            start = time.perf_counter()
            os.fdatasync(file)
            times.append((time.perf_counter() - start) * 1000)
    finally:
        os.close(file)
        os.unlink(folder / "probe")
    times.sort()
    return {"p50": times[SYNCS // 2], "p99": times[SYNCS * 99 // 100]}


def store(build, folder, cores):
    """What store_bench found, a dict a line. On all cores: the fold has one of its own."""
    done = subprocess.run(
        ["taskset", "-c", ",".join(map(str, cores)), build / "tests/bench/store_bench", folder,
         str(STORE_MESSAGES)], capture_output=True, text=True, check=True)
    print(done.stdout, end="", flush=True)
    return [json.loads(line) for line in done.stdout.splitlines()]
