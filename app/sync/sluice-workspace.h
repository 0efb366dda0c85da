/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-connection.h"
#include "sluice-secrets.h"
#include "sluice-subscription-store.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_WORKSPACE (sluice_workspace_get_type ())

/**
 * SluiceWorkspace:
 *
 * All that the window and the command line share: the subscriptions and
 * their files, the secrets, one connection per subscription, one budget per
 * org.
 *
 * Connections are made when somebody asks for them. After
 * sluice_workspace_load_async() every subscription has one, also those that
 * appear later, and its token state is read from the keyring in the background;
 * and what is offline is verified again when the network comes back.
 * A subscription that leaves the list takes its connection with it.
 *
 * Signal `connection-added (SluiceConnection *connection)`.
 */
G_DECLARE_FINAL_TYPE (SluiceWorkspace, sluice_workspace, SLUICE, WORKSPACE, GObject)

SluiceWorkspace         *sluice_workspace_new                (const char            *config_directory,
                                                              SluiceCredentialStore *credentials,
                                                              SluiceClock           *clock);

SluiceSubscriptionList  *sluice_workspace_get_subscriptions  (SluiceWorkspace       *self);
SluiceSubscriptionStore *sluice_workspace_get_store          (SluiceWorkspace       *self);
SluiceCredentialStore   *sluice_workspace_get_credentials    (SluiceWorkspace       *self);
SluiceConnection        *sluice_workspace_get_connection     (SluiceWorkspace       *self,
                                                              SluiceSubscription    *subscription);

/* Whether something that an org told is on its way into a file. */
gboolean                 sluice_workspace_get_saving         (SluiceWorkspace       *self);

void                     sluice_workspace_load_async         (SluiceWorkspace       *self,
                                                              GCancellable          *cancellable,
                                                              GAsyncReadyCallback    callback,
                                                              gpointer               user_data);
gboolean                 sluice_workspace_load_finish        (SluiceWorkspace       *self,
                                                              GAsyncResult          *result,
                                                              GError               **error);
/* Deletes the file and the tokens; with @revoke, the grant at Salesforce too. */
void                     sluice_workspace_delete_async       (SluiceWorkspace       *self,
                                                              SluiceSubscription    *subscription,
                                                              gboolean               revoke,
                                                              GCancellable          *cancellable,
                                                              GAsyncReadyCallback    callback,
                                                              gpointer               user_data);
gboolean                 sluice_workspace_delete_finish      (SluiceWorkspace       *self,
                                                              GAsyncResult          *result,
                                                              GError               **error);

G_END_DECLS
