/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * SluiceApiUsage:
 * @used: calls of the org in the rolling day
 * @limit: calls it may make
 * @app_used: calls of our connected app, 0 when the org has no such quota
 * @app_limit: calls that the app may make, 0 when the org has no such quota
 *
 * What a `Sforce-Limit-Info` header says.
 */
typedef struct
{
  guint64 used;
  guint64 limit;
  guint64 app_used;
  guint64 app_limit;
} SluiceApiUsage;

gboolean sluice_api_usage_parse (const char     *header,
                                 SluiceApiUsage *usage);

G_END_DECLS
