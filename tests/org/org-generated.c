/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Generated records are SQLite virtual tables whose cells are computed from
 * the record's serial number when they are read. A million accounts therefore
 * cost neither start-up time nor memory, and the same number always gives the
 * same bytes. */

#include "org-generated.h"

#include <string.h>

#include "org-id.h"
#include "org-northwind.h"
#include "org-table.h"

#define CONTACTS_PER_ACCOUNT 2
#define ORDERS_PER_ACCOUNT 2
#define ITEMS_PER_ORDER 2
#define N_DELETED 5
#define N_PRODUCTS 77

typedef struct _Kind Kind;

typedef struct
{
  sqlite3_vtab base;
  const OrgObject *object;
  const Kind *kind;
  const char *pod;        /* (unowned) */
  gboolean sandbox;
  guint64 n_accounts;
  guint64 n_rows;
  int id_column;
  int parent_column;
  int *cells;             /* (owned) per column the index of its function, or -1 */
} Table;

typedef struct
{
  sqlite3_vtab_cursor base;
  guint64 serial;
  guint64 last;
} Cursor;

typedef void (*CellFunc) (sqlite3_context *context,
                          const Table     *table,
                          guint64          serial);

typedef struct
{
  const char *field;
  CellFunc func;
} Cell;

struct _Kind
{
  const char *object;
  const char *parent_field;   /* (nullable) */
  guint64 per_account;
  guint64 per_parent;
  guint64 n_deleted;
  const Cell *cells;
};

enum { PLAN_SCAN, PLAN_ID, PLAN_PARENT, PLAN_AFTER };

static const char *words[] = {
  "Amber", "Birch", "Cedar", "Delta", "Ember", "Fjord", "Grove", "Harbour", "Iris", "Juniper", "Kestrel", "Lark",
  "Maple", "Nordic", "Orchid", "Pine", "Quartz", "River", "Summit", "Tundra", "Upland", "Vale", "Willow", "Zephyr",
};
static const char *trades[] = {
  "Foods", "Trading", "Logistics", "Foundry", "Textiles", "Instruments", "Bakery", "Shipping", "Timber", "Optics",
};
static const char *given_names[] = {
  "Anna", "Bjørn", "Chloé", "David", "Elif", "Fatima", "Grace", "Hugo", "Inés", "Jakub", "Kaori", "Liam",
  "María", "Noah", "Olga", "Priya",
};
static const char *family_names[] = {
  "Andersson", "Bianchi", "Costa", "Dvořák", "Eriksen", "Fischer", "García", "Hansen", "Ito", "Jensen",
  "Kowalski", "Lefèvre", "Müller", "Novák", "O'Brien", "Petrov",
};
static const char *cities[] = { "Bergen", "Graz", "Kraków", "Lille", "London", "México D.F.", "Reims", "Seattle" };
static const char *countries[] = { "Norway", "Austria", "Poland", "France", "UK", "Mexico", "France", "USA" };
static const char *industries[] = { "Agriculture", "Food & Beverage", "Hospitality", "Retail", "Other" };

/* SplitMix64: a fixed function of the serial number and the field. */
static guint64
mix (guint64 serial,
     guint64 salt)
{
  guint64 z = serial * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15) + salt * G_GUINT64_CONSTANT (0xd1342543de82ef95);

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);

  return z ^ (z >> 31);
}

static const char *
pick (const char **list,
      gsize        n,
      guint64      serial,
      guint64      salt)
{
  return list[mix (serial, salt) % n];
}

#define PICK(list, serial, salt) pick (list, G_N_ELEMENTS (list), serial, salt)

static void
result_text (sqlite3_context *context,
             const char      *text)
{
  sqlite3_result_text (context, text, -1, SQLITE_TRANSIENT);
}

static void
result_id (sqlite3_context *context,
           const Table     *table,
           const char      *prefix,
           guint64          serial)
{
  char id[ORG_ID_SIZE];

  org_id_make (id, prefix, table->pod, serial);
  sqlite3_result_text (context, id, ORG_ID_LENGTH, SQLITE_TRANSIENT);
}

