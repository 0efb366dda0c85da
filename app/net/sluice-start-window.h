/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SluiceStartWindow:
 *
 * Remembers when the newest calls started, in a ring no longer than the limit
 * (or %SLUICE_START_WINDOW_MIN, so that a limit can be raised exactly).
 */
typedef struct
{
  gint64 *starts;
  guint size;
  guint head;
  guint count;
  gint64 forgotten; /* when the newest start that is no longer in the ring was */
} SluiceStartWindow;

#define SLUICE_START_WINDOW_MIN 1024

void   sluice_start_window_clear  (SluiceStartWindow       *self);
void   sluice_start_window_record (SluiceStartWindow       *self,
                                   gint64                   now,
                                   guint                    limit);
gint64 sluice_start_window_next   (const SluiceStartWindow *self,
                                   guint                    limit,
                                   gint64                   length,
                                   guint                    ahead,
                                   gint64                   now);
guint  sluice_start_window_used   (const SluiceStartWindow *self,
                                   gint64                   since);

G_END_DECLS
