/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean sluice_query_find_position (const char *server_text,
                                     guint      *row,
                                     guint      *column);

G_END_DECLS
