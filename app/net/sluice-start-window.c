/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-start-window.h"

static gint64
nth_start (const SluiceStartWindow *self,
           guint                    index)
{
  guint64 position = (guint64) self->head + index;

  return self->starts[position % self->size];
}

static void
resize (SluiceStartWindow *self,
        guint              size)
{
  gint64 *starts = g_new (gint64, size);

  for (guint i = 0; i < self->count; i++)
    starts[i] = nth_start (self, i);

  g_free (self->starts);
  self->starts = starts;
  self->size = size;
  self->head = 0;
}

/**
 * sluice_start_window_clear:
 * @self: a window
 *
 * Forgets everything and frees the ring.
 */
void
sluice_start_window_clear (SluiceStartWindow *self)
{
  g_clear_pointer (&self->starts, g_free);
  *self = (SluiceStartWindow) { 0 };
}

/**
 * sluice_start_window_record:
 * @self: a window
 * @now: when the call starts, in microseconds, not before the last one
 * @limit: the limit in force, 0 = none
 *
 * Remembers a start. The ring grows with the calls, up to what @limit needs.
 */
void
sluice_start_window_record (SluiceStartWindow *self,
                            gint64             now,
                            guint              limit)
{
  guint bound = MAX (limit, SLUICE_START_WINDOW_MIN);

  if (self->count == self->size && self->size < bound)
    resize (self, (guint) MIN (MAX (64, (guint64) self->size * 2), bound));

  if (self->count == self->size)
    {
      self->forgotten = self->starts[self->head];
      self->head = (self->head + 1) % self->size;
      self->count--;
    }

  self->starts[((guint64) self->head + self->count) % self->size] = now;
  self->count++;
}

/**
 * sluice_start_window_next:
 * @self: a window
 * @limit: the limit in force, not 0
 * @length: length of the window in microseconds
 * @ahead: how many calls start before the one asked about
 * @now: the earliest time that is of interest
 *
 * Tells when the next call (or the one @ahead calls later) may start.
 *
 * A call may start when the call @limit places before it started @length ago:
 * then no half-open interval of that length holds more than @limit starts. A
 * start that the ring no longer knows counts as late as it may have been.
 *
 * Returns: that time, @now at the earliest
 */
gint64
sluice_start_window_next (const SluiceStartWindow *self,
                          guint                    limit,
                          gint64                   length,
                          guint                    ahead,
                          gint64                   now)
{
  guint64 rounds = ahead / limit;
  guint place = limit - ahead % limit;
  gint64 next = now;

  if (place <= self->count)
    next = MAX (now, nth_start (self, self->count - place) + length);
  else if (self->forgotten > 0)
    next = MAX (now, self->forgotten + length);

  return next + (gint64) rounds * length;
}

/**
 * sluice_start_window_used:
 * @self: a window
 * @since: beginning of the window
 *
 * Returns: how many remembered calls started after @since
 */
guint
sluice_start_window_used (const SluiceStartWindow *self,
                          gint64                   since)
{
  guint low = 0;
  guint high = self->count;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (nth_start (self, middle) > since)
        high = middle;
      else
        low = middle + 1;
    }

  return self->count - low;
}
