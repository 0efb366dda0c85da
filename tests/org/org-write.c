/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Writing records. Generated ones cannot be changed, for they are not stored. */

#include "org-write.h"

#include <string.h>

#include "org-check.h"
#include "org-generated.h"
#include "org-table.h"

typedef struct
{
  guint64 serial;            /* of the latest record */
  guint64 number;            /* the latest automatic number */
} Counter;

struct _OrgWriter
{
  OrgData *data;             /* (unowned) */
  OrgSwitches *switches;     /* (unowned) */
  GHashTable *statements;    /* SQL → sqlite3_stmt */
  GHashTable *counters;      /* OrgObject → Counter */
};

static void
finalize_statement (gpointer statement)
{
  sqlite3_finalize (statement);
}

/**
 * org_writer_new:
 * @data: the org; must live longer
 * @switches: what tests change; must live longer
 *
 * Returns: (transfer full): what writes records
 */
OrgWriter *
org_writer_new (OrgData     *data,
                OrgSwitches *switches)
{
  OrgWriter *self = g_new0 (OrgWriter, 1);

  self->data = data;
  self->switches = switches;
  self->statements = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, finalize_statement);
  self->counters = g_hash_table_new_full (NULL, NULL, NULL, g_free);

  return self;
}

/**
 * org_writer_free:
 * @self: (transfer full): a writer
 *
 * Frees @self.
 */
void
org_writer_free (OrgWriter *self)
{
  g_hash_table_unref (self->statements);
  g_hash_table_unref (self->counters);
  g_free (self);
}

/**
 * org_write_result_init:
 * @result: (out caller-allocates): a result
 *
 * Makes @result empty.
 */
void
org_write_result_init (OrgWriteResult *result)
{
  memset (result, 0, sizeof *result);
  result->errors = org_write_errors_new ();
}

/**
 * org_write_result_clear:
 * @result: a result
 *
 * Frees what @result owns.
 */
void
org_write_result_clear (OrgWriteResult *result)
{
  g_clear_pointer (&result->errors, g_ptr_array_unref);
  g_clear_pointer (&result->matches, g_strfreev);
}

/**
 * org_write_result_status:
 * @result: the result of a single write that failed
 *
 * Returns: the HTTP status of its answer
 */
guint
org_write_result_status (const OrgWriteResult *result)
{
  const OrgWriteError *error = g_ptr_array_index (result->errors, 0);

  if (result->matches != NULL)
    return 300;
  if (strcmp (error->code, "NOT_FOUND") == 0 || strcmp (error->code, "ENTITY_IS_DELETED") == 0)
    return 404;
  if (strcmp (error->code, "ENTITY_FAILED_IFLASTMODIFIED_ON_UPDATE") == 0)
    return 412;

  return 400;
}

/* The same SQL again and again, with @first and @second as its values. */
static sqlite3_stmt *
prepare (OrgWriter  *self,
         const char *sql,
         const char *first,
         const char *second)
{
  sqlite3_stmt *statement = g_hash_table_lookup (self->statements, sql);

  if (statement == NULL)
    {
      sqlite3 *database = org_data_get_database (self->data);

      if (sqlite3_prepare_v2 (database, sql, -1, &statement, NULL) != SQLITE_OK)
        g_error ("%s: %s", sql, sqlite3_errmsg (database));
      g_hash_table_insert (self->statements, g_strdup (sql), statement);
    }

  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
  if (first != NULL)
    sqlite3_bind_text (statement, 1, first, -1, SQLITE_TRANSIENT);
  if (second != NULL)
    sqlite3_bind_text (statement, 2, second, -1, SQLITE_TRANSIENT);

  return statement;
}

static void
finish (OrgWriter    *self,
        sqlite3_stmt *statement)
{
  if (sqlite3_step (statement) != SQLITE_DONE)
    g_error ("%s: %s", sqlite3_sql (statement), sqlite3_errmsg (org_data_get_database (self->data)));
  sqlite3_reset (statement);
}

