# take.py MODULE CLASS FILE: each line is a number of rounds, answered with the ns of one take and release by a lock
# of that class; or "hold", answered when the lock is held.
import importlib
import sys
import time

module, name, path = sys.argv[1:]
lock = getattr(importlib.import_module(module), name)(path)
for line in sys.stdin:
    if line == "hold\n":
        lock.acquire()
        print("held", flush=True)
        continue
    rounds = int(line)
    start = time.perf_counter()
    for _ in range(rounds):
        lock.acquire()
        lock.release()
    print((time.perf_counter() - start) / rounds * 1e9, flush=True)
