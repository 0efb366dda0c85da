/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

void org_json_append_string (GString    *json,
                             const char *text);
void org_json_append_double (GString    *json,
                             double      value);
void org_json_append_member (GString    *json,
                             const char *name);
void org_json_append_text   (GString    *json,
                             const char *name,
                             const char *value);
void org_json_append_flag   (GString    *json,
                             const char *name,
                             gboolean    value);
void org_json_append_int    (GString    *json,
                             const char *name,
                             gint64      value);

G_END_DECLS
