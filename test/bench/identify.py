# Reads the paths in the file argv[1] with Barman's class argv[2]: paths a second.
import sys
import time

from barman import lockfile

with open(sys.argv[1]) as file:
    paths = file.read().split("\n")
kind = getattr(lockfile, sys.argv[2])
start = time.perf_counter()
read = [kind.build_if_matches(path) for path in paths]
seconds = time.perf_counter() - start
if None in read:
    sys.exit(f"{paths[read.index(None)]} is no {kind.__name__} for this Barman")
print(len(paths) / seconds)
