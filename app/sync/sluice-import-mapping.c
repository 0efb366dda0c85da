/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-import-mapping.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-error.h"

/* Describing a parent costs a call; an object that refers to more objects than this is rare. */
#define MAX_PARENTS 12

struct _SluiceImportMapping
{
  GObject parent_instance;

  SluiceObjectDescribe *describe;
  char **columns;
  guint n_columns;
  GListStore *targets;      /* of SluiceImportTarget */
  SluiceImportTarget **chosen; /* (owned) (nullable), one for each column */
  SluiceWriteVerb verb;
  char *key;                /* (nullable) */
  SluiceDateOrder dates;
  SluiceDecimalMark decimal;
  char *time_zone;          /* (nullable) */
  gboolean clear_empty;
};

enum
{
  PROP_0,
  PROP_VERB,
  PROP_KEY,
  PROP_DATES,
  PROP_DECIMAL,
  PROP_TIME_ZONE,
  PROP_CLEAR_EMPTY,
  N_PROPS
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (SluiceImportMapping, sluice_import_mapping, G_TYPE_OBJECT)

static void
sluice_import_mapping_finalize (GObject *object)
{
  SluiceImportMapping *self = SLUICE_IMPORT_MAPPING (object);

  for (guint i = 0; i < self->n_columns; i++)
    g_clear_object (&self->chosen[i]);
  g_free (self->chosen);
  g_clear_object (&self->describe);
  g_clear_object (&self->targets);
  g_strfreev (self->columns);
  g_free (self->key);
  g_free (self->time_zone);

  G_OBJECT_CLASS (sluice_import_mapping_parent_class)->finalize (object);
}

static void
sluice_import_mapping_get_property (GObject    *object,
                                    guint       prop_id,
                                    GValue     *value,
                                    GParamSpec *pspec)
{
  SluiceImportMapping *self = SLUICE_IMPORT_MAPPING (object);

  switch (prop_id)
    {
    case PROP_VERB:
      g_value_set_enum (value, (int) self->verb);
      break;

    case PROP_KEY:
      g_value_set_string (value, self->key);
      break;

    case PROP_DATES:
      g_value_set_enum (value, (int) self->dates);
      break;

    case PROP_DECIMAL:
      g_value_set_enum (value, (int) self->decimal);
      break;

    case PROP_TIME_ZONE:
      g_value_set_string (value, self->time_zone);
      break;

    case PROP_CLEAR_EMPTY:
      g_value_set_boolean (value, self->clear_empty);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_import_mapping_set_property (GObject      *object,
                                    guint         prop_id,
                                    const GValue *value,
                                    GParamSpec   *pspec)
{
  SluiceImportMapping *self = SLUICE_IMPORT_MAPPING (object);

  switch (prop_id)
    {
    case PROP_VERB:
      sluice_import_mapping_set_verb (self, (SluiceWriteVerb) g_value_get_enum (value));
      break;

    case PROP_KEY:
      sluice_import_mapping_set_key (self, g_value_get_string (value), NULL);
      break;

    case PROP_DATES:
      sluice_import_mapping_set_dates (self, (SluiceDateOrder) g_value_get_enum (value));
      break;

    case PROP_DECIMAL:
      sluice_import_mapping_set_decimal (self, (SluiceDecimalMark) g_value_get_enum (value));
      break;

    case PROP_TIME_ZONE:
      sluice_import_mapping_set_time_zone (self, g_value_get_string (value), NULL);
      break;

    case PROP_CLEAR_EMPTY:
      sluice_import_mapping_set_clear_empty (self, g_value_get_boolean (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_import_mapping_class_init (SluiceImportMappingClass *klass)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = sluice_import_mapping_finalize;
  object_class->get_property = sluice_import_mapping_get_property;
  object_class->set_property = sluice_import_mapping_set_property;

  properties[PROP_VERB] =
    g_param_spec_enum ("verb", NULL, NULL, SLUICE_TYPE_WRITE_VERB, SLUICE_WRITE_INSERT, flags);
  properties[PROP_KEY] =
    g_param_spec_string ("key", NULL, NULL, NULL, flags);
  properties[PROP_DATES] =
    g_param_spec_enum ("dates", NULL, NULL, SLUICE_TYPE_DATE_ORDER, SLUICE_DATE_ORDER_ISO, flags);
  properties[PROP_DECIMAL] =
    g_param_spec_enum ("decimal", NULL, NULL, SLUICE_TYPE_DECIMAL_MARK, SLUICE_DECIMAL_MARK_POINT, flags);
  properties[PROP_TIME_ZONE] =
    g_param_spec_string ("time-zone", NULL, NULL, NULL, flags);
  properties[PROP_CLEAR_EMPTY] =
    g_param_spec_boolean ("clear-empty", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
sluice_import_mapping_init (SluiceImportMapping *self)
{
  self->targets = g_list_store_new (SLUICE_TYPE_IMPORT_TARGET);
}

static void
changed (SluiceImportMapping *self,
         guint                property)
{
  if (property != PROP_0)
    g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static gboolean
is_key (SluiceFieldInfo *field)
{
  return sluice_field_info_has (field, SLUICE_FIELD_EXTERNAL_ID) || sluice_field_info_has (field, SLUICE_FIELD_ID_LOOKUP);
}

static void
add_lookups (SluiceImportMapping  *self,
             SluiceFieldInfo      *reference,
             SluiceObjectDescribe *parent)
{
  GListModel *fields = sluice_object_describe_get_fields (parent);

  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr(SluiceFieldInfo) field = g_list_model_get_item (fields, i);
      g_autoptr(SluiceImportTarget) target = NULL;

      if (!is_key (field) || g_strcmp0 (sluice_field_info_get_field_type (field), "id") == 0)
        continue;
      target = sluice_import_target_new_lookup (reference, sluice_object_describe_get_name (parent), field);
      g_list_store_append (self->targets, target);
    }
}

static void
add_targets (SluiceImportMapping *self,
             GPtrArray           *parents)
{
  GListModel *fields = sluice_object_describe_get_fields (self->describe);

  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr(SluiceFieldInfo) field = g_list_model_get_item (fields, i);
      g_autoptr(SluiceImportTarget) target = sluice_import_target_new (field);

      g_list_store_append (self->targets, target);

      for (guint j = 0; parents != NULL && j < parents->len; j++)
        {
          SluiceObjectDescribe *parent = g_ptr_array_index (parents, j);

          if (sluice_field_info_get_relationship_name (field) != NULL &&
              g_strv_contains (sluice_field_info_get_targets (field), sluice_object_describe_get_name (parent)))
            add_lookups (self, field, parent);
        }
    }
}

/**
 * sluice_import_mapping_new:
 * @describe: the object
 * @parents: (nullable) (element-type SluiceObjectDescribe): objects that fields of @describe refer to
 * @columns: the columns of the file
 * @verb: what is done
 *
 * Columns are matched to fields at once; see sluice_import_mapping_match().
 *
 * Returns: (transfer full): a mapping
 */
SluiceImportMapping *
sluice_import_mapping_new (SluiceObjectDescribe *describe,
                           GPtrArray            *parents,
                           const char * const   *columns,
                           SluiceWriteVerb       verb)
{
  SluiceImportMapping *self;

  g_return_val_if_fail (SLUICE_IS_OBJECT_DESCRIBE (describe), NULL);
  g_return_val_if_fail (columns != NULL, NULL);

  self = g_object_new (SLUICE_TYPE_IMPORT_MAPPING, NULL);
  self->describe = g_object_ref (describe);
  self->columns = g_strdupv ((char **) columns);
  self->n_columns = g_strv_length (self->columns);
  self->chosen = g_new0 (SluiceImportTarget *, self->n_columns);
  self->verb = verb;
  add_targets (self, parents);
  sluice_import_mapping_match (self);

  return self;
}

/* The describes that are asked for, one after the other. */
typedef struct
{
  SluiceDescribeCache *cache;
  char **columns;
  SluiceWriteVerb verb;
  SluiceObjectDescribe *describe; /* (nullable) */
  GPtrArray *names;               /* (element-type utf8), of parents */
  GPtrArray *parents;             /* (element-type SluiceObjectDescribe) */
  guint next;
} Loading;

static void
loading_free (Loading *loading)
{
  g_object_unref (loading->cache);
  g_strfreev (loading->columns);
  g_clear_object (&loading->describe);
  g_ptr_array_unref (loading->names);
  g_ptr_array_unref (loading->parents);
  g_free (loading);
}

/* Parents that a column seems to name come first. */
static void
find_parents (Loading *loading)
{
  GListModel *fields = sluice_object_describe_get_fields (loading->describe);

  for (guint pass = 0; pass < 2; pass++)
    {
      for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
        {
          g_autoptr(SluiceFieldInfo) field = g_list_model_get_item (fields, i);
          const char *relationship = sluice_field_info_get_relationship_name (field);
          const char * const *targets = sluice_field_info_get_targets (field);
          gboolean named = FALSE;

          if (relationship == NULL ||
              !(sluice_field_info_has (field, SLUICE_FIELD_CREATEABLE) ||
                sluice_field_info_has (field, SLUICE_FIELD_UPDATEABLE)))
            continue;

          for (guint j = 0; loading->columns[j] != NULL; j++)
            named = named || strcasestr (loading->columns[j], relationship) != NULL;

          for (guint j = 0; targets[j] != NULL && (named || pass == 1); j++)
            {
              if (loading->names->len < MAX_PARENTS &&
                  !g_ptr_array_find_with_equal_func (loading->names, targets[j], g_str_equal, NULL))
                g_ptr_array_add (loading->names, g_strdup (targets[j]));
            }
        }
    }
}

static void
parent_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data);

static void
describe_next (GTask *task)
{
  Loading *loading = g_task_get_task_data (task);

  if (g_task_return_error_if_cancelled (task))
    {
      g_object_unref (task);
      return;
    }

  if (loading->next < loading->names->len)
    {
      sluice_describe_cache_describe_async (loading->cache, g_ptr_array_index (loading->names, loading->next++),
                                            SLUICE_DESCRIBE_ANY_AGE, g_task_get_cancellable (task), parent_cb, task);
      return;
    }

  g_task_return_pointer (task,
                         sluice_import_mapping_new (loading->describe, loading->parents,
                                                    (const char * const *) loading->columns, loading->verb),
                         g_object_unref);
  g_object_unref (task);
}

/* A parent that the user may not see only means that there are no lookups to it. */
static void
parent_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  GTask *task = user_data;
  Loading *loading = g_task_get_task_data (task);
  SluiceObjectDescribe *parent = sluice_describe_cache_describe_finish (SLUICE_DESCRIBE_CACHE (object), result, NULL);

  if (parent != NULL)
    g_ptr_array_add (loading->parents, parent);
  describe_next (task);
}

static void
object_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Loading *loading = g_task_get_task_data (task);
  GError *error = NULL;

  loading->describe = sluice_describe_cache_describe_finish (SLUICE_DESCRIBE_CACHE (object), result, &error);
  if (loading->describe == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  find_parents (loading);
  describe_next (g_steal_pointer (&task));
}

/**
 * sluice_import_mapping_new_async:
 * @cache: what the org tells about its objects
 * @object: the object's API name
 * @columns: the columns of the file
 * @verb: what is done
 * @cancellable: (nullable): stops asking
 * @callback: called when the mapping is there
 * @user_data: data for @callback
 *
 * Makes a mapping, with lookups into the objects that the object refers to.
 */
void
sluice_import_mapping_new_async (SluiceDescribeCache *cache,
                                 const char          *object,
                                 const char * const  *columns,
                                 SluiceWriteVerb      verb,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  GTask *task;
  Loading *loading;

  g_return_if_fail (SLUICE_IS_DESCRIBE_CACHE (cache));
  g_return_if_fail (object != NULL);
  g_return_if_fail (columns != NULL);

  loading = g_new0 (Loading, 1);
  loading->cache = g_object_ref (cache);
  loading->columns = g_strdupv ((char **) columns);
  loading->verb = verb;
  loading->names = g_ptr_array_new_with_free_func (g_free);
  loading->parents = g_ptr_array_new_with_free_func (g_object_unref);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_import_mapping_new_async);
  g_task_set_task_data (task, loading, (GDestroyNotify) loading_free);

  sluice_describe_cache_describe_async (cache, object, SLUICE_DESCRIBE_RECENT, cancellable, object_cb, task);
}

/**
 * sluice_import_mapping_new_finish:
 * @result: what the callback got
 * @error: why the object cannot be described
 *
 * Returns: (transfer full): a mapping
 */
SluiceImportMapping *
sluice_import_mapping_new_finish (GAsyncResult  *result,
                                  GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * sluice_import_mapping_get_describe:
 * @self: a mapping
 *
 * Returns: (transfer none): the object
 */
SluiceObjectDescribe *
sluice_import_mapping_get_describe (SluiceImportMapping *self)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT_MAPPING (self), NULL);

  return self->describe;
}

/**
 * sluice_import_mapping_get_object:
 * @self: a mapping
 *
 * Returns: the object's API name
 */
const char *
sluice_import_mapping_get_object (SluiceImportMapping *self)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT_MAPPING (self), NULL);

  return sluice_object_describe_get_name (self->describe);
}

/**
 * sluice_import_mapping_get_columns:
 * @self: a mapping
 * @n_columns: (out) (optional): how many
 *
 * Returns: (transfer none) (array zero-terminated=1): the columns of the file
 */
const char * const *
sluice_import_mapping_get_columns (SluiceImportMapping *self,
                                   guint               *n_columns)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT_MAPPING (self), NULL);

  if (n_columns != NULL)
    *n_columns = self->n_columns;

  return (const char * const *) self->columns;
}

