/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  ORG_TYPE_ID,
  ORG_TYPE_STRING,
  ORG_TYPE_TEXTAREA,
  ORG_TYPE_PICKLIST,
  ORG_TYPE_PHONE,
  ORG_TYPE_EMAIL,
  ORG_TYPE_URL,
  ORG_TYPE_REFERENCE,
  ORG_TYPE_BOOLEAN,
  ORG_TYPE_INT,
  ORG_TYPE_DOUBLE,
  ORG_TYPE_CURRENCY,
  ORG_TYPE_PERCENT,
  ORG_TYPE_DATE,
  ORG_TYPE_DATETIME,
  ORG_TYPE_ADDRESS,
} OrgType;

/**
 * OrgFieldFlags:
 * @ORG_FIELD_REQUIRED: never null
 * @ORG_FIELD_WRITABLE: clients may create and update it
 * @ORG_FIELD_CUSTOM: ends in `__c`
 * @ORG_FIELD_CALCULATED: a formula or a roll-up
 * @ORG_FIELD_ADMIN_ONLY: hidden from standard users by field-level security
 * @ORG_FIELD_EXTERNAL_ID: an external id
 * @ORG_FIELD_UNIQUE: no two records share a value
 * @ORG_FIELD_AUTO_NUMBER: numbered by the server
 * @ORG_FIELD_NAME: what stands for the record
 * @ORG_FIELD_NO_FILTER: not allowed in WHERE
 * @ORG_FIELD_CASCADE: deleting the parent deletes this record
 *
 * What the describe answer and the query checks say about a field.
 */
typedef enum
{
  ORG_FIELD_REQUIRED = 1 << 0,
  ORG_FIELD_WRITABLE = 1 << 1,
  ORG_FIELD_CUSTOM = 1 << 2,
  ORG_FIELD_CALCULATED = 1 << 3,
  ORG_FIELD_ADMIN_ONLY = 1 << 4,
  ORG_FIELD_EXTERNAL_ID = 1 << 5,
  ORG_FIELD_UNIQUE = 1 << 6,
  ORG_FIELD_AUTO_NUMBER = 1 << 7,
  ORG_FIELD_NAME = 1 << 8,
  ORG_FIELD_NO_FILTER = 1 << 9,
  ORG_FIELD_CASCADE = 1 << 10,
} OrgFieldFlags;

/**
 * OrgField:
 * @name: the API name
 * @label: what people see
 * @type: its type
 * @flags: what may be done with it
 * @length: characters, or digits of a number
 * @scale: decimals
 * @targets: (nullable): for a reference the objects it points to, blank-separated; the last one is what paths follow
 * @relationship: (nullable): for a reference the name used in paths
 * @children: (nullable): for a reference the name of the parent's child relationship
 * @values: (nullable): picklist values, separated by `;`
 * @formula: (nullable): the formula shown by describe
 * @compound: (nullable): the compound field this is a part of; for an address the prefix of its parts
 *
 * One field of an object.
 */
typedef struct
{
  const char    *name;
  const char    *label;
  OrgType        type;
  OrgFieldFlags  flags;
  guint          length;
  guint          scale;
  const char    *targets;
  const char    *relationship;
  const char    *children;
  const char    *values;
  const char    *formula;
  const char    *compound;
} OrgField;

/**
 * OrgObject:
 * @name: the API name
 * @label: singular
 * @plural: plural
 * @prefix: the first three characters of its ids
 * @own: the fields that are declared for it, up to one without a name
 * @owned: whether it has an owner
 * @setup: whether it belongs to the org's set-up rather than to its data
 *
 * One object as declared; org_object_get_fields() adds what all have.
 */
typedef struct
{
  const char     *name;
  const char     *label;
  const char     *plural;
  const char     *prefix;
  const OrgField *own;
  gboolean        owned;
  gboolean        setup;
} OrgObject;

/**
 * OrgChild:
 * @object: the child
 * @field: its reference to the parent
 *
 * A reference seen from the parent.
 */
typedef struct
{
  const OrgObject *object;
  const OrgField  *field;
} OrgChild;

#define ORG_MAX_FIELDS 80

const OrgObject *org_schema_get_objects   (guint            *n_objects);
const OrgObject *org_schema_find          (const char       *name);
const OrgObject *org_schema_find_prefix   (const char       *id);
const OrgField  *org_object_get_fields    (const OrgObject  *object,
                                           guint            *n_fields);
const OrgField  *org_object_find_field    (const OrgObject  *object,
                                           const char       *name);
const OrgField  *org_object_find_parent   (const OrgObject  *object,
                                           const char       *relationship,
                                           const OrgObject **parent);
const OrgField  *org_object_get_name_field (const OrgObject *object);
gboolean         org_object_find_child    (const OrgObject  *object,
                                           const char       *relationship,
                                           OrgChild         *child);
GArray          *org_object_list_children (const OrgObject  *object);
gboolean         org_field_is_visible     (const OrgField   *field,
                                           gboolean          admin);
gboolean         org_type_is_text         (OrgType           type);
gboolean         org_type_is_number       (OrgType           type);
const char      *org_type_get_name        (OrgType           type);

G_END_DECLS
