/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-advice.h"

G_BEGIN_DECLS

const char *sluice_advice_get_button       (const SluiceAdvice  *advice,
                                            const char         **action_name,
                                            GVariant           **target);
const char *sluice_advice_get_other_button (const SluiceAdvice  *advice,
                                            const GError        *error,
                                            const char         **action_name,
                                            GVariant           **target);
char       *sluice_advice_dup_details      (const GError        *error);

G_END_DECLS
