/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sluice-subscription.h"

G_BEGIN_DECLS

void sluice_show_toast           (GtkWidget           *widget,
                                  const char          *text);
void sluice_show_toast_for_error (GtkWidget           *widget,
                                  const GError        *error);
void sluice_copy_text            (GtkWidget           *widget,
                                  const char          *text);
void sluice_ask_to_delete        (GtkWidget           *parent,
                                  SluiceSubscription  *subscription,
                                  const char          *heading,
                                  const char          *body,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data);

G_END_DECLS
