/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-clock.h"

G_BEGIN_DECLS

#define MANUAL_TYPE_CLOCK (manual_clock_get_type ())

/* A clock that stands still until the test moves it. */
G_DECLARE_FINAL_TYPE (ManualClock, manual_clock, MANUAL, CLOCK, GObject)

ManualClock *manual_clock_new     (void);
void         manual_clock_advance (ManualClock *self,
                                   gint64       microseconds);
gboolean     manual_clock_step    (ManualClock *self,
                                   gint64       until);

G_END_DECLS