/**
 * sluice_import_mapping_get_targets:
 * @self: a mapping
 *
 * Returns: (transfer none): all fields and lookups, a list of #SluiceImportTarget; not all serve the verb
 */
GListModel *
sluice_import_mapping_get_targets (SluiceImportMapping *self)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT_MAPPING (self), NULL);

  return G_LIST_MODEL (self->targets);
}

/**
 * sluice_import_mapping_find_target:
 * @self: a mapping
 * @name: such as `Name`, `Account.External__c`, `User:Owner.External__c`; capitals do not matter
 *
 * Returns: (transfer none) (nullable): the target
 */
SluiceImportTarget *
sluice_import_mapping_find_target (SluiceImportMapping *self,
                                   const char          *name)
{
  GListModel *targets;

  g_return_val_if_fail (SLUICE_IS_IMPORT_MAPPING (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  targets = G_LIST_MODEL (self->targets);
  for (guint i = 0; i < g_list_model_get_n_items (targets); i++)
    {
      /* The list keeps it alive. */
      g_autoptr(SluiceImportTarget) target = g_list_model_get_item (targets, i);

      if (g_ascii_strcasecmp (sluice_import_target_get_name (target), name) == 0)
        return target;
    }

  return NULL;
}

/**
 * sluice_import_mapping_get_verb:
 * @self: a mapping
 *
 * Returns: what is done
 */
SluiceWriteVerb
sluice_import_mapping_get_verb (SluiceImportMapping *self)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT_MAPPING (self), SLUICE_WRITE_INSERT);

  return self->verb;
}

