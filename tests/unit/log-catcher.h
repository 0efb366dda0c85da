/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Keeps every message that is logged, debug messages too, so that a test can look for what must not be there. */
void     log_catcher_install  (void);
gboolean log_catcher_contains (const char *text);

G_END_DECLS
