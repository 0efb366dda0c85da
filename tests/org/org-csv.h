/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * OrgCsvRowFunc:
 * @values: (array zero-terminated=1): one value per column; empty text for nothing
 * @user_data: data of the caller
 *
 * Takes one row; the header line is not passed.
 */
typedef void (*OrgCsvRowFunc) (char     **values,
                               gpointer   user_data);

void org_csv_foreach (const char    *text,
                      OrgCsvRowFunc  func,
                      gpointer       user_data);

G_END_DECLS