static void
cell_id (sqlite3_context *context,
         const Table     *table,
         guint64          serial)
{
  result_id (context, table, table->object->prefix, serial);
}

static void
cell_is_deleted (sqlite3_context *context,
                 const Table     *table,
                 guint64          serial)
{
  sqlite3_result_int (context, serial > table->n_rows - table->kind->n_deleted);
}

static void
cell_false (sqlite3_context *context,
            const Table     *table,
            guint64          serial)
{
  sqlite3_result_int (context, 0);
}

static void
cell_stamp (sqlite3_context *context,
            const Table     *table,
            guint64          serial)
{
  char text[40];

  org_format_datetime (ORG_FIRST_CREATED + (gint64) serial, text, sizeof text);
  result_text (context, text);
}

static void
cell_creator (sqlite3_context *context,
              const Table     *table,
              guint64          serial)
{
  result_id (context, table, "005", 1);
}

static void
cell_owner (sqlite3_context *context,
            const Table     *table,
            guint64          serial)
{
  result_id (context, table, "005", ORG_FIRST_EMPLOYEE + mix (serial, 1) % ORG_N_EMPLOYEES);
}

static void
cell_phone (sqlite3_context *context,
            const Table     *table,
            guint64          serial)
{
  char text[40];

  if (mix (serial, 21) % 10 == 0)
    return;

  g_snprintf (text, sizeof text, "+44 20 7946 %04u", (guint) (mix (serial, 2) % 10000));
  result_text (context, text);
}

static void
cell_city (sqlite3_context *context,
           const Table     *table,
           guint64          serial)
{
  result_text (context, PICK (cities, serial, 3));
}

static void
cell_country (sqlite3_context *context,
              const Table     *table,
              guint64          serial)
{
  result_text (context, PICK (countries, serial, 3));
}

static void
cell_street (sqlite3_context *context,
             const Table     *table,
             guint64          serial)
{
  char text[64];

  /* Every tenth has a second line, as the field is one of several. */
  g_snprintf (text, sizeof text, "%u %s Street%s", (guint) (1 + mix (serial, 4) % 200), PICK (words, serial, 5),
              mix (serial, 22) % 10 == 0 ? "\nBuilding B" : "");
  result_text (context, text);
}

static void
cell_postal_code (sqlite3_context *context,
                  const Table     *table,
                  guint64          serial)
{
  char text[16];

  g_snprintf (text, sizeof text, "%05u", (guint) (mix (serial, 6) % 100000));
  result_text (context, text);
}

static void
cell_account_name (sqlite3_context *context,
                   const Table     *table,
                   guint64          serial)
{
  /* What stands before, between and after the words; few names are hard to read for programs. */
  static const char *forms[][3] = { { "", ", ", " & Søn" }, { "The \"", "\" ", " Co." }, { "", " – ", " GmbH" }, { "", " ", "" } };
  const char **form = forms[MIN (mix (serial, 23) % 60, G_N_ELEMENTS (forms) - 1)];
  char text[80];

  g_snprintf (text, sizeof text, "%s%s%s%s%s %07" G_GUINT64_FORMAT, form[0], PICK (words, serial, 7), form[1],
              PICK (trades, serial, 8), form[2], serial);
  result_text (context, text);
}

static void
cell_account_number (sqlite3_context *context,
                     const Table     *table,
                     guint64          serial)
{
  char text[32];

  g_snprintf (text, sizeof text, "A%09" G_GUINT64_FORMAT, serial);
  result_text (context, text);
}

static void
cell_account_type (sqlite3_context *context,
                   const Table     *table,
                   guint64          serial)
{
  result_text (context, mix (serial, 9) % 4 == 0 ? "Prospect" : "Customer - Direct");
}

static void
cell_industry (sqlite3_context *context,
               const Table     *table,
               guint64          serial)
{
  result_text (context, PICK (industries, serial, 10));
}

static void
cell_website (sqlite3_context *context,
              const Table     *table,
              guint64          serial)
{
  char text[64];

  g_snprintf (text, sizeof text, "https://a%" G_GUINT64_FORMAT ".example", serial);
  result_text (context, text);
}

