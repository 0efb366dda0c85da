/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-sign-in-with.h"

#include <glib/gi18n.h>

G_DEFINE_ENUM_TYPE (SluiceSignInWith, sluice_sign_in_with,
                    G_DEFINE_ENUM_VALUE (SLUICE_SIGN_IN_WITH_DEFAULT_BROWSER, "default-browser"),
                    G_DEFINE_ENUM_VALUE (SLUICE_SIGN_IN_WITH_PRIVATE_WINDOW, "private-window"))

/**
 * sluice_sign_in_with_get_label:
 * @self: what shows the pages
 *
 * Returns: the words that the user chooses it by, translated
 */
const char *
sluice_sign_in_with_get_label (SluiceSignInWith self)
{
  return self == SLUICE_SIGN_IN_WITH_PRIVATE_WINDOW ? _("Private Window") : _("Default Browser");
}

/**
 * sluice_sign_in_with_get_nick:
 * @self: what shows the pages
 *
 * Returns: the stable word for files and scripts
 */
const char *
sluice_sign_in_with_get_nick (SluiceSignInWith self)
{
  g_autoptr(GEnumClass) klass = g_type_class_ref (SLUICE_TYPE_SIGN_IN_WITH);
  GEnumValue *value = g_enum_get_value (klass, self);

  return value != NULL ? value->value_nick : "default-browser";
}

/**
 * sluice_sign_in_with_from_nick:
 * @nick: (nullable): a word from sluice_sign_in_with_get_nick()
 * @with: (out): what it means, the default browser for any other word
 *
 * Returns: whether @nick is such a word
 */
gboolean
sluice_sign_in_with_from_nick (const char       *nick,
                               SluiceSignInWith *with)
{
  g_autoptr(GEnumClass) klass = g_type_class_ref (SLUICE_TYPE_SIGN_IN_WITH);
  GEnumValue *value = nick != NULL ? g_enum_get_value_by_nick (klass, nick) : NULL;

  *with = value != NULL ? (SluiceSignInWith) value->value : SLUICE_SIGN_IN_WITH_DEFAULT_BROWSER;

  return value != NULL;
}
