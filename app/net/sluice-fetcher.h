/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-client.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_FETCHER (sluice_fetcher_get_type ())

/**
 * SluiceFetcher:
 *
 * Reads large answers in a thread of its own: waiting, reading and inflating
 * happen there, so nothing of it is felt in the main loop, and a reader that
 * is slow slows the server down.
 *
 * Each call passes the client's throttle, tokens and judgement like all
 * others; that part runs in the main context, which must go on. One fetcher
 * serves one thread and keeps one connection; several of one client run side
 * by side as far as the throttle lets them.
 */
G_DECLARE_FINAL_TYPE (SluiceFetcher, sluice_fetcher, SLUICE, FETCHER, GObject)

SluiceFetcher *sluice_client_new_fetcher     (SluiceClient         *client,
                                              SluicePriority        priority);

void           sluice_fetcher_set_claim      (SluiceFetcher        *self,
                                              SluiceClaim          *claim);
GInputStream  *sluice_fetcher_open           (SluiceFetcher        *self,
                                              const SluiceRequest  *request,
                                              GCancellable         *cancellable,
                                              SluiceReply         **reply,
                                              GError              **error);

gboolean       sluice_fetcher_is_worth_again (const GError         *error);

G_END_DECLS
