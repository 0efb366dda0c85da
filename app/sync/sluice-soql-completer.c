/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-soql-completer.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-soql-resolver.h"

typedef struct
{
  SluiceSoqlExpected expected;
  SluiceSoqlUse use;
  char *field;       /* (nullable), the last part of its path */
  gboolean by_label;
  gboolean quoted;
  GListStore *words; /* (element-type SluiceSoqlSuggestion) */
} Complete;

static void
complete_free (Complete *self)
{
  g_free (self->field);
  g_clear_object (&self->words);
  g_free (self);
}

static void
add (GListStore               *list,
     SluiceSoqlSuggestionKind  kind,
     const char               *name,
     const char               *label,
     const char               *detail)
{
  g_autoptr(SluiceSoqlSuggestion) suggestion = sluice_soql_suggestion_new (kind, name, label, detail);

  g_list_store_append (list, suggestion);
}

static void
add_words (GListStore               *list,
           SluiceSoqlSuggestionKind  kind,
           const char * const       *words,
           const char               *detail)
{
  for (guint i = 0; words != NULL && words[i] != NULL; i++)
    add (list, kind, words[i], NULL, detail);
}

/**
 * sluice_soql_list_words:
 * @context: a place in a query
 *
 * Lists the functions and keywords that may stand there, for which nobody has
 * to be asked.
 *
 * Returns: (transfer full): a list of SluiceSoqlSuggestion
 */
GListModel *
sluice_soql_list_words (const SluiceSoqlContext *context)
{
  GListStore *list = g_list_store_new (SLUICE_TYPE_SOQL_SUGGESTION);

  add_words (list, SLUICE_SOQL_SUGGESTION_KEYWORD, context->keywords, NULL);
  /* Translators: what a word in a query is */
  add_words (list, SLUICE_SOQL_SUGGESTION_FUNCTION, context->functions, _("function"));

  return G_LIST_MODEL (list);
}

static void
append_words (GListStore *list,
              GListStore *words)
{
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (words));

  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr(GObject) item = g_list_model_get_item (G_LIST_MODEL (words), i);

      g_list_store_append (list, item);
    }
}

static void
add_objects (GListStore *list,
             GListModel *objects)
{
  for (guint i = 0; i < g_list_model_get_n_items (objects); i++)
    {
      g_autoptr(SluiceObjectInfo) info = g_list_model_get_item (objects, i);

      if (sluice_object_info_has (info, SLUICE_OBJECT_QUERYABLE))
        add (list, SLUICE_SOQL_SUGGESTION_OBJECT,
             sluice_object_info_get_name (info), sluice_object_info_get_label (info),
             sluice_object_info_has (info, SLUICE_OBJECT_CUSTOM) ? _("custom object") : NULL);
    }
}

static void
add_children (GListStore           *list,
              SluiceObjectDescribe *describe)
{
  for (guint i = 0; i < sluice_object_describe_get_n_children (describe); i++)
    {
      const SluiceChildRelationship *child = sluice_object_describe_get_child (describe, i);

      if (child->name != NULL)
        add (list, SLUICE_SOQL_SUGGESTION_CHILDREN, child->name, NULL, child->object);
    }
}

static gboolean
is_usable (SluiceFieldInfo *field,
           SluiceSoqlUse    use)
{
  switch (use)
    {
    case SLUICE_SOQL_USE_FILTER:
      return sluice_field_info_has (field, SLUICE_FIELD_FILTERABLE);

    case SLUICE_SOQL_USE_GROUP:
      return sluice_field_info_has (field, SLUICE_FIELD_GROUPABLE);

    case SLUICE_SOQL_USE_SORT:
      return sluice_field_info_has (field, SLUICE_FIELD_SORTABLE);

    case SLUICE_SOQL_USE_SHOW:
    case SLUICE_SOQL_USE_FILTER_GROUPS:
    default:
      return TRUE;
    }
}

