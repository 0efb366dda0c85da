/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

void sluice_json_append_string (GString    *json,
                                const char *text,
                                gsize       length);

G_END_DECLS
