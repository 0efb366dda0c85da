/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "sluice-workspace.h"

G_BEGIN_DECLS

void                sluice_removal_remove_tokens (GtkWidget           *parent,
                                                  SluiceConnection    *connection);

void                sluice_removal_delete_async  (GtkWidget           *parent,
                                                  SluiceWorkspace     *workspace,
                                                  SluiceSubscription  *subscription,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
SluiceSubscription *sluice_removal_delete_finish (GAsyncResult        *result);

G_END_DECLS