static char *
read_text (sqlite3_stmt *statement)
{
  char *text = NULL;

  if (sqlite3_step (statement) == SQLITE_ROW)
    text = g_strdup ((const char *) sqlite3_column_text (statement, 0));
  sqlite3_reset (statement);

  return text;
}

/**
 * org_writer_begin:
 * @self: a writer
 *
 * Begins writes that are kept or given up together; such spans may be nested.
 */
void
org_writer_begin (OrgWriter *self)
{
  finish (self, prepare (self, "SAVEPOINT org", NULL, NULL));
}

/**
 * org_writer_end:
 * @self: a writer
 * @keep: whether what was written since org_writer_begin() stays
 *
 * Ends a span of writes.
 */
void
org_writer_end (OrgWriter *self,
                gboolean   keep)
{
  if (!keep)
    finish (self, prepare (self, "ROLLBACK TO org", NULL, NULL));
  finish (self, prepare (self, "RELEASE org", NULL, NULL));
}

static Counter *
get_counter (OrgWriter       *self,
             const OrgObject *object)
{
  Counter *counter = g_hash_table_lookup (self->counters, object);
  const OrgField *name = org_object_get_name_field (object);
  g_autofree char *last = NULL;
  g_autofree char *number = NULL;
  g_autofree char *sql = NULL;
  g_autofree char *number_sql = NULL;

  if (counter != NULL)
    return counter;

  counter = g_new0 (Counter, 1);
  sql = g_strdup_printf ("SELECT max(Id) FROM \"%s\"", object->name);
  last = read_text (prepare (self, sql, NULL, NULL));
  if (last != NULL)
    org_id_serial (last, &counter->serial);

  if (name->flags & ORG_FIELD_AUTO_NUMBER)
    {
      number_sql = g_strdup_printf ("SELECT max(%s) FROM \"%s\"", name->name, object->name);
      number = read_text (prepare (self, number_sql, NULL, NULL));
      counter->number = number != NULL ? g_ascii_strtoull (number, NULL, 10) : 0;
    }
  g_hash_table_insert (self->counters, (gpointer) object, counter);

  return counter;
}

static void
format_now (OrgWriter *self,
            char      *text,
            gsize      size)
{
  org_format_datetime (org_data_get_time (self->data) / G_USEC_PER_SEC, text, size);
}

static gboolean
is_deleted (OrgWriter       *self,
            const OrgObject *object,
            const char      *id,
            gboolean        *found)
{
  g_autofree char *sql = g_strdup_printf ("SELECT IsDeleted FROM \"%s\" WHERE Id = ?", object->name);
  g_autofree char *deleted = read_text (prepare (self, sql, id, NULL));

  *found = deleted != NULL;

  return g_strcmp0 (deleted, "1") == 0;
}

/**
 * org_writer_find:
 * @self: a writer
 * @object: an object
 * @key: one of its fields
 * @value: a value of it
 *
 * Returns: (transfer full): the ids of the records that have it and are not deleted
 */
char **
org_writer_find (OrgWriter       *self,
                 const OrgObject *object,
                 const OrgField  *key,
                 const char      *value)
{
  g_autofree char *sql = g_strdup_printf ("SELECT Id FROM \"%s\" WHERE \"%s\" = ? COLLATE soql AND IsDeleted = 0",
                                          object->name, key->name);
  sqlite3_stmt *statement = prepare (self, sql, value, NULL);
  g_autoptr(GStrvBuilder) ids = g_strv_builder_new ();

  while (sqlite3_step (statement) == SQLITE_ROW)
    g_strv_builder_add (ids, (const char *) sqlite3_column_text (statement, 0));
  sqlite3_reset (statement);

  return g_strv_builder_end (ids);
}