/**
 * sluice_import_mapping_set_verb:
 * @self: a mapping
 * @verb: what is done
 */
void
sluice_import_mapping_set_verb (SluiceImportMapping *self,
                                SluiceWriteVerb      verb)
{
  g_return_if_fail (SLUICE_IS_IMPORT_MAPPING (self));

  if (self->verb == verb)
    return;

  self->verb = verb;
  changed (self, PROP_VERB);
}

/**
 * sluice_import_mapping_get_key:
 * @self: a mapping
 *
 * Returns: (nullable): the field that tells which records are meant: the key of an upsert, Id for an update or a
 *   delete; %NULL for an insert, or when none is chosen
 */
const char *
sluice_import_mapping_get_key (SluiceImportMapping *self)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT_MAPPING (self), NULL);

  if (self->verb == SLUICE_WRITE_INSERT)
    return NULL;

  return self->verb == SLUICE_WRITE_UPSERT ? self->key : "Id";
}

/**
 * sluice_import_mapping_set_key:
 * @self: a mapping
 * @key: (nullable): the API name of the field that tells records apart in an upsert
 * @error: %SLUICE_ERROR_INVALID when records cannot be told by it: names those that can
 *
 * Returns: whether the field can be the key
 */
gboolean
sluice_import_mapping_set_key (SluiceImportMapping  *self,
                               const char           *key,
                               GError              **error)
{
  SluiceImportTarget *target;
  g_autoptr(GString) keys = NULL;

  g_return_val_if_fail (SLUICE_IS_IMPORT_MAPPING (self), FALSE);

  target = key != NULL ? sluice_import_mapping_find_target (self, key) : NULL;
  if (key == NULL || (target != NULL && sluice_import_target_is_key (target)))
    {
      if (g_set_str (&self->key, target != NULL ? sluice_import_target_get_name (target) : NULL))
        changed (self, PROP_KEY);
      return TRUE;
    }

  keys = g_string_new (NULL);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->targets)); i++)
    {
      g_autoptr(SluiceImportTarget) other = g_list_model_get_item (G_LIST_MODEL (self->targets), i);

      if (sluice_import_target_is_key (other))
        g_string_append_printf (keys, "%s%s", keys->len > 0 ? ", " : "", sluice_import_target_get_name (other));
    }
  g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
               /* Translators: a field, an object, a list of fields */
               _("“%s” is no key of %s. Keys are: %s."), key, sluice_import_mapping_get_object (self), keys->str);

  return FALSE;
}

