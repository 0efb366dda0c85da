/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * SluiceFieldFlags:
 * @SLUICE_FIELD_NILLABLE: may be empty
 * @SLUICE_FIELD_CREATEABLE: the user may set it in a new record
 * @SLUICE_FIELD_UPDATEABLE: the user may change it
 * @SLUICE_FIELD_DEFAULTED_ON_CREATE: Salesforce fills it when a new record leaves it out
 * @SLUICE_FIELD_CALCULATED: a formula or a roll-up summary
 * @SLUICE_FIELD_AUTO_NUMBER: Salesforce counts
 * @SLUICE_FIELD_UNIQUE: no two records have the same value
 * @SLUICE_FIELD_CUSTOM: made in this org or by a package
 * @SLUICE_FIELD_EXTERNAL_ID: a key of another system; upsert can match by it
 * @SLUICE_FIELD_ID_LOOKUP: upsert can match by it
 * @SLUICE_FIELD_CASE_SENSITIVE: an external id that tells capitals apart
 * @SLUICE_FIELD_RECORD_NAME: the record's name
 * @SLUICE_FIELD_FILTERABLE: WHERE takes it
 * @SLUICE_FIELD_SORTABLE: ORDER BY takes it
 * @SLUICE_FIELD_GROUPABLE: GROUP BY takes it
 * @SLUICE_FIELD_AGGREGATABLE: MIN, MAX and the like take it
 * @SLUICE_FIELD_RESTRICTED_PICKLIST: no other values than those listed
 * @SLUICE_FIELD_DEPENDENT_PICKLIST: another field decides which values
 * @SLUICE_FIELD_POLYMORPHIC: a reference to records of several objects
 * @SLUICE_FIELD_CASCADE_DELETE: deleting the parent deletes the record: master-detail
 * @SLUICE_FIELD_ENCRYPTED: encrypted at rest
 * @SLUICE_FIELD_HTML: rich text
 * @SLUICE_FIELD_DEPRECATED: retired, and hidden in this API version
 *
 * What a field is and what the signed-in user may do with it.
 */
typedef enum
{
  SLUICE_FIELD_NILLABLE            = 1 << 0,
  SLUICE_FIELD_CREATEABLE          = 1 << 1,
  SLUICE_FIELD_UPDATEABLE          = 1 << 2,
  SLUICE_FIELD_DEFAULTED_ON_CREATE = 1 << 3,
  SLUICE_FIELD_CALCULATED          = 1 << 4,
  SLUICE_FIELD_AUTO_NUMBER         = 1 << 5,
  SLUICE_FIELD_UNIQUE              = 1 << 6,
  SLUICE_FIELD_CUSTOM              = 1 << 7,
  SLUICE_FIELD_EXTERNAL_ID         = 1 << 8,
  SLUICE_FIELD_ID_LOOKUP           = 1 << 9,
  SLUICE_FIELD_CASE_SENSITIVE      = 1 << 10,
  SLUICE_FIELD_RECORD_NAME         = 1 << 11,
  SLUICE_FIELD_FILTERABLE          = 1 << 12,
  SLUICE_FIELD_SORTABLE            = 1 << 13,
  SLUICE_FIELD_GROUPABLE           = 1 << 14,
  SLUICE_FIELD_AGGREGATABLE        = 1 << 15,
  SLUICE_FIELD_RESTRICTED_PICKLIST = 1 << 16,
  SLUICE_FIELD_DEPENDENT_PICKLIST  = 1 << 17,
  SLUICE_FIELD_POLYMORPHIC         = 1 << 18,
  SLUICE_FIELD_CASCADE_DELETE      = 1 << 19,
  SLUICE_FIELD_ENCRYPTED           = 1 << 20,
  SLUICE_FIELD_HTML                = 1 << 21,
  SLUICE_FIELD_DEPRECATED          = 1 << 22,
} SluiceFieldFlags;

/**
 * SluicePicklistValue:
 * @value: what the API reads and writes
 * @label: what users of Salesforce read
 * @active: whether new records may have it
 * @is_default: whether a new record gets it
 *
 * One value of a picklist.
 */
typedef struct
{
  char *value;
  char *label;
  gboolean active;
  gboolean is_default;
} SluicePicklistValue;

