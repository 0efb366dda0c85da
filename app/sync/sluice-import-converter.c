/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-import-converter.h"

#include <glib/gi18n.h>
#include <string.h>

/* A value in a sentence; more of it helps nobody. */
#define MAX_SHOWN_CHARS 60

typedef struct
{
  SluiceImportTarget *target;
  SluiceFieldInfo *value_field; /* (unowned) */
  guint column;
  gboolean required;
} Field;

struct _SluiceImportConverter
{
  SluiceValueOptions options;
  GArray *fields;     /* (element-type Field) */
  int key;
  gboolean clear_empty;
  SluiceCell *values;
  gsize *offsets;
  GString *text;
};

static void
field_clear (Field *field)
{
  g_clear_object (&field->target);
}

static void
add_field (SluiceImportConverter *self,
           SluiceImportMapping   *mapping,
           guint                  column)
{
  SluiceImportTarget *target = sluice_import_mapping_get_target (mapping, column);
  gboolean insert = sluice_import_mapping_get_verb (mapping) == SLUICE_WRITE_INSERT;
  gboolean key;
  Field field;

  if (target == NULL)
    return;

  key = g_strcmp0 (sluice_import_target_get_name (target), sluice_import_mapping_get_key (mapping)) == 0;
  /* What does not serve is not sent: with a delete, all but the Id. */
  if (!key && !sluice_import_target_serves (target, sluice_import_mapping_get_verb (mapping)))
    return;

  field.target = g_object_ref (target);
  field.value_field = sluice_import_target_get_value_field (target);
  field.column = column;
  field.required = insert && sluice_field_info_is_required (sluice_import_target_get_field (target));
  if (key)
    self->key = (int) self->fields->len;
  g_array_append_val (self->fields, field);
}

/**
 * sluice_import_converter_new:
 * @mapping: a mapping; later changes have no effect
 *
 * Returns: (transfer full): a converter
 */
SluiceImportConverter *
sluice_import_converter_new (SluiceImportMapping *mapping)
{
  SluiceImportConverter *self;
  guint n_columns;

  g_return_val_if_fail (SLUICE_IS_IMPORT_MAPPING (mapping), NULL);

  self = g_new0 (SluiceImportConverter, 1);
  self->fields = g_array_new (FALSE, FALSE, sizeof (Field));
  g_array_set_clear_func (self->fields, (GDestroyNotify) field_clear);
  self->options.dates = sluice_import_mapping_get_dates (mapping);
  self->options.decimal = sluice_import_mapping_get_decimal (mapping);
  if (sluice_import_mapping_get_time_zone (mapping) != NULL)
    self->options.time_zone = g_time_zone_new_identifier (sluice_import_mapping_get_time_zone (mapping));
  self->clear_empty = sluice_import_mapping_get_clear_empty (mapping);
  self->key = -1;

  sluice_import_mapping_get_columns (mapping, &n_columns);
  for (guint i = 0; i < n_columns; i++)
    add_field (self, mapping, i);

  self->values = g_new0 (SluiceCell, self->fields->len);
  self->offsets = g_new0 (gsize, self->fields->len);
  self->text = g_string_new (NULL);

  return self;
}

/**
 * sluice_import_converter_free:
 * @self: (transfer full): a converter
 *
 * Frees the converter and the values of its last row.
 */
void
sluice_import_converter_free (SluiceImportConverter *self)
{
  g_array_unref (self->fields);
  g_clear_pointer (&self->options.time_zone, g_time_zone_unref);
  g_free (self->values);
  g_free (self->offsets);
  g_string_free (self->text, TRUE);
  g_free (self);
}

/**
 * sluice_import_converter_get_n_fields:
 * @self: a converter
 *
 * Returns: how many values are sent for each row
 */
guint
sluice_import_converter_get_n_fields (SluiceImportConverter *self)
{
  return self->fields->len;
}

/**
 * sluice_import_converter_get_target:
 * @self: a converter
 * @i: which value
 *
 * Returns: (transfer none): where the value goes
 */
SluiceImportTarget *
sluice_import_converter_get_target (SluiceImportConverter *self,
                                    guint                  i)
{
  g_return_val_if_fail (i < self->fields->len, NULL);

  return g_array_index (self->fields, Field, i).target;
}

/**
 * sluice_import_converter_get_field:
 * @self: a converter
 * @i: which value
 *
 * Returns: the field as a request names it, such as `Account.External__c`: a column of a Bulk upload
 */
const char *
sluice_import_converter_get_field (SluiceImportConverter *self,
                                   guint                  i)
{
  return sluice_import_target_get_name (sluice_import_converter_get_target (self, i));
}