static void
look_up_parent (OrgWriter *self,
                OrgRecord *record,
                OrgCell   *cell)
{
  const char *last = strrchr (cell->field->targets, ' ');
  const OrgObject *parent = org_schema_find (last != NULL ? last + 1 : cell->field->targets);
  g_auto(GStrv) ids = org_writer_find (self, parent, cell->parent_key, cell->text);

  if (ids[0] == NULL)
    org_write_errors_add (record->errors, "INVALID_FIELD", NULL,
                          "Foreign key external ID: %s not found for field %s in entity %s", cell->text,
                          cell->parent_key->name, parent->name);
  else if (ids[1] != NULL)
    org_write_errors_add (record->errors, "INVALID_FIELD", NULL,
                          "More than one record found for external ID: %s for field %s in entity %s", cell->text,
                          cell->parent_key->name, parent->name);
  else
    g_set_str (&cell->text, ids[0]);
}

static void
check_reference (OrgWriter *self,
                 OrgRecord *record,
                 OrgCell   *cell)
{
  g_auto(GStrv) targets = g_strsplit (cell->field->targets, " ", -1);
  const OrgObject *parent;
  gboolean found;
  char id[ORG_ID_SIZE];

  if (!org_id_normalize (cell->text, id) || (parent = org_schema_find_prefix (id)) == NULL
      || !g_strv_contains ((const char * const *) targets, parent->name))
    {
      org_write_errors_add (record->errors, "MALFORMED_ID", cell->field->name, "%s: id value of incorrect type: %s",
                            cell->field->label, cell->text);
      return;
    }

  if (is_deleted (self, parent, id, &found))
    org_write_errors_add (record->errors, "ENTITY_IS_DELETED", cell->field->name, "entity is deleted");
  else if (!found)
    org_write_errors_add (record->errors, "INVALID_CROSS_REFERENCE_KEY", cell->field->name,
                          "invalid cross reference id");
  else
    g_set_str (&cell->text, id);
}

static void
check_references (OrgWriter *self,
                  OrgRecord *record)
{
  for (guint i = 0; i < record->cells->len; i++)
    {
      OrgCell *cell = g_ptr_array_index (record->cells, i);

      if (cell->kind == ORG_CELL_NULL || cell->field->type != ORG_TYPE_REFERENCE)
        continue;

      if (cell->parent_key != NULL)
        look_up_parent (self, record, cell);
      else
        check_reference (self, record, cell);
    }
}

static void
check_unique (OrgWriter  *self,
              OrgRecord  *record,
              const char *id)
{
  for (guint i = 0; i < record->cells->len; i++)
    {
      const OrgCell *cell = g_ptr_array_index (record->cells, i);
      g_auto(GStrv) ids = NULL;

      if (cell->kind == ORG_CELL_NULL || (cell->field->flags & ORG_FIELD_UNIQUE) == 0)
        continue;

      ids = org_writer_find (self, record->object, cell->field, cell->text);
      if (ids[0] != NULL && g_strcmp0 (ids[0], id) != 0)
        org_write_errors_add (record->errors, "DUPLICATE_VALUE", cell->field->name,
                              "duplicate value found: %s duplicates value on record with id: %s", cell->field->name,
                              ids[0]);
    }
}

/* The duplicate rule of contacts. */
static void
check_duplicate (OrgWriter *self,
                 OrgRecord *record)
{
  const OrgCell *email = org_record_find (record, "Email");
  const OrgCell *name = org_record_find (record, "LastName");
  g_autofree char *other = NULL;

  if (strcmp (record->object->name, "Contact") != 0 || email == NULL || email->kind == ORG_CELL_NULL || name == NULL
      || name->kind == ORG_CELL_NULL)
    return;

  other = read_text (prepare (self, "SELECT Id FROM Contact WHERE Email = ? COLLATE soql"
                                    " AND LastName = ? COLLATE soql AND IsDeleted = 0", email->text, name->text));
  if (other != NULL)
    org_write_errors_add (record->errors, "DUPLICATES_DETECTED", NULL, "Use one of these records?");
}