/**
 * sluice_import_mapping_get_dates:
 * @self: a mapping
 *
 * Returns: how the file writes dates
 */
SluiceDateOrder
sluice_import_mapping_get_dates (SluiceImportMapping *self)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT_MAPPING (self), SLUICE_DATE_ORDER_ISO);

  return self->dates;
}

/**
 * sluice_import_mapping_set_dates:
 * @self: a mapping
 * @dates: how the file writes dates
 */
void
sluice_import_mapping_set_dates (SluiceImportMapping *self,
                                 SluiceDateOrder      dates)
{
  g_return_if_fail (SLUICE_IS_IMPORT_MAPPING (self));

  if (self->dates == dates)
    return;

  self->dates = dates;
  changed (self, PROP_DATES);
}

/**
 * sluice_import_mapping_get_decimal:
 * @self: a mapping
 *
 * Returns: how the file writes numbers
 */
SluiceDecimalMark
sluice_import_mapping_get_decimal (SluiceImportMapping *self)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT_MAPPING (self), SLUICE_DECIMAL_MARK_POINT);

  return self->decimal;
}

/**
 * sluice_import_mapping_set_decimal:
 * @self: a mapping
 * @decimal: how the file writes numbers
 */
void
sluice_import_mapping_set_decimal (SluiceImportMapping *self,
                                   SluiceDecimalMark    decimal)
{
  g_return_if_fail (SLUICE_IS_IMPORT_MAPPING (self));

  if (self->decimal == decimal)
    return;

  self->decimal = decimal;
  changed (self, PROP_DECIMAL);
}

