# A Barman process under torture: its own module does the locking. Says what contender.mjs says.
import json
import os
import random
import sys
import time

from barman.exceptions import LockFileException
from barman.lockfile import LockFile

role, file, *rest = sys.argv[1:]


def say(**message):
    os.write(1, (json.dumps(message) + "\n").encode())


def exclude():
    lock = LockFile(file)
    count = 0
    while True:
        if not lock.acquire(raise_if_fail=False, wait=random.random() < 0.5):
            time.sleep(random.random() * 0.002)
            continue
        if random.random() < 0.2:
            time.sleep(random.random() * 0.002)
        lock.release()
        count += 1
        if count % 50 == 0:
            say(barman=50)
        if random.random() < 0.3:
            time.sleep(random.random() * 0.001)


def sweep():
    # As Barman's clean-up of its lock directory: take the lock without waiting, remove the file, let go.
    while True:
        lock = LockFile(file)
        try:
            if lock.acquire(raise_if_fail=False, wait=False):
                os.unlink(file)
                say(swept=1)
                lock.release()
        except (OSError, LockFileException):
            pass
        time.sleep(random.random() * 0.002)


def hold(lasts_ms):
    lock = LockFile(file)
    until = time.monotonic() + float(lasts_ms) / 1000
    while time.monotonic() < until:
        start = time.monotonic_ns()
        if lock.acquire(raise_if_fail=False, wait=False):
            if random.random() < 0.5:
                time.sleep(random.random() * 0.002)
            lock.release()
            say(**{"pid": os.getpid(), "from": str(start), "to": str(time.monotonic_ns())})
        time.sleep(random.random() * 0.001)


def compete(contenders, hold_ms, lasts_ms):
    lock = LockFile(file, wait=True)
    acquired = 0
    until = time.monotonic() + float(lasts_ms) / 1000
    while time.monotonic() < until:
        lock.acquire()
        acquired += 1
        time.sleep(float(hold_ms) / 1000)
        lock.release()
    say(acquired=acquired)


say(ready=role)
sys.stdin.readline()  # Until it is told to go.
{"exclude": exclude, "sweep": sweep, "hold": hold, "compete": compete}[role](*rest)
