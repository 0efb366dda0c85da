/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * SluiceRowOutcome:
 * @SLUICE_ROW_PENDING: not sent yet
 * @SLUICE_ROW_IN_FLIGHT: perhaps sent
 * @SLUICE_ROW_SUCCEEDED: written
 * @SLUICE_ROW_FAILED: refused, by the org or before it was sent
 * @SLUICE_ROW_UNPROCESSED: the org had it but did not try
 * @SLUICE_ROW_IN_DOUBT: sent, and nobody knows what became of it
 *
 * What became of a row of an import.
 */
typedef enum
{
  SLUICE_ROW_PENDING,
  SLUICE_ROW_IN_FLIGHT,
  SLUICE_ROW_SUCCEEDED,
  SLUICE_ROW_FAILED,
  SLUICE_ROW_UNPROCESSED,
  SLUICE_ROW_IN_DOUBT,
  SLUICE_N_ROW_OUTCOMES,
} SluiceRowOutcome;

/**
 * SluiceLedgerRow:
 * @outcome: what became of it
 * @id: (nullable): the record
 * @created: whether the record is new
 * @problem: (nullable): why it was refused
 *
 * One row of a ledger. Its texts are valid until the ledger is asked again.
 */
typedef struct
{
  SluiceRowOutcome outcome;
  const char *id;
  gboolean created;
  const char *problem;
} SluiceLedgerRow;

/**
 * SluiceImportLedger:
 *
 * The memory of one import: what became of each row of its file, and how far
 * the work is. It is a file, so that memory does not grow with the rows and
 * an import that was killed can go on. To be used in one thread at a time.
 */
typedef struct _SluiceImportLedger SluiceImportLedger;

SluiceImportLedger *sluice_import_ledger_open         (const char            *path,
                                                       GError               **error);
gboolean            sluice_import_ledger_is_in_use    (const char            *path);
void                sluice_import_ledger_free         (SluiceImportLedger    *self);

gboolean            sluice_import_ledger_begin        (SluiceImportLedger    *self,
                                                       GError               **error);
gboolean            sluice_import_ledger_commit       (SluiceImportLedger    *self,
                                                       GError               **error);
void                sluice_import_ledger_roll_back    (SluiceImportLedger    *self);

gboolean            sluice_import_ledger_set_text     (SluiceImportLedger    *self,
                                                       const char            *name,
                                                       const char            *text,
                                                       GError               **error);
char               *sluice_import_ledger_dup_text     (SluiceImportLedger    *self,
                                                       const char            *name);

gboolean            sluice_import_ledger_put          (SluiceImportLedger    *self,
                                                       guint64                row,
                                                       guint64                content,
                                                       guint64                key,
                                                       GError               **error);
gboolean            sluice_import_ledger_settle       (SluiceImportLedger    *self,
                                                       guint64                row,
                                                       const SluiceLedgerRow *entry,
                                                       GError               **error);
gboolean            sluice_import_ledger_settle_match (SluiceImportLedger    *self,
                                                       guint64                content,
                                                       guint64                key,
                                                       const SluiceLedgerRow *entry,
                                                       gboolean              *found,
                                                       GError               **error);
gboolean            sluice_import_ledger_turn         (SluiceImportLedger    *self,
                                                       SluiceRowOutcome       from,
                                                       SluiceRowOutcome       to,
                                                       const char            *problem,
                                                       guint64               *n_rows,
                                                       GError               **error);
gboolean            sluice_import_ledger_find         (SluiceImportLedger    *self,
                                                       guint64                row,
                                                       SluiceLedgerRow       *entry,
                                                       GError               **error);
gboolean            sluice_import_ledger_count        (SluiceImportLedger    *self,
                                                       guint64                counts[SLUICE_N_ROW_OUTCOMES],
                                                       GError               **error);
gboolean            sluice_import_ledger_note_id      (SluiceImportLedger    *self,
                                                       const char            *id,
                                                       gboolean              *is_new,
                                                       GError               **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SluiceImportLedger, sluice_import_ledger_free)

G_END_DECLS
