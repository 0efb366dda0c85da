/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-field-info.h"

#include <glib/gi18n.h>

struct _SluiceFieldInfo
{
  GObject parent_instance;

  char *name;
  char *label;
  char *type;
  guint length;
  guint digits;
  guint precision;
  guint scale;
  SluiceFieldFlags flags;
  char *relationship_name; /* (nullable) */
  char *compound_name;     /* (nullable) */
  char *controller_name;   /* (nullable) */
  char *help_text;         /* (nullable) */
  char *formula;           /* (nullable) */
  char *default_value;     /* (nullable) */
  GStrv targets;           /* (nullable) */
  GPtrArray *picklist;     /* (nullable) (element-type SluicePicklistValue) */
};

G_DEFINE_FINAL_TYPE (SluiceFieldInfo, sluice_field_info, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_NAME,
  PROP_LABEL,
  PROP_FIELD_TYPE,
  PROP_CUSTOM,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/**
 * sluice_picklist_value_free:
 * @self: (transfer full): a value
 *
 * Frees it.
 */
void
sluice_picklist_value_free (SluicePicklistValue *self)
{
  g_free (self->value);
  g_free (self->label);
  g_free (self);
}

static void
sluice_field_info_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  SluiceFieldInfo *self = SLUICE_FIELD_INFO (object);

  switch (prop_id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_LABEL:
      g_value_set_string (value, self->label);
      break;
    case PROP_FIELD_TYPE:
      g_value_set_string (value, self->type);
      break;
    case PROP_CUSTOM:
      g_value_set_boolean (value, (self->flags & SLUICE_FIELD_CUSTOM) != 0);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_field_info_finalize (GObject *object)
{
  SluiceFieldInfo *self = SLUICE_FIELD_INFO (object);

  g_free (self->name);
  g_free (self->label);
  g_free (self->type);
  g_free (self->relationship_name);
  g_free (self->compound_name);
  g_free (self->controller_name);
  g_free (self->help_text);
  g_free (self->formula);
  g_free (self->default_value);
  g_strfreev (self->targets);
  g_clear_pointer (&self->picklist, g_ptr_array_unref);

  G_OBJECT_CLASS (sluice_field_info_parent_class)->finalize (object);
}

static void
sluice_field_info_class_init (SluiceFieldInfoClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = sluice_field_info_get_property;
  object_class->finalize = sluice_field_info_finalize;

  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, NULL, flags);
  properties[PROP_FIELD_TYPE] = g_param_spec_string ("field-type", NULL, NULL, NULL, flags);
  properties[PROP_CUSTOM] = g_param_spec_boolean ("custom", NULL, NULL, FALSE, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
sluice_field_info_init (SluiceFieldInfo *self)
{
}

/**
 * sluice_field_info_new:
 * @details: what it is; copied
 *
 * Returns: (transfer full): the field
 */
SluiceFieldInfo *
sluice_field_info_new (const SluiceFieldDetails *details)
{
  SluiceFieldInfo *self;

  g_return_val_if_fail (details != NULL, NULL);
  g_return_val_if_fail (details->name != NULL, NULL);

  self = g_object_new (SLUICE_TYPE_FIELD_INFO, NULL);
  self->name = g_strdup (details->name);
  self->label = g_strdup (details->label != NULL ? details->label : details->name);
  self->type = g_strdup (details->type != NULL ? details->type : "");
  self->length = details->length;
  self->digits = details->digits;
  self->precision = details->precision;
  self->scale = details->scale;
  self->flags = details->flags;
  self->relationship_name = g_strdup (details->relationship_name);
  self->compound_name = g_strdup (details->compound_name);
  self->controller_name = g_strdup (details->controller_name);
  self->help_text = g_strdup (details->help_text);
  self->formula = g_strdup (details->formula);
  self->default_value = g_strdup (details->default_value);
  self->targets = g_strdupv ((char **) details->targets);
  self->picklist = details->picklist != NULL ? g_ptr_array_ref (details->picklist) : NULL;

  return self;
}

/**
 * sluice_field_info_get_name:
 * @self: a field
 *
 * Returns: the API name
 */
const char *
sluice_field_info_get_name (SluiceFieldInfo *self)
{
  g_return_val_if_fail (SLUICE_IS_FIELD_INFO (self), NULL);

  return self->name;
}

/**
 * sluice_field_info_get_label:
 * @self: a field
 *
 * Returns: what users of Salesforce read, in their language there
 */
const char *
sluice_field_info_get_label (SluiceFieldInfo *self)
{
  g_return_val_if_fail (SLUICE_IS_FIELD_INFO (self), NULL);

  return self->label;
}

/**
 * sluice_field_info_get_field_type:
 * @self: a field
 *
 * Returns: the API's word for its type, such as "currency"
 */
const char *
sluice_field_info_get_field_type (SluiceFieldInfo *self)
{
  g_return_val_if_fail (SLUICE_IS_FIELD_INFO (self), NULL);

  return self->type;
}

/**
 * sluice_field_info_get_length:
 * @self: a field
 *
 * Returns: how many characters a text may have, 0 for what is no text
 */
guint
sluice_field_info_get_length (SluiceFieldInfo *self)
{
  g_return_val_if_fail (SLUICE_IS_FIELD_INFO (self), 0);

  return self->length;
}

/**
 * sluice_field_info_get_digits:
 * @self: a field
 *
 * Returns: how many digits an integer may have, 0 for what is none
 */
guint
sluice_field_info_get_digits (SluiceFieldInfo *self)
{
  g_return_val_if_fail (SLUICE_IS_FIELD_INFO (self), 0);

  return self->digits;
}

/**
 * sluice_field_info_get_precision:
 * @self: a field
 *
 * Returns: how many digits a number may have, before and after the point
 */
guint
sluice_field_info_get_precision (SluiceFieldInfo *self)
{
  g_return_val_if_fail (SLUICE_IS_FIELD_INFO (self), 0);

  return self->precision;
}

/**
 * sluice_field_info_get_scale:
 * @self: a field
 *
 * Returns: how many digits a number may have after the point
 */
guint
sluice_field_info_get_scale (SluiceFieldInfo *self)
{
  g_return_val_if_fail (SLUICE_IS_FIELD_INFO (self), 0);

  return self->scale;
}

/**
 * sluice_field_info_has:
 * @self: a field
 * @flags: one or more
 *
 * Returns: whether all of @flags are set
 */
gboolean
sluice_field_info_has (SluiceFieldInfo  *self,
                       SluiceFieldFlags  flags)
{
  g_return_val_if_fail (SLUICE_IS_FIELD_INFO (self), FALSE);

  return (self->flags & flags) == flags;
}

/**
 * sluice_field_info_is_required:
 * @self: a field
 *
 * Returns: whether a new record must have it
 */
gboolean
sluice_field_info_is_required (SluiceFieldInfo *self)
{
  g_return_val_if_fail (SLUICE_IS_FIELD_INFO (self), FALSE);

  return (self->flags & SLUICE_FIELD_CREATEABLE) != 0 &&
         (self->flags & (SLUICE_FIELD_NILLABLE | SLUICE_FIELD_DEFAULTED_ON_CREATE)) == 0;
}

/**
 * sluice_field_info_is_read_only:
 * @self: a field
 *
 * Returns: whether the user may neither set nor change it
 */
gboolean
sluice_field_info_is_read_only (SluiceFieldInfo *self)
{
  g_return_val_if_fail (SLUICE_IS_FIELD_INFO (self), FALSE);

  return (self->flags & (SLUICE_FIELD_CREATEABLE | SLUICE_FIELD_UPDATEABLE)) == 0;
}

static gboolean
has_length (const char *type)
{
  static const char * const types[] = { "email", "encryptedstring", "phone", "string", "textarea", "url", NULL };

  return g_strv_contains (types, type);
}

/**
 * sluice_field_info_dup_type_text:
 * @self: a field
 *
 * Writes the type in the API's words with what belongs to it: the length of a
 * text, the digits of a number, the objects that a reference points to.
 *
 * Returns: (transfer full): such as "string(255)", "currency(18, 2)" or "reference(Account)"
 */
char *
sluice_field_info_dup_type_text (SluiceFieldInfo *self)
{
  g_return_val_if_fail (SLUICE_IS_FIELD_INFO (self), NULL);

  if (self->targets != NULL && self->targets[0] != NULL)
    {
      g_autofree char *targets = g_strjoinv (", ", self->targets);

      return g_strdup_printf ("%s(%s)", self->type, targets);
    }

  if (self->length > 0 && has_length (self->type))
    return g_strdup_printf ("%s(%u)", self->type, self->length);

  if (self->digits > 0)
    return g_strdup_printf ("%s(%u)", self->type, self->digits);

  if (self->precision > 0)
    return g_strdup_printf ("%s(%u, %u)", self->type, self->precision, self->scale);

  return g_strdup (self->type);
}

/**
 * sluice_field_info_dup_marks:
 * @self: a field
 *
 * Lists what a reader should know about it, in few words.
 *
 * Returns: (transfer full): such as "Required" and "External ID", in the reader's language
 */
GStrv
sluice_field_info_dup_marks (SluiceFieldInfo *self)
{
  static const struct
  {
    SluiceFieldFlags flag;
    const char *text;
  } marks[] = {
    { SLUICE_FIELD_RECORD_NAME, N_("Name") },
    { SLUICE_FIELD_EXTERNAL_ID, N_("External ID") },
    { SLUICE_FIELD_UNIQUE, N_("Unique") },
    { SLUICE_FIELD_CALCULATED, N_("Formula") },
    { SLUICE_FIELD_AUTO_NUMBER, N_("Auto number") },
    { SLUICE_FIELD_ENCRYPTED, N_("Encrypted") },
  };
  g_autoptr(GStrvBuilder) builder = NULL;

  g_return_val_if_fail (SLUICE_IS_FIELD_INFO (self), NULL);

  builder = g_strv_builder_new ();
  if (sluice_field_info_is_required (self))
    g_strv_builder_add (builder, _("Required"));
  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    {
      if ((self->flags & marks[i].flag) != 0)
        g_strv_builder_add (builder, _(marks[i].text));
    }
  if (sluice_field_info_is_read_only (self))
    g_strv_builder_add (builder, _("Read only"));
  if ((self->flags & SLUICE_FIELD_CUSTOM) != 0)
    g_strv_builder_add (builder, _("Custom"));

  return g_strv_builder_end (builder);
}

/**
 * sluice_field_info_get_relationship_name:
 * @self: a field
 *
 * Returns: (nullable): how SOQL names the parent record, such as "Owner" in `Owner.Name`
 */
const char *
sluice_field_info_get_relationship_name (SluiceFieldInfo *self)
{
  g_return_val_if_fail (SLUICE_IS_FIELD_INFO (self), NULL);

  return self->relationship_name;
}

/**
 * sluice_field_info_get_compound_name:
 * @self: a field
 *
 * Returns: (nullable): the field that this one is a part of
 */
const char *
sluice_field_info_get_compound_name (SluiceFieldInfo *self)
{
  g_return_val_if_fail (SLUICE_IS_FIELD_INFO (self), NULL);

  return self->compound_name;
}

/**
 * sluice_field_info_get_controller_name:
 * @self: a field
 *
 * Returns: (nullable): the field that decides which values a dependent picklist has
 */
const char *
sluice_field_info_get_controller_name (SluiceFieldInfo *self)
{
  g_return_val_if_fail (SLUICE_IS_FIELD_INFO (self), NULL);

  return self->controller_name;
}

/**
 * sluice_field_info_get_help_text:
 * @self: a field
 *
 * Returns: (nullable): what Salesforce shows beside it
 */
const char *
sluice_field_info_get_help_text (SluiceFieldInfo *self)
{
  g_return_val_if_fail (SLUICE_IS_FIELD_INFO (self), NULL);

  return self->help_text;
}

/**
 * sluice_field_info_get_formula:
 * @self: a field
 *
 * Returns: (nullable): the formula of a calculated field
 */
const char *
sluice_field_info_get_formula (SluiceFieldInfo *self)
{
  g_return_val_if_fail (SLUICE_IS_FIELD_INFO (self), NULL);

  return self->formula;
}

/**
 * sluice_field_info_get_default_value:
 * @self: a field
 *
 * Returns: (nullable): what a new record gets, as text
 */
const char *
sluice_field_info_get_default_value (SluiceFieldInfo *self)
{
  g_return_val_if_fail (SLUICE_IS_FIELD_INFO (self), NULL);

  return self->default_value;
}

/**
 * sluice_field_info_get_targets:
 * @self: a field
 *
 * Returns: (transfer none) (array zero-terminated=1): the objects that a reference points to; empty for other types
 */
const char * const *
sluice_field_info_get_targets (SluiceFieldInfo *self)
{
  static const char * const none[] = { NULL };

  g_return_val_if_fail (SLUICE_IS_FIELD_INFO (self), NULL);

  return self->targets != NULL ? (const char * const *) self->targets : none;
}

/**
 * sluice_field_info_get_n_picklist:
 * @self: a field
 *
 * Returns: how many values its picklist has, 0 when it has none
 */
guint
sluice_field_info_get_n_picklist (SluiceFieldInfo *self)
{
  g_return_val_if_fail (SLUICE_IS_FIELD_INFO (self), 0);

  return self->picklist != NULL ? self->picklist->len : 0;
}

/**
 * sluice_field_info_get_picklist:
 * @self: a field
 * @i: less than sluice_field_info_get_n_picklist()
 *
 * Returns: (transfer none): a value, in the order of Salesforce
 */
const SluicePicklistValue *
sluice_field_info_get_picklist (SluiceFieldInfo *self,
                                guint            i)
{
  g_return_val_if_fail (SLUICE_IS_FIELD_INFO (self), NULL);
  g_return_val_if_fail (self->picklist != NULL && i < self->picklist->len, NULL);

  return g_ptr_array_index (self->picklist, i);
}

/**
 * sluice_field_info_find_picklist:
 * @self: a field
 * @value: what a record holds
 *
 * Returns: (transfer none) (nullable): the value of that name, capitals aside, as Salesforce finds it
 */
const SluicePicklistValue *
sluice_field_info_find_picklist (SluiceFieldInfo *self,
                                 const char      *value)
{
  g_autofree char *folded = NULL;

  g_return_val_if_fail (SLUICE_IS_FIELD_INFO (self), NULL);
  g_return_val_if_fail (value != NULL, NULL);

  folded = g_utf8_casefold (value, -1);
  for (guint i = 0; i < sluice_field_info_get_n_picklist (self); i++)
    {
      const SluicePicklistValue *known = g_ptr_array_index (self->picklist, i);
      g_autofree char *known_folded = g_utf8_casefold (known->value, -1);

      if (g_str_equal (folded, known_folded))
        return known;
    }

  return NULL;
}