static gboolean
check_lock (OrgWriter  *self,
            GPtrArray  *errors,
            const char *id)
{
  gboolean approval;

  if (id == NULL || !org_switches_is_locked (self->switches, id, &approval))
    return TRUE;

  if (approval)
    org_write_errors_add (errors, "ENTITY_IS_LOCKED", NULL,
                          "The record you are trying to edit, or one of its related records, is currently being "
                          "modified by another user or locked by an approval process.");
  else
    org_write_errors_add (errors, "UNABLE_TO_LOCK_ROW", NULL,
                          "unable to obtain exclusive access to this record or 1 records: %s", id);

  return FALSE;
}

/* A record and those it hangs on are locked while it is written. */
static void
check_locks (OrgWriter  *self,
             OrgRecord  *record,
             const char *id)
{
  if (!check_lock (self, record->errors, id))
    return;

  for (guint i = 0; i < record->cells->len; i++)
    {
      const OrgCell *cell = g_ptr_array_index (record->cells, i);

      if (cell->kind != ORG_CELL_NULL && cell->field->type == ORG_TYPE_REFERENCE
          && !check_lock (self, record->errors, cell->text))
        return;
    }
}

static gboolean
check_stored (const OrgObject *object,
              OrgData         *data,
              GPtrArray       *errors)
{
  if (!org_data_is_generated (data) || !org_generated_covers (object))
    return TRUE;

  org_write_errors_add (errors, "INSUFFICIENT_ACCESS_OR_READONLY", NULL,
                        "insufficient access rights on object id: generated %s records cannot be written", object->name);

  return FALSE;
}

/* One kind of error at a time, in the order in which the true service looks. */
static gboolean
check_record (OrgWriter             *self,
              const OrgWriteContext *context,
              OrgRecord             *record,
              const char            *id)
{
  if (record->errors->len > 0 || !check_stored (record->object, self->data, record->errors))
    return FALSE;

  org_check_values (record, id == NULL);
  if (record->errors->len == 0)
    check_references (self, record);
  if (record->errors->len == 0)
    org_check_rules (record);
  if (record->errors->len == 0)
    check_unique (self, record, id);
  if (record->errors->len == 0 && id == NULL && (context->flags & ORG_WRITE_ALLOW_DUPLICATES) == 0)
    check_duplicate (self, record);
  if (record->errors->len == 0)
    check_locks (self, record, id);

  return record->errors->len == 0;
}

static void
bind_cell (sqlite3_stmt  *statement,
           int            index,
           const OrgCell *cell)
{
  if (cell->kind == ORG_CELL_NULL && cell->field->type == ORG_TYPE_BOOLEAN)
    sqlite3_bind_int (statement, index, 0);
  else if (cell->kind == ORG_CELL_NULL)
    sqlite3_bind_null (statement, index);
  else
    sqlite3_bind_text (statement, index, cell->text, -1, SQLITE_TRANSIENT);
}

static char *
make_insert (const OrgObject *object)
{
  GString *sql = g_string_new (NULL);
  guint n_fields;
  const OrgField *fields = org_object_get_fields (object, &n_fields);

  g_string_printf (sql, "INSERT INTO \"%s\" VALUES (", object->name);
  for (guint i = 0; i < n_fields; i++)
    {
      if (fields[i].type != ORG_TYPE_ADDRESS)
        g_string_append_printf (sql, "%s:%s", i > 0 ? "," : "", fields[i].name);
    }
  g_string_append_c (sql, ')');

  return g_string_free (sql, FALSE);
}

static void
set_text (sqlite3_stmt *statement,
          const char   *field,
          const char   *text)
{
  char name[64] = ":";
  int index;

  g_strlcat (name, field, sizeof name);
  index = sqlite3_bind_parameter_index (statement, name);
  if (index > 0 && text != NULL)
    sqlite3_bind_text (statement, index, text, -1, SQLITE_TRANSIENT);
}

