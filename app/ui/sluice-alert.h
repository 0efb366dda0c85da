/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "sluice-subscription.h"

G_BEGIN_DECLS

AdwAlertDialog *sluice_alert_new         (SluiceSubscription *subscription,
                                          const char         *heading,
                                          const char         *body);
GtkCheckButton *sluice_alert_add_check   (AdwAlertDialog     *alert,
                                          const char         *label);
void            sluice_alert_show_error  (GtkWidget          *parent,
                                          const char         *heading,
                                          const GError       *error);

G_END_DECLS
