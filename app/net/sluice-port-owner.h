/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

char *sluice_port_owner_find (guint16 port);

G_END_DECLS
