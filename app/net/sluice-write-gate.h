/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-client.h"

G_BEGIN_DECLS

gboolean sluice_write_gate_pass          (const SluiceRequest      *request,
                                          GError                  **error);
gboolean sluice_write_gate_check_sending (SluiceWritePermit        *permit,
                                          const SluiceCredentials  *credentials,
                                          GError                  **error);

G_END_DECLS
