/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-secret-place.h"

#include <glib/gi18n.h>

G_DEFINE_ENUM_TYPE (SluiceSecretPlace, sluice_secret_place,
                    G_DEFINE_ENUM_VALUE (SLUICE_SECRET_PLACE_KEYRING, "keyring"),
                    G_DEFINE_ENUM_VALUE (SLUICE_SECRET_PLACE_FILE, "file"),
                    G_DEFINE_ENUM_VALUE (SLUICE_SECRET_PLACE_MEMORY, "memory"))

/**
 * sluice_secret_place_get_label:
 * @self: a place
 *
 * Returns: what the user reads about it, translated
 */
const char *
sluice_secret_place_get_label (SluiceSecretPlace self)
{
  switch (self)
    {
    case SLUICE_SECRET_PLACE_FILE:
      return _("Kept in an encrypted file that only this application can read");
    case SLUICE_SECRET_PLACE_MEMORY:
      return _("Kept in memory until Sluice is closed");
    case SLUICE_SECRET_PLACE_KEYRING:
    default:
      return _("Kept in the keyring");
    }
}

/**
 * sluice_secret_place_get_nick:
 * @self: a place
 *
 * Returns: the stable word for scripts
 */
const char *
sluice_secret_place_get_nick (SluiceSecretPlace self)
{
  g_autoptr(GEnumClass) klass = g_type_class_ref (SLUICE_TYPE_SECRET_PLACE);
  GEnumValue *value = g_enum_get_value (klass, self);

  return value != NULL ? value->value_nick : "keyring";
}