static void
cell_revenue (sqlite3_context *context,
              const Table     *table,
              guint64          serial)
{
  if (mix (serial, 11) % 10 != 0)
    sqlite3_result_double (context, (double) (mix (serial, 12) % 100000000) / 100);
}

static void
cell_employees (sqlite3_context *context,
                const Table     *table,
                guint64          serial)
{
  sqlite3_result_int64 (context, (gint64) (1 + mix (serial, 13) % 5000));
}

static guint64
parent_serial (const Table *table,
               guint64      serial)
{
  return (serial - 1) / table->kind->per_parent + 1;
}

static void
cell_account (sqlite3_context *context,
              const Table     *table,
              guint64          serial)
{
  result_id (context, table, "001", parent_serial (table, serial));
}

static void
cell_first_name (sqlite3_context *context,
                 const Table     *table,
                 guint64          serial)
{
  result_text (context, PICK (given_names, serial, 14));
}

static void
cell_last_name (sqlite3_context *context,
                const Table     *table,
                guint64          serial)
{
  result_text (context, PICK (family_names, serial, 15));
}

static void
cell_full_name (sqlite3_context *context,
                const Table     *table,
                guint64          serial)
{
  char text[80];

  g_snprintf (text, sizeof text, "%s %s", PICK (given_names, serial, 14), PICK (family_names, serial, 15));
  result_text (context, text);
}

static void
cell_email (sqlite3_context *context,
            const Table     *table,
            guint64          serial)
{
  char text[80];

  g_snprintf (text, sizeof text, "contact%" G_GUINT64_FORMAT "@a%" G_GUINT64_FORMAT ".example%s",
              serial, parent_serial (table, serial), table->sandbox ? ".invalid" : "");
  result_text (context, text);
}

static void
cell_order_number (sqlite3_context *context,
                   const Table     *table,
                   guint64          serial)
{
  char text[32];

  g_snprintf (text, sizeof text, "%08" G_GUINT64_FORMAT, serial);
  result_text (context, text);
}

static void
cell_order_date (sqlite3_context *context,
                 const Table     *table,
                 guint64          serial)
{
  char text[40];

  org_format_datetime (ORG_FIRST_CREATED - (gint64) (mix (serial, 16) % 730) * 86400, text, sizeof text);
  text[10] = '\0';
  result_text (context, text);
}

static void
cell_order_status (sqlite3_context *context,
                   const Table     *table,
                   guint64          serial)
{
  result_text (context, mix (serial, 17) % 5 == 0 ? "Draft" : "Activated");
}

static void
cell_pricebook (sqlite3_context *context,
                const Table     *table,
                guint64          serial)
{
  result_id (context, table, "01s", 1);
}

static guint64
item_quantity (guint64 item)
{
  return 1 + mix (item, 18) % 50;
}

static guint64
item_cents (guint64 item)
{
  return 100 + mix (item, 19) % 20000;
}

static void
cell_order_total (sqlite3_context *context,
                  const Table     *table,
                  guint64          serial)
{
  guint64 cents = 0;

  for (guint64 item = (serial - 1) * ITEMS_PER_ORDER + 1; item <= serial * ITEMS_PER_ORDER; item++)
    cents += item_quantity (item) * item_cents (item);

  sqlite3_result_double (context, (double) cents / 100);
}

static void
cell_order (sqlite3_context *context,
            const Table     *table,
            guint64          serial)
{
  result_id (context, table, "801", parent_serial (table, serial));
}

static void
cell_product (sqlite3_context *context,
              const Table     *table,
              guint64          serial)
{
  result_id (context, table, "01t", 1 + mix (serial, 20) % N_PRODUCTS);
}

static void
cell_entry (sqlite3_context *context,
            const Table     *table,
            guint64          serial)
{
  result_id (context, table, "01u", 1 + mix (serial, 20) % N_PRODUCTS);
}

static void
cell_quantity (sqlite3_context *context,
               const Table     *table,
               guint64          serial)
{
  sqlite3_result_double (context, (double) item_quantity (serial));
}

static void
cell_price (sqlite3_context *context,
            const Table     *table,
            guint64          serial)
{
  sqlite3_result_double (context, (double) item_cents (serial) / 100);
}

