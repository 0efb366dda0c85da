/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-object-describe.h"

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
