/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-client.h"

G_BEGIN_DECLS

/* Records in one call at most (wire reference 2.7) */
#define SLUICE_COLLECTION_SIZE 200

/**
 * SluiceWriteResult:
 * @id: (nullable): the record
 * @created: whether it is new
 * @problem: (nullable): why it was refused, with the org's code in front: "STRING_TOO_LONG: …"; %NULL when it was written
 *
 * What became of one record.
 */
typedef struct
{
  char *id;
  gboolean created;
  char *problem;
} SluiceWriteResult;

void       sluice_write_result_free  (SluiceWriteResult    *self);

GPtrArray *sluice_collection_write   (SluiceClient         *client,
                                      SluiceWritePermit    *permit,
                                      const char           *key,
                                      const char           *records,
                                      guint                 n_records,
                                      guint                 n_repeated,
                                      SluicePriority        priority,
                                      GCancellable         *cancellable,
                                      GError              **error);
GPtrArray *sluice_collection_delete  (SluiceClient         *client,
                                      SluiceWritePermit    *permit,
                                      const char * const   *ids,
                                      guint                 n_repeated,
                                      SluicePriority        priority,
                                      GCancellable         *cancellable,
                                      GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SluiceWriteResult, sluice_write_result_free)

G_END_DECLS