/**
 * sluice_import_mapping_get_time_zone:
 * @self: a mapping
 *
 * Returns: (nullable): where times are meant that name no time zone
 */
const char *
sluice_import_mapping_get_time_zone (SluiceImportMapping *self)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT_MAPPING (self), NULL);

  return self->time_zone;
}

/**
 * sluice_import_mapping_set_time_zone:
 * @self: a mapping
 * @time_zone: (nullable): a name such as `Europe/Berlin`, `UTC` or `+01:00`
 * @error: %SLUICE_ERROR_INVALID when there is no such time zone
 *
 * Returns: whether there is such a time zone
 */
gboolean
sluice_import_mapping_set_time_zone (SluiceImportMapping  *self,
                                     const char           *time_zone,
                                     GError              **error)
{
  g_autoptr(GTimeZone) zone = NULL;

  g_return_val_if_fail (SLUICE_IS_IMPORT_MAPPING (self), FALSE);

  if (time_zone != NULL)
    zone = g_time_zone_new_identifier (time_zone);
  if (time_zone != NULL && zone == NULL)
    {
      g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                   _("There is no time zone “%s”. Use a name such as Europe/Berlin."), time_zone);
      return FALSE;
    }

  if (g_set_str (&self->time_zone, time_zone))
    changed (self, PROP_TIME_ZONE);

  return TRUE;
}

/**
 * sluice_import_mapping_get_clear_empty:
 * @self: a mapping
 *
 * Returns: whether an empty value empties the field
 */
gboolean
sluice_import_mapping_get_clear_empty (SluiceImportMapping *self)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT_MAPPING (self), FALSE);

  return self->clear_empty;
}

/**
 * sluice_import_mapping_set_clear_empty:
 * @self: a mapping
 * @clear_empty: whether an empty value empties the field
 */
void
sluice_import_mapping_set_clear_empty (SluiceImportMapping *self,
                                       gboolean             clear_empty)
{
  g_return_if_fail (SLUICE_IS_IMPORT_MAPPING (self));

  if (self->clear_empty == clear_empty)
    return;

  self->clear_empty = clear_empty;
  changed (self, PROP_CLEAR_EMPTY);
}

/**
 * sluice_import_mapping_get_target:
 * @self: a mapping
 * @column: which column
 *
 * Returns: (transfer none) (nullable): where it goes
 */
SluiceImportTarget *
sluice_import_mapping_get_target (SluiceImportMapping *self,
                                  guint                column)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT_MAPPING (self), NULL);
  g_return_val_if_fail (column < self->n_columns, NULL);

  return self->chosen[column];
}

/**
 * sluice_import_mapping_set_target:
 * @self: a mapping
 * @column: which column
 * @target: (nullable): where it goes, one of sluice_import_mapping_get_targets(); %NULL for nowhere
 */
void
sluice_import_mapping_set_target (SluiceImportMapping *self,
                                  guint                column,
                                  SluiceImportTarget  *target)
{
  g_return_if_fail (SLUICE_IS_IMPORT_MAPPING (self));
  g_return_if_fail (column < self->n_columns);
  g_return_if_fail (target == NULL || SLUICE_IS_IMPORT_TARGET (target));

  if (g_set_object (&self->chosen[column], target))
    changed (self, PROP_0);
}