static void
set_defaults (OrgWriter             *self,
              const OrgWriteContext *context,
              const OrgObject       *object,
              const char            *id,
              sqlite3_stmt          *statement)
{
  guint n_fields;
  const OrgField *fields = org_object_get_fields (object, &n_fields);
  g_autofree char *number = NULL;
  char now[40];

  for (guint i = 0; i < n_fields; i++)
    {
      if (fields[i].type == ORG_TYPE_BOOLEAN)
        set_text (statement, fields[i].name, "0");
      if (fields[i].flags & ORG_FIELD_AUTO_NUMBER)
        {
          g_free (number);
          number = g_strdup_printf (strcmp (object->name, "Order") == 0 ? "%08" G_GUINT64_FORMAT : "%010" G_GUINT64_FORMAT,
                                    ++get_counter (self, object)->number);
          set_text (statement, fields[i].name, number);
        }
    }

  format_now (self, now, sizeof now);
  set_text (statement, "Id", id);
  set_text (statement, "CreatedDate", now);
  set_text (statement, "LastModifiedDate", now);
  set_text (statement, "SystemModstamp", now);
  set_text (statement, "OwnerId", context->user_id);
  set_text (statement, "CreatedById", context->user_id);
  set_text (statement, "LastModifiedById", context->user_id);
}

/* What the org computes from other fields. The first value is the record's id, the second the time. */
static const struct
{
  const char *object;
  const char *sql;
} derived[] = {
  { "Contact", "UPDATE Contact SET Name = ltrim(coalesce(FirstName, '') || ' ' || LastName) WHERE Id = ?1" },
  { "Opportunity",
    "UPDATE Opportunity SET IsClosed = StageName IN ('Closed Won', 'Closed Lost'), IsWon = StageName = 'Closed Won',"
    " ExpectedRevenue = round(Amount * Probability / 100, 2) WHERE Id = ?1" },
  { "PricebookEntry",
    "UPDATE PricebookEntry SET Name = (SELECT p.Name FROM Product2 p WHERE p.Id = Product2Id),"
    " ProductCode = (SELECT p.ProductCode FROM Product2 p WHERE p.Id = Product2Id) WHERE Id = ?1" },
  { "OrderItem",
    "UPDATE OrderItem SET TotalPrice = round(UnitPrice * Quantity, 2),"
    " Product2Id = (SELECT e.Product2Id FROM PricebookEntry e WHERE e.Id = PricebookEntryId),"
    " ListPrice = (SELECT e.UnitPrice FROM PricebookEntry e WHERE e.Id = PricebookEntryId) WHERE Id = ?1" },
  { "OrderItem",
    "UPDATE \"Order\" SET SystemModstamp = ?2, TotalAmount = (SELECT coalesce(round(sum(i.TotalPrice), 2), 0)"
    " FROM OrderItem i WHERE i.OrderId = \"Order\".Id AND i.IsDeleted = 0)"
    " WHERE Id = (SELECT OrderId FROM OrderItem WHERE Id = ?1)" },
  { "OpportunityLineItem",
    "UPDATE OpportunityLineItem SET TotalPrice = round(UnitPrice * Quantity, 2) WHERE Id = ?1 AND UnitPrice IS NOT NULL" },
  { "OpportunityLineItem",
    "UPDATE Opportunity SET SystemModstamp = ?2, Amount = (SELECT coalesce(round(sum(i.TotalPrice), 2), 0)"
    " FROM OpportunityLineItem i WHERE i.OpportunityId = Opportunity.Id AND i.IsDeleted = 0),"
    " HasOpportunityLineItem = EXISTS (SELECT 1 FROM OpportunityLineItem i"
    " WHERE i.OpportunityId = Opportunity.Id AND i.IsDeleted = 0)"
    " WHERE Id = (SELECT OpportunityId FROM OpportunityLineItem WHERE Id = ?1)" },
};

static void
derive (OrgWriter       *self,
        const OrgObject *object,
        const char      *id)
{
  char now[40];

  format_now (self, now, sizeof now);
  for (guint i = 0; i < G_N_ELEMENTS (derived); i++)
    {
      if (strcmp (derived[i].object, object->name) == 0)
        finish (self, prepare (self, derived[i].sql, id, now));
    }
}

