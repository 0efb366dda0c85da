/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "org-schema-private.h"

#include <string.h>

typedef struct
{
  OrgField fields[ORG_MAX_FIELDS];
  guint n_fields;
} FieldList;

static void
append_fields (FieldList      *list,
               const OrgField *fields)
{
  for (; fields->name != NULL; fields++)
    {
      g_assert (list->n_fields < ORG_MAX_FIELDS);
      list->fields[list->n_fields++] = *fields;
    }
}

static FieldList *
build_lists (void)
{
  FieldList *lists = g_new0 (FieldList, org_schema_n_objects);

  for (guint i = 0; i < org_schema_n_objects; i++)
    {
      const OrgObject *object = &org_schema_objects[i];

      append_fields (&lists[i], org_schema_head_fields);
      append_fields (&lists[i], object->own);
      if (object->owned)
        append_fields (&lists[i], org_schema_owner_field);
      append_fields (&lists[i], org_schema_tail_fields);
    }

  return lists;
}

/**
 * org_schema_get_objects:
 * @n_objects: (out): how many there are
 *
 * Returns: (array length=n_objects): all objects, sorted by name
 */
const OrgObject *
org_schema_get_objects (guint *n_objects)
{
  *n_objects = org_schema_n_objects;

  return org_schema_objects;
}

/**
 * org_schema_find:
 * @name: an API name in any case
 *
 * Returns: (nullable): the object
 */
const OrgObject *
org_schema_find (const char *name)
{
  for (guint i = 0; i < org_schema_n_objects; i++)
    {
      if (g_ascii_strcasecmp (org_schema_objects[i].name, name) == 0)
        return &org_schema_objects[i];
    }

  return NULL;
}

/**
 * org_schema_find_prefix:
 * @id: an id, or at least its first three characters
 *
 * Returns: (nullable): the object that the id is one of
 */
const OrgObject *
org_schema_find_prefix (const char *id)
{
  for (guint i = 0; i < org_schema_n_objects; i++)
    {
      if (strncmp (org_schema_objects[i].prefix, id, 3) == 0)
        return &org_schema_objects[i];
    }

  return NULL;
}

/**
 * org_object_get_fields:
 * @object: an object
 * @n_fields: (out): how many there are
 *
 * Returns: (array length=n_fields): its own fields and those that every object has
 */
const OrgField *
org_object_get_fields (const OrgObject *object,
                       guint           *n_fields)
{
  static FieldList *lists;
  const FieldList *list;

  if (g_once_init_enter (&lists))
    g_once_init_leave (&lists, build_lists ());

  list = &lists[object - org_schema_objects];
  *n_fields = list->n_fields;

  return list->fields;
}

/**
 * org_object_find_field:
 * @object: an object
 * @name: a field's API name in any case
 *
 * Returns: (nullable): the field
 */
const OrgField *
org_object_find_field (const OrgObject *object,
                       const char      *name)
{
  guint n_fields;
  const OrgField *fields = org_object_get_fields (object, &n_fields);

  for (guint i = 0; i < n_fields; i++)
    {
      if (g_ascii_strcasecmp (fields[i].name, name) == 0)
        return &fields[i];
    }

  return NULL;
}

static const OrgObject *
field_get_parent (const OrgField *field)
{
  const char *last = strrchr (field->targets, ' ');

  return org_schema_find (last != NULL ? last + 1 : field->targets);
}

/**
 * org_object_find_parent:
 * @object: an object
 * @relationship: the name used in a path, such as `Owner`, in any case
 * @parent: (out): the object it leads to
 *
 * Returns: (nullable): the reference field behind @relationship
 */
const OrgField *
org_object_find_parent (const OrgObject  *object,
                        const char       *relationship,
                        const OrgObject **parent)
{
  guint n_fields;
  const OrgField *fields = org_object_get_fields (object, &n_fields);

  for (guint i = 0; i < n_fields; i++)
    {
      if (fields[i].relationship != NULL && g_ascii_strcasecmp (fields[i].relationship, relationship) == 0)
        {
          *parent = field_get_parent (&fields[i]);
          return &fields[i];
        }
    }

  return NULL;
}

/**
 * org_object_get_name_field:
 * @object: an object
 *
 * Returns: the field that stands for a record
 */
const OrgField *
org_object_get_name_field (const OrgObject *object)
{
  guint n_fields;
  const OrgField *fields = org_object_get_fields (object, &n_fields);

  for (guint i = 0; i < n_fields; i++)
    {
      if (fields[i].flags & ORG_FIELD_NAME)
        return &fields[i];
    }

  return &fields[0];
}

/**
 * org_object_list_children:
 * @object: an object
 *
 * Returns: (transfer full) (element-type OrgChild): the references that lead to it
 */
GArray *
org_object_list_children (const OrgObject *object)
{
  GArray *children = g_array_new (FALSE, FALSE, sizeof (OrgChild));

  for (guint i = 0; i < org_schema_n_objects; i++)
    {
      guint n_fields;
      const OrgField *fields = org_object_get_fields (&org_schema_objects[i], &n_fields);

      for (guint j = 0; j < n_fields; j++)
        {
          OrgChild child = { &org_schema_objects[i], &fields[j] };

          if (fields[j].targets != NULL && field_get_parent (&fields[j]) == object)
            g_array_append_val (children, child);
        }
    }

  return children;
}

/**
 * org_object_find_child:
 * @object: an object
 * @relationship: the name of a child relationship in any case
 * @child: (out): the child and its reference
 *
 * Returns: %FALSE if there is no such relationship
 */
gboolean
org_object_find_child (const OrgObject *object,
                       const char      *relationship,
                       OrgChild        *child)
{
  g_autoptr(GArray) children = org_object_list_children (object);

  for (guint i = 0; i < children->len; i++)
    {
      *child = g_array_index (children, OrgChild, i);

      if (child->field->children != NULL && g_ascii_strcasecmp (child->field->children, relationship) == 0)
        return TRUE;
    }

  return FALSE;
}

/**
 * org_field_is_visible:
 * @field: a field
 * @admin: whether the user is an administrator
 *
 * Returns: whether field-level security lets the user see @field
 */
gboolean
org_field_is_visible (const OrgField *field,
                      gboolean        admin)
{
  return admin || (field->flags & ORG_FIELD_ADMIN_ONLY) == 0;
}

/**
 * org_type_is_text:
 * @type: a type
 *
 * Returns: whether values are quoted in SOQL
 */
gboolean
org_type_is_text (OrgType type)
{
  return type <= ORG_TYPE_REFERENCE;
}

/**
 * org_type_is_number:
 * @type: a type
 *
 * Returns: whether values are numbers
 */
gboolean
org_type_is_number (OrgType type)
{
  return type >= ORG_TYPE_INT && type <= ORG_TYPE_PERCENT;
}

/**
 * org_type_get_name:
 * @type: a type
 *
 * Returns: its name in describe answers and messages
 */
const char *
org_type_get_name (OrgType type)
{
  static const char *names[] = {
    "id", "string", "textarea", "picklist", "phone", "email", "url", "reference",
    "boolean", "int", "double", "currency", "percent", "date", "datetime", "address",
  };

  return names[type];
}
