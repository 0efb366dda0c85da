/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-object-info.h"

struct _SluiceObjectInfo
{
  GObject parent_instance;

  char *name;
  char *label;
  char *label_plural;
  char *key_prefix; /* (nullable) */
  SluiceObjectFlags flags;
};

G_DEFINE_FINAL_TYPE (SluiceObjectInfo, sluice_object_info, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_NAME,
  PROP_LABEL,
  PROP_LABEL_PLURAL,
  PROP_CUSTOM,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
sluice_object_info_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  SluiceObjectInfo *self = SLUICE_OBJECT_INFO (object);

  switch (prop_id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_LABEL:
      g_value_set_string (value, self->label);
      break;
    case PROP_LABEL_PLURAL:
      g_value_set_string (value, self->label_plural);
      break;
    case PROP_CUSTOM:
      g_value_set_boolean (value, (self->flags & SLUICE_OBJECT_CUSTOM) != 0);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_object_info_finalize (GObject *object)
{
  SluiceObjectInfo *self = SLUICE_OBJECT_INFO (object);

  g_free (self->name);
  g_free (self->label);
  g_free (self->label_plural);
  g_free (self->key_prefix);

  G_OBJECT_CLASS (sluice_object_info_parent_class)->finalize (object);
}

static void
sluice_object_info_class_init (SluiceObjectInfoClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = sluice_object_info_get_property;
  object_class->finalize = sluice_object_info_finalize;

  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, NULL, flags);
  properties[PROP_LABEL_PLURAL] = g_param_spec_string ("label-plural", NULL, NULL, NULL, flags);
  properties[PROP_CUSTOM] = g_param_spec_boolean ("custom", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
sluice_object_info_init (SluiceObjectInfo *self)
{
}

/**
 * sluice_object_info_new:
 * @name: the API name
 * @label: (nullable): what users of Salesforce read, %NULL for @name
 * @label_plural: (nullable): the same of many, %NULL for @label
 * @key_prefix: (nullable): the three characters that ids of its records begin with
 * @flags: what it is
 *
 * Returns: (transfer full): the object
 */
SluiceObjectInfo *
sluice_object_info_new (const char        *name,
                        const char        *label,
                        const char        *label_plural,
                        const char        *key_prefix,
                        SluiceObjectFlags  flags)
{
  SluiceObjectInfo *self;

  g_return_val_if_fail (name != NULL, NULL);

  self = g_object_new (SLUICE_TYPE_OBJECT_INFO, NULL);
  self->name = g_strdup (name);
  self->label = g_strdup (label != NULL ? label : name);
  self->label_plural = g_strdup (label_plural != NULL ? label_plural : self->label);
  self->key_prefix = g_strdup (key_prefix);
  self->flags = flags;

  return self;
}

/**
 * sluice_object_info_get_name:
 * @self: an object
 *
 * Returns: the API name
 */
const char *
sluice_object_info_get_name (SluiceObjectInfo *self)
{
  g_return_val_if_fail (SLUICE_IS_OBJECT_INFO (self), NULL);

  return self->name;
}

/**
 * sluice_object_info_get_label:
 * @self: an object
 *
 * Returns: what users of Salesforce read, in their language there
 */
const char *
sluice_object_info_get_label (SluiceObjectInfo *self)
{
  g_return_val_if_fail (SLUICE_IS_OBJECT_INFO (self), NULL);

  return self->label;
}

/**
 * sluice_object_info_get_label_plural:
 * @self: an object
 *
 * Returns: the label of many
 */
const char *
sluice_object_info_get_label_plural (SluiceObjectInfo *self)
{
  g_return_val_if_fail (SLUICE_IS_OBJECT_INFO (self), NULL);

  return self->label_plural;
}

/**
 * sluice_object_info_get_key_prefix:
 * @self: an object
 *
 * Returns: (nullable): the three characters that ids of its records begin with
 */
const char *
sluice_object_info_get_key_prefix (SluiceObjectInfo *self)
{
  g_return_val_if_fail (SLUICE_IS_OBJECT_INFO (self), NULL);

  return self->key_prefix;
}

/**
 * sluice_object_info_has:
 * @self: an object
 * @flags: one or more
 *
 * Returns: whether all of @flags are set
 */
gboolean
sluice_object_info_has (SluiceObjectInfo  *self,
                        SluiceObjectFlags  flags)
{
  g_return_val_if_fail (SLUICE_IS_OBJECT_INFO (self), FALSE);

  return (self->flags & flags) == flags;
}
