/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is wrong with the values of a record, as far as they tell it alone. */

#include "org-check.h"

#include <math.h>
#include <string.h>

#include "org-soql-date.h"
#include "org-table.h"

#define CHECKED_TEXT_SHOWN 100

static void
wrong_type (OrgRecord     *record,
            const OrgCell *cell)
{
  org_write_errors_add (record->errors, "INVALID_TYPE_ON_FIELD_IN_RECORD", cell->field->name,
                        "%s: value not of required type: %s", cell->field->label, cell->text);
}

static void
check_length (OrgRecord     *record,
              const OrgCell *cell)
{
  if (g_utf8_strlen (cell->text, -1) <= (glong) cell->field->length)
    return;

  org_write_errors_add (record->errors, "STRING_TOO_LONG", cell->field->name,
                        "%s: data value too large: %.*s (max length=%u)", cell->field->label,
                        (int) (g_utf8_offset_to_pointer (cell->text, MIN (CHECKED_TEXT_SHOWN,
                                                                          g_utf8_strlen (cell->text, -1))) - cell->text),
                        cell->text, cell->field->length);
}

/* Custom picklists are restricted, standard ones take any value, as a new org has it. */
static void
check_picklist (OrgRecord     *record,
                const OrgCell *cell)
{
  g_auto(GStrv) values = g_strsplit (cell->field->values, ";", -1);

  if ((cell->field->flags & ORG_FIELD_CUSTOM) == 0)
    check_length (record, cell);
  else if (!g_strv_contains ((const char * const *) values, cell->text))
    org_write_errors_add (record->errors, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", cell->field->name,
                          "%s: bad value for restricted picklist field: %s", cell->field->label, cell->text);
}

static void
check_email (OrgRecord     *record,
             const OrgCell *cell)
{
  const char *at = strchr (cell->text, '@');
  const char *dot = at != NULL ? strrchr (at, '.') : NULL;

  if (at == NULL || at == cell->text || dot == NULL || dot == at + 1 || dot[1] == '\0' || strchr (at + 1, '@') != NULL
      || strpbrk (cell->text, " \t\r\n,;") != NULL)
    org_write_errors_add (record->errors, "INVALID_EMAIL_ADDRESS", cell->field->name, "%s: invalid email address: %s",
                          cell->field->label, cell->text);
  else
    check_length (record, cell);
}

static double
power_of_ten (guint exponent)
{
  double power = 1;

  while (exponent-- > 0)
    power *= 10;

  return power;
}

static void
check_number (OrgRecord     *record,
              const OrgCell *cell)
{
  char *end;
  double number = g_ascii_strtod (cell->text, &end);
  guint whole = cell->field->type == ORG_TYPE_INT ? cell->field->length : cell->field->length - cell->field->scale;

  if (cell->kind == ORG_CELL_FLAG || end == cell->text || *end != '\0' || !isfinite (number))
    wrong_type (record, cell);
  else if (fabs (number) >= power_of_ten (whole) || (cell->field->type == ORG_TYPE_INT && fabs (number) > G_MAXINT32))
    org_write_errors_add (record->errors, "NUMBER_OUTSIDE_VALID_RANGE", cell->field->name,
                          "%s: value outside of valid range on numeric field: %s", cell->field->label, cell->text);
}

/* Also `1` and `0`, which CSV files have. */
static void
check_flag (OrgRecord *record,
            OrgCell   *cell)
{
  gboolean yes = g_ascii_strcasecmp (cell->text, "true") == 0 || strcmp (cell->text, "1") == 0;

  if (!yes && g_ascii_strcasecmp (cell->text, "false") != 0 && strcmp (cell->text, "0") != 0)
    wrong_type (record, cell);
  else
    g_set_str (&cell->text, yes ? "1" : "0");
}

static void
check_date (OrgRecord *record,
            OrgCell   *cell)
{
  gboolean whole_day = cell->field->type == ORG_TYPE_DATE;
  gint64 seconds;
  char text[40];

  if (strlen (cell->text) < strlen ("2026-01-01") || !org_date_parse (cell->text, &seconds)
      || (!whole_day && strchr (cell->text, 'T') == NULL))
    {
      wrong_type (record, cell);
      return;
    }

  org_format_datetime (seconds, text, sizeof text);
  if (whole_day)
    text[strlen ("2026-01-01")] = '\0';
  g_set_str (&cell->text, text);
}

