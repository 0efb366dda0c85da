/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SLUICE_TYPE_STATUS (sluice_status_get_type ())

/**
 * SluiceStatus:
 * @SLUICE_STATUS_DAMAGED: the subscription's file cannot be used; it is kept and shown
 * @SLUICE_STATUS_INCOMPLETE: the consumer key is missing, so nobody can sign in
 * @SLUICE_STATUS_SIGNED_OUT: no tokens are stored
 * @SLUICE_STATUS_SIGNING_IN: the browser has the word
 * @SLUICE_STATUS_VERIFYING: tokens are there and being checked with the org
 * @SLUICE_STATUS_UNVERIFIED: tokens are there and were not checked in this session
 * @SLUICE_STATUS_CONNECTED: the org confirmed who is connected
 * @SLUICE_STATUS_OFFLINE: the org cannot be reached; the tokens are kept
 * @SLUICE_STATUS_NEEDS_ATTENTION: something only the user can mend; see the last error
 *
 * Where a subscription stands. It drives every page that shows it.
 */
typedef enum
{
  SLUICE_STATUS_DAMAGED,
  SLUICE_STATUS_INCOMPLETE,
  SLUICE_STATUS_SIGNED_OUT,
  SLUICE_STATUS_SIGNING_IN,
  SLUICE_STATUS_VERIFYING,
  SLUICE_STATUS_UNVERIFIED,
  SLUICE_STATUS_CONNECTED,
  SLUICE_STATUS_OFFLINE,
  SLUICE_STATUS_NEEDS_ATTENTION,
} SluiceStatus;

GType       sluice_status_get_type      (void);

const char *sluice_status_get_label     (SluiceStatus self);
const char *sluice_status_get_nick      (SluiceStatus self);
const char *sluice_status_get_icon_name (SluiceStatus self);

G_END_DECLS
