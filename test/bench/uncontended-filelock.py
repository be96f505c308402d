# One take and release by Python's filelock: µs for each, over argv[2] rounds.
import sys
import time

from filelock import FileLock

lock = FileLock(sys.argv[1])
rounds = int(sys.argv[2])
start = time.perf_counter()
for _ in range(rounds):
    lock.acquire()
    lock.release()
print((time.perf_counter() - start) / rounds * 1e6)
