/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-field-info.h"
#include "sluice-object-info.h"

G_BEGIN_DECLS

/**
 * SluiceChildRelationship:
 * @object: the child's object
 * @field: the child's field that refers to the parent
 * @name: (nullable): how a subquery names the children, %NULL when there can be none
 * @cascade_delete: whether deleting the parent deletes the children
 *
 * How records of another object belong to a record of this one.
 */
typedef struct
{
  char *object;
  char *field;
  char *name;
  gboolean cascade_delete;
} SluiceChildRelationship;

SluiceChildRelationship *sluice_child_relationship_new (const char *object,
                                                        const char *field,
                                                        const char *name,
                                                        gboolean    cascade_delete);
void                sluice_child_relationship_free     (SluiceChildRelationship *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SluiceChildRelationship, sluice_child_relationship_free)

#define SLUICE_TYPE_OBJECT_DESCRIBE (sluice_object_describe_get_type ())

/**
 * SluiceObjectDescribe:
 *
 * Everything about one object of an org, as the signed-in user sees it: fields
 * that field-level security hides are not there at all. Never changes, so any
 * thread may read it.
 */
G_DECLARE_FINAL_TYPE (SluiceObjectDescribe, sluice_object_describe, SLUICE, OBJECT_DESCRIBE, GObject)

SluiceObjectDescribe *sluice_object_describe_new       (SluiceObjectInfo     *info,
                                                        GPtrArray            *fields,
                                                        GPtrArray            *children);

SluiceObjectInfo   *sluice_object_describe_get_info    (SluiceObjectDescribe *self);
const char         *sluice_object_describe_get_name    (SluiceObjectDescribe *self);

/* A list of SluiceFieldInfo, in the order of Salesforce */
GListModel         *sluice_object_describe_get_fields  (SluiceObjectDescribe *self);
/* Both take capitals and small letters for the same, as SOQL does. */
SluiceFieldInfo    *sluice_object_describe_find_field  (SluiceObjectDescribe *self,
                                                        const char           *name);
SluiceFieldInfo    *sluice_object_describe_find_relationship (SluiceObjectDescribe *self,
                                                        const char           *relationship_name);
/* SELECT … FROM …, with all fields that a query gives as one value */
char               *sluice_object_describe_dup_query   (SluiceObjectDescribe *self,
                                                        guint                 limit);

guint               sluice_object_describe_get_n_children (SluiceObjectDescribe *self);
const SluiceChildRelationship *
                    sluice_object_describe_get_child   (SluiceObjectDescribe *self,
                                                        guint                 i);
const SluiceChildRelationship *
                    sluice_object_describe_find_child  (SluiceObjectDescribe *self,
                                                        const char           *relationship_name);

G_END_DECLS
