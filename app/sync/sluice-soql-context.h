/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include "sluice-soql-words.h"

G_BEGIN_DECLS

/**
 * SluiceSoqlExpected:
 * @SLUICE_SOQL_EXPECTS_NOTHING: no name, or keywords only
 * @SLUICE_SOQL_EXPECTS_OBJECT: the name of an object
 * @SLUICE_SOQL_EXPECTS_CHILDREN: a child relationship of the object that `from` leads to
 * @SLUICE_SOQL_EXPECTS_FIELD: a field, or a relationship to a parent, of what `from` and then `path` lead to
 * @SLUICE_SOQL_EXPECTS_PARENT: a relationship to a parent, and no field
 * @SLUICE_SOQL_EXPECTS_VALUE: a value to compare `field` with
 *
 * What kind of name may stand at a place in a query. Keywords and functions may stand there as well.
 */
typedef enum
{
  SLUICE_SOQL_EXPECTS_NOTHING,
  SLUICE_SOQL_EXPECTS_OBJECT,
  SLUICE_SOQL_EXPECTS_CHILDREN,
  SLUICE_SOQL_EXPECTS_FIELD,
  SLUICE_SOQL_EXPECTS_PARENT,
  SLUICE_SOQL_EXPECTS_VALUE,
} SluiceSoqlExpected;

/**
 * SluiceSoqlContext:
 * @expected: what kind of name may stand here
 * @use: what the query does with it
 * @start: where the name begins that is being written, in bytes; the place itself when nothing of it is there
 * @from: (nullable) (array zero-terminated=1): the object whose records are read, then, in a subquery, the child
 *   relationships that lead from it to here; %NULL while the text does not tell
 * @path: (array zero-terminated=1): the relationships before the name, such as `Account`, `Owner`; without aliases
 * @field: (nullable): the field that a value is compared with, as a path without aliases
 * @by_label: whether values are compared by their labels, as in `toLabel(Status) = '…'`
 * @quoted: whether the place is inside a text in quotes
 * @closed: whether that text has its closing quote
 * @keywords: (nullable) (array zero-terminated=1): what else may stand here
 * @functions: (nullable) (array zero-terminated=1): whose names may stand here
 *
 * What may be written at a place in a query.
 */
typedef struct
{
  SluiceSoqlExpected expected;
  SluiceSoqlUse use;
  gsize start;
  char **from;
  char **path;
  char *field;
  gboolean by_label;
  gboolean quoted;
  gboolean closed;
  const char * const *keywords;
  const char * const *functions;
} SluiceSoqlContext;

SluiceSoqlContext *sluice_soql_context_new  (const char        *text,
                                             gsize              place);
void               sluice_soql_context_free (SluiceSoqlContext *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SluiceSoqlContext, sluice_soql_context_free)

G_END_DECLS