static int
find_column (SluiceImportMapping *self,
             const char          *name)
{
  g_autofree char *folded = g_utf8_casefold (name, -1);

  for (guint i = 0; i < self->n_columns; i++)
    {
      g_autofree char *column = g_utf8_casefold (self->columns[i], -1);

      if (g_str_equal (column, folded))
        return (int) i;
    }

  return -1;
}

/**
 * sluice_import_mapping_send:
 * @self: a mapping
 * @column: a column of the file
 * @field: (nullable): the field or lookup it goes to, %NULL for nowhere
 * @error: %SLUICE_ERROR_INVALID when there is no such column or field
 *
 * Says by names where a column goes.
 *
 * Returns: whether both are there
 */
gboolean
sluice_import_mapping_send (SluiceImportMapping  *self,
                            const char           *column,
                            const char           *field,
                            GError              **error)
{
  SluiceImportTarget *target = NULL;
  int at;

  g_return_val_if_fail (SLUICE_IS_IMPORT_MAPPING (self), FALSE);
  g_return_val_if_fail (column != NULL, FALSE);

  at = find_column (self, column);
  if (at < 0)
    {
      g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                   _("The file has no column “%s”."), column);
      return FALSE;
    }

  if (field != NULL)
    target = sluice_import_mapping_find_target (self, field);
  if (field != NULL && target == NULL)
    {
      g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                   /* Translators: a column of a file, a field, an object */
                   _("The column “%s” cannot go to “%s”: %s has no such field, or it is hidden from this user."),
                   column, field, sluice_import_mapping_get_object (self));
      return FALSE;
    }

  sluice_import_mapping_set_target (self, (guint) at, target);

  return TRUE;
}

/* "Billing Street", "billing_street" and "BillingStreet__c" are the same. */
static char *
normalise (const char *name)
{
  g_autofree char *folded = g_utf8_casefold (name, -1);
  g_autofree char *decomposed = g_utf8_normalize (folded, -1, G_NORMALIZE_ALL);
  GString *out = g_string_new (NULL);

  for (const char *p = decomposed; p != NULL && *p != '\0'; p = g_utf8_next_char (p))
    {
      if (g_unichar_isalnum (g_utf8_get_char (p)) || *p == '.')
        g_string_append_unichar (out, g_utf8_get_char (p));
    }
  if (g_str_has_suffix (decomposed, "__c") && out->len > 1)
    g_string_truncate (out, out->len - 1);

  return g_string_free (out, FALSE);
}

static gboolean
matches (SluiceImportTarget *target,
         const char         *column,
         guint               pass)
{
  const char *name = sluice_import_target_get_name (target);
  g_autofree char *left = NULL;
  g_autofree char *right = NULL;

  switch (pass)
    {
    case 0:
      return g_ascii_strcasecmp (name, column) == 0;

    case 1:
      left = g_utf8_casefold (sluice_import_target_get_label (target), -1);
      right = g_utf8_casefold (column, -1);
      return g_str_equal (left, right);

    default:
      left = normalise (pass == 2 ? name : sluice_import_target_get_label (target));
      right = normalise (column);
      return *left != '\0' && g_str_equal (left, right);
    }
}

static gboolean
is_taken (SluiceImportMapping *self,
          SluiceImportTarget  *target)
{
  for (guint i = 0; i < self->n_columns; i++)
    {
      if (self->chosen[i] == target)
        return TRUE;
    }

  return FALSE;
}

/* Two fields with the same label are not told apart by it. */
static SluiceImportTarget *
find_match (SluiceImportMapping *self,
            const char          *column,
            guint                pass)
{
  SluiceImportTarget *found = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->targets)); i++)
    {
      g_autoptr(SluiceImportTarget) target = g_list_model_get_item (G_LIST_MODEL (self->targets), i);

      if (!sluice_import_target_serves (target, self->verb) || is_taken (self, target) ||
          !matches (target, column, pass))
        continue;
      if (found != NULL)
        return NULL;
      found = target;
    }

  return found;
}

static void
choose_key (SluiceImportMapping *self)
{
  for (guint i = 0; i < self->n_columns && self->key == NULL; i++)
    {
      SluiceImportTarget *target = self->chosen[i];

      if (target != NULL && sluice_import_target_is_key (target) &&
          g_strcmp0 (sluice_field_info_get_field_type (sluice_import_target_get_field (target)), "id") != 0)
        sluice_import_mapping_set_key (self, sluice_import_target_get_name (target), NULL);
    }

  for (guint i = 0; i < self->n_columns && self->key == NULL; i++)
    {
      if (self->chosen[i] != NULL && sluice_import_target_is_key (self->chosen[i]))
        sluice_import_mapping_set_key (self, sluice_import_target_get_name (self->chosen[i]), NULL);
    }
}