static void
cell_item_total (sqlite3_context *context,
                 const Table     *table,
                 guint64          serial)
{
  sqlite3_result_double (context, (double) (item_cents (serial) * item_quantity (serial)) / 100);
}

#define SYSTEM_CELLS \
  { "Id", cell_id }, { "IsDeleted", cell_is_deleted }, { "CreatedDate", cell_stamp }, \
  { "CreatedById", cell_creator }, { "LastModifiedDate", cell_stamp }, { "LastModifiedById", cell_creator }, \
  { "SystemModstamp", cell_stamp }
#define ADDRESS_CELLS(p) \
  { p "Street", cell_street }, { p "City", cell_city }, { p "PostalCode", cell_postal_code }, { p "Country", cell_country }

static const Cell account_cells[] = {
  SYSTEM_CELLS, ADDRESS_CELLS ("Billing"), ADDRESS_CELLS ("Shipping"),
  { "Name", cell_account_name }, { "AccountNumber", cell_account_number }, { "Type", cell_account_type },
  { "Industry", cell_industry }, { "Phone", cell_phone }, { "Website", cell_website },
  { "AnnualRevenue", cell_revenue }, { "NumberOfEmployees", cell_employees }, { "OwnerId", cell_owner },
  { NULL },
};

static const Cell contact_cells[] = {
  SYSTEM_CELLS, ADDRESS_CELLS ("Mailing"),
  { "AccountId", cell_account }, { "FirstName", cell_first_name }, { "LastName", cell_last_name },
  { "Name", cell_full_name }, { "Email", cell_email }, { "Phone", cell_phone },
  { "HasOptedOutOfEmail", cell_false }, { "OwnerId", cell_owner },
  { NULL },
};

static const Cell order_cells[] = {
  SYSTEM_CELLS, ADDRESS_CELLS ("Billing"), ADDRESS_CELLS ("Shipping"),
  { "AccountId", cell_account }, { "OwnerId", cell_owner }, { "OrderNumber", cell_order_number },
  { "EffectiveDate", cell_order_date }, { "Status", cell_order_status }, { "TotalAmount", cell_order_total },
  { "Pricebook2Id", cell_pricebook }, { "IsReductionOrder", cell_false },
  { NULL },
};

static const Cell item_cells[] = {
  SYSTEM_CELLS,
  { "OrderId", cell_order }, { "Product2Id", cell_product }, { "PricebookEntryId", cell_entry },
  { "OrderItemNumber", cell_order_number }, { "Quantity", cell_quantity }, { "UnitPrice", cell_price },
  { "ListPrice", cell_price }, { "TotalPrice", cell_item_total },
  { NULL },
};

static const Kind kinds[] = {
  { "Account", NULL, 1, 1, N_DELETED, account_cells },
  { "Contact", "AccountId", CONTACTS_PER_ACCOUNT, CONTACTS_PER_ACCOUNT, 0, contact_cells },
  { "Order", "AccountId", ORDERS_PER_ACCOUNT, ORDERS_PER_ACCOUNT, 0, order_cells },
  { "OrderItem", "OrderId", ORDERS_PER_ACCOUNT * ITEMS_PER_ORDER, ITEMS_PER_ORDER, 0, item_cells },
};

typedef struct
{
  OrgData *data;
  guint64 n_accounts;
} Attachment;

static const Kind *
find_kind (const char *object)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if (strcmp (kinds[i].object, object) == 0)
        return &kinds[i];
    }

  return NULL;
}

static int
find_cell (const Kind *kind,
           const char *field)
{
  for (int i = 0; kind->cells[i].field != NULL; i++)
    {
      if (strcmp (kind->cells[i].field, field) == 0)
        return i;
    }

  return -1;
}

