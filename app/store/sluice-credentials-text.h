/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-credentials.h"

G_BEGIN_DECLS

char              *sluice_credentials_to_text   (const SluiceCredentials  *credentials);
SluiceCredentials *sluice_credentials_from_text (const char               *text,
                                                 GError                  **error);

G_END_DECLS
