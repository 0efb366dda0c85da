/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-client.h"
#include "sluice-query.h"

G_BEGIN_DECLS

SluiceQuery *sluice_query_new (SluiceClient   *client,
                               const char     *soql,
                               gboolean        all_rows,
                               SluicePriority  priority);

G_END_DECLS
