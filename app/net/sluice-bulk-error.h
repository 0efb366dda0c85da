/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

GError *sluice_bulk_error_new        (const GError *error);
GError *sluice_bulk_error_new_failed (const char   *message);
GError *sluice_bulk_error_new_aborted (void);

G_END_DECLS
