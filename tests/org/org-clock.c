/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "org-clock.h"

/* Threads ask for the time, so the mutex. */
struct _OrgClock
{
  GMutex mutex;
  gint64 offset;
};

/**
 * org_clock_new:
 *
 * Returns: (transfer full): a clock that tells the system's time until it is moved
 */
OrgClock *
org_clock_new (void)
{
  OrgClock *self = g_new0 (OrgClock, 1);

  g_mutex_init (&self->mutex);

  return self;
}

/**
 * org_clock_free:
 * @self: (transfer full): a clock
 *
 * Frees @self.
 */
void
org_clock_free (OrgClock *self)
{
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/**
 * org_clock_now:
 * @self: (type OrgClock): a clock; a plain pointer so that this is an #OrgDataClock
 *
 * Returns: microseconds since 1970
 */
gint64
org_clock_now (gpointer self)
{
  OrgClock *clock = self;
  gint64 offset;

  g_mutex_lock (&clock->mutex);
  offset = clock->offset;
  g_mutex_unlock (&clock->mutex);

  return g_get_real_time () + offset;
}

/**
 * org_clock_seconds:
 * @self: a clock
 *
 * Returns: seconds since 1970
 */
gint64
org_clock_seconds (OrgClock *self)
{
  return org_clock_now (self) / G_USEC_PER_SEC;
}

/**
 * org_clock_advance:
 * @self: a clock
 * @seconds: how far to move it
 *
 * Moves the clock, so that a test need not wait for a token to grow old.
 */
void
org_clock_advance (OrgClock *self,
                   gint64    seconds)
{
  g_mutex_lock (&self->mutex);
  self->offset += seconds * G_USEC_PER_SEC;
  g_mutex_unlock (&self->mutex);
}
