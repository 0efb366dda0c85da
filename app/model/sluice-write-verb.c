/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-write-verb.h"

#include <glib/gi18n.h>

G_DEFINE_ENUM_TYPE (SluiceWriteVerb, sluice_write_verb,
                    G_DEFINE_ENUM_VALUE (SLUICE_WRITE_INSERT, "insert"),
                    G_DEFINE_ENUM_VALUE (SLUICE_WRITE_UPDATE, "update"),
                    G_DEFINE_ENUM_VALUE (SLUICE_WRITE_UPSERT, "upsert"),
                    G_DEFINE_ENUM_VALUE (SLUICE_WRITE_DELETE, "delete"),
                    G_DEFINE_ENUM_VALUE (SLUICE_WRITE_HARD_DELETE, "hardDelete"))

/**
 * sluice_write_verb_get_nick:
 * @self: a verb
 *
 * Returns: the Bulk API's word, which is also the one for files and scripts
 */
const char *
sluice_write_verb_get_nick (SluiceWriteVerb self)
{
  g_autoptr(GEnumClass) klass = g_type_class_ref (SLUICE_TYPE_WRITE_VERB);
  GEnumValue *value = g_enum_get_value (klass, self);

  return value != NULL ? value->value_nick : "insert";
}

/**
 * sluice_write_verb_get_label:
 * @self: a verb
 *
 * Returns: the word on a button or in a list, translated
 */
const char *
sluice_write_verb_get_label (SluiceWriteVerb self)
{
  switch (self)
    {
    case SLUICE_WRITE_UPDATE:
      return _("Update");

    case SLUICE_WRITE_UPSERT:
      return _("Upsert");

    case SLUICE_WRITE_DELETE:
      return _("Delete");

    case SLUICE_WRITE_HARD_DELETE:
      return _("Delete for Good");

    case SLUICE_WRITE_INSERT:
    default:
      return _("Insert");
    }
}

/**
 * sluice_write_verb_from_nick:
 * @nick: (nullable): a word from sluice_write_verb_get_nick()
 * @verb: (out): what it means
 *
 * Returns: whether @nick is such a word
 */
gboolean
sluice_write_verb_from_nick (const char      *nick,
                             SluiceWriteVerb *verb)
{
  g_autoptr(GEnumClass) klass = g_type_class_ref (SLUICE_TYPE_WRITE_VERB);
  GEnumValue *value = nick != NULL ? g_enum_get_value_by_nick (klass, nick) : NULL;

  *verb = value != NULL ? (SluiceWriteVerb) value->value : SLUICE_WRITE_INSERT;

  return value != NULL;
}

/**
 * sluice_write_verb_is_delete:
 * @self: a verb
 *
 * Returns: whether records are gone afterwards
 */
gboolean
sluice_write_verb_is_delete (SluiceWriteVerb self)
{
  return self == SLUICE_WRITE_DELETE || self == SLUICE_WRITE_HARD_DELETE;
}

/**
 * sluice_write_verb_is_repeatable:
 * @self: a verb
 *
 * Returns: whether doing it twice comes to the same as doing it once
 */
gboolean
sluice_write_verb_is_repeatable (SluiceWriteVerb self)
{
  return self != SLUICE_WRITE_INSERT;
}
