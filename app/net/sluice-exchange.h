/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-carrier.h"
#include "sluice-client.h"
#include "sluice-tokens.h"

G_BEGIN_DECLS

/**
 * SluiceExchange:
 * @throttle: which every request passes
 * @tokens: what it is allowed with
 * @calls: where it is noted
 * @clock: whose time it is
 * @carrier: who sends it
 * @api_version: (nullable): for paths without a slash
 *
 * What a client lends to each of its calls. Copied, with references.
 */
typedef struct
{
  SluiceThrottle *throttle;
  SluiceTokens *tokens;
  SluiceCallList *calls;
  SluiceClock *clock;
  SluiceCarrier *carrier;
  const char *api_version;
} SluiceExchange;

void          sluice_exchange_run_async     (GObject               *source,
                                             const SluiceExchange  *exchange,
                                             const SluiceRequest   *request,
                                             gboolean               stream,
                                             GCancellable          *cancellable,
                                             GAsyncReadyCallback    callback,
                                             gpointer               user_data);
SluiceReply  *sluice_exchange_run_finish    (GObject               *source,
                                             GAsyncResult          *result,
                                             GInputStream         **stream,
                                             GError               **error);

G_END_DECLS
