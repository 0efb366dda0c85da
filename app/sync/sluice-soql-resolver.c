/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-soql-resolver.h"

typedef struct
{
  SluiceDescribeCache *cache;
  char **from;
  char **path;
  guint n_from; /* how many of them have been followed */
  guint n_path;
  GListModel *objects;
} Resolve;

/* What a parent of several kinds has in common, as Salesforce sees it */
#define ANY_OBJECT "Name"

static void
resolve_free (Resolve *self)
{
  g_clear_object (&self->cache);
  g_clear_object (&self->objects);
  g_strfreev (self->from);
  g_strfreev (self->path);
  g_free (self);
}

static const char *
find_object (GListModel *objects,
             const char *name)
{
  for (guint i = 0; i < g_list_model_get_n_items (objects); i++)
    {
      g_autoptr(SluiceObjectInfo) info = g_list_model_get_item (objects, i);

      /* The list keeps it. */
      if (g_ascii_strcasecmp (sluice_object_info_get_name (info), name) == 0)
        return sluice_object_info_get_name (info);
    }

  return NULL;
}

/* Where the next step leads; NULL when the describe knows no such relationship. */
static const char *
follow (Resolve              *self,
        SluiceObjectDescribe *describe)
{
  SluiceFieldInfo *field;
  const char * const *targets;

  if (self->from[self->n_from] != NULL)
    {
      const SluiceChildRelationship *child = sluice_object_describe_find_child (describe, self->from[self->n_from++]);

      return child != NULL ? child->object : NULL;
    }

  field = sluice_object_describe_find_relationship (describe, self->path[self->n_path++]);
  if (field == NULL)
    return NULL;

  targets = sluice_field_info_get_targets (field);

  return targets[0] != NULL && targets[1] != NULL ? ANY_OBJECT : targets[0];
}

static gboolean
is_at_end (Resolve *self)
{
  return self->from[self->n_from] == NULL && self->path[self->n_path] == NULL;
}

static void describe_next (GTask      *task,
                           const char *name);

static void
described_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Resolve *self = g_task_get_task_data (task);
  g_autoptr(SluiceObjectDescribe) describe = NULL;
  GError *error = NULL;

  describe = sluice_describe_cache_describe_finish (self->cache, result, &error);
  if (describe == NULL)
    g_task_return_error (task, error);
  else if (is_at_end (self))
    g_task_return_pointer (task, g_steal_pointer (&describe), g_object_unref);
  else
    describe_next (g_steal_pointer (&task), follow (self, describe));
}

static void
describe_next (GTask      *user_task,
               const char *name)
{
  g_autoptr(GTask) task = user_task;
  Resolve *self = g_task_get_task_data (task);
  const char *known = name != NULL ? find_object (self->objects, name) : NULL;

  /* A name that is not finished is no object; nobody needs to ask the org for that. */
  if (known == NULL)
    {
      g_task_return_pointer (task, NULL, NULL);
      return;
    }

  sluice_describe_cache_describe_async (self->cache, known, SLUICE_DESCRIBE_RECENT, g_task_get_cancellable (task),
                                        described_cb, g_object_ref (task));
}

static void
listed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Resolve *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->objects = sluice_describe_cache_list_finish (self->cache, result, &error);
  if (self->objects == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  describe_next (g_steal_pointer (&task), self->from[self->n_from++]);
}

/**
 * sluice_soql_resolve_async:
 * @cache: what the org tells of its objects
 * @from: (array zero-terminated=1): an object, then child relationships that lead from it to others
 * @path: (array zero-terminated=1): relationships to parents, from there
 * @cancellable: (nullable): gives up
 * @callback: called when the object is known
 * @user_data: data for @callback
 *
 * Finds the object that names in a query lead to. Only objects that the org
 * lists are asked for, and only when what is known of them is too old.
 */
void
sluice_soql_resolve_async (SluiceDescribeCache *cache,
                           const char * const  *from,
                           const char * const  *path,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Resolve *self;

  g_return_if_fail (SLUICE_IS_DESCRIBE_CACHE (cache));
  g_return_if_fail (from != NULL && *from != NULL);
  g_return_if_fail (path != NULL);

  self = g_new0 (Resolve, 1);
  self->cache = g_object_ref (cache);
  self->from = g_strdupv ((char **) from);
  self->path = g_strdupv ((char **) path);

  task = g_task_new (cache, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_soql_resolve_async);
  g_task_set_task_data (task, self, (GDestroyNotify) resolve_free);

  sluice_describe_cache_list_async (cache, SLUICE_DESCRIBE_RECENT, cancellable, listed_cb, g_steal_pointer (&task));
}

/**
 * sluice_soql_resolve_finish:
 * @result: what the callback got
 * @error: why the org could not tell
 *
 * Returns: (transfer full) (nullable): the object; %NULL without an error when the names lead nowhere
 */
SluiceObjectDescribe *
sluice_soql_resolve_finish (GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (G_IS_TASK (result), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, sluice_soql_resolve_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