/* The API's word for the type, with what belongs to it */
static char *
describe_type (SluiceFieldInfo *field)
{
  const char *type = sluice_field_info_get_field_type (field);
  const char * const *targets = sluice_field_info_get_targets (field);

  if (targets[0] != NULL)
    {
      g_autofree char *joined = g_strjoinv (", ", (char **) targets);

      return g_strdup_printf ("%s → %s", type, targets[1] != NULL && strlen (joined) > 30 ? "…" : joined);
    }

  if (sluice_field_info_get_length (field) > 0 && g_strcmp0 (type, "id") != 0)
    return g_strdup_printf ("%s (%u)", type, sluice_field_info_get_length (field));

  return g_strdup (type);
}

static void
add_fields (GListStore           *list,
            SluiceObjectDescribe *describe,
            SluiceSoqlUse         use)
{
  GListModel *fields = sluice_object_describe_get_fields (describe);

  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr(SluiceFieldInfo) field = g_list_model_get_item (fields, i);
      g_autofree char *type = NULL;

      if (!is_usable (field, use))
        continue;

      type = describe_type (field);
      add (list, SLUICE_SOQL_SUGGESTION_FIELD,
           sluice_field_info_get_name (field), sluice_field_info_get_label (field), type);
    }
}

static void
add_parents (GListStore           *list,
             SluiceObjectDescribe *describe)
{
  GListModel *fields = sluice_object_describe_get_fields (describe);

  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr(SluiceFieldInfo) field = g_list_model_get_item (fields, i);
      const char *name = sluice_field_info_get_relationship_name (field);
      g_autofree char *targets = NULL;

      if (name == NULL)
        continue;

      targets = g_strjoinv (", ", (char **) sluice_field_info_get_targets (field));
      add (list, SLUICE_SOQL_SUGGESTION_PARENT, name, sluice_field_info_get_label (field), targets);
    }
}

static gboolean
is_one_of (const char         *type,
           const char * const *types)
{
  return type != NULL && g_strv_contains (types, type);
}

static void
add_picklist (GListStore      *list,
              SluiceFieldInfo *field,
              gboolean         by_label)
{
  for (guint i = 0; i < sluice_field_info_get_n_picklist (field); i++)
    {
      const SluicePicklistValue *value = sluice_field_info_get_picklist (field, i);
      const char *label = g_strcmp0 (value->label, value->value) != 0 ? value->label : NULL;

      if (by_label && label != NULL)
        add (list, SLUICE_SOQL_SUGGESTION_VALUE, label, value->value, value->active ? NULL : _("not active"));
      else
        add (list, SLUICE_SOQL_SUGGESTION_VALUE, value->value, label, value->active ? NULL : _("not active"));
    }
}

/* TRUE and FALSE help with nothing but a check box. */
static void
drop_truth (GListStore *words)
{
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (words)); i > 0; i--)
    {
      g_autoptr(SluiceSoqlSuggestion) word = g_list_model_get_item (G_LIST_MODEL (words), i - 1);
      const char *name = sluice_soql_suggestion_get_name (word);

      if (g_str_equal (name, "TRUE") || g_str_equal (name, "FALSE"))
        g_list_store_remove (words, i - 1);
    }
}

static void
add_values (GListStore           *list,
            SluiceObjectDescribe *describe,
            Complete             *self)
{
  static const char * const dates[] = { "date", "datetime", NULL };
  static const char * const booleans[] = { "boolean", NULL };
  SluiceFieldInfo *field = self->field != NULL ? sluice_object_describe_find_field (describe, self->field) : NULL;
  const char *type;

  if (field == NULL)
    return;

  add_picklist (list, field, self->by_label);
  if (self->quoted)
    return;

  type = sluice_field_info_get_field_type (field);
  if (is_one_of (type, dates))
    add_words (list, SLUICE_SOQL_SUGGESTION_DATE, sluice_soql_get_date_literals (), type);
  if (!is_one_of (type, booleans))
    drop_truth (self->words);
}

static GListModel *
list_suggestions (Complete             *self,
                  SluiceObjectDescribe *describe) /* (nullable) */
{
  GListStore *list = g_list_store_new (SLUICE_TYPE_SOQL_SUGGESTION);

  if (describe != NULL && self->expected == SLUICE_SOQL_EXPECTS_CHILDREN)
    add_children (list, describe);
  if (describe != NULL && self->expected == SLUICE_SOQL_EXPECTS_FIELD)
    add_fields (list, describe, self->use);
  if (describe != NULL && (self->expected == SLUICE_SOQL_EXPECTS_FIELD || self->expected == SLUICE_SOQL_EXPECTS_PARENT))
    add_parents (list, describe);
  if (describe != NULL && self->expected == SLUICE_SOQL_EXPECTS_VALUE)
    add_values (list, describe, self);
  append_words (list, self->words);

  return G_LIST_MODEL (list);
}