void                 sluice_picklist_value_free           (SluicePicklistValue    *self);

#define SLUICE_TYPE_FIELD_INFO (sluice_field_info_get_type ())

/**
 * SluiceFieldInfo:
 *
 * One field of an object, as the object's describe tells it. Never changes
 * once it is filled, so any thread may read it.
 *
 * Read-only properties: `name` (the API name), `label`, `field-type` (such as
 * "currency"), `custom` (boolean).
 */
G_DECLARE_FINAL_TYPE (SluiceFieldInfo, sluice_field_info, SLUICE, FIELD_INFO, GObject)

/**
 * SluiceFieldDetails:
 * @name: the API name
 * @label: (nullable): what users of Salesforce read
 * @type: (nullable): the API's word, such as "string", "currency" or "reference"
 * @length: of a text, in characters
 * @digits: of an integer
 * @precision: of a number: all digits
 * @scale: of a number: digits after the point
 * @flags: what it is
 * @relationship_name: (nullable): how SOQL names the parent record of a reference
 * @compound_name: (nullable): the field that this one is a part of, such as "BillingAddress"
 * @controller_name: (nullable): the field that decides which values a dependent picklist has
 * @help_text: (nullable): what Salesforce shows beside it
 * @formula: (nullable): of a calculated field
 * @default_value: (nullable): as text
 * @targets: (nullable) (array zero-terminated=1): the objects that a reference points to
 * @picklist: (nullable) (element-type SluicePicklistValue): its values
 *
 * What a field is made from.
 */
typedef struct
{
  const char *name;
  const char *label;
  const char *type;
  guint length;
  guint digits;
  guint precision;
  guint scale;
  SluiceFieldFlags flags;
  const char *relationship_name;
  const char *compound_name;
  const char *controller_name;
  const char *help_text;
  const char *formula;
  const char *default_value;
  const char * const *targets;
  GPtrArray *picklist;
} SluiceFieldDetails;

SluiceFieldInfo     *sluice_field_info_new                (const SluiceFieldDetails *details);

const char          *sluice_field_info_get_name           (SluiceFieldInfo  *self);
const char          *sluice_field_info_get_label          (SluiceFieldInfo  *self);
const char          *sluice_field_info_get_field_type     (SluiceFieldInfo  *self);
guint                sluice_field_info_get_length         (SluiceFieldInfo  *self);
guint                sluice_field_info_get_digits         (SluiceFieldInfo  *self);
guint                sluice_field_info_get_precision      (SluiceFieldInfo  *self);
guint                sluice_field_info_get_scale          (SluiceFieldInfo  *self);
gboolean             sluice_field_info_has                (SluiceFieldInfo  *self,
                                                           SluiceFieldFlags  flags);
/* A new record must have it. */
gboolean             sluice_field_info_is_required        (SluiceFieldInfo  *self);
/* The user may neither set nor change it. */
gboolean             sluice_field_info_is_read_only       (SluiceFieldInfo  *self);
/* Such as "string(255)", "currency(18, 2)" or "reference(Account)" */
char                *sluice_field_info_dup_type_text      (SluiceFieldInfo  *self);
/* Such as "Required" and "External ID", in the reader's language */
GStrv                sluice_field_info_dup_marks          (SluiceFieldInfo  *self);
const char          *sluice_field_info_get_relationship_name (SluiceFieldInfo *self);
const char          *sluice_field_info_get_compound_name  (SluiceFieldInfo  *self);
const char          *sluice_field_info_get_controller_name (SluiceFieldInfo *self);
const char          *sluice_field_info_get_help_text      (SluiceFieldInfo  *self);
const char          *sluice_field_info_get_formula        (SluiceFieldInfo  *self);
const char          *sluice_field_info_get_default_value  (SluiceFieldInfo  *self);
/* Never NULL */
const char * const  *sluice_field_info_get_targets        (SluiceFieldInfo  *self);
guint                sluice_field_info_get_n_picklist     (SluiceFieldInfo  *self);
const SluicePicklistValue *sluice_field_info_get_picklist (SluiceFieldInfo  *self,
                                                           guint             i);
const SluicePicklistValue *sluice_field_info_find_picklist (SluiceFieldInfo *self,
                                                            const char      *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SluicePicklistValue, sluice_picklist_value_free)

G_END_DECLS
