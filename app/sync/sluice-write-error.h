/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void sluice_write_error_explain   (GError     **error);
void sluice_write_error_set_errno (GError     **error,
                                   const char  *path,
                                   int          code);

G_END_DECLS
