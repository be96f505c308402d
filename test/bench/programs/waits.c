/*
 * A process that blocks in flock(2), driven by lines:
 *   waits FILE hold    "t" takes the lock; "r" releases it and answers with the ns of that moment
 *   waits FILE wait    a line takes the lock, answers with the ns of that moment, and releases it
 *   waits FILE share   "START END HOLD PAUSE" (ns) takes and releases from START to END; answers with the number
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void pause_for(long long ns) {
  const struct timespec time = {ns / 1000000000LL, ns % 1000000000LL};
  if (ns > 0) nanosleep(&time, NULL);
}

static long long share(const char *path, const char *line) {
  long long start, end, hold, pause, count = 0;
  if (sscanf(line, "%lld %lld %lld %lld", &start, &end, &hold, &pause) != 4) return -1;
  pause_for(start - now());
  while (now() < end) {
    const int fd = open(path, O_RDWR | O_CLOEXEC);
    if (fd < 0 || flock(fd, LOCK_EX) != 0) return -1;
    const long long taken = now();
    if (taken < end) {
      count++;
      while (now() < taken + hold) continue;
    }
    close(fd);
    pause_for(pause);
  }
  return count;
}

int main(int argc, char **argv) {
  char line[256];
  if (argc != 3) return 2;
  const char *path = argv[1], *role = argv[2];
  const int fd = open(path, O_RDWR | O_CLOEXEC);
  if (fd < 0) return 1;
  setvbuf(stdout, NULL, _IOLBF, 0);
  puts("ready");
  while (fgets(line, sizeof line, stdin)) {
    long long answer = 0;
    if (strcmp(role, "share") == 0) {
      answer = share(path, line);
      if (answer < 0) return 1;
    } else if (strcmp(role, "wait") == 0) {
      if (flock(fd, LOCK_EX) != 0) return 1;
      answer = now();
      flock(fd, LOCK_UN);
    } else if (line[0] == 't') {
      if (flock(fd, LOCK_EX) != 0) return 1;
    } else {
      answer = now();
      flock(fd, LOCK_UN);
    }
    printf("%lld\n", answer);
  }
  return 0;
}
