/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-result-list.h"

G_BEGIN_DECLS

/* A folder of its own for the files of a test. */
char              *result_folder_new   (void);
void               result_folder_free  (char               *folder);

/* The last reference may be with a worker that is about to let it go. */
void               result_object_free  (gpointer            object);

/* Cells of "null" are null, of "#1.5" a number, of "{…" and "[…" JSON. */
SluiceResultStore *result_store_new    (const char         *folder,
                                        const char * const *columns);
gboolean           result_store_add    (SluiceResultStore  *store,
                                        const char * const *cells,
                                        guint               n_rows,
                                        GError            **error);

/* @n_rows of "number,text" from @first on. */
void               result_store_add_many (SluiceResultStore *store,
                                          guint              first,
                                          guint              n_rows);

G_END_DECLS
