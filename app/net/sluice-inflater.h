/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define SLUICE_TYPE_INFLATER (sluice_inflater_get_type ())

/**
 * SluiceInflater:
 *
 * A converter from gzip that notices when data is missing at the end, which
 * libsoup's own passes over, and when there is too much. It reads its input to
 * the very end, so that the connection can be used again.
 */
G_DECLARE_FINAL_TYPE (SluiceInflater, sluice_inflater, SLUICE, INFLATER, GObject)

GConverter *sluice_inflater_new (void);

G_END_DECLS
