/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-subscription-list.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_SUBSCRIPTION_STORE (sluice_subscription_store_get_type ())

/**
 * SluiceSubscriptionStore:
 *
 * The files `<directory>/<uuid>.json`, one a subscription, readable and
 * without secrets, and the list that mirrors them.
 *
 * Every write is atomic. A file that is damaged, unreadable or of a newer
 * version appears in the list as a damaged subscription, is never written
 * over, and harms no other. Changes that another program makes to the folder
 * appear in the list by themselves.
 */
G_DECLARE_FINAL_TYPE (SluiceSubscriptionStore, sluice_subscription_store, SLUICE, SUBSCRIPTION_STORE, GObject)

SluiceSubscriptionStore *sluice_subscription_store_new           (const char               *directory);
SluiceSubscriptionList  *sluice_subscription_store_get_list      (SluiceSubscriptionStore  *self);

void                     sluice_subscription_store_load_async    (SluiceSubscriptionStore  *self,
                                                                  GCancellable             *cancellable,
                                                                  GAsyncReadyCallback       callback,
                                                                  gpointer                  user_data);
gboolean                 sluice_subscription_store_load_finish   (SluiceSubscriptionStore  *self,
                                                                  GAsyncResult             *result,
                                                                  GError                  **error);
void                     sluice_subscription_store_save_async    (SluiceSubscriptionStore  *self,
                                                                  SluiceSubscription       *subscription,
                                                                  GCancellable             *cancellable,
                                                                  GAsyncReadyCallback       callback,
                                                                  gpointer                  user_data);
gboolean                 sluice_subscription_store_save_finish   (SluiceSubscriptionStore  *self,
                                                                  GAsyncResult             *result,
                                                                  GError                  **error);
void                     sluice_subscription_store_delete_async  (SluiceSubscriptionStore  *self,
                                                                  SluiceSubscription       *subscription,
                                                                  GCancellable             *cancellable,
                                                                  GAsyncReadyCallback       callback,
                                                                  gpointer                  user_data);
gboolean                 sluice_subscription_store_delete_finish (SluiceSubscriptionStore  *self,
                                                                  GAsyncResult             *result,
                                                                  GError                  **error);
void                     sluice_subscription_store_export_async  (SluiceSubscriptionStore  *self,
                                                                  SluiceSubscription       *subscription,
                                                                  GFile                    *destination,
                                                                  GCancellable             *cancellable,
                                                                  GAsyncReadyCallback       callback,
                                                                  gpointer                  user_data);
gboolean                 sluice_subscription_store_export_finish (SluiceSubscriptionStore  *self,
                                                                  GAsyncResult             *result,
                                                                  GError                  **error);
void                     sluice_subscription_store_import_async  (SluiceSubscriptionStore  *self,
                                                                  GFile                    *source,
                                                                  GCancellable             *cancellable,
                                                                  GAsyncReadyCallback       callback,
                                                                  gpointer                  user_data);
SluiceSubscription      *sluice_subscription_store_import_finish (SluiceSubscriptionStore  *self,
                                                                  GAsyncResult             *result,
                                                                  GError                  **error);

G_END_DECLS
