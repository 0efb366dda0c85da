/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtksourceview/gtksource.h>

#include "sluice-describe-cache.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_SOQL_COMPLETION (sluice_soql_completion_get_type ())

G_DECLARE_FINAL_TYPE (SluiceSoqlCompletion, sluice_soql_completion, SLUICE, SOQL_COMPLETION, GObject)

SluiceSoqlCompletion *sluice_soql_completion_new       (void);

void                  sluice_soql_completion_set_cache (SluiceSoqlCompletion *self,
                                                        SluiceDescribeCache  *cache);

G_END_DECLS