static gboolean
refuse (OrgRecord      *record,
        OrgWriteResult *result)
{
  g_ptr_array_extend_and_steal (result->errors, g_steal_pointer (&record->errors));
  record->errors = org_write_errors_new ();

  return FALSE;
}

/**
 * org_writer_insert:
 * @self: a writer
 * @context: who writes, and how
 * @record: a new record
 * @result: an empty result
 *
 * Stores a new record, if nothing is wrong with it.
 *
 * Returns: whether it was stored
 */
gboolean
org_writer_insert (OrgWriter             *self,
                   const OrgWriteContext *context,
                   OrgRecord             *record,
                   OrgWriteResult        *result)
{
  g_autofree char *sql = NULL;
  sqlite3_stmt *statement;

  if (!check_record (self, context, record, NULL))
    return refuse (record, result);

  sql = make_insert (record->object);
  statement = prepare (self, sql, NULL, NULL);
  org_id_make (result->id, record->object->prefix, org_data_get_pod (self->data),
               ++get_counter (self, record->object)->serial);
  set_defaults (self, context, record->object, result->id, statement);
  for (guint i = 0; i < record->cells->len; i++)
    {
      const OrgCell *cell = g_ptr_array_index (record->cells, i);
      g_autofree char *name = g_strconcat (":", cell->field->name, NULL);

      bind_cell (statement, sqlite3_bind_parameter_index (statement, name), cell);
    }

  finish (self, statement);
  derive (self, record->object, result->id);
  result->created = TRUE;

  return TRUE;
}

static gboolean
check_unmodified (OrgWriter             *self,
                  const OrgWriteContext *context,
                  const OrgObject       *object,
                  const char            *id,
                  GPtrArray             *errors)
{
  g_autofree char *sql = g_strdup_printf ("SELECT LastModifiedDate FROM \"%s\" WHERE Id = ?", object->name);
  g_autofree char *changed = NULL;
  char limit[40];

  if (context->unmodified_since < 0)
    return TRUE;

  changed = read_text (prepare (self, sql, id, NULL));
  org_format_datetime (context->unmodified_since, limit, sizeof limit);
  if (g_strcmp0 (changed, limit) <= 0)
    return TRUE;

  org_write_errors_add (errors, "ENTITY_FAILED_IFLASTMODIFIED_ON_UPDATE", NULL,
                        "The entity has been modified since the given time");

  return FALSE;
}

/* Whether there is such a record that is not deleted; the normal form of its id goes to the result. */
static gboolean
find_record (OrgWriter       *self,
             const OrgObject *object,
             const char      *id,
             OrgWriteResult  *result)
{
  gboolean found;

  if (id == NULL || !org_id_normalize (id, result->id))
    {
      result->id[0] = '\0';
      org_write_errors_add (result->errors, "MALFORMED_ID", "Id", "Record ID: id value of incorrect type: %s",
                            id != NULL ? id : "null");
      return FALSE;
    }

  if (is_deleted (self, object, result->id, &found))
    org_write_errors_add (result->errors, "ENTITY_IS_DELETED", NULL, "entity is deleted");
  else if (!found && org_schema_find_prefix (result->id) != object)
    org_write_errors_add (result->errors, "MALFORMED_ID", "Id", "Record ID: id value of incorrect type: %s", id);
  else if (!found)
    org_write_errors_add (result->errors, "INVALID_CROSS_REFERENCE_KEY", NULL, "invalid cross reference id");

  return found && result->errors->len == 0;
}

