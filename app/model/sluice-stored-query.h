/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SLUICE_TYPE_STORED_QUERY (sluice_stored_query_get_type ())

/**
 * SluiceStoredQuery:
 *
 * A query that was run, or that the user saved under a name. Never changes.
 *
 * Read-only properties: `name` (nullable string), `text` (string).
 */
G_DECLARE_FINAL_TYPE (SluiceStoredQuery, sluice_stored_query, SLUICE, STORED_QUERY, GObject)

SluiceStoredQuery *sluice_stored_query_new      (const char        *name,
                                                 const char        *text,
                                                 gint64             time);

const char        *sluice_stored_query_get_name (SluiceStoredQuery *self);
const char        *sluice_stored_query_get_text (SluiceStoredQuery *self);
gint64             sluice_stored_query_get_time (SluiceStoredQuery *self);
gboolean           sluice_stored_query_matches  (SluiceStoredQuery *self,
                                                 const char        *search);

G_END_DECLS
