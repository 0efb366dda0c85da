/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-object-describe.h"

#include <string.h>

/* Where a line of a query breaks */
#define LINE_LENGTH 76

struct _SluiceObjectDescribe
{
  GObject parent_instance;

  SluiceObjectInfo *info;
  GListStore *fields;
  GHashTable *fields_by_name;         /* (element-type utf8 SluiceFieldInfo), in small letters */
  GHashTable *fields_by_relationship; /* (element-type utf8 SluiceFieldInfo), in small letters */
  GPtrArray *children;                /* (element-type SluiceChildRelationship) */
  GHashTable *children_by_name;       /* (element-type utf8 SluiceChildRelationship), in small letters */
};

G_DEFINE_FINAL_TYPE (SluiceObjectDescribe, sluice_object_describe, G_TYPE_OBJECT)

/**
 * sluice_child_relationship_new:
 * @object: the child's object
 * @field: the child's field that refers to the parent
 * @name: (nullable): how a subquery names the children
 * @cascade_delete: whether deleting the parent deletes the children
 *
 * Returns: (transfer full): the relationship
 */
SluiceChildRelationship *
sluice_child_relationship_new (const char *object,
                               const char *field,
                               const char *name,
                               gboolean    cascade_delete)
{
  SluiceChildRelationship *self = g_new0 (SluiceChildRelationship, 1);

  self->object = g_strdup (object);
  self->field = g_strdup (field);
  self->name = g_strdup (name);
  self->cascade_delete = cascade_delete;

  return self;
}

/**
 * sluice_child_relationship_free:
 * @self: (transfer full): a relationship
 *
 * Frees it.
 */
void
sluice_child_relationship_free (SluiceChildRelationship *self)
{
  g_free (self->object);
  g_free (self->field);
  g_free (self->name);
  g_free (self);
}

static void
sluice_object_describe_finalize (GObject *object)
{
  SluiceObjectDescribe *self = SLUICE_OBJECT_DESCRIBE (object);

  g_clear_object (&self->info);
  g_clear_object (&self->fields);
  g_hash_table_unref (self->fields_by_name);
  g_hash_table_unref (self->fields_by_relationship);
  g_hash_table_unref (self->children_by_name);
  g_clear_pointer (&self->children, g_ptr_array_unref);

  G_OBJECT_CLASS (sluice_object_describe_parent_class)->finalize (object);
}

static void
sluice_object_describe_class_init (SluiceObjectDescribeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sluice_object_describe_finalize;
}

