/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-describe-cache.h"

G_BEGIN_DECLS

void                  sluice_soql_resolve_async  (SluiceDescribeCache   *cache,
                                                  const char * const    *from,
                                                  const char * const    *path,
                                                  GCancellable          *cancellable,
                                                  GAsyncReadyCallback    callback,
                                                  gpointer               user_data);
SluiceObjectDescribe *sluice_soql_resolve_finish (GAsyncResult          *result,
                                                  GError               **error);

G_END_DECLS
