/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Loaded before a program, tells how long its main loop was away at most: the time from one end of waiting for events to
 * the next beginning, in the first thread. In microseconds, into the file that SLUICE_LOOP_WATCH names.
 */

#include <dlfcn.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

typedef int (*PollFunc) (struct pollfd *fds,
                         nfds_t         n_fds,
                         int            timeout);
typedef int (*PpollFunc) (struct pollfd         *fds,
                          nfds_t                 n_fds,
                          const struct timespec *timeout,
                          const sigset_t        *mask);

static long long woken;
static long long longest;
static long long n_turns;

static long long
now (void)
{
  struct timespec time;

  clock_gettime (CLOCK_MONOTONIC, &time);

  return time.tv_sec * 1000000LL + time.tv_nsec / 1000;
}

static int
is_main_thread (void)
{
  return getpid () == (pid_t) syscall (SYS_gettid);
}

static void
before (void)
{
  long long away = woken != 0 ? now () - woken : 0;

  n_turns++;
  if (away > longest)
    longest = away;
}

static void
after (void)
{
  woken = now ();
}

int
poll (struct pollfd *fds,
      nfds_t         n_fds,
      int            timeout)
{
  static PollFunc real;
  int result;

  if (real == NULL)
    *(void **) &real = dlsym (RTLD_NEXT, "poll");
  if (!is_main_thread ())
    return real (fds, n_fds, timeout);

  before ();
  result = real (fds, n_fds, timeout);
  after ();

  return result;
}

int
ppoll (struct pollfd         *fds,
       nfds_t                 n_fds,
       const struct timespec *timeout,
       const sigset_t        *mask)
{
  static PpollFunc real;
  int result;

  if (real == NULL)
    *(void **) &real = dlsym (RTLD_NEXT, "ppoll");
  if (!is_main_thread ())
    return real (fds, n_fds, timeout, mask);

  before ();
  result = real (fds, n_fds, timeout, mask);
  after ();

  return result;
}

static void __attribute__ ((destructor))
tell (void)
{
  const char *path = getenv ("SLUICE_LOOP_WATCH");
  FILE *file = path != NULL ? fopen (path, "w") : NULL;

  if (file == NULL)
    return;

  fprintf (file, "%lld %lld\n", longest, n_turns);
  fclose (file);
}
