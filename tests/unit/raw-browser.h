/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A browser that sends exactly what the test says, on a thread of its own. */
typedef struct _RawBrowser RawBrowser;

RawBrowser *raw_browser_start  (const char *address,
                                guint16     port,
                                const char *request);
gboolean    raw_browser_is_done (RawBrowser *self);
char       *raw_browser_finish (RawBrowser *self);

/* The whole answer; %NULL when nobody listens. */
char       *raw_browser_ask    (const char *address,
                                guint16     port,
                                const char *request);
char       *raw_browser_get    (guint16     port,
                                const char *target);

G_END_DECLS
