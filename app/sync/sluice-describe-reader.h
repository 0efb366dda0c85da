/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-object-describe.h"

G_BEGIN_DECLS

GListModel           *sluice_describe_read_list   (GBytes  *answer,
                                                   GError **error);
SluiceObjectDescribe *sluice_describe_read_object (GBytes  *answer,
                                                   GError **error);

G_END_DECLS