/**
 * sluice_import_mapping_match:
 * @self: a mapping
 *
 * Sends each column that goes nowhere to the field that has its name, its
 * label, or one that differs only in capitals, blanks and underscores. No
 * field gets two columns, and what may be two fields stays open. An upsert
 * without a key gets the first external id that has a column.
 */
void
sluice_import_mapping_match (SluiceImportMapping *self)
{
  gboolean any = FALSE;

  g_return_if_fail (SLUICE_IS_IMPORT_MAPPING (self));

  for (guint pass = 0; pass < 4; pass++)
    {
      for (guint i = 0; i < self->n_columns; i++)
        {
          SluiceImportTarget *target = self->chosen[i] == NULL ? find_match (self, self->columns[i], pass) : NULL;

          if (target != NULL)
            any = g_set_object (&self->chosen[i], target) || any;
        }
    }

  if (any)
    changed (self, PROP_0);
  if (self->verb == SLUICE_WRITE_UPSERT && self->key == NULL)
    choose_key (self);
}

/**
 * sluice_import_mapping_clear:
 * @self: a mapping
 *
 * Lets no column go anywhere.
 */
void
sluice_import_mapping_clear (SluiceImportMapping *self)
{
  gboolean any = FALSE;

  g_return_if_fail (SLUICE_IS_IMPORT_MAPPING (self));

  for (guint i = 0; i < self->n_columns; i++)
    any = g_set_object (&self->chosen[i], NULL) || any;
  if (any)
    changed (self, PROP_0);
}

static void
add_issue (GPtrArray             *issues,
           SluiceImportIssueKind  kind,
           int                    column,
           gboolean               blocks,
           char                  *text)
{
  g_ptr_array_add (issues, sluice_import_issue_new (kind, column, blocks, text));
}

static void
check_column (SluiceImportMapping *self,
              guint                column,
              GPtrArray           *issues)
{
  SluiceImportTarget *target = self->chosen[column];
  SluiceFieldInfo *field = sluice_import_target_get_field (target);
  const char *name = sluice_import_target_get_name (target);
  gboolean key = g_strcmp0 (name, sluice_import_mapping_get_key (self)) == 0;

  for (guint i = 0; i < column; i++)
    {
      /* A field and a lookup through it are one. */
      if (self->chosen[i] != NULL && sluice_import_target_get_field (self->chosen[i]) == field)
        add_issue (issues, SLUICE_IMPORT_ISSUE_TWICE, (int) column, TRUE,
                   /* Translators: two columns of a file, a field */
                   g_strdup_printf (_("The columns “%s” and “%s” both go to “%s”."),
                                    self->columns[i], self->columns[column], sluice_field_info_get_name (field)));
    }

  if (key || sluice_import_target_serves (target, self->verb))
    return;

  if (sluice_write_verb_is_delete (self->verb))
    add_issue (issues, SLUICE_IMPORT_ISSUE_NOT_FOR_DELETE, (int) column, FALSE,
               g_strdup_printf (_("“%s” is not needed to delete records: only their Id counts."), name));
  else if (!sluice_import_value_is_suitable (field))
    add_issue (issues, SLUICE_IMPORT_ISSUE_UNSUITABLE, (int) column, TRUE,
               g_strdup_printf (_("“%s” cannot be set from a file. Choose one of its parts, or nothing."), name));
  else if (self->verb == SLUICE_WRITE_UPDATE)
    add_issue (issues, SLUICE_IMPORT_ISSUE_NOT_UPDATEABLE, (int) column, TRUE,
               g_strdup_printf (_("“%s” cannot be changed by this user."), name));
  else
    add_issue (issues, SLUICE_IMPORT_ISSUE_NOT_CREATEABLE, (int) column, TRUE,
               g_strdup_printf (_("“%s” cannot be set by this user."), name));
}

static gboolean
has_column_for (SluiceImportMapping *self,
                SluiceFieldInfo     *field)
{
  for (guint i = 0; i < self->n_columns; i++)
    {
      if (self->chosen[i] != NULL && sluice_import_target_get_field (self->chosen[i]) == field)
        return TRUE;
    }

  return FALSE;
}

