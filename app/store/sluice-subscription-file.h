/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-subscription.h"

G_BEGIN_DECLS

SluiceSubscription *sluice_subscription_file_parse     (const char          *id,
                                                        const char          *text,
                                                        gssize               length,
                                                        GError             **error);
char               *sluice_subscription_file_serialise (SluiceSubscription  *subscription,
                                                        const char          *previous);
char               *sluice_subscription_file_export    (SluiceSubscription  *subscription);

char               *sluice_subscription_file_read      (const char          *path,
                                                        gsize               *length,
                                                        GError             **error);
gboolean            sluice_subscription_file_write     (const char          *path,
                                                        const char          *text,
                                                        GError             **error);
void                sluice_storage_error_explain       (GError             **error,
                                                        const char          *path);

G_END_DECLS
