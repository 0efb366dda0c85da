/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean  sluice_soql_check_bulk (const char  *soql,
                                  GError     **error);

G_END_DECLS
