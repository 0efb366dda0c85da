/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-credentials.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_CREDENTIAL_STORE (sluice_credential_store_get_type ())

G_DECLARE_INTERFACE (SluiceCredentialStore, sluice_credential_store, SLUICE, CREDENTIAL_STORE, GObject)

/**
 * SluiceCredentialStoreInterface:
 *
 * Where the secrets of subscriptions are kept.
 *
 * The network layer asks for them and stores rotated ones through this
 * interface, so that it knows nothing of the Secret Service. Implemented by
 * `SluiceSecrets` (store), and by memory doubles in tests.
 *
 * `load` answers %NULL without an error when nothing is stored; a locked
 * keyring is an error (%SLUICE_ERROR_SECRETS_LOCKED), never %NULL.
 * `save` reads back what it wrote before it reports success.
 * `set_session_only` chooses where the secrets of one subscription are kept
 * from then on.
 * `lock` may be %NULL, where no other program shares the secrets.
 */
struct _SluiceCredentialStoreInterface
{
  GTypeInterface parent;

  void               (*load_async)   (SluiceCredentialStore    *self,
                                      const char               *subscription_id,
                                      GCancellable             *cancellable,
                                      GAsyncReadyCallback       callback,
                                      gpointer                  user_data);
  SluiceCredentials *(*load_finish)  (SluiceCredentialStore    *self,
                                      GAsyncResult             *result,
                                      GError                  **error);
  void               (*save_async)   (SluiceCredentialStore    *self,
                                      const char               *subscription_id,
                                      const char               *label,
                                      const SluiceCredentials  *credentials,
                                      GCancellable             *cancellable,
                                      GAsyncReadyCallback       callback,
                                      gpointer                  user_data);
  gboolean           (*save_finish)  (SluiceCredentialStore    *self,
                                      GAsyncResult             *result,
                                      GError                  **error);
  void               (*clear_async)  (SluiceCredentialStore    *self,
                                      const char               *subscription_id,
                                      GCancellable             *cancellable,
                                      GAsyncReadyCallback       callback,
                                      gpointer                  user_data);
  gboolean           (*clear_finish) (SluiceCredentialStore    *self,
                                      GAsyncResult             *result,
                                      GError                  **error);
  void               (*set_session_only) (SluiceCredentialStore *self,
                                          const char            *subscription_id,
                                          gboolean               session_only);
  void               (*lock_async)   (SluiceCredentialStore    *self,
                                      const char               *subscription_id,
                                      GAsyncReadyCallback       callback,
                                      gpointer                  user_data);
  void               (*lock_finish)  (SluiceCredentialStore    *self,
                                      GAsyncResult             *result);
  void               (*unlock)       (SluiceCredentialStore    *self,
                                      const char               *subscription_id);
};

void               sluice_credential_store_load_async   (SluiceCredentialStore    *self,
                                                         const char               *subscription_id,
                                                         GCancellable             *cancellable,
                                                         GAsyncReadyCallback       callback,
                                                         gpointer                  user_data);
SluiceCredentials *sluice_credential_store_load_finish  (SluiceCredentialStore    *self,
                                                         GAsyncResult             *result,
                                                         GError                  **error);
void               sluice_credential_store_save_async   (SluiceCredentialStore    *self,
                                                         const char               *subscription_id,
                                                         const char               *label,
                                                         const SluiceCredentials  *credentials,
                                                         GCancellable             *cancellable,
                                                         GAsyncReadyCallback       callback,
                                                         gpointer                  user_data);
gboolean           sluice_credential_store_save_finish  (SluiceCredentialStore    *self,
                                                         GAsyncResult             *result,
                                                         GError                  **error);
void               sluice_credential_store_clear_async  (SluiceCredentialStore    *self,
                                                         const char               *subscription_id,
                                                         GCancellable             *cancellable,
                                                         GAsyncReadyCallback       callback,
                                                         gpointer                  user_data);
gboolean           sluice_credential_store_clear_finish (SluiceCredentialStore    *self,
                                                         GAsyncResult             *result,
                                                         GError                  **error);
void               sluice_credential_store_set_session_only
                                                        (SluiceCredentialStore    *self,
                                                         const char               *subscription_id,
                                                         gboolean                  session_only);
void               sluice_credential_store_lock_async   (SluiceCredentialStore    *self,
                                                         const char               *subscription_id,
                                                         GAsyncReadyCallback       callback,
                                                         gpointer                  user_data);
void               sluice_credential_store_lock_finish  (SluiceCredentialStore    *self,
                                                         GAsyncResult             *result);
void               sluice_credential_store_unlock       (SluiceCredentialStore    *self,
                                                         const char               *subscription_id);

G_END_DECLS
