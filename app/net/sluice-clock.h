/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define SLUICE_TYPE_CLOCK (sluice_clock_get_type ())

/**
 * SluiceClock:
 *
 * Where time comes from, so that tests can run hours in milliseconds.
 *
 * All times are microseconds. Monotonic time has no meaning but its
 * differences, never goes back and stands still while the computer sleeps;
 * real time is since 1970 and jumps when somebody sets the computer's clock.
 */
G_DECLARE_INTERFACE (SluiceClock, sluice_clock, SLUICE, CLOCK, GObject)

struct _SluiceClockInterface
{
  GTypeInterface parent_iface;

  gint64    (* get_monotonic)  (SluiceClock *self);
  gint64    (* get_real)       (SluiceClock *self);
  GSource * (* create_source)  (SluiceClock *self);
  void      (* set_ready_time) (SluiceClock *self,
                                GSource     *source,
                                gint64       ready_time);
};

SluiceClock *sluice_clock_get_system     (void);

gint64       sluice_clock_get_monotonic  (SluiceClock *self);
gint64       sluice_clock_get_real       (SluiceClock *self);

GSource     *sluice_clock_create_source  (SluiceClock *self);
void         sluice_clock_set_ready_time (SluiceClock *self,
                                          GSource     *source,
                                          gint64       ready_time);

G_END_DECLS
