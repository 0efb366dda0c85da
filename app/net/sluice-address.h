/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-credentials.h"

G_BEGIN_DECLS

char *sluice_address_resolve (const char               *path,
                              const SluiceCredentials  *credentials,
                              const char               *login_url,
                              const char               *api_version,
                              GError                  **error);

G_END_DECLS
