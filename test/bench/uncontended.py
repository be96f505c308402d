# One take and release by Barman's own module: µs for each, over argv[2] rounds.
import sys
import time

from barman.lockfile import LockFile

lock = LockFile(sys.argv[1])
rounds = int(sys.argv[2])
start = time.perf_counter()
for _ in range(rounds):
    lock.acquire()
    lock.release()
print((time.perf_counter() - start) / rounds * 1e6)
