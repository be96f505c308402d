# A Barman process, driven by the same JSON lines as our_peer.mjs. Barman's own module does the locking.
import json
import sys

import barman.lockfile as lockfile

locks = {}


def lock_of(words):
    key = json.dumps(words)
    if key not in locks:
        first, rest = words[0], words[1:]
        locks[key] = getattr(lockfile, first)(*rest) if rest else lockfile.LockFile(first)
    return locks[key]


def run(op, lock, options):
    if op == "filename":
        return lock.filename
    if op == "acquire":
        return lock.acquire(**options)
    if op == "release":
        return lock.release()
    if op == "owner":
        return lock.get_owner_pid()
    raise ValueError(op)


print(json.dumps({"kinds": [name for name in dir(lockfile) if name.endswith("Lock")]}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    answer = {"id": request["id"]}
    try:
        answer["value"] = run(request["op"], lock_of(request["lock"]), request.get("options") or {})
    except Exception as error:
        answer["error"] = {"name": type(error).__name__, "code": None, "message": str(error)}
    print(json.dumps(answer), flush=True)
