# names.py CLASS: each line is a file of paths, answered with the paths that Barman's class reads a second.
import sys
import time

from barman import lockfile

kind = getattr(lockfile, sys.argv[1])
for line in sys.stdin:
    with open(line.rstrip("\n")) as file:
        paths = file.read().split("\n")
    start = time.perf_counter()
    read = [kind.build_if_matches(path) for path in paths]
    seconds = time.perf_counter() - start
    if None in read:
        sys.exit(f"{paths[read.index(None)]} is no {kind.__name__} for this Barman")
    print(len(paths) / seconds, flush=True)