static void
sluice_object_describe_init (SluiceObjectDescribe *self)
{
  self->fields = g_list_store_new (SLUICE_TYPE_FIELD_INFO);
  self->fields_by_name = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->fields_by_relationship = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->children_by_name = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

static void
add_name (GHashTable *table,
          const char *name,
          gpointer    value)
{
  if (name != NULL)
    g_hash_table_insert (table, g_ascii_strdown (name, -1), value);
}

static gpointer
find_name (GHashTable *table,
           const char *name)
{
  g_autofree char *key = g_ascii_strdown (name, -1);

  return g_hash_table_lookup (table, key);
}

/**
 * sluice_object_describe_new:
 * @info: the object
 * @fields: (element-type SluiceFieldInfo): its fields
 * @children: (element-type SluiceChildRelationship): its child relationships; not changed any more
 *
 * Returns: (transfer full): the description
 */
SluiceObjectDescribe *
sluice_object_describe_new (SluiceObjectInfo *info,
                            GPtrArray        *fields,
                            GPtrArray        *children)
{
  SluiceObjectDescribe *self;

  g_return_val_if_fail (SLUICE_IS_OBJECT_INFO (info), NULL);
  g_return_val_if_fail (fields != NULL, NULL);
  g_return_val_if_fail (children != NULL, NULL);

  self = g_object_new (SLUICE_TYPE_OBJECT_DESCRIBE, NULL);
  self->info = g_object_ref (info);
  self->children = g_ptr_array_ref (children);
  g_list_store_splice (self->fields, 0, 0, fields->pdata, fields->len);

  for (guint i = 0; i < fields->len; i++)
    {
      SluiceFieldInfo *field = g_ptr_array_index (fields, i);

      add_name (self->fields_by_name, sluice_field_info_get_name (field), field);
      add_name (self->fields_by_relationship, sluice_field_info_get_relationship_name (field), field);
    }

  for (guint i = 0; i < children->len; i++)
    {
      SluiceChildRelationship *child = g_ptr_array_index (children, i);

      add_name (self->children_by_name, child->name, child);
    }

  return self;
}

/**
 * sluice_object_describe_get_info:
 * @self: a description
 *
 * Returns: (transfer none): the object
 */
SluiceObjectInfo *
sluice_object_describe_get_info (SluiceObjectDescribe *self)
{
  g_return_val_if_fail (SLUICE_IS_OBJECT_DESCRIBE (self), NULL);

  return self->info;
}

/**
 * sluice_object_describe_get_name:
 * @self: a description
 *
 * Returns: the object's API name
 */
const char *
sluice_object_describe_get_name (SluiceObjectDescribe *self)
{
  g_return_val_if_fail (SLUICE_IS_OBJECT_DESCRIBE (self), NULL);

  return sluice_object_info_get_name (self->info);
}

/**
 * sluice_object_describe_get_fields:
 * @self: a description
 *
 * Returns: (transfer none): a list of SluiceFieldInfo, in the order of Salesforce
 */
GListModel *
sluice_object_describe_get_fields (SluiceObjectDescribe *self)
{
  g_return_val_if_fail (SLUICE_IS_OBJECT_DESCRIBE (self), NULL);

  return G_LIST_MODEL (self->fields);
}

/**
 * sluice_object_describe_find_field:
 * @self: a description
 * @name: an API name, capitals aside
 *
 * Returns: (transfer none) (nullable): the field
 */
SluiceFieldInfo *
sluice_object_describe_find_field (SluiceObjectDescribe *self,
                                   const char           *name)
{
  g_return_val_if_fail (SLUICE_IS_OBJECT_DESCRIBE (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return find_name (self->fields_by_name, name);
}

/**
 * sluice_object_describe_find_relationship:
 * @self: a description
 * @relationship_name: how SOQL names a parent record, such as "Owner", capitals aside
 *
 * Returns: (transfer none) (nullable): the reference that leads there
 */
SluiceFieldInfo *
sluice_object_describe_find_relationship (SluiceObjectDescribe *self,
                                          const char           *relationship_name)
{
  g_return_val_if_fail (SLUICE_IS_OBJECT_DESCRIBE (self), NULL);
  g_return_val_if_fail (relationship_name != NULL, NULL);

  return find_name (self->fields_by_relationship, relationship_name);
}

/* A compound field is there by its parts, and a body of data is no cell. */
static gboolean
is_plain (SluiceFieldInfo *field)
{
  static const char * const others[] = { "address", "base64", "complexvalue", "json", "location", NULL };

  return !g_strv_contains (others, sluice_field_info_get_field_type (field)) &&
         !sluice_field_info_has (field, SLUICE_FIELD_DEPRECATED);
}

/**
 * sluice_object_describe_dup_query:
 * @self: a description
 * @limit: how many records are wanted, 0 = all
 *
 * Writes a query for all fields of the object, but for those that consist of
 * others, in lines that a reader can take in.
 *
 * Returns: (transfer full): the query
 */
char *
sluice_object_describe_dup_query (SluiceObjectDescribe *self,
                                  guint                 limit)
{
  g_autoptr(GString) query = NULL;
  gsize line_start = 0;
  guint n_fields = 0;

  g_return_val_if_fail (SLUICE_IS_OBJECT_DESCRIBE (self), NULL);

  query = g_string_new ("SELECT ");
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->fields)); i++)
    {
      g_autoptr(SluiceFieldInfo) field = g_list_model_get_item (G_LIST_MODEL (self->fields), i);
      const char *name = sluice_field_info_get_name (field);

      if (!is_plain (field))
        continue;

      if (n_fields++ > 0)
        g_string_append_c (query, ',');
      if (n_fields > 1 && query->len - line_start + strlen (name) > LINE_LENGTH)
        {
          g_string_append (query, "\n  ");
          line_start = query->len - 2;
        }
      else if (n_fields > 1)
        {
          g_string_append_c (query, ' ');
        }
      g_string_append (query, name);
    }
  if (n_fields == 0)
    g_string_append (query, "Id");

  g_string_append_printf (query, "\nFROM %s", sluice_object_info_get_name (self->info));
  if (limit > 0)
    g_string_append_printf (query, "\nLIMIT %u", limit);

  return g_string_free_and_steal (g_steal_pointer (&query));
}

/**
 * sluice_object_describe_get_n_children:
 * @self: a description
 *
 * Returns: how many child relationships it has
 */
guint
sluice_object_describe_get_n_children (SluiceObjectDescribe *self)
{
  g_return_val_if_fail (SLUICE_IS_OBJECT_DESCRIBE (self), 0);

  return self->children->len;
}

/**
 * sluice_object_describe_get_child:
 * @self: a description
 * @i: less than sluice_object_describe_get_n_children()
 *
 * Returns: (transfer none): a child relationship
 */
const SluiceChildRelationship *
sluice_object_describe_get_child (SluiceObjectDescribe *self,
                                  guint                 i)
{
  g_return_val_if_fail (SLUICE_IS_OBJECT_DESCRIBE (self), NULL);
  g_return_val_if_fail (i < self->children->len, NULL);

  return g_ptr_array_index (self->children, i);
}

/**
 * sluice_object_describe_find_child:
 * @self: a description
 * @relationship_name: how a subquery names the children, capitals aside
 *
 * Returns: (transfer none) (nullable): the child relationship
 */
const SluiceChildRelationship *
sluice_object_describe_find_child (SluiceObjectDescribe *self,
                                   const char           *relationship_name)
{
  g_return_val_if_fail (SLUICE_IS_OBJECT_DESCRIBE (self), NULL);
  g_return_val_if_fail (relationship_name != NULL, NULL);

  return find_name (self->children_by_name, relationship_name);
}