static void
store_update (OrgWriter             *self,
              const OrgWriteContext *context,
              OrgRecord             *record,
              const char            *id)
{
  g_autoptr(GString) sql = g_string_new (NULL);
  sqlite3_stmt *statement;
  char now[40];

  g_string_printf (sql, "UPDATE \"%s\" SET LastModifiedDate = ?2, SystemModstamp = ?2,"
                        " LastModifiedById = coalesce(?3, LastModifiedById)", record->object->name);
  for (guint i = 0; i < record->cells->len; i++)
    {
      const OrgCell *cell = g_ptr_array_index (record->cells, i);

      g_string_append_printf (sql, ",\"%s\" = ?%u", cell->field->name, i + 4);
    }
  g_string_append (sql, " WHERE Id = ?1");

  format_now (self, now, sizeof now);
  statement = prepare (self, sql->str, id, now);
  if (context->user_id != NULL)
    sqlite3_bind_text (statement, 3, context->user_id, -1, SQLITE_TRANSIENT);
  for (guint i = 0; i < record->cells->len; i++)
    bind_cell (statement, (int) i + 4, g_ptr_array_index (record->cells, i));
  finish (self, statement);
}

/**
 * org_writer_update:
 * @self: a writer
 * @context: who writes, and how
 * @id: (nullable): which record
 * @record: its new values
 * @result: an empty result
 *
 * Changes a record, if nothing is wrong with its new values.
 *
 * Returns: whether it was changed
 */
gboolean
org_writer_update (OrgWriter             *self,
                   const OrgWriteContext *context,
                   const char            *id,
                   OrgRecord             *record,
                   OrgWriteResult        *result)
{
  if (!find_record (self, record->object, id, result))
    return FALSE;
  if (!check_unmodified (self, context, record->object, result->id, result->errors))
    return FALSE;
  if (!check_record (self, context, record, result->id))
    return refuse (record, result);

  store_update (self, context, record, result->id);
  derive (self, record->object, result->id);

  return TRUE;
}

static void
set_key (OrgRecord      *record,
         const OrgField *key,
         const char     *value)
{
  OrgCell *cell = org_record_find (record, key->name);

  if (cell == NULL)
    org_record_set (record, key->name, ORG_CELL_TEXT, value);
}

/**
 * org_writer_upsert:
 * @self: a writer
 * @context: who writes, and how
 * @key: an external id field, or the id
 * @value: (nullable): its value
 * @record: the other values
 * @result: an empty result
 *
 * Changes the record that has @value in @key, or stores a new one.
 *
 * Returns: whether it was stored
 */
gboolean
org_writer_upsert (OrgWriter             *self,
                   const OrgWriteContext *context,
                   const OrgField        *key,
                   const char            *value,
                   OrgRecord             *record,
                   OrgWriteResult        *result)
{
  g_auto(GStrv) ids = NULL;
  gboolean none = value == NULL || *value == '\0';

  if (none && key->type == ORG_TYPE_ID)
    return org_writer_insert (self, context, record, result);
  if (none)
    {
      org_write_errors_add (result->errors, "MISSING_ARGUMENT", NULL, "%s not specified", key->name);
      return FALSE;
    }
  if (key->type == ORG_TYPE_ID)
    return org_writer_update (self, context, value, record, result);

  ids = org_writer_find (self, record->object, key, value);
  if (ids[0] != NULL && ids[1] != NULL)
    {
      org_write_errors_add (result->errors, "DUPLICATE_EXTERNAL_ID", key->name,
                            "%s: more than one record found for external id field: [%s, %s]", key->label, ids[0], ids[1]);
      result->matches = g_steal_pointer (&ids);
      return FALSE;
    }

  if (ids[0] != NULL)
    return org_writer_update (self, context, ids[0], record, result);

  if (context->flags & ORG_WRITE_UPDATE_ONLY)
    {
      org_write_errors_add (result->errors, "NOT_FOUND", NULL, "The requested resource does not exist");
      return FALSE;
    }

  set_key (record, key, value);

  return org_writer_insert (self, context, record, result);
}

static void
remove_record (OrgWriter             *self,
               const OrgWriteContext *context,
               const OrgObject       *object,
               const char            *id);

