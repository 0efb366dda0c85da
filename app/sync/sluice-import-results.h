/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-import-job.h"

G_BEGIN_DECLS

gboolean sluice_import_results_write (SluiceImportJob     *job,
                                      SluiceImportLedger  *ledger,
                                      GError             **error);

G_END_DECLS
