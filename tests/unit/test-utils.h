/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Runs the main loop until @condition holds; ends the test when that takes a minute. */
#define wait_for(condition)                                                            \
  G_STMT_START                                                                         \
    {                                                                                  \
      guint wait_timeout = g_timeout_add_seconds_once (60, wait_expired, (gpointer) #condition); \
      while (!(condition))                                                             \
        g_main_context_iteration (NULL, TRUE);                                         \
      g_source_remove (wait_timeout);                                                  \
    }                                                                                  \
  G_STMT_END

void          wait_expired (gpointer       what);

void          keep_result  (GObject       *object,
                            GAsyncResult  *result,
                            gpointer       place);
GAsyncResult *wait_result  (GAsyncResult **place);

G_END_DECLS
