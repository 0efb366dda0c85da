/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-connection.h"

G_BEGIN_DECLS

/* What a query reads, as CSV. */
char *query_text (SluiceConnection  *connection,
                  const char        *soql,
                  GError           **error);

G_END_DECLS