static char *
declare_columns (Table *table)
{
  GString *sql = g_string_new ("CREATE TABLE x(");
  guint n_fields;
  const OrgField *fields = org_object_get_fields (table->object, &n_fields);
  int column = 0;

  table->cells = g_new (int, n_fields);
  table->parent_column = -1;

  for (guint i = 0; i < n_fields; i++)
    {
      if (fields[i].type == ORG_TYPE_ADDRESS)
        continue;

      g_string_append_printf (sql, "%s\"%s\"", column > 0 ? "," : "", fields[i].name);
      table->cells[column] = find_cell (table->kind, fields[i].name);
      if (fields[i].type == ORG_TYPE_ID)
        table->id_column = column;
      if (g_strcmp0 (fields[i].name, table->kind->parent_field) == 0)
        table->parent_column = column;
      column++;
    }

  g_string_append_c (sql, ')');

  return g_string_free (sql, FALSE);
}

static int
table_connect (sqlite3            *database,
               void               *user_data,
               int                 argc,
               const char * const *argv,
               sqlite3_vtab      **vtab,
               char              **message)
{
  const Attachment *attachment = user_data;
  Table *table = g_new0 (Table, 1);
  g_autofree char *columns = NULL;

  table->object = org_schema_find (argv[2]);
  table->kind = find_kind (argv[2]);
  table->pod = org_data_get_pod (attachment->data);
  table->sandbox = org_data_get_kind (attachment->data) == ORG_KIND_SANDBOX;
  table->n_accounts = attachment->n_accounts;
  table->n_rows = attachment->n_accounts * table->kind->per_account + table->kind->n_deleted;
  columns = declare_columns (table);
  *vtab = &table->base;

  return sqlite3_declare_vtab (database, columns);
}

static int
table_disconnect (sqlite3_vtab *vtab)
{
  Table *table = (Table *) vtab;

  g_free (table->cells);
  g_free (table);

  return SQLITE_OK;
}

static int
constraint_plan (const Table                               *table,
                 const struct sqlite3_index_constraint     *constraint)
{
  gboolean equal = constraint->op == SQLITE_INDEX_CONSTRAINT_EQ || constraint->op == SQLITE_INDEX_CONSTRAINT_IS;

  if (!constraint->usable)
    return PLAN_SCAN;
  if (equal && constraint->iColumn == table->id_column)
    return PLAN_ID;
  if (equal && table->parent_column >= 0 && constraint->iColumn == table->parent_column)
    return PLAN_PARENT;
  if (constraint->op == SQLITE_INDEX_CONSTRAINT_GT && constraint->iColumn == table->id_column)
    return PLAN_AFTER;

  return PLAN_SCAN;
}

static int
table_best_index (sqlite3_vtab       *vtab,
                  sqlite3_index_info *info)
{
  static const int preference[] = { 0, 3, 2, 1 };
  const Table *table = (const Table *) vtab;
  int best = -1;

  info->idxNum = PLAN_SCAN;

  for (int i = 0; i < info->nConstraint; i++)
    {
      int plan = constraint_plan (table, &info->aConstraint[i]);

      if (preference[plan] > preference[info->idxNum])
        {
          info->idxNum = plan;
          best = i;
        }
    }

  if (best >= 0)
    info->aConstraintUsage[best].argvIndex = 1;

  info->estimatedRows = info->idxNum == PLAN_ID ? 1 : info->idxNum == PLAN_PARENT ? 2 : (gint64) table->n_rows;
  info->estimatedCost = (double) info->estimatedRows;
  if (info->nOrderBy == 1 && info->aOrderBy[0].iColumn == table->id_column && !info->aOrderBy[0].desc)
    info->orderByConsumed = 1;

  return SQLITE_OK;
}

static int
table_open (sqlite3_vtab         *vtab,
            sqlite3_vtab_cursor **cursor)
{
  Cursor *self = g_new0 (Cursor, 1);

  *cursor = &self->base;

  return SQLITE_OK;
}

static int
table_close (sqlite3_vtab_cursor *cursor)
{
  g_free (cursor);

  return SQLITE_OK;
}

/* The serial number in an id if it is one of this org's and has @prefix. */
static guint64
read_id (const Table *table,
         const char  *prefix,
         const char  *text)
{
  guint64 serial = 0;
  char id[ORG_ID_SIZE];

  if (text == NULL || !org_id_serial (text, &serial))
    return 0;

  org_id_make (id, prefix, table->pod, serial);

  return strcmp (id, text) == 0 ? serial : 0;
}

