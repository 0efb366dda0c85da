/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-refresh-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

/* Longer than a refresh takes; one that waits in a paused queue is not worth waiting for. */
#define PATIENCE (30 * G_USEC_PER_SEC)
#define PAUSE (G_USEC_PER_SEC / 20)

static char *
dup_path (const char *subscription_id)
{
  g_autofree char *name = g_strconcat (subscription_id, ".lock", NULL);

  return g_build_filename (g_get_user_state_dir (), "sluice", name, NULL);
}

static int
open_file (const char *subscription_id)
{
  g_autofree char *path = dup_path (subscription_id);
  g_autofree char *folder = g_path_get_dirname (path);

  if (g_mkdir_with_parents (folder, 0700) != 0)
    return -1;

  return g_open (path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
}

/**
 * sluice_refresh_lock_take:
 * @subscription_id: whose tokens
 *
 * Waits until no other program of the user refreshes these tokens, for half a
 * minute at most; so it belongs on a thread. The system gives the lock of a
 * program that ends back.
 *
 * Returns: the lock, or -1 when there is none: then it is better to go on
 *   without than not to refresh
 */
int
sluice_refresh_lock_take (const char *subscription_id)
{
  gint64 deadline = g_get_monotonic_time () + PATIENCE;
  int file = open_file (subscription_id);

  while (file >= 0 && flock (file, LOCK_EX | LOCK_NB) != 0)
    {
      if ((errno != EWOULDBLOCK && errno != EINTR) || g_get_monotonic_time () >= deadline)
        {
          close (file);
          return -1;
        }

      g_usleep (PAUSE);
    }

  return file;
}

/**
 * sluice_refresh_lock_release:
 * @lock: what sluice_refresh_lock_take() returned
 *
 * Gives the lock back.
 */
void
sluice_refresh_lock_release (int lock)
{
  if (lock >= 0)
    close (lock);
}

/**
 * sluice_refresh_lock_forget:
 * @subscription_id: whose tokens are gone
 *
 * Removes the file behind the lock: there is nothing left to refresh.
 */
void
sluice_refresh_lock_forget (const char *subscription_id)
{
  g_autofree char *path = dup_path (subscription_id);

  g_unlink (path);
}
