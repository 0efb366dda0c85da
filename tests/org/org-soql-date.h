/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean org_date_literal      (const char *word,
                                gint64      n,
                                gint64      now,
                                gint64     *start,
                                gint64     *end);
gboolean org_date_parse        (const char *text,
                                gint64     *seconds);

G_END_DECLS
