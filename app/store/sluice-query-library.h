/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-stored-query.h"

G_BEGIN_DECLS

/* What the history keeps at most, and the longest query that Salesforce takes, in characters */
#define SLUICE_QUERY_LIBRARY_MAX_HISTORY 200
#define SLUICE_QUERY_LIBRARY_MAX_SAVED 500
#define SLUICE_QUERY_LIBRARY_MAX_TEXT 100000

#define SLUICE_TYPE_QUERY_LIBRARY (sluice_query_library_get_type ())

/**
 * SluiceQueryLibrary:
 *
 * The queries of one subscription, in a file that only the user may read:
 * those that were run, those that were saved under a name, and the draft in
 * the editor.
 *
 * The file is read and written in the background; what changes before it was
 * read is kept. A damaged file is put aside with `.damaged` behind its name.
 * One that a newer version wrote, or that cannot be read, is left alone, and
 * changes last as long as the program.
 *
 * Read-only properties: `loaded` (boolean), `draft` (string), `error` (boxed
 * GError, nullable: why the file could not be read or written).
 */
G_DECLARE_FINAL_TYPE (SluiceQueryLibrary, sluice_query_library, SLUICE, QUERY_LIBRARY, GObject)

SluiceQueryLibrary *sluice_query_library_new           (const char          *path);
char               *sluice_query_library_dup_path      (const char          *subscription_id);

void                sluice_query_library_purge         (const char * const  *subscription_ids,
                                                        gint64               before);

/* Lists of SluiceStoredQuery: the newest first; by name */
GListModel         *sluice_query_library_get_history   (SluiceQueryLibrary  *self);
GListModel         *sluice_query_library_get_saved     (SluiceQueryLibrary  *self);

gboolean            sluice_query_library_get_loaded    (SluiceQueryLibrary  *self);
const GError       *sluice_query_library_get_error     (SluiceQueryLibrary  *self);
const char         *sluice_query_library_get_draft     (SluiceQueryLibrary  *self);
void                sluice_query_library_set_draft     (SluiceQueryLibrary  *self,
                                                        const char          *draft);

void                sluice_query_library_remember      (SluiceQueryLibrary  *self,
                                                        const char          *text);
void                sluice_query_library_clear_history (SluiceQueryLibrary  *self);

SluiceStoredQuery  *sluice_query_library_find          (SluiceQueryLibrary  *self,
                                                        const char          *name);
gboolean            sluice_query_library_save          (SluiceQueryLibrary  *self,
                                                        const char          *name,
                                                        const char          *text,
                                                        GError             **error);
gboolean            sluice_query_library_rename        (SluiceQueryLibrary  *self,
                                                        SluiceStoredQuery   *query,
                                                        const char          *name,
                                                        GError             **error);
void                sluice_query_library_remove        (SluiceQueryLibrary  *self,
                                                        SluiceStoredQuery   *query);

gboolean            sluice_query_library_flush         (SluiceQueryLibrary  *self,
                                                        GError             **error);

G_END_DECLS
