/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-import-mapping.h"
#include "sluice-row-batch.h"

G_BEGIN_DECLS

/**
 * SLUICE_IMPORT_CLEAR:
 *
 * The value that empties a field, as the Bulk API writes it.
 */
#define SLUICE_IMPORT_CLEAR "#N/A"

/**
 * SluiceImportConverter:
 *
 * Makes the values that are sent from the rows of a file, as a mapping says
 * at the moment the converter is made. To be used in one thread, any.
 */
typedef struct _SluiceImportConverter SluiceImportConverter;

SluiceImportConverter *sluice_import_converter_new            (SluiceImportMapping    *mapping);
void                   sluice_import_converter_free           (SluiceImportConverter  *self);

guint                  sluice_import_converter_get_n_fields   (SluiceImportConverter  *self);
const char            *sluice_import_converter_get_field      (SluiceImportConverter  *self,
                                                               guint                   i);
SluiceImportTarget    *sluice_import_converter_get_target     (SluiceImportConverter  *self,
                                                               guint                   i);
guint                  sluice_import_converter_get_column     (SluiceImportConverter  *self,
                                                               guint                   i);
int                    sluice_import_converter_get_key        (SluiceImportConverter  *self);

SluiceImportIssueKind  sluice_import_converter_convert        (SluiceImportConverter  *self,
                                                               const SluiceCell       *row,
                                                               const SluiceCell      **values,
                                                               guint                  *culprit);
char                  *sluice_import_converter_dup_issue_text (SluiceImportConverter  *self,
                                                               SluiceImportIssueKind   kind,
                                                               guint                   culprit,
                                                               const SluiceCell       *row);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SluiceImportConverter, sluice_import_converter_free)

G_END_DECLS
