/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define SLUICE_TYPE_ADVICE_CARD (sluice_advice_card_get_type ())

G_DECLARE_FINAL_TYPE (SluiceAdviceCard, sluice_advice_card, SLUICE, ADVICE_CARD, AdwBin)

G_END_DECLS
