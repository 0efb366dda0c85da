/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-import-target.h"

#include <glib/gi18n.h>

#include "sluice-import-value.h"

struct _SluiceImportTarget
{
  GObject parent_instance;

  SluiceFieldInfo *field;
  SluiceFieldInfo *parent_key; /* (nullable) */
  char *parent;                /* (nullable) */
  char *name;
  char *label;
};

enum
{
  PROP_0,
  PROP_NAME,
  PROP_LABEL,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (SluiceImportTarget, sluice_import_target, G_TYPE_OBJECT)

static void
sluice_import_target_finalize (GObject *object)
{
  SluiceImportTarget *self = SLUICE_IMPORT_TARGET (object);

  g_clear_object (&self->field);
  g_clear_object (&self->parent_key);
  g_free (self->parent);
  g_free (self->name);
  g_free (self->label);

  G_OBJECT_CLASS (sluice_import_target_parent_class)->finalize (object);
}

static void
sluice_import_target_get_property (GObject    *object,
                                   guint       prop_id,
                                   GValue     *value,
                                   GParamSpec *pspec)
{
  SluiceImportTarget *self = SLUICE_IMPORT_TARGET (object);

  switch (prop_id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;

    case PROP_LABEL:
      g_value_set_string (value, self->label);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_import_target_class_init (SluiceImportTargetClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = sluice_import_target_finalize;
  object_class->get_property = sluice_import_target_get_property;

  properties[PROP_NAME] =
    g_param_spec_string ("name", NULL, NULL,
                         NULL,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_LABEL] =
    g_param_spec_string ("label", NULL, NULL,
                         NULL,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
sluice_import_target_init (SluiceImportTarget *self)
{
}

/**
 * sluice_import_target_new:
 * @field: a field of the object
 *
 * Returns: (transfer full): the target that is this field
 */
SluiceImportTarget *
sluice_import_target_new (SluiceFieldInfo *field)
{
  SluiceImportTarget *self;

  g_return_val_if_fail (SLUICE_IS_FIELD_INFO (field), NULL);

  self = g_object_new (SLUICE_TYPE_IMPORT_TARGET, NULL);
  self->field = g_object_ref (field);
  self->name = g_strdup (sluice_field_info_get_name (field));
  self->label = g_strdup (sluice_field_info_get_label (field));

  return self;
}

/**
 * sluice_import_target_new_lookup:
 * @reference: a field of the object that refers to other records
 * @parent: the object that is referred to
 * @parent_key: a field of @parent by which its records are told apart
 *
 * When the reference may point to several objects, the name begins with the
 * one that is meant: `User:Owner.Key__c`, as the Bulk API wants it.
 *
 * Returns: (transfer full): the target that finds the parent by its key
 */
SluiceImportTarget *
sluice_import_target_new_lookup (SluiceFieldInfo *reference,
                                 const char      *parent,
                                 SluiceFieldInfo *parent_key)
{
  SluiceImportTarget *self;
  const char *relationship, *key;

  g_return_val_if_fail (SLUICE_IS_FIELD_INFO (reference), NULL);
  g_return_val_if_fail (sluice_field_info_get_relationship_name (reference) != NULL, NULL);
  g_return_val_if_fail (parent != NULL, NULL);
  g_return_val_if_fail (SLUICE_IS_FIELD_INFO (parent_key), NULL);

  relationship = sluice_field_info_get_relationship_name (reference);
  key = sluice_field_info_get_name (parent_key);

  self = g_object_new (SLUICE_TYPE_IMPORT_TARGET, NULL);
  self->field = g_object_ref (reference);
  self->parent_key = g_object_ref (parent_key);
  self->parent = g_strdup (parent);
  if (sluice_field_info_has (reference, SLUICE_FIELD_POLYMORPHIC))
    self->name = g_strdup_printf ("%s:%s.%s", parent, relationship, key);
  else
    self->name = g_strdup_printf ("%s.%s", relationship, key);
  /* Translators: a field that refers to a record, and a field of that record, such as "Account ID, found by Customer Number" */
  self->label = g_strdup_printf (_("%s, found by %s"),
                                 sluice_field_info_get_label (reference), sluice_field_info_get_label (parent_key));

  return self;
}

/**
 * sluice_import_target_get_name:
 * @self: a target
 *
 * Returns: the name of the field as a request gives it, such as `Name`, `Account.External__c`
 */
const char *
sluice_import_target_get_name (SluiceImportTarget *self)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT_TARGET (self), NULL);

  return self->name;
}

/**
 * sluice_import_target_get_label:
 * @self: a target
 *
 * Returns: what users call it
 */
const char *
sluice_import_target_get_label (SluiceImportTarget *self)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT_TARGET (self), NULL);

  return self->label;
}

/**
 * sluice_import_target_get_field:
 * @self: a target
 *
 * Returns: (transfer none): the field of the object that is set
 */
SluiceFieldInfo *
sluice_import_target_get_field (SluiceImportTarget *self)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT_TARGET (self), NULL);

  return self->field;
}

/**
 * sluice_import_target_get_value_field:
 * @self: a target
 *
 * Returns: (transfer none): the field whose values the column has: that of the object, or the parent's key
 */
SluiceFieldInfo *
sluice_import_target_get_value_field (SluiceImportTarget *self)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT_TARGET (self), NULL);

  return self->parent_key != NULL ? self->parent_key : self->field;
}

/**
 * sluice_import_target_get_parent:
 * @self: a target
 *
 * Returns: (nullable): the object in which a key is looked up, %NULL for a field of the object itself
 */
const char *
sluice_import_target_get_parent (SluiceImportTarget *self)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT_TARGET (self), NULL);

  return self->parent;
}

/**
 * sluice_import_target_is_key:
 * @self: a target
 *
 * Returns: whether upsert can tell records by it
 */
gboolean
sluice_import_target_is_key (SluiceImportTarget *self)
{
  g_return_val_if_fail (SLUICE_IS_IMPORT_TARGET (self), FALSE);

  return self->parent_key == NULL &&
         (g_strcmp0 (sluice_field_info_get_field_type (self->field), "id") == 0 ||
          sluice_field_info_has (self->field, SLUICE_FIELD_EXTERNAL_ID) ||
          sluice_field_info_has (self->field, SLUICE_FIELD_ID_LOOKUP));
}

/**
 * sluice_import_target_serves:
 * @self: a target
 * @verb: what is done
 *
 * Returns: whether a column for this makes sense
 */
gboolean
sluice_import_target_serves (SluiceImportTarget *self,
                             SluiceWriteVerb     verb)
{
  gboolean is_id;

  g_return_val_if_fail (SLUICE_IS_IMPORT_TARGET (self), FALSE);

  is_id = g_strcmp0 (sluice_field_info_get_field_type (self->field), "id") == 0;

  if (sluice_write_verb_is_delete (verb))
    return is_id;
  if (is_id)
    return verb != SLUICE_WRITE_INSERT;
  if (!sluice_import_value_is_suitable (self->field))
    return FALSE;
  if (verb == SLUICE_WRITE_INSERT)
    return sluice_field_info_has (self->field, SLUICE_FIELD_CREATEABLE);
  if (verb == SLUICE_WRITE_UPDATE)
    return sluice_field_info_has (self->field, SLUICE_FIELD_UPDATEABLE);

  return sluice_field_info_has (self->field, SLUICE_FIELD_CREATEABLE) ||
         sluice_field_info_has (self->field, SLUICE_FIELD_UPDATEABLE);
}
