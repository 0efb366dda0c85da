/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

JsonObject *sluice_members_parse       (const char  *text,
                                        gssize       length,
                                        GError     **error);

gboolean    sluice_members_get_string  (JsonObject  *object,
                                        const char  *name,
                                        const char **value,
                                        GError     **error);
gboolean    sluice_members_get_uint    (JsonObject  *object,
                                        const char  *name,
                                        guint       *value,
                                        GError     **error);
gboolean    sluice_members_get_int64   (JsonObject  *object,
                                        const char  *name,
                                        gint64      *value,
                                        GError     **error);
gboolean    sluice_members_get_boolean (JsonObject  *object,
                                        const char  *name,
                                        gboolean    *value,
                                        GError     **error);
gboolean    sluice_members_get_object  (JsonObject  *object,
                                        const char  *name,
                                        JsonObject **value,
                                        GError     **error);
gboolean    sluice_members_get_array   (JsonObject  *object,
                                        const char  *name,
                                        JsonArray  **value,
                                        GError     **error);
gboolean    sluice_members_need        (JsonObject  *object,
                                        const char  *name,
                                        GError     **error);

G_END_DECLS
