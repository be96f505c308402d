/*
 * The system calls of one take and release of ours, as strace shows them, without anything else:
 * µs for each, over argv[2] rounds. (Node's fstat is statx.)
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv) {
  const char *path = argv[1];
  const int rounds = argc > 2 ? atoi(argv[2]) : 1;
  char stamp[32], blank[32];
  const int length = snprintf(stamp, sizeof stamp, "%d\n", getpid());
  memset(blank, ' ', sizeof blank);
  blank[length - 1] = '\n';

  struct timespec start, end;
  clock_gettime(CLOCK_MONOTONIC, &start);
  for (int i = 0; i < rounds; i++) {
    struct statx status;
    const int fd = open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) != 0 || statx(fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS | STATX_BTIME, &status) != 0) return 1;
    if (pwrite(fd, stamp, length, 0) != length) return 1;
    if (pwrite(fd, blank, length, 0) != length) return 1;
    flock(fd, LOCK_UN);
    close(fd);
  }
  clock_gettime(CLOCK_MONOTONIC, &end);
  printf("%f\n", ((end.tv_sec - start.tv_sec) * 1e9 + (end.tv_nsec - start.tv_nsec)) / rounds / 1e3);
  return 0;
}