/**
 * sluice_import_converter_get_column:
 * @self: a converter
 * @i: which value
 *
 * Returns: the column of the file it comes from
 */
guint
sluice_import_converter_get_column (SluiceImportConverter *self,
                                    guint                  i)
{
  g_return_val_if_fail (i < self->fields->len, 0);

  return g_array_index (self->fields, Field, i).column;
}

/**
 * sluice_import_converter_get_key:
 * @self: a converter
 *
 * Returns: which value tells the record that is meant, -1 for none
 */
int
sluice_import_converter_get_key (SluiceImportConverter *self)
{
  return self->key;
}

static gboolean
is_empty (const SluiceCell *cell)
{
  return cell->kind == SLUICE_CELL_NULL || cell->length == 0;
}

static gboolean
is_clear (const SluiceCell *cell)
{
  return cell->length == strlen (SLUICE_IMPORT_CLEAR) &&
         memcmp (cell->text, SLUICE_IMPORT_CLEAR, strlen (SLUICE_IMPORT_CLEAR)) == 0;
}

static SluiceImportIssueKind
convert_cell (SluiceImportConverter *self,
              guint                  i,
              const SluiceCell      *cell)
{
  const Field *field = &g_array_index (self->fields, Field, i);
  SluiceCell *value = &self->values[i];
  SluiceImportIssueKind issue;
  gboolean clear = !is_empty (cell) && is_clear (cell);

  self->offsets[i] = self->text->len;
  if (is_empty (cell) || clear)
    {
      if ((int) i == self->key)
        return SLUICE_IMPORT_ISSUE_EMPTY_KEY;
      if (field->required)
        return SLUICE_IMPORT_ISSUE_EMPTY_REQUIRED;

      value->kind = clear || self->clear_empty ? SLUICE_CELL_TEXT : SLUICE_CELL_NULL;
      if (value->kind == SLUICE_CELL_TEXT)
        g_string_append (self->text, SLUICE_IMPORT_CLEAR);
      value->length = (guint32) (self->text->len - self->offsets[i]);
      return SLUICE_IMPORT_ISSUE_NONE;
    }

  issue = sluice_import_value_convert (field->value_field, &self->options, cell->text, cell->length,
                                       self->text, &value->kind);
  value->length = (guint32) (self->text->len - self->offsets[i]);

  return issue;
}

/**
 * sluice_import_converter_convert:
 * @self: a converter
 * @row: the values of a row of the file, one for each column
 * @values: (out) (transfer none): what is sent, one for each field, valid until the next call. %SLUICE_CELL_NULL leaves
 *   the field alone; the text %SLUICE_IMPORT_CLEAR empties it
 * @culprit: (out): which field has the issue
 *
 * Checks a row and makes its values.
 *
 * Returns: the first thing that is wrong with the row, or %SLUICE_IMPORT_ISSUE_NONE
 */
SluiceImportIssueKind
sluice_import_converter_convert (SluiceImportConverter  *self,
                                 const SluiceCell       *row,
                                 const SluiceCell      **values,
                                 guint                  *culprit)
{
  g_string_truncate (self->text, 0);

  for (guint i = 0; i < self->fields->len; i++)
    {
      SluiceImportIssueKind issue = convert_cell (self, i, &row[sluice_import_converter_get_column (self, i)]);

      if (issue != SLUICE_IMPORT_ISSUE_NONE)
        {
          *values = NULL;
          *culprit = i;
          return issue;
        }
    }

  /* The text has moved while it grew. */
  for (guint i = 0; i < self->fields->len; i++)
    self->values[i].text = self->values[i].kind != SLUICE_CELL_NULL ? self->text->str + self->offsets[i] : NULL;

  *values = self->values;
  *culprit = 0;

  return SLUICE_IMPORT_ISSUE_NONE;
}

static char *
dup_shown (const SluiceCell *cell)
{
  g_autofree char *text = g_strndup (cell->text != NULL ? cell->text : "", cell->length);
  g_autofree char *start = NULL;

  if (g_utf8_strlen (text, -1) <= MAX_SHOWN_CHARS)
    return g_steal_pointer (&text);

  start = g_utf8_substring (text, 0, MAX_SHOWN_CHARS);

  return g_strconcat (start, "…", NULL);
}

/**
 * sluice_import_converter_dup_issue_text:
 * @self: a converter
 * @kind: what is wrong with a row
 * @culprit: which field has the issue
 * @row: the row
 *
 * Returns: (transfer full): a sentence for users that shows the value and says what would be right
 */
