/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-clock.h"

G_BEGIN_DECLS

/**
 * SluiceTicker:
 *
 * Tells the watchers of an object's properties of changes, ten times a second
 * at most, however many changes there are.
 */
typedef struct
{
  GObject *object; /* (unowned) */
  SluiceClock *clock;
  GSource *source;
  GParamSpec **pspecs; /* (unowned) */
  guint n_pspecs;
  gint64 last;
  gboolean armed;
} SluiceTicker;

void sluice_ticker_init  (SluiceTicker  *self,
                          GObject       *object,
                          SluiceClock   *clock,
                          GParamSpec   **pspecs,
                          guint          n_pspecs);
void sluice_ticker_clear (SluiceTicker  *self);
void sluice_ticker_touch (SluiceTicker  *self);

G_END_DECLS
