/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include "sluice-field-info.h"
#include "sluice-write-verb.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_IMPORT_TARGET (sluice_import_target_get_type ())

/**
 * SluiceImportTarget:
 *
 * Where a column of a file may go: a field of the object, or, to refer to a
 * parent record, a key of the parent such as `Account.External__c`. Never
 * changes, so any thread may read it.
 *
 * Read-only properties: `name` (as the API wants it), `label` (for users).
 */
G_DECLARE_FINAL_TYPE (SluiceImportTarget, sluice_import_target, SLUICE, IMPORT_TARGET, GObject)

SluiceImportTarget *sluice_import_target_new        (SluiceFieldInfo    *field);
SluiceImportTarget *sluice_import_target_new_lookup (SluiceFieldInfo    *reference,
                                                     const char         *parent,
                                                     SluiceFieldInfo    *parent_key);

const char         *sluice_import_target_get_name   (SluiceImportTarget *self);
const char         *sluice_import_target_get_label  (SluiceImportTarget *self);
SluiceFieldInfo    *sluice_import_target_get_field  (SluiceImportTarget *self);
SluiceFieldInfo    *sluice_import_target_get_value_field (SluiceImportTarget *self);
const char         *sluice_import_target_get_parent (SluiceImportTarget *self);
gboolean            sluice_import_target_is_key     (SluiceImportTarget *self);
gboolean            sluice_import_target_serves     (SluiceImportTarget *self,
                                                     SluiceWriteVerb     verb);

G_END_DECLS
