/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SluiceQueryShape:
 * @object: (nullable): what the query reads, such as `Account`
 * @limit: how many records it wants at most, -1 when it does not say
 * @ordered: whether it says in which order
 * @count: (nullable): a query that counts what this one would read
 *
 * What can be seen of a query without asking the org.
 */
typedef struct
{
  char *object;
  gint64 limit;
  gboolean ordered;
  char *count;
} SluiceQueryShape;

SluiceQueryShape *sluice_query_shape_new  (const char       *soql);
void              sluice_query_shape_free (SluiceQueryShape *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SluiceQueryShape, sluice_query_shape_free)

G_END_DECLS
