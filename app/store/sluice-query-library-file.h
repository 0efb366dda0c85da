/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "sluice-stored-query.h"

G_BEGIN_DECLS

/**
 * SluiceQueries:
 * @draft: the text in the editor
 * @history: (element-type SluiceStoredQuery): what was run, the newest first
 * @saved: (element-type SluiceStoredQuery): what has a name
 *
 * What the file of a query library says.
 */
typedef struct
{
  char *draft;
  GPtrArray *history;
  GPtrArray *saved;
} SluiceQueries;

SluiceQueries *sluice_queries_new       (void);
void           sluice_queries_free      (SluiceQueries  *self);

SluiceQueries *sluice_queries_parse     (const char     *text,
                                         gssize          length,
                                         gboolean       *is_newer,
                                         GError        **error);
char          *sluice_queries_serialise (SluiceQueries  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SluiceQueries, sluice_queries_free)

G_END_DECLS
