/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The column of `SELECT COUNT() FROM …`, which has a total but no records. */
#define SLUICE_SOQL_COUNT "COUNT()"

char **sluice_soql_list_columns (const char *soql);

G_END_DECLS