char *
sluice_import_converter_dup_issue_text (SluiceImportConverter *self,
                                        SluiceImportIssueKind  kind,
                                        guint                  culprit,
                                        const SluiceCell      *row)
{
  SluiceFieldInfo *field;
  g_autofree char *value = NULL;
  const char *name;

  g_return_val_if_fail (culprit < self->fields->len, NULL);

  field = g_array_index (self->fields, Field, culprit).value_field;
  name = sluice_import_converter_get_field (self, culprit);
  value = dup_shown (&row[sluice_import_converter_get_column (self, culprit)]);

  switch (kind)
    {
    case SLUICE_IMPORT_ISSUE_EMPTY_KEY:
      return g_strdup_printf (_("“%s” is empty: it must tell which record is meant."), name);

    case SLUICE_IMPORT_ISSUE_EMPTY_REQUIRED:
      return g_strdup_printf (_("“%s” is empty: new records must have it."), name);

    case SLUICE_IMPORT_ISSUE_NUMBER:
      if (self->options.decimal == SLUICE_DECIMAL_MARK_COMMA)
        /* Translators: a field, a value */
        return g_strdup_printf (_("%s: “%s” is no number such as 1234,5."), name, value);
      if (g_str_equal (sluice_field_info_get_field_type (field), "int"))
        /* Translators: a field, a value */
        return g_strdup_printf (_("%s: “%s” is no whole number such as 1234."), name, value);
      /* Translators: a field, a value */
      return g_strdup_printf (_("%s: “%s” is no number such as 1234.5. A decimal comma must be chosen."), name, value);

    case SLUICE_IMPORT_ISSUE_TOO_LARGE:
      return g_strdup_printf (_("%s: “%s” has too many digits."), name, value);

    case SLUICE_IMPORT_ISSUE_BOOLEAN:
      return g_strdup_printf (_("%s: “%s” is neither true nor false."), name, value);

    case SLUICE_IMPORT_ISSUE_DATE:
      if (self->options.dates == SLUICE_DATE_ORDER_ISO)
        return g_strdup_printf (_("%s: “%s” is no date such as 2026-12-31. Other ways to write dates must be chosen."),
                                name, value);
      return g_strdup_printf (_("%s: “%s” is no date as chosen."), name, value);

    case SLUICE_IMPORT_ISSUE_DATE_TIME:
      return g_strdup_printf (_("%s: “%s” is no date and time such as 2026-12-31T13:45:00Z."), name, value);

    case SLUICE_IMPORT_ISSUE_TIME_ZONE:
      return g_strdup_printf (_("%s: “%s” names no time zone. Choose the one that is meant."), name, value);

    case SLUICE_IMPORT_ISSUE_TIME:
      return g_strdup_printf (_("%s: “%s” is no time such as 13:45:00."), name, value);

    case SLUICE_IMPORT_ISSUE_ID:
      return g_strdup_printf (_("%s: “%s” is no record id of 15 or 18 characters."), name, value);

    case SLUICE_IMPORT_ISSUE_EMAIL:
      return g_strdup_printf (_("%s: “%s” is no e-mail address."), name, value);

    case SLUICE_IMPORT_ISSUE_TOO_LONG:
      /* Translators: a field, a value, how many characters fit */
      return g_strdup_printf (_("%s: “%s” is longer than %u characters."), name, value,
                              sluice_field_info_get_length (field));

    case SLUICE_IMPORT_ISSUE_PICKLIST:
      return g_strdup_printf (_("%s: “%s” is none of the values that the field takes."), name, value);

    case SLUICE_IMPORT_ISSUE_NONE:
    case SLUICE_IMPORT_ISSUE_NOTHING:
    case SLUICE_IMPORT_ISSUE_NO_KEY:
    case SLUICE_IMPORT_ISSUE_BAD_KEY:
    case SLUICE_IMPORT_ISSUE_TWICE:
    case SLUICE_IMPORT_ISSUE_NOT_CREATEABLE:
    case SLUICE_IMPORT_ISSUE_NOT_UPDATEABLE:
    case SLUICE_IMPORT_ISSUE_NOT_FOR_DELETE:
    case SLUICE_IMPORT_ISSUE_UNSUITABLE:
    case SLUICE_IMPORT_ISSUE_REQUIRED:
    case SLUICE_IMPORT_ISSUE_OBJECT:
    case SLUICE_IMPORT_ISSUE_ROW:
    default:
      return g_strdup (sluice_import_issue_kind_get_title (kind));
    }
}
