/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-describe-cache.h"
#include "sluice-import-issue.h"
#include "sluice-import-target.h"
#include "sluice-import-value.h"
#include "sluice-write-verb.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_IMPORT_MAPPING (sluice_import_mapping_get_type ())

/**
 * SluiceImportMapping:
 *
 * Which column of a file goes to which field of an object, what is done with
 * the records, and how the file writes dates and numbers.
 *
 * To be used in the main thread; #SluiceImportConverter is what a worker
 * thread takes.
 *
 * Properties: `verb` (SluiceWriteVerb), `key` (nullable: the field that tells
 * records apart in an upsert), `dates` (SluiceDateOrder), `decimal`
 * (SluiceDecimalMark), `time-zone` (nullable: a name such as Europe/Berlin,
 * for times that name none), `clear-empty` (boolean: an empty value empties
 * the field, instead of leaving it alone). Signal `changed`: a column goes
 * elsewhere, or one of the properties has changed.
 */
G_DECLARE_FINAL_TYPE (SluiceImportMapping, sluice_import_mapping, SLUICE, IMPORT_MAPPING, GObject)

SluiceImportMapping  *sluice_import_mapping_new             (SluiceObjectDescribe  *describe,
                                                             GPtrArray             *parents,
                                                             const char * const    *columns,
                                                             SluiceWriteVerb        verb);
void                  sluice_import_mapping_new_async       (SluiceDescribeCache   *cache,
                                                             const char            *object,
                                                             const char * const    *columns,
                                                             SluiceWriteVerb        verb,
                                                             GCancellable          *cancellable,
                                                             GAsyncReadyCallback    callback,
                                                             gpointer               user_data);
SluiceImportMapping  *sluice_import_mapping_new_finish      (GAsyncResult          *result,
                                                             GError               **error);

SluiceObjectDescribe *sluice_import_mapping_get_describe    (SluiceImportMapping   *self);
const char           *sluice_import_mapping_get_object      (SluiceImportMapping   *self);
const char * const   *sluice_import_mapping_get_columns     (SluiceImportMapping   *self,
                                                             guint                 *n_columns);
GListModel           *sluice_import_mapping_get_targets     (SluiceImportMapping   *self);
SluiceImportTarget   *sluice_import_mapping_find_target     (SluiceImportMapping   *self,
                                                             const char            *name);

SluiceWriteVerb       sluice_import_mapping_get_verb        (SluiceImportMapping   *self);
void                  sluice_import_mapping_set_verb        (SluiceImportMapping   *self,
                                                             SluiceWriteVerb        verb);
const char           *sluice_import_mapping_get_key         (SluiceImportMapping   *self);
gboolean              sluice_import_mapping_set_key         (SluiceImportMapping   *self,
                                                             const char            *key,
                                                             GError               **error);
SluiceDateOrder       sluice_import_mapping_get_dates       (SluiceImportMapping   *self);
void                  sluice_import_mapping_set_dates       (SluiceImportMapping   *self,
                                                             SluiceDateOrder        dates);
SluiceDecimalMark     sluice_import_mapping_get_decimal     (SluiceImportMapping   *self);
void                  sluice_import_mapping_set_decimal     (SluiceImportMapping   *self,
                                                             SluiceDecimalMark      decimal);
const char           *sluice_import_mapping_get_time_zone   (SluiceImportMapping   *self);
gboolean              sluice_import_mapping_set_time_zone   (SluiceImportMapping   *self,
                                                             const char            *time_zone,
                                                             GError               **error);
gboolean              sluice_import_mapping_get_clear_empty (SluiceImportMapping   *self);
void                  sluice_import_mapping_set_clear_empty (SluiceImportMapping   *self,
                                                             gboolean               clear_empty);

SluiceImportTarget   *sluice_import_mapping_get_target      (SluiceImportMapping   *self,
                                                             guint                  column);
void                  sluice_import_mapping_set_target      (SluiceImportMapping   *self,
                                                             guint                  column,
                                                             SluiceImportTarget    *target);
gboolean              sluice_import_mapping_send            (SluiceImportMapping   *self,
                                                             const char            *column,
                                                             const char            *field,
                                                             GError               **error);
void                  sluice_import_mapping_match           (SluiceImportMapping   *self);
void                  sluice_import_mapping_clear           (SluiceImportMapping   *self);

GPtrArray            *sluice_import_mapping_check           (SluiceImportMapping   *self);
gboolean              sluice_import_mapping_is_ready        (SluiceImportMapping   *self,
                                                             GError               **error);

G_END_DECLS
