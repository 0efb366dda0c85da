/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-client.h"
#include "sluice-import-converter.h"
#include "sluice-import-ledger.h"

G_BEGIN_DECLS

/**
 * SluiceImportUndo:
 *
 * Keeps what records held before an import changes or deletes them, in a file
 * that can be imported to take the import back. Used in one worker thread.
 */
typedef struct _SluiceImportUndo SluiceImportUndo;

SluiceImportUndo *sluice_import_undo_open       (SluiceClient           *client,
                                                 SluiceImportLedger     *ledger,
                                                 SluiceImportConverter  *converter,
                                                 SluiceObjectDescribe   *describe,
                                                 SluiceWriteVerb         verb,
                                                 const char             *key,
                                                 const char             *base,
                                                 GError                **error);
void              sluice_import_undo_free       (SluiceImportUndo       *self);

gboolean          sluice_import_undo_add        (SluiceImportUndo       *self,
                                                 const char             *key,
                                                 gsize                   length,
                                                 GCancellable           *cancellable,
                                                 GError                **error);
gboolean          sluice_import_undo_flush      (SluiceImportUndo       *self,
                                                 GCancellable           *cancellable,
                                                 GError                **error);
const char       *sluice_import_undo_get_path   (SluiceImportUndo       *self);
guint64           sluice_import_undo_get_calls  (SluiceImportUndo       *self);
guint             sluice_import_undo_get_keys_per_call (SluiceImportUndo *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SluiceImportUndo, sluice_import_undo_free)

G_END_DECLS