static void
remove_children (OrgWriter             *self,
                 const OrgWriteContext *context,
                 const OrgChild        *child,
                 const char            *id)
{
  g_autofree char *sql = g_strdup_printf ("SELECT Id FROM \"%s\" WHERE \"%s\" = ? AND IsDeleted = 0", child->object->name,
                                          child->field->name);
  sqlite3_stmt *statement = prepare (self, sql, id, NULL);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) ids = NULL;

  while (sqlite3_step (statement) == SQLITE_ROW)
    g_strv_builder_add (builder, (const char *) sqlite3_column_text (statement, 0));
  sqlite3_reset (statement);

  ids = g_strv_builder_end (builder);
  for (guint i = 0; ids[i] != NULL; i++)
    remove_record (self, context, child->object, ids[i]);
}

static void
clear_reference (OrgWriter      *self,
                 const OrgChild *child,
                 const char     *id)
{
  g_autofree char *sql = g_strdup_printf ("UPDATE \"%s\" SET \"%s\" = NULL, SystemModstamp = ?2"
                                          " WHERE \"%s\" = ?1 AND IsDeleted = 0", child->object->name, child->field->name,
                                          child->field->name);
  char now[40];

  format_now (self, now, sizeof now);
  finish (self, prepare (self, sql, id, now));
}

static void
remove_record (OrgWriter             *self,
               const OrgWriteContext *context,
               const OrgObject       *object,
               const char            *id)
{
  g_autoptr(GArray) children = org_object_list_children (object);
  g_autofree char *sql = NULL;
  char now[40];

  for (guint i = 0; i < children->len; i++)
    {
      const OrgChild *child = &g_array_index (children, OrgChild, i);

      if (org_data_is_generated (self->data) && org_generated_covers (child->object))
        continue;

      if (child->field->flags & ORG_FIELD_CASCADE)
        remove_children (self, context, child, id);
      else if (child->field->children != NULL && (child->field->flags & ORG_FIELD_REQUIRED) == 0)
        clear_reference (self, child, id);
    }

  format_now (self, now, sizeof now);
  if (context->flags & ORG_WRITE_HARD)
    sql = g_strdup_printf ("DELETE FROM \"%s\" WHERE Id = ?1", object->name);
  else
    sql = g_strdup_printf ("UPDATE \"%s\" SET IsDeleted = 1, LastModifiedDate = ?2, SystemModstamp = ?2 WHERE Id = ?1",
                           object->name);
  finish (self, prepare (self, sql, id, now));
  if ((context->flags & ORG_WRITE_HARD) == 0)
    derive (self, object, id);
}

/* Accounts with orders stay. */
static gboolean
check_orders (OrgWriter       *self,
              const OrgObject *object,
              const char      *id,
              GPtrArray       *errors)
{
  g_autofree char *name = NULL;
  g_autofree char *order = NULL;

  if (strcmp (object->name, "Account") != 0)
    return TRUE;

  order = read_text (prepare (self, "SELECT OrderNumber FROM \"Order\" WHERE AccountId = ? AND IsDeleted = 0", id, NULL));
  if (order == NULL)
    return TRUE;

  name = read_text (prepare (self, "SELECT Name FROM Account WHERE Id = ?", id, NULL));
  org_write_errors_add (errors, "DELETE_FAILED", NULL,
                        "Your attempt to delete %s could not be completed because it is associated with the following "
                        "orders.: %s", name, order);

  return FALSE;
}

/**
 * org_writer_delete:
 * @self: a writer
 * @context: who writes, and how
 * @object: an object
 * @id: (nullable): which of its records
 * @result: an empty result
 *
 * Moves a record to the recycle bin, and its details with it.
 *
 * Returns: whether it was moved
 */
gboolean
org_writer_delete (OrgWriter             *self,
                   const OrgWriteContext *context,
                   const OrgObject       *object,
                   const char            *id,
                   OrgWriteResult        *result)
{
  if (!check_stored (object, self->data, result->errors) || !find_record (self, object, id, result)
      || !check_unmodified (self, context, object, result->id, result->errors)
      || !check_lock (self, result->errors, result->id) || !check_orders (self, object, result->id, result->errors))
    return FALSE;

  remove_record (self, context, object, result->id);

  return TRUE;
}