static void
check_value (OrgRecord *record,
             OrgCell   *cell)
{
  switch (cell->field->type)
    {
    case ORG_TYPE_BOOLEAN:
      check_flag (record, cell);
      break;

    case ORG_TYPE_INT:
    case ORG_TYPE_DOUBLE:
    case ORG_TYPE_CURRENCY:
    case ORG_TYPE_PERCENT:
      check_number (record, cell);
      break;

    case ORG_TYPE_DATE:
    case ORG_TYPE_DATETIME:
      check_date (record, cell);
      break;

    case ORG_TYPE_PICKLIST:
      check_picklist (record, cell);
      break;

    case ORG_TYPE_EMAIL:
      check_email (record, cell);
      break;

    case ORG_TYPE_STRING:
    case ORG_TYPE_TEXTAREA:
    case ORG_TYPE_PHONE:
    case ORG_TYPE_URL:
      check_length (record, cell);
      break;

    case ORG_TYPE_ID:
    case ORG_TYPE_REFERENCE:
    case ORG_TYPE_ADDRESS:
    default:
      break;
    }
}

static void
refuse_read_only (OrgRecord *record,
                  gboolean   create)
{
  g_autoptr(GString) names = g_string_new (NULL);

  for (guint i = 0; i < record->cells->len; i++)
    {
      const OrgCell *cell = g_ptr_array_index (record->cells, i);
      gboolean fixed = (cell->field->flags & ORG_FIELD_WRITABLE) == 0
                       || (!create && (cell->field->flags & ORG_FIELD_CASCADE) != 0);

      if (fixed)
        g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", cell->field->name);
    }

  if (names->len > 0)
    org_write_errors_add (record->errors, "INVALID_FIELD_FOR_INSERT_UPDATE", names->str,
                          "Unable to create/update fields: %s. Please check the security settings of this field and "
                          "verify that it is read/write for your profile or permission set.", names->str);
}

/* The owner is who writes, unless another is named. */
static gboolean
is_missing (OrgRecord      *record,
            const OrgField *field,
            gboolean        create)
{
  const OrgCell *cell = org_record_find (record, field->name);

  if ((field->flags & ORG_FIELD_REQUIRED) == 0 || (field->flags & ORG_FIELD_WRITABLE) == 0
      || field->type == ORG_TYPE_BOOLEAN)
    return FALSE;
  if (cell == NULL)
    return create && strcmp (field->name, "OwnerId") != 0;

  return cell->kind == ORG_CELL_NULL;
}

static void
refuse_missing (OrgRecord *record,
                gboolean   create)
{
  g_autoptr(GString) names = g_string_new (NULL);
  guint n_fields;
  const OrgField *fields = org_object_get_fields (record->object, &n_fields);

  for (guint i = 0; i < n_fields; i++)
    {
      if (is_missing (record, &fields[i], create))
        g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", fields[i].name);
    }

  if (names->len > 0)
    org_write_errors_add (record->errors, "REQUIRED_FIELD_MISSING", names->str, "Required fields are missing: [%s]",
                          names->str);
}

/**
 * org_check_values:
 * @record: a record on its way in
 * @create: whether it is a new one
 *
 * Adds what is wrong with its values to its errors, and brings dates and flags into
 * the form that is stored. References are left to who can look them up.
 */
void
org_check_values (OrgRecord *record,
                  gboolean   create)
{
  refuse_read_only (record, create);
  refuse_missing (record, create);
  for (guint i = 0; i < record->cells->len; i++)
    {
      OrgCell *cell = g_ptr_array_index (record->cells, i);

      if (cell->kind != ORG_CELL_NULL)
        check_value (record, cell);
    }
}

static const struct
{
  const char *object;
  const char *field;
  const char *message;
} rules[] = {
  { "Account", "AnnualRevenue", "Annual revenue must not be negative." },
  { "Account", "NumberOfEmployees", "The number of employees must not be negative." },
  { "OrderItem", "Quantity", "The quantity must not be negative." },
};

/**
 * org_check_rules:
 * @record: a record whose values are well
 *
 * Adds the errors of validation rules to its errors; several may come together.
 */
void
org_check_rules (OrgRecord *record)
{
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      const OrgCell *cell = strcmp (rules[i].object, record->object->name) == 0
                            ? org_record_find (record, rules[i].field) : NULL;

      if (cell != NULL && cell->kind != ORG_CELL_NULL && g_ascii_strtod (cell->text, NULL) < 0)
        org_write_errors_add (record->errors, "FIELD_CUSTOM_VALIDATION_EXCEPTION", rules[i].field, "%s",
                              rules[i].message);
    }
}

/**
 * org_check_dup_help:
 *
 * Returns: (transfer full): a line for each rule that a record can break
 */
char *
org_check_dup_help (void)
{
  GString *help = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      g_autofree char *name = g_strconcat (rules[i].object, ".", rules[i].field, NULL);

      g_string_append_printf (help, "  %-32s %s\n", name, rules[i].message);
    }
  g_string_append_printf (help, "  %-32s %s\n", "Contact.Email, Contact.LastName",
                          "The same as those of another contact: DUPLICATES_DETECTED, unless allowed.");

  return g_string_free (help, FALSE);
}
