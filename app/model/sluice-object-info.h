/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * SluiceObjectFlags:
 * @SLUICE_OBJECT_CUSTOM: made in this org or by a package, not by Salesforce
 * @SLUICE_OBJECT_CUSTOM_SETTING: a custom setting
 * @SLUICE_OBJECT_QUERYABLE: SOQL reads it
 * @SLUICE_OBJECT_CREATEABLE: the user may create records
 * @SLUICE_OBJECT_UPDATEABLE: the user may change records
 * @SLUICE_OBJECT_DELETABLE: the user may delete records
 * @SLUICE_OBJECT_UNDELETABLE: the user may take records back from the recycle bin
 * @SLUICE_OBJECT_RETRIEVEABLE: single records are read by id
 * @SLUICE_OBJECT_SEARCHABLE: SOSL searches it
 * @SLUICE_OBJECT_REPLICATEABLE: the lists of changed and deleted records know it
 * @SLUICE_OBJECT_MERGEABLE: records can be merged
 * @SLUICE_OBJECT_LAYOUTABLE: it has page layouts: users see it in Salesforce
 * @SLUICE_OBJECT_DEPRECATED: retired, and hidden in this API version
 *
 * What an object is and what the signed-in user may do with it.
 */
typedef enum
{
  SLUICE_OBJECT_CUSTOM         = 1 << 0,
  SLUICE_OBJECT_CUSTOM_SETTING = 1 << 1,
  SLUICE_OBJECT_QUERYABLE      = 1 << 2,
  SLUICE_OBJECT_CREATEABLE     = 1 << 3,
  SLUICE_OBJECT_UPDATEABLE     = 1 << 4,
  SLUICE_OBJECT_DELETABLE      = 1 << 5,
  SLUICE_OBJECT_UNDELETABLE    = 1 << 6,
  SLUICE_OBJECT_RETRIEVEABLE   = 1 << 7,
  SLUICE_OBJECT_SEARCHABLE     = 1 << 8,
  SLUICE_OBJECT_REPLICATEABLE  = 1 << 9,
  SLUICE_OBJECT_MERGEABLE      = 1 << 10,
  SLUICE_OBJECT_LAYOUTABLE     = 1 << 11,
  SLUICE_OBJECT_DEPRECATED     = 1 << 12,
} SluiceObjectFlags;

#define SLUICE_TYPE_OBJECT_INFO (sluice_object_info_get_type ())

/**
 * SluiceObjectInfo:
 *
 * One object of an org, as the list of all objects tells it. Never changes, so
 * any thread may read it.
 *
 * Read-only properties: `name` (the API name), `label`, `label-plural`,
 * `custom` (boolean).
 */
G_DECLARE_FINAL_TYPE (SluiceObjectInfo, sluice_object_info, SLUICE, OBJECT_INFO, GObject)

SluiceObjectInfo *sluice_object_info_new              (const char        *name,
                                                       const char        *label,
                                                       const char        *label_plural,
                                                       const char        *key_prefix,
                                                       SluiceObjectFlags  flags);

const char       *sluice_object_info_get_name         (SluiceObjectInfo  *self);
const char       *sluice_object_info_get_label        (SluiceObjectInfo  *self);
const char       *sluice_object_info_get_label_plural (SluiceObjectInfo  *self);
const char       *sluice_object_info_get_key_prefix   (SluiceObjectInfo  *self);
gboolean          sluice_object_info_has              (SluiceObjectInfo  *self,
                                                       SluiceObjectFlags  flags);

G_END_DECLS
