import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Surroundings } from "./child.js";
import { temporaryDirectory } from "./directory.js";

/** The calls that can be made to fail, as {@link FAULT} calls them. */
const CALLS = [
  ...["open", "flock", "fstat", "lstat", "read", "write", "ftruncate", "close", "unlink"],
  ...["fork", "pipe", "exec"],
] as const;

/**
 * Surroundings in which system calls can be made to fail, one after the other, while the child runs: those that get
 * the path or a descriptor of one file, and those that start a process. In the script is {@link FAULT}.
 */
export function withFaultyCalls(...args: readonly string[]): Surroundings {
  const directory = temporaryDirectory();
  const library = join(directory, "faulty.so");
  const control = join(directory, "control");
  writeFileSync(control, Buffer.alloc(4096));
  const calls = CALLS.map((name, n) => `-D${name.toUpperCase()}=${n + 1}`);
  const compile = ["-shared", "-fPIC", ...calls, "-o", library, "-x", "c", "-", "-ldl"];
  const { status, stderr } = spawnSync("cc", compile, { input: FAULTY, encoding: "utf8" });
  if (status !== 0) throw new Error(`cc: ${stderr}`);
  const environment = `LD_PRELOAD=${library} FAULT_CONTROL=${control}`;
  return { args, shell: `${environment} exec "$@"` };
}

/**
 * For the script of such a child: `fault(call, errno, times, path, after)` makes `times` calls fail after so many that
 * succeed; `hits()` is how many have failed, and ends it.
 */
export const FAULT = `
const control = fs.openSync(process.env.FAULT_CONTROL, "r+");
const CALLS = ${JSON.stringify(CALLS)};
function fault(call, errno, times, path, after = 0) {
  // Told if the child hangs.
  fs.writeSync(2, call + " " + errno + " " + after + " " + path + " at " + Math.round(performance.now()) + " ms\\n");
  const block = Buffer.alloc(4096);
  block.writeInt32LE(errno, 4);
  block.writeInt32LE(times, 8);
  block.writeInt32LE(after, 16);
  block.write(path, 20);
  fs.writeSync(control, block, 0, block.length, 0);
  block.writeInt32LE(CALLS.indexOf(call) + 1, 0);
  fs.writeSync(control, block, 0, 4, 0);
}
function hits() {
  const block = Buffer.alloc(16);
  fs.writeSync(control, block, 0, 4, 0);
  fs.readSync(control, block, 0, 16, 0);
  return block.readInt32LE(12);
}
`;

/** Node.js asks for the status of a file, and closes it, by syscall(2). */
const FAULTY = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * Found before they are needed: the handler of Node.js for SIGCHLD reads, and a dlsym in it would wait for ever for a
 * lock that the dlsym has which it has interrupted.
 */
static void *real_open64, *real_flock, *real_read, *real_pread64, *real_pwrite64, *real_ftruncate64, *real_unlink;
static void *real_close, *real_fork, *real_pipe2, *real_execvp, *real_statx, *real_syscall;
#define FIND(name) (real_##name ? real_##name : (real_##name = dlsym(RTLD_NEXT, #name)))
#define REAL(result, name, ...) ((result (*)(__VA_ARGS__))FIND(name))

static struct { int call, errnum, times, hits, after; char path[4000]; } *control;

__attribute__((constructor)) static void start(void) {
  FIND(open64), FIND(flock), FIND(read), FIND(pread64), FIND(pwrite64), FIND(ftruncate64), FIND(unlink);
  FIND(close), FIND(fork), FIND(pipe2), FIND(execvp), FIND(statx), FIND(syscall);
  const char *path = getenv("FAULT_CONTROL");
  int fd = REAL(int, open64, const char *, int, ...)(path, O_RDWR | O_CLOEXEC);
  control = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  REAL(int, close, int)(fd);
}

static int fails(int call, const char *path, int fd) {
  if (!control || control->call != call || control->times == 0) return 0;
  char link[32], name[4096] = "";
  if (fd >= 0) {
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    if (readlink(link, name, sizeof name - 1) < 0) return 0;
    path = name;
  }
  if (path && strcmp(path, control->path) != 0) return 0;
  if (control->after-- > 0) return 0;
  control->times--;
  control->hits++;
  errno = control->errnum;
  return 1;
}

int open64(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  int mode = va_arg(rest, int);
  va_end(rest);
  if (fails(OPEN, path, -1)) return -1;
  return REAL(int, open64, const char *, int, ...)(path, flags, mode);
}

int flock(int fd, int operation) {
  if (fails(FLOCK, 0, fd)) return -1;
  return REAL(int, flock, int, int)(fd, operation);
}

ssize_t read(int fd, void *buffer, size_t size) {
  if (fails(READ, 0, fd)) return -1;
  return REAL(ssize_t, read, int, void *, size_t)(fd, buffer, size);
}

ssize_t pread64(int fd, void *buffer, size_t size, off_t at) {
  if (fails(READ, 0, fd)) return -1;
  return REAL(ssize_t, pread64, int, void *, size_t, off_t)(fd, buffer, size, at);
}

ssize_t pwrite64(int fd, const void *buffer, size_t size, off_t at) {
  if (fails(WRITE, 0, fd)) return -1;
  return REAL(ssize_t, pwrite64, int, const void *, size_t, off_t)(fd, buffer, size, at);
}

int ftruncate64(int fd, off_t size) {
  if (fails(FTRUNCATE, 0, fd)) return -1;
  return REAL(int, ftruncate64, int, off_t)(fd, size);
}

int unlink(const char *path) {
  if (fails(UNLINK, path, -1)) return -1;
  return REAL(int, unlink, const char *)(path);
}

/* Linux closes the descriptor whatever it says. */
int close(int fd) {
  int failed = fails(CLOSE, 0, fd), why = errno;
  int result = REAL(int, close, int)(fd);
  if (failed) errno = why;
  return failed ? -1 : result;
}

pid_t fork(void) {
  return fails(FORK, 0, -1) ? -1 : REAL(pid_t, fork, void)();
}

int pipe2(int fds[2], int flags) {
  return fails(PIPE, 0, -1) ? -1 : REAL(int, pipe2, int *, int)(fds, flags);
}

int execvp(const char *file, char *const args[]) {
  return fails(EXEC, 0, -1) ? -1 : REAL(int, execvp, const char *, char *const *)(file, args);
}

struct statx;

int statx(int fd, const char *path, int flags, unsigned mask, struct statx *status) {
  if (*path ? fails(LSTAT, path, -1) : fails(FSTAT, 0, fd)) return -1;
  return REAL(int, statx, int, const char *, int, unsigned, struct statx *)(fd, path, flags, mask, status);
}

long syscall(long number, ...) {
  va_list rest;
  va_start(rest, number);
  long a[6];
  for (int n = 0; n < 6; n++) a[n] = va_arg(rest, long);
  va_end(rest);
  if (number == SYS_close) return close(a[0]);
  if (number == SYS_statx) {
    const char *path = (const char *)a[1];
    if (*path ? fails(LSTAT, path, -1) : fails(FSTAT, 0, a[0])) return -1;
  }
  return REAL(long, syscall, long, ...)(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
`;
