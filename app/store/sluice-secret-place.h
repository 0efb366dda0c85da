/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SLUICE_TYPE_SECRET_PLACE (sluice_secret_place_get_type ())

/**
 * SluiceSecretPlace:
 * @SLUICE_SECRET_PLACE_KEYRING: the Secret Service
 * @SLUICE_SECRET_PLACE_FILE: a file of the application, encrypted with a key that the desktop's portal keeps
 * @SLUICE_SECRET_PLACE_MEMORY: nowhere but in this process
 *
 * Where the secrets of a subscription are kept.
 */
typedef enum
{
  SLUICE_SECRET_PLACE_KEYRING,
  SLUICE_SECRET_PLACE_FILE,
  SLUICE_SECRET_PLACE_MEMORY,
} SluiceSecretPlace;

GType       sluice_secret_place_get_type  (void);

const char *sluice_secret_place_get_label (SluiceSecretPlace self);
const char *sluice_secret_place_get_nick  (SluiceSecretPlace self);

G_END_DECLS
