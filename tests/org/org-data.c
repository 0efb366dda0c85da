/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "org-data.h"

#include <string.h>

#include "org-generated.h"
#include "org-id.h"
#include "org-northwind.h"
#include "org-sql-functions.h"

#define MAX_ACCOUNTS 10000000

struct _OrgData
{
  sqlite3 *database;
  OrgKind kind;
  OrgDataClock clock;
  gpointer clock_data;
  gint64 started;
  gboolean generated;
  char organization_id[ORG_ID_SIZE];
};

static gint64
real_time (gpointer user_data)
{
  return g_get_real_time ();
}

static gboolean
execute (OrgData     *self,
         const char  *sql,
         GError     **error)
{
  if (sqlite3_exec (self->database, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: %s", sql, sqlite3_errmsg (self->database));

  return FALSE;
}

static const char *
column_type (const OrgField *field)
{
  if (field->type == ORG_TYPE_ID)
    return "TEXT PRIMARY KEY NOT NULL";
  if (field->type == ORG_TYPE_BOOLEAN || field->type == ORG_TYPE_INT)
    return "INTEGER";
  if (org_type_is_number (field->type))
    return "REAL";

  return "TEXT";
}

static gboolean
create_table (OrgData          *self,
              const OrgObject  *object,
              GError          **error)
{
  g_autoptr(GString) sql = g_string_new (NULL);
  g_autoptr(GString) indexes = g_string_new (NULL);
  guint n_fields;
  const OrgField *fields = org_object_get_fields (object, &n_fields);

  g_string_printf (sql, "CREATE TABLE \"%s\" (", object->name);

  for (guint i = 0; i < n_fields; i++)
    {
      if (fields[i].type == ORG_TYPE_ADDRESS)
        continue;

      g_string_append_printf (sql, "%s\"%s\" %s", i > 0 ? "," : "", fields[i].name, column_type (&fields[i]));
      if (fields[i].children != NULL)
        g_string_append_printf (indexes, "CREATE INDEX \"%s.%s\" ON \"%s\" (\"%s\");",
                                object->name, fields[i].name, object->name, fields[i].name);
      else if ((fields[i].flags & (ORG_FIELD_EXTERNAL_ID | ORG_FIELD_UNIQUE)) != 0)
        g_string_append_printf (indexes, "CREATE INDEX \"%s.%s\" ON \"%s\" (\"%s\" COLLATE soql);",
                                object->name, fields[i].name, object->name, fields[i].name);
    }

  g_string_append (sql, ");");
  g_string_append (sql, indexes->str);

  return execute (self, sql->str, error);
}

static gboolean
create_tables (OrgData   *self,
               gboolean   generated,
               GError   **error)
{
  guint n_objects;
  const OrgObject *objects = org_schema_get_objects (&n_objects);

  for (guint i = 0; i < n_objects; i++)
    {
      if (generated && org_generated_covers (&objects[i]))
        continue;
      if (!create_table (self, &objects[i], error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
fill (OrgData  *self,
      gboolean  generated,
      guint64   n_accounts,
      GError  **error)
{
  if (!create_tables (self, generated, error) || !execute (self, "BEGIN", error))
    return FALSE;

  org_northwind_load_setup (self);
  org_northwind_load_products (self);
  if (!generated)
    org_northwind_load_business (self);

  if (!execute (self, "COMMIT", error))
    return FALSE;

  return !generated || org_generated_attach (self, n_accounts, error);
}

static gboolean
parse_source (const char  *source,
              gboolean    *generated,
              guint64     *n_accounts,
              GError     **error)
{
  *generated = strcmp (source, "northwind") != 0;
  *n_accounts = 0;

  if (*generated && !g_ascii_string_to_unsigned (source, 10, 1, MAX_ACCOUNTS, n_accounts, NULL))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "Data must be “northwind” or a number of accounts from 1 to %d, not “%s”", MAX_ACCOUNTS, source);
      return FALSE;
    }

  return TRUE;
}

/**
 * org_data_new:
 * @source: `northwind`, or how many accounts to generate
 * @kind: which org
 * @error: return location for an error
 *
 * Makes the records of an org, in memory.
 *
 * Returns: (transfer full) (nullable): the data
 */
OrgData *
org_data_new (const char  *source,
              OrgKind      kind,
              GError     **error)
{
  g_autoptr(OrgData) self = g_new0 (OrgData, 1);
  gboolean generated;
  guint64 n_accounts;

  self->kind = kind;
  self->clock = real_time;
  self->started = g_get_real_time ();

  if (!parse_source (source, &generated, &n_accounts, error))
    return NULL;
  self->generated = generated;

  if (sqlite3_open_v2 (":memory:", &self->database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "The database cannot be opened");
      return NULL;
    }

  org_id_make (self->organization_id, "00D", org_data_get_pod (self), 1);
  org_sql_functions_register (self->database);

  if (!fill (self, generated, n_accounts, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * org_data_free:
 * @self: (transfer full): an org
 *
 * Lets go of the records. Cursors over them must be gone before.
 */
void
org_data_free (OrgData *self)
{
  sqlite3_close (self->database);
  g_free (self);
}

/**
 * org_data_set_clock:
 * @self: an org
 * @clock: (nullable): what tells the time, the system's if %NULL
 * @user_data: data for @clock
 *
 * Sets the clock for date literals and for the age of cursors.
 */
void
org_data_set_clock (OrgData      *self,
                    OrgDataClock  clock,
                    gpointer      user_data)
{
  self->clock = clock != NULL ? clock : real_time;
  self->clock_data = user_data;
}

/**
 * org_data_get_time:
 * @self: an org
 *
 * Returns: microseconds since 1970
 */
gint64
org_data_get_time (OrgData *self)
{
  return self->clock (self->clock_data);
}

/**
 * org_data_get_kind:
 * @self: an org
 *
 * Returns: which org it is
 */
OrgKind
org_data_get_kind (OrgData *self)
{
  return self->kind;
}

/**
 * org_data_get_pod:
 * @self: an org
 *
 * Returns: the two characters in all its ids
 */
const char *
org_data_get_pod (OrgData *self)
{
  return self->kind == ORG_KIND_SANDBOX ? "Hs" : "5e";
}

/**
 * org_data_get_database:
 * @self: an org
 *
 * Returns: (transfer none): where the records are
 */
sqlite3 *
org_data_get_database (OrgData *self)
{
  return self->database;
}

/**
 * org_data_is_generated:
 * @self: an org
 *
 * Returns: whether the records of org_generated_covers() are computed instead of stored
 */
gboolean
org_data_is_generated (OrgData *self)
{
  return self->generated;
}

/**
 * org_data_get_started:
 * @self: an org
 *
 * Returns: when it was made, in microseconds since 1970; describes date from then
 */
gint64
org_data_get_started (OrgData *self)
{
  return self->started;
}

/**
 * org_data_get_organization_id:
 * @self: an org
 *
 * Returns: its id, 18 characters
 */
const char *
org_data_get_organization_id (OrgData *self)
{
  return self->organization_id;
}

static sqlite3_stmt *
prepare (OrgData    *self,
         const char *sql,
         const char *value)
{
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v2 (self->database, sql, -1, &statement, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (self->database));

  if (value != NULL)
    sqlite3_bind_text (statement, 1, value, -1, SQLITE_TRANSIENT);

  return statement;
}

/**
 * org_data_dup_user_id:
 * @self: an org
 * @username: somebody's user name, in any case
 *
 * Returns: (transfer full) (nullable): the id of the user
 */
char *
org_data_dup_user_id (OrgData    *self,
                      const char *username)
{
  sqlite3_stmt *statement = prepare (self, "SELECT Id FROM User WHERE lower(Username) = lower(?)", username);
  char *id = NULL;

  if (sqlite3_step (statement) == SQLITE_ROW)
    id = g_strdup ((const char *) sqlite3_column_text (statement, 0));
  sqlite3_finalize (statement);

  return id;
}

/**
 * org_data_is_admin:
 * @self: an org
 * @user_id: the id of a user
 *
 * Returns: whether field-level security hides nothing from the user
 */
gboolean
org_data_is_admin (OrgData    *self,
                   const char *user_id)
{
  sqlite3_stmt *statement;
  gboolean admin;

  statement = prepare (self,
                       "SELECT 1 FROM User u JOIN Profile p ON p.Id = u.ProfileId"
                       " WHERE u.Id = ? AND p.PermissionsViewAllData",
                       user_id);
  admin = sqlite3_step (statement) == SQLITE_ROW;
  sqlite3_finalize (statement);

  return admin;
}

/**
 * org_data_count:
 * @self: an org
 * @object: an object
 *
 * Returns: how many records are not deleted
 */
guint64
org_data_count (OrgData         *self,
                const OrgObject *object)
{
  g_autofree char *sql = g_strdup_printf ("SELECT count(*) FROM \"%s\" WHERE NOT IsDeleted", object->name);
  sqlite3_stmt *statement = prepare (self, sql, NULL);
  guint64 count = 0;

  if (sqlite3_step (statement) == SQLITE_ROW)
    count = (guint64) sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);

  return count;
}