static void
listed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Complete *self = g_task_get_task_data (task);
  g_autoptr(GListModel) objects = NULL;
  GListStore *list;
  GError *error = NULL;

  objects = sluice_describe_cache_list_finish (SLUICE_DESCRIBE_CACHE (object), result, &error);
  if (objects == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  list = g_list_store_new (SLUICE_TYPE_SOQL_SUGGESTION);
  add_objects (list, objects);
  append_words (list, self->words);
  g_task_return_pointer (task, list, g_object_unref);
}

static void
resolved_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(SluiceObjectDescribe) describe = NULL;
  GError *error = NULL;

  describe = sluice_soql_resolve_finish (result, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, list_suggestions (g_task_get_task_data (task), describe), g_object_unref);
}

/* The relationships that lead to the field of a value, whose name is taken away */
static char **
split_field (Complete   *self,
             const char *field)
{
  char **path = g_strsplit (field, ".", -1);
  guint n_parts = g_strv_length (path);

  if (n_parts > 0)
    self->field = g_steal_pointer (&path[n_parts - 1]);

  return path;
}

/**
 * sluice_soql_complete_async:
 * @cache: (nullable): what the org tells of its objects; without it there are functions and keywords only
 * @context: a place in a query
 * @cancellable: (nullable): gives up
 * @callback: called when it is known what may stand there
 * @user_data: data for @callback
 *
 * Finds what may be written at a place of a query: objects, fields,
 * relationships, values, functions and keywords, whatever has been written of
 * it already; see sluice_soql_suggestion_rank().
 */
void
sluice_soql_complete_async (SluiceDescribeCache     *cache,
                            const SluiceSoqlContext *context,
                            GCancellable            *cancellable,
                            GAsyncReadyCallback      callback,
                            gpointer                 user_data)
{
  g_autoptr(GTask) task = NULL;
  g_auto(GStrv) path = NULL;
  Complete *self;

  g_return_if_fail (cache == NULL || SLUICE_IS_DESCRIBE_CACHE (cache));
  g_return_if_fail (context != NULL);

  self = g_new0 (Complete, 1);
  self->expected = context->expected;
  self->use = context->use;
  self->by_label = context->by_label;
  self->quoted = context->quoted;
  self->words = G_LIST_STORE (sluice_soql_list_words (context));

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_soql_complete_async);
  g_task_set_task_data (task, self, (GDestroyNotify) complete_free);

  if (cache != NULL && self->expected == SLUICE_SOQL_EXPECTS_OBJECT && *context->path == NULL)
    {
      sluice_describe_cache_list_async (cache, SLUICE_DESCRIBE_RECENT, cancellable, listed_cb, g_steal_pointer (&task));
      return;
    }

  if (cache == NULL || context->from == NULL || self->expected == SLUICE_SOQL_EXPECTS_NOTHING ||
      self->expected == SLUICE_SOQL_EXPECTS_OBJECT ||
      (self->expected == SLUICE_SOQL_EXPECTS_VALUE && context->field == NULL))
    {
      g_task_return_pointer (task, list_suggestions (self, NULL), g_object_unref);
      return;
    }

  if (self->expected == SLUICE_SOQL_EXPECTS_VALUE)
    path = split_field (self, context->field);
  else if (self->expected == SLUICE_SOQL_EXPECTS_CHILDREN)
    path = g_new0 (char *, 1);
  else
    path = g_strdupv (context->path);

  sluice_soql_resolve_async (cache, (const char * const *) context->from, (const char * const *) path,
                             cancellable, resolved_cb, g_steal_pointer (&task));
}

/**
 * sluice_soql_complete_finish:
 * @result: what the callback got
 * @error: why the org could not tell
 *
 * Returns: (transfer full) (nullable): a list of SluiceSoqlSuggestion
 */
GListModel *
sluice_soql_complete_finish (GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (G_IS_TASK (result), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, sluice_soql_complete_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