static void
narrow_to_parent (const Table *table,
                  Cursor      *cursor,
                  const char  *id)
{
  const char *prefix = strcmp (table->kind->parent_field, "OrderId") == 0 ? "801" : "001";
  guint64 parent = read_id (table, prefix, id);

  cursor->last = MIN (cursor->last, parent * table->kind->per_parent);
  cursor->serial = parent > 0 ? (parent - 1) * table->kind->per_parent + 1 : cursor->last + 1;
}

static int
table_filter (sqlite3_vtab_cursor  *base,
              int                   plan,
              const char           *plan_text,
              int                   argc,
              sqlite3_value       **argv)
{
  const Table *table = (const Table *) base->pVtab;
  Cursor *cursor = (Cursor *) base;
  const char *id = argc > 0 ? (const char *) sqlite3_value_text (argv[0]) : NULL;

  cursor->serial = 1;
  cursor->last = table->n_rows;

  if (plan == PLAN_ID)
    {
      cursor->serial = read_id (table, table->object->prefix, id);
      cursor->last = cursor->serial == 0 || cursor->serial > table->n_rows ? 0 : cursor->serial;
      cursor->serial = MAX (cursor->serial, 1);
    }
  else if (plan == PLAN_PARENT)
    {
      narrow_to_parent (table, cursor, id);
    }
  else if (plan == PLAN_AFTER)
    {
      /* Other ids are left to SQLite, which compares again. */
      cursor->serial = read_id (table, table->object->prefix, id) + 1;
    }

  return SQLITE_OK;
}

static int
table_next (sqlite3_vtab_cursor *base)
{
  ((Cursor *) base)->serial++;

  return SQLITE_OK;
}

static int
table_eof (sqlite3_vtab_cursor *base)
{
  const Cursor *cursor = (const Cursor *) base;

  return cursor->serial > cursor->last;
}

static int
table_column (sqlite3_vtab_cursor *base,
              sqlite3_context     *context,
              int                  column)
{
  const Table *table = (const Table *) base->pVtab;

  if (table->cells[column] >= 0)
    table->kind->cells[table->cells[column]].func (context, table, ((const Cursor *) base)->serial);

  return SQLITE_OK;
}

static int
table_rowid (sqlite3_vtab_cursor *base,
             sqlite3_int64       *rowid)
{
  *rowid = (sqlite3_int64) ((const Cursor *) base)->serial;

  return SQLITE_OK;
}

static const sqlite3_module module = {
  .iVersion = 1,
  .xCreate = table_connect,
  .xConnect = table_connect,
  .xBestIndex = table_best_index,
  .xDisconnect = table_disconnect,
  .xDestroy = table_disconnect,
  .xOpen = table_open,
  .xClose = table_close,
  .xFilter = table_filter,
  .xNext = table_next,
  .xEof = table_eof,
  .xColumn = table_column,
  .xRowid = table_rowid,
};

/**
 * org_generated_covers:
 * @object: an object
 *
 * Returns: whether its records are generated instead of stored
 */
gboolean
org_generated_covers (const OrgObject *object)
{
  return find_kind (object->name) != NULL;
}

/**
 * org_generated_attach:
 * @data: an org with users and products
 * @n_accounts: how many accounts it has
 * @error: return location for an error
 *
 * Adds the generated tables to the database.
 *
 * Returns: %FALSE on an error of SQLite
 */
gboolean
org_generated_attach (OrgData  *data,
                      guint64   n_accounts,
                      GError  **error)
{
  sqlite3 *database = org_data_get_database (data);
  Attachment *attachment = g_new0 (Attachment, 1);

  attachment->data = data;
  attachment->n_accounts = n_accounts;

  if (sqlite3_create_module_v2 (database, "org_generated", &module, attachment, g_free) != SQLITE_OK)
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *sql = g_strdup_printf ("CREATE VIRTUAL TABLE \"%s\" USING org_generated", kinds[i].object);

      if (sqlite3_exec (database, sql, NULL, NULL, NULL) != SQLITE_OK)
        {
          g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: %s", sql, sqlite3_errmsg (database));
          return FALSE;
        }
    }

  return TRUE;
}
