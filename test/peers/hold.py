"""python3 hold.py FILE: takes a lock of filelock's without waiting, says "held", and keeps it; else says "busy"."""
import sys
import time

import filelock

try:
    lock = filelock.FileLock(sys.argv[1])
    lock.acquire(timeout=0)
    print("held", flush=True)
    time.sleep(1000)
except filelock.Timeout:
    print("busy", flush=True)
