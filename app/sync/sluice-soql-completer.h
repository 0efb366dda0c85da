/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-describe-cache.h"
#include "sluice-soql-context.h"
#include "sluice-soql-suggestion.h"

G_BEGIN_DECLS

void        sluice_soql_complete_async  (SluiceDescribeCache      *cache,
                                         const SluiceSoqlContext  *context,
                                         GCancellable             *cancellable,
                                         GAsyncReadyCallback       callback,
                                         gpointer                  user_data);
GListModel *sluice_soql_complete_finish (GAsyncResult             *result,
                                         GError                  **error);
GListModel *sluice_soql_list_words      (const SluiceSoqlContext  *context);

G_END_DECLS