static void
check_required (SluiceImportMapping *self,
                GPtrArray           *issues)
{
  GListModel *fields = sluice_object_describe_get_fields (self->describe);
  gboolean insert = self->verb == SLUICE_WRITE_INSERT;

  if (!insert && self->verb != SLUICE_WRITE_UPSERT)
    return;

  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr(SluiceFieldInfo) field = g_list_model_get_item (fields, i);

      if (!sluice_field_info_is_required (field) || has_column_for (self, field))
        continue;

      /* An upsert may find all records. */
      add_issue (issues, SLUICE_IMPORT_ISSUE_REQUIRED, -1, insert,
                 insert ? g_strdup_printf (_("New records must have “%s”. Choose its column."),
                                           sluice_field_info_get_label (field))
                        : g_strdup_printf (_("Records that are not there yet must have “%s”, which no column goes to."),
                                           sluice_field_info_get_label (field)));
    }
}

static void
check_key (SluiceImportMapping *self,
           GPtrArray           *issues)
{
  const char *key = sluice_import_mapping_get_key (self);
  SluiceImportTarget *target = key != NULL ? sluice_import_mapping_find_target (self, key) : NULL;

  if (self->verb == SLUICE_WRITE_INSERT)
    return;

  if (target == NULL)
    add_issue (issues, SLUICE_IMPORT_ISSUE_NO_KEY, -1, TRUE,
               g_strdup (_("Choose the field that tells which records are meant.")));
  else if (!has_column_for (self, sluice_import_target_get_field (target)))
    add_issue (issues, SLUICE_IMPORT_ISSUE_NO_KEY, -1, TRUE,
               g_strdup_printf (_("Choose the column for “%s”: it tells which records are meant."), key));
}

static void
check_object (SluiceImportMapping *self,
              GPtrArray           *issues)
{
  SluiceObjectInfo *info = sluice_object_describe_get_info (self->describe);
  gboolean allowed;

  switch (self->verb)
    {
    case SLUICE_WRITE_INSERT:
      allowed = sluice_object_info_has (info, SLUICE_OBJECT_CREATEABLE);
      break;

    case SLUICE_WRITE_UPDATE:
      allowed = sluice_object_info_has (info, SLUICE_OBJECT_UPDATEABLE);
      break;

    case SLUICE_WRITE_UPSERT:
      allowed = sluice_object_info_has (info, SLUICE_OBJECT_CREATEABLE) ||
                sluice_object_info_has (info, SLUICE_OBJECT_UPDATEABLE);
      break;

    case SLUICE_WRITE_DELETE:
    case SLUICE_WRITE_HARD_DELETE:
    default:
      allowed = sluice_object_info_has (info, SLUICE_OBJECT_DELETABLE);
      break;
    }

  if (!allowed)
    add_issue (issues, SLUICE_IMPORT_ISSUE_OBJECT, -1, TRUE,
               /* Translators: the label of an object */
               g_strdup_printf (_("This user may not do this with %s. An administrator can change that."),
                                sluice_object_info_get_label_plural (info) != NULL
                                ? sluice_object_info_get_label_plural (info) : sluice_object_info_get_name (info)));
}

/**
 * sluice_import_mapping_check:
 * @self: a mapping
 *
 * Says what is wrong with the mapping, before any row is looked at.
 *
 * Returns: (transfer full) (element-type SluiceImportIssue): what is wrong, an empty array when nothing is
 */
GPtrArray *
sluice_import_mapping_check (SluiceImportMapping *self)
{
  GPtrArray *issues;
  gboolean any = FALSE;

  g_return_val_if_fail (SLUICE_IS_IMPORT_MAPPING (self), NULL);

  issues = g_ptr_array_new_with_free_func ((GDestroyNotify) sluice_import_issue_free);

  check_object (self, issues);
  check_key (self, issues);
  for (guint i = 0; i < self->n_columns; i++)
    {
      if (self->chosen[i] == NULL)
        continue;
      any = TRUE;
      check_column (self, i, issues);
    }
  if (!any)
    add_issue (issues, SLUICE_IMPORT_ISSUE_NOTHING, -1, TRUE,
               g_strdup (_("Choose at least one column to import.")));
  check_required (self, issues);

  return issues;
}

/**
 * sluice_import_mapping_is_ready:
 * @self: a mapping
 * @error: (nullable): %SLUICE_ERROR_INVALID: the first thing that is in the way
 *
 * Returns: whether an import can start
 */
gboolean
sluice_import_mapping_is_ready (SluiceImportMapping  *self,
                                GError              **error)
{
  g_autoptr(GPtrArray) issues = NULL;

  g_return_val_if_fail (SLUICE_IS_IMPORT_MAPPING (self), FALSE);

  issues = sluice_import_mapping_check (self);
  for (guint i = 0; i < issues->len; i++)
    {
      const SluiceImportIssue *issue = g_ptr_array_index (issues, i);

      if (!issue->blocks)
        continue;
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID, issue->text);
      return FALSE;
    }

  return TRUE;
}
