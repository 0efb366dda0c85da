/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SLUICE_TYPE_SOQL_SUGGESTION_KIND (sluice_soql_suggestion_kind_get_type ())

/**
 * SluiceSoqlSuggestionKind:
 * @SLUICE_SOQL_SUGGESTION_OBJECT: an object
 * @SLUICE_SOQL_SUGGESTION_CHILDREN: a relationship to children
 * @SLUICE_SOQL_SUGGESTION_FIELD: a field
 * @SLUICE_SOQL_SUGGESTION_PARENT: a relationship to a parent, after which a dot and one of its fields come
 * @SLUICE_SOQL_SUGGESTION_VALUE: a value of a picklist
 * @SLUICE_SOQL_SUGGESTION_DATE: a word for a date
 * @SLUICE_SOQL_SUGGESTION_FUNCTION: a function
 * @SLUICE_SOQL_SUGGESTION_KEYWORD: a keyword
 *
 * What could be written.
 */
typedef enum
{
  SLUICE_SOQL_SUGGESTION_OBJECT,
  SLUICE_SOQL_SUGGESTION_CHILDREN,
  SLUICE_SOQL_SUGGESTION_FIELD,
  SLUICE_SOQL_SUGGESTION_PARENT,
  SLUICE_SOQL_SUGGESTION_VALUE,
  SLUICE_SOQL_SUGGESTION_DATE,
  SLUICE_SOQL_SUGGESTION_FUNCTION,
  SLUICE_SOQL_SUGGESTION_KEYWORD,
} SluiceSoqlSuggestionKind;

GType                    sluice_soql_suggestion_kind_get_type  (void);

#define SLUICE_TYPE_SOQL_SUGGESTION (sluice_soql_suggestion_get_type ())

/**
 * SluiceSoqlSuggestion:
 *
 * Something that could be written at a place of a query. Never changes.
 */
G_DECLARE_FINAL_TYPE (SluiceSoqlSuggestion, sluice_soql_suggestion, SLUICE, SOQL_SUGGESTION, GObject)

SluiceSoqlSuggestion    *sluice_soql_suggestion_new            (SluiceSoqlSuggestionKind  kind,
                                                                const char               *name,
                                                                const char               *label,
                                                                const char               *detail);

SluiceSoqlSuggestionKind sluice_soql_suggestion_get_kind       (SluiceSoqlSuggestion     *self);
const char              *sluice_soql_suggestion_get_name       (SluiceSoqlSuggestion     *self);
const char              *sluice_soql_suggestion_get_label      (SluiceSoqlSuggestion     *self);
const char              *sluice_soql_suggestion_get_detail     (SluiceSoqlSuggestion     *self);

guint                    sluice_soql_suggestion_rank           (SluiceSoqlSuggestion     *self,
                                                                const char               *written);
char                    *sluice_soql_suggestion_dup_insertion  (SluiceSoqlSuggestion     *self,
                                                                gboolean                  quoted,
                                                                gboolean                  closed);

G_END_DECLS
