/* Preloaded into esimctl: sees what a run exchanges and writes down, and ends something at one such event.

   FAULT_TRACE=FILE    a line for each event: its kind
   FAULT_AT=KIND N     at the N-th event of that kind, "before" or "after" it: SIGKILL to this process
      before|after
   FAULT_PID=PID       to that one in its place, whose end is waited for
   FAULT_FILL=FILE     instead, that file is written until there is no room
   FAULT_CLOCK=SECONDS the clock is wrong by so many

   Kinds: apdu (SCardTransmit), request and answer (SSL_write, and an SSL_read that got something), journal (a write,
   a sync, the truncation or the removal of one of the journal's files), commit (of those, the syncs). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define REAL(name) \
  static __typeof__(&name) real; \
  if (real == NULL) real = (__typeof__(real))dlsym(RTLD_NEXT, #name)

/* libcurl brings its libssl along, where RTLD_NEXT does not look. */
#define REAL_SSL(name) \
  static __typeof__(&name) real; \
  if (real == NULL) real = (__typeof__(real))dlsym(dlopen("libssl.so.3", RTLD_LAZY | RTLD_NOLOAD), #name)

enum { kinds = 5 };
static const char *const names[kinds] = {"apdu", "request", "answer", "journal", "commit"};
enum kind { apdu, request, answer, journal, commit };

static int seen[kinds];

static void fill(const char *file) {
  static const char block[4096];
  const int fd = open(file, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  size_t size = sizeof block;
  while (size > 0) {
    if (syscall(SYS_write, fd, block, size) <= 0) size /= 2;
  }
  syscall(SYS_close, fd);
}

static void strike(void) {
  if (getenv("FAULT_FILL") != NULL) {
    fill(getenv("FAULT_FILL"));
    return;
  }
  const char *other = getenv("FAULT_PID");
  if (other == NULL) kill(getpid(), SIGKILL);
  const int pid = atoi(other);
  struct pollfd ended = {(int)syscall(SYS_pidfd_open, pid, 0), POLLIN, 0};
  kill(pid, SIGKILL);
  if (ended.fd >= 0) poll(&ended, 1, 5000);
}

static void trace(const char *name) {
  const char *file = getenv("FAULT_TRACE");
  if (file == NULL) return;
  const int fd = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  char line[16];
  const int size = snprintf(line, sizeof line, "%s\n", name);
  if (fd >= 0) syscall(SYS_write, fd, line, (size_t)size);
  if (fd >= 0) syscall(SYS_close, fd);
}

/* One at a time: several threads may talk to servers. */
static void at(enum kind kind, const char *where) {
  const int number = strcmp(where, "before") == 0 ? __atomic_add_fetch(&seen[kind], 1, __ATOMIC_SEQ_CST) : seen[kind];
  const char *wanted = getenv("FAULT_AT");
  char name[16];
  char when[16];
  int count = 0;
  const int due = wanted != NULL && sscanf(wanted, "%15s %d %15s", name, &count, when) == 3 && count == number &&
                  strcmp(name, names[kind]) == 0 && strcmp(when, where) == 0;
  if (strcmp(where, "before") == 0) trace(names[kind]);
  if (!due) return;
  trace("FAULT");
  strike();
}

/* The journal's own files are all called journal.something; their directory is synchronised as well. */
static int of_journal(int fd) {
  char link[64];
  char path[512];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t size = readlink(link, path, sizeof path - 1);
  if (size < 0) return 0;
  path[size] = 0;
  return strstr(path, "/journal.") != NULL || strcmp(strrchr(path, '/'), "/esimctl") == 0;
}

long SCardTransmit(long card, const void *sent_as, const unsigned char *command, unsigned long size, void *came_as,
                   unsigned char *response, unsigned long *room) {
  REAL(SCardTransmit);
  at(apdu, "before");
  const long result = real(card, sent_as, command, size, came_as, response, room);
  at(apdu, "after");
  return result;
}

int SSL_write(void *ssl, const void *data, int size) {
  REAL_SSL(SSL_write);
  at(request, "before");
  const int result = real(ssl, data, size);
  at(request, "after");
  return result;
}

int SSL_read(void *ssl, void *data, int size) {
  REAL_SSL(SSL_read);
  const int result = real(ssl, data, size);
  if (result > 0) at(answer, "before");
  return result;
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset) {
  REAL(pwrite64);
  const int ours = of_journal(fd);
  if (ours) at(journal, "before");
  const ssize_t result = real(fd, data, size, offset);
  if (ours) at(journal, "after");
  return result;
}

static int synced(int (*real)(int), int fd) {
  const int ours = of_journal(fd);
  if (ours) at(journal, "before");
  if (ours) at(commit, "before");
  const int result = real(fd);
  if (ours) at(journal, "after");
  if (ours) at(commit, "after");
  return result;
}

int fsync(int fd) {
  REAL(fsync);
  return synced(real, fd);
}

int fdatasync(int fd) {
  REAL(fdatasync);
  return synced(real, fd);
}

int ftruncate64(int fd, off64_t size) {
  REAL(ftruncate64);
  const int ours = of_journal(fd);
  if (ours) at(journal, "before");
  const int result = real(fd, size);
  if (ours) at(journal, "after");
  return result;
}

int unlink(const char *path) {
  REAL(unlink);
  const int ours = strstr(path, "/journal.") != NULL;
  if (ours) at(journal, "before");
  const int result = real(path);
  if (ours) at(journal, "after");
  return result;
}

static time_t wrong_by(void) {
  const char *seconds = getenv("FAULT_CLOCK");
  return seconds == NULL ? 0 : (time_t)atoll(seconds);
}

/* Without dlsym: a sanitizer asks for the time before it can be called. */
int clock_gettime(clockid_t clock, struct timespec *now) {
  const int result = (int)syscall(SYS_clock_gettime, clock, now);
  if (result == 0 && clock == CLOCK_REALTIME) now->tv_sec += wrong_by();
  return result;
}

time_t time(time_t *now) {
  struct timespec precise;
  clock_gettime(CLOCK_REALTIME, &precise);
  if (now != NULL) *now = precise.tv_sec;
  return precise.tv_sec;
}
