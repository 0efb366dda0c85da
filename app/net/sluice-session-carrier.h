/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-carrier.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_SESSION_CARRIER (sluice_session_carrier_get_type ())

/**
 * SluiceSessionCarrier:
 *
 * Sends calls from the main loop, over the connections of one session.
 */
G_DECLARE_FINAL_TYPE (SluiceSessionCarrier, sluice_session_carrier, SLUICE, SESSION_CARRIER, GObject)

SluiceCarrier *sluice_session_carrier_new (SoupSession *session);

G_END_DECLS
