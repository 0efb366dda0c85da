/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "org-table.h"

#include <string.h>
#include <time.h>

#include "org-id.h"

struct _OrgTable
{
  OrgData *data;           /* (unowned) */
  const OrgObject *object;
  sqlite3_stmt *insert;
};

static char *
put_digits (char *text,
            int   number,
            int   n)
{
  for (int i = n - 1; i >= 0; i--)
    {
      text[i] = (char) ('0' + number % 10);
      number /= 10;
    }

  return text + n;
}

/**
 * org_format_datetime:
 * @seconds: since 1970, UTC
 * @buffer: (out caller-allocates): at least 29 bytes
 * @size: the size of @buffer
 *
 * Writes a time in the form of the REST API, which sorts as text.
 */
void
org_format_datetime (gint64  seconds,
                     char   *buffer,
                     gsize   size)
{
  time_t moment = (time_t) seconds;
  struct tm parts;

  g_assert (size > strlen ("2026-01-01T00:00:00.000+0000"));

  /* Not strftime(): each generated record has three times. */
  gmtime_r (&moment, &parts);
  buffer = put_digits (buffer, CLAMP (parts.tm_year + 1900, 0, 9999), 4);
  *buffer++ = '-';
  buffer = put_digits (buffer, parts.tm_mon + 1, 2);
  *buffer++ = '-';
  buffer = put_digits (buffer, parts.tm_mday, 2);
  *buffer++ = 'T';
  buffer = put_digits (buffer, parts.tm_hour, 2);
  *buffer++ = ':';
  buffer = put_digits (buffer, parts.tm_min, 2);
  *buffer++ = ':';
  buffer = put_digits (buffer, parts.tm_sec, 2);
  strcpy (buffer, ".000+0000");
}

static int
find_parameter (OrgTable   *self,
                const char *field)
{
  char name[64] = ":";
  int index;

  g_strlcat (name, field, sizeof name);
  index = sqlite3_bind_parameter_index (self->insert, name);
  g_assert (index > 0);

  return index;
}

static void
set_flags (OrgTable *self)
{
  guint n_fields;
  const OrgField *fields = org_object_get_fields (self->object, &n_fields);

  for (guint i = 0; i < n_fields; i++)
    {
      if (fields[i].type == ORG_TYPE_BOOLEAN)
        sqlite3_bind_int64 (self->insert, find_parameter (self, fields[i].name), 0);
    }
}

/**
 * org_table_open:
 * @data: an org that is being filled
 * @object: the API name of a stored object
 *
 * Prepares inserting records.
 *
 * Returns: (transfer full): the table
 */
OrgTable *
org_table_open (OrgData    *data,
                const char *object)
{
  OrgTable *self = g_new0 (OrgTable, 1);
  g_autoptr(GString) sql = g_string_new ("INSERT INTO ");
  guint n_fields;
  const OrgField *fields;

  self->data = data;
  self->object = org_schema_find (object);
  fields = org_object_get_fields (self->object, &n_fields);

  g_string_append_printf (sql, "\"%s\" VALUES (", self->object->name);
  for (guint i = 0; i < n_fields; i++)
    {
      if (fields[i].type != ORG_TYPE_ADDRESS)
        g_string_append_printf (sql, "%s:%s", i > 0 ? "," : "", fields[i].name);
    }
  g_string_append_c (sql, ')');

  if (sqlite3_prepare_v2 (org_data_get_database (data), sql->str, -1, &self->insert, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql->str, sqlite3_errmsg (org_data_get_database (data)));

  set_flags (self);

  return self;
}

/**
 * org_table_close:
 * @self: (transfer full): a table
 *
 * Ends inserting.
 */
void
org_table_close (OrgTable *self)
{
  sqlite3_finalize (self->insert);
  g_free (self);
}

/**
 * org_table_set_text:
 * @self: a table
 * @field: a field's API name
 * @value: (nullable): its value; empty counts as nothing
 *
 * Sets a field of the next record.
 */
void
org_table_set_text (OrgTable   *self,
                    const char *field,
                    const char *value)
{
  if (value != NULL && *value != '\0')
    sqlite3_bind_text (self->insert, find_parameter (self, field), value, -1, SQLITE_TRANSIENT);
}

/**
 * org_table_set_int:
 * @self: a table
 * @field: a field's API name
 * @value: its value
 *
 * Sets a field of the next record.
 */
void
org_table_set_int (OrgTable   *self,
                   const char *field,
                   gint64      value)
{
  sqlite3_bind_int64 (self->insert, find_parameter (self, field), value);
}

/**
 * org_table_set_real:
 * @self: a table
 * @field: a field's API name
 * @value: its value
 *
 * Sets a field of the next record.
 */
void
org_table_set_real (OrgTable   *self,
                    const char *field,
                    double      value)
{
  sqlite3_bind_double (self->insert, find_parameter (self, field), value);
}

/**
 * org_table_set_id:
 * @self: a table
 * @field: a reference
 * @serial: the serial number of the record it points to, 0 for none
 *
 * Sets a reference of the next record.
 */
void
org_table_set_id (OrgTable   *self,
                  const char *field,
                  guint64     serial)
{
  const OrgField *reference = org_object_find_field (self->object, field);
  const char *target = strrchr (reference->targets, ' ');
  char id[ORG_ID_SIZE];

  if (serial == 0)
    return;

  target = target != NULL ? target + 1 : reference->targets;
  org_id_make (id, org_schema_find (target)->prefix, org_data_get_pod (self->data), serial);
  org_table_set_text (self, field, id);
}

/**
 * org_table_insert:
 * @self: a table
 * @serial: the serial number of the record
 *
 * Stores the record with its id and times, and clears all values for the next.
 */
void
org_table_insert (OrgTable *self,
                  guint64   serial)
{
  char text[40];

  org_id_make (text, self->object->prefix, org_data_get_pod (self->data), serial);
  org_table_set_text (self, "Id", text);
  org_format_datetime (ORG_FIRST_CREATED + (gint64) serial, text, sizeof text);
  org_table_set_text (self, "CreatedDate", text);
  org_table_set_text (self, "LastModifiedDate", text);
  org_table_set_text (self, "SystemModstamp", text);
  org_table_set_id (self, "CreatedById", 1);
  org_table_set_id (self, "LastModifiedById", 1);

  if (sqlite3_step (self->insert) != SQLITE_DONE)
    g_error ("%s: %s", self->object->name, sqlite3_errmsg (org_data_get_database (self->data)));

  sqlite3_reset (self->insert);
  sqlite3_clear_bindings (self->insert);
  set_flags (self);
}
