/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-secret-place.h"

G_BEGIN_DECLS

/* All of these block: call them from a worker thread. */

gboolean sluice_keyring_find_place   (SluiceSecretPlace  *place,
                                      GCancellable       *cancellable,
                                      GError            **error);
gboolean sluice_keyring_lookup       (const char    *subscription_id,
                                      char         **text,
                                      GCancellable  *cancellable,
                                      GError       **error);
gboolean sluice_keyring_store        (const char    *subscription_id,
                                      const char    *label,
                                      const char    *text,
                                      GCancellable  *cancellable,
                                      GError       **error);
gboolean sluice_keyring_clear        (const char    *subscription_id,
                                      GCancellable  *cancellable,
                                      GError       **error);
gboolean sluice_keyring_check        (GCancellable  *cancellable,
                                      GError       **error);
gboolean sluice_keyring_unlock       (GCancellable  *cancellable,
                                      GError       **error);

G_END_DECLS
