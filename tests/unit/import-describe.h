/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-import-mapping.h"

G_BEGIN_DECLS

SluiceObjectDescribe *import_describe_contact (void);
SluiceObjectDescribe *import_describe_account (void);
SluiceImportMapping  *import_describe_mapping (const char      *columns,
                                               SluiceWriteVerb  verb);

G_END_DECLS
