/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pages of query results. A cursor keeps its statement where the last page
 * ended, never the rows; an earlier page is read again from the start. */

#include "org-cursor.h"

#include <string.h>

#include "org-generated.h"
#include "org-id.h"
#include "org-json.h"

#define LOCATOR_PREFIX "0r8"
#define LIFETIME (2 * G_TIME_SPAN_DAY)
#define MAX_OPEN_STATEMENTS 32
#define DEFAULT_CHILD_LIMIT 200
#define MIN_KEPT 65536

typedef struct
{
  char locator[ORG_ID_SIZE];
  OrgPlan *plan;
  char *parent;              /* (nullable) the parent's id, of a child cursor */
  gint64 created;
  guint64 total;
  guint batch;
  sqlite3_stmt *statement;   /* (nullable) */
  GPtrArray *children;       /* (nullable) (element-type sqlite3_stmt) */
  guint64 position;          /* rows that were read from the statement */
  GList link;                /* among those with a statement, the latest used first */
} Cursor;

struct _OrgCursors
{
  OrgData *data;             /* (unowned) */
  GHashTable *cursors;       /* locator → Cursor */
  GQueue open;
  guint64 n_made;
  guint child_limit;
  gboolean short_pages;
  OrgPageCache *pages;       /* (unowned) (nullable) */
  guint n_changes;           /* of what is saved */
  OrgPage *page;             /* (owned) (nullable) what follows the page that was just written */
};

static void
cursor_close (OrgCursors *self,
              Cursor     *cursor)
{
  if (cursor->statement == NULL)
    return;

  g_queue_unlink (&self->open, &cursor->link);
  g_clear_pointer (&cursor->statement, sqlite3_finalize);
  g_clear_pointer (&cursor->children, g_ptr_array_unref);
}

static void
cursor_free (OrgCursors *self,
             Cursor     *cursor)
{
  cursor_close (self, cursor);
  org_plan_unref (cursor->plan);
  g_free (cursor->parent);
  g_free (cursor);
}

/**
 * org_cursors_new:
 * @data: the org; must live longer
 *
 * Returns: (transfer full): an empty set of cursors
 */
OrgCursors *
org_cursors_new (OrgData *data)
{
  OrgCursors *self = g_new0 (OrgCursors, 1);

  self->data = data;
  self->cursors = g_hash_table_new (g_str_hash, g_str_equal);
  self->child_limit = DEFAULT_CHILD_LIMIT;
  g_queue_init (&self->open);

  return self;
}

/**
 * org_cursors_free:
 * @self: (transfer full): a set of cursors
 *
 * Forgets all cursors.
 */
void
org_cursors_free (OrgCursors *self)
{
  GHashTableIter iter;
  gpointer cursor;

  g_hash_table_iter_init (&iter, self->cursors);
  while (g_hash_table_iter_next (&iter, NULL, &cursor))
    cursor_free (self, cursor);

  g_clear_pointer (&self->page, org_page_unref);
  g_hash_table_unref (self->cursors);
  g_free (self);
}

/**
 * org_cursors_set_child_limit:
 * @self: a set of cursors
 * @limit: so many children come with their parent; a cursor leads to the rest
 *
 * Sets when a child query is cut into pages.
 */
void
org_cursors_set_child_limit (OrgCursors *self,
                             guint       limit)
{
  self->child_limit = MAX (limit, 1);
}

/**
 * org_cursors_set_short_pages:
 * @self: a set of cursors
 * @short_pages: whether pages have fewer records than asked for
 *
 * Makes pages of changing length, the same for the same page, as a server may.
 */
void
org_cursors_set_short_pages (OrgCursors *self,
                             gboolean    short_pages)
{
  self->short_pages = short_pages;
}

/**
 * org_cursors_set_pages:
 * @self: a set of cursors
 * @pages: a cache; must live longer
 *
 * Keeps long pages of generated records. Who calls this must ask org_cursors_take_page() after each page.
 */
void
org_cursors_set_pages (OrgCursors   *self,
                       OrgPageCache *pages)
{
  self->pages = pages;
}

/**
 * org_cursors_take_page:
 * @self: a set of cursors
 *
 * Returns: (transfer full) (nullable): what follows the text that the last call has written
 */
OrgPage *
org_cursors_take_page (OrgCursors *self)
{
  return g_steal_pointer (&self->page);
}

static void
remove_expired (OrgCursors *self)
{
  gint64 oldest = org_data_get_time (self->data) - LIFETIME;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->cursors);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Cursor *cursor = value;

      if (cursor->created <= oldest)
        {
          g_hash_table_iter_remove (&iter);
          cursor_free (self, cursor);
        }
    }
}

static Cursor *
cursor_new (OrgCursors *self,
            OrgPlan    *plan,
            const char *parent,
            guint       batch)
{
  Cursor *cursor = g_new0 (Cursor, 1);

  org_id_make (cursor->locator, LOCATOR_PREFIX, org_data_get_pod (self->data), ++self->n_made);
  cursor->plan = org_plan_ref (plan);
  cursor->parent = g_strdup (parent);
  cursor->created = org_data_get_time (self->data);
  cursor->batch = batch;
  cursor->link.data = cursor;

  return cursor;
}

static void
bind_parent (sqlite3_stmt *statement,
             const char   *parent)
{
  if (parent != NULL)
    sqlite3_bind_text (statement, 1, parent, -1, SQLITE_TRANSIENT);
}

static gboolean
is_kept (OrgCursors *self,
         Cursor     *cursor)
{
  return self->pages != NULL && cursor->parent == NULL && cursor->plan->n_children == 0 && !cursor->plan->aggregate
         && org_data_is_generated (self->data) && org_generated_covers (cursor->plan->object);
}

static gboolean
count_rows (OrgCursors  *self,
            Cursor      *cursor,
            GError     **error)
{
  g_autofree char *key = is_kept (self, cursor) ? org_page_cache_key (self->data, cursor->plan, "count", 0, 0) : NULL;
  sqlite3_stmt *statement;
  gboolean counted;

  if (key != NULL && org_page_cache_find_count (self->pages, key, &cursor->total))
    return TRUE;

  statement = org_plan_prepare (cursor->plan, self->data, TRUE, error);
  if (statement == NULL)
    return FALSE;

  bind_parent (statement, cursor->parent);
  counted = sqlite3_step (statement) == SQLITE_ROW;
  if (counted)
    cursor->total = (guint64) sqlite3_column_int64 (statement, 0);
  else
    g_set_error (error, ORG_SOQL_ERROR, ORG_SOQL_ERROR_TOO_COMPLICATED, "SOQL is too complicated");
  sqlite3_finalize (statement);
  if (counted && key != NULL)
    org_page_cache_add_count (self->pages, key, cursor->total);

  return counted;
}

static void
finalize_statement (gpointer statement)
{
  sqlite3_finalize (statement);
}

static gboolean
open_children (OrgCursors  *self,
               Cursor      *cursor,
               GError     **error)
{
  const GPtrArray *members = cursor->plan->root->members;

  cursor->children = g_ptr_array_new_with_free_func (finalize_statement);

  for (guint i = 0; i < members->len; i++)
    {
      const OrgMember *member = g_ptr_array_index (members, i);
      sqlite3_stmt *statement;

      if (member->kind != ORG_MEMBER_CHILDREN)
        continue;

      statement = org_plan_prepare (member->children, self->data, FALSE, error);
      if (statement == NULL)
        return FALSE;
      g_ptr_array_add (cursor->children, statement);
    }

  return TRUE;
}

static gboolean
cursor_open (OrgCursors  *self,
             Cursor      *cursor,
             GError     **error)
{
  if (cursor->statement != NULL)
    {
      g_queue_unlink (&self->open, &cursor->link);
      g_queue_push_head_link (&self->open, &cursor->link);
      return TRUE;
    }

  cursor->statement = org_plan_prepare (cursor->plan, self->data, FALSE, error);
  if (cursor->statement == NULL)
    return FALSE;

  bind_parent (cursor->statement, cursor->parent);
  cursor->position = 0;
  g_queue_push_head_link (&self->open, &cursor->link);
  if (self->open.length > MAX_OPEN_STATEMENTS)
    cursor_close (self, g_queue_peek_tail (&self->open));

  return open_children (self, cursor, error);
}

static gboolean
cursor_seek (OrgCursors  *self,
             Cursor      *cursor,
             guint64      offset,
             GError     **error)
{
  if (!cursor_open (self, cursor, error))
    return FALSE;

  if (cursor->position > offset)
    {
      sqlite3_reset (cursor->statement);
      cursor->position = 0;
    }

  for (; cursor->position < offset; cursor->position++)
    {
      if (sqlite3_step (cursor->statement) != SQLITE_ROW)
        break;
    }

  return TRUE;
}

static void
write_value (GString      *json,
             sqlite3_stmt *statement,
             int           column,
             OrgType       type)
{
  if (sqlite3_column_type (statement, column) == SQLITE_NULL)
    {
      g_string_append (json, type == ORG_TYPE_BOOLEAN ? "false" : "null");
      return;
    }

  switch (type)
    {
    case ORG_TYPE_BOOLEAN:
      g_string_append (json, sqlite3_column_int (statement, column) ? "true" : "false");
      break;

    case ORG_TYPE_INT:
      g_string_append_len (json, (const char *) sqlite3_column_text (statement, column),
                           sqlite3_column_bytes (statement, column));
      break;

    case ORG_TYPE_DOUBLE:
    case ORG_TYPE_CURRENCY:
    case ORG_TYPE_PERCENT:
      org_json_append_double (json, sqlite3_column_double (statement, column));
      break;

    case ORG_TYPE_ID:
    case ORG_TYPE_STRING:
    case ORG_TYPE_TEXTAREA:
    case ORG_TYPE_PICKLIST:
    case ORG_TYPE_PHONE:
    case ORG_TYPE_EMAIL:
    case ORG_TYPE_URL:
    case ORG_TYPE_REFERENCE:
    case ORG_TYPE_DATE:
    case ORG_TYPE_DATETIME:
    case ORG_TYPE_ADDRESS:
    default:
      org_json_append_string (json, (const char *) sqlite3_column_text (statement, column));
      break;
    }
}

/* The columns are those of select_address() in org-plan.c. */
static void
write_address (GString      *json,
               sqlite3_stmt *statement,
               int           column)
{
  gboolean empty = TRUE;

  for (int i = 0; i < 5; i++)
    empty &= sqlite3_column_type (statement, column + i) == SQLITE_NULL;

  if (empty)
    {
      g_string_append (json, "null");
      return;
    }

  g_string_append (json, "{\"city\":");
  write_value (json, statement, column, ORG_TYPE_STRING);
  g_string_append (json, ",\"country\":");
  write_value (json, statement, column + 1, ORG_TYPE_STRING);
  g_string_append (json, ",\"geocodeAccuracy\":null,\"latitude\":null,\"longitude\":null,\"postalCode\":");
  write_value (json, statement, column + 2, ORG_TYPE_STRING);
  g_string_append (json, ",\"state\":");
  write_value (json, statement, column + 3, ORG_TYPE_STRING);
  g_string_append (json, ",\"street\":");
  write_value (json, statement, column + 4, ORG_TYPE_STRING);
  g_string_append_c (json, '}');
}

static void
write_head (GString         *json,
            const OrgObject *object,
            const char      *base,
            const char      *id)
{
  g_string_append (json, "{\"attributes\":{\"type\":\"");
  g_string_append (json, object->name);
  g_string_append (json, "\",\"url\":\"");
  g_string_append (json, base);
  g_string_append (json, "/sobjects/");
  g_string_append (json, object->name);
  g_string_append_c (json, '/');
  g_string_append (json, id);
  g_string_append (json, "\"}");
}

static void
write_member (GString         *json,
              sqlite3_stmt    *statement,
              const OrgMember *member,
              const char      *base)
{
  g_string_append (json, member->chunk);

  if (member->kind == ORG_MEMBER_VALUE)
    write_value (json, statement, member->column, member->type);
  else if (member->kind == ORG_MEMBER_ADDRESS)
    write_address (json, statement, member->column);
  else if (sqlite3_column_type (statement, member->parent->id_column) == SQLITE_NULL)
    g_string_append (json, "null");
  else
    org_cursors_write_record (json, statement, member->parent, base);
}

/**
 * org_cursors_write_record:
 * @json: where to write
 * @statement: a statement of a plan, on a row
 * @node: a record of the plan without child queries
 * @base: the path of the API version
 *
 * Writes a record with its attributes and parents.
 */
void
org_cursors_write_record (GString       *json,
                          sqlite3_stmt  *statement,
                          const OrgNode *node,
                          const char    *base)
{
  write_head (json, node->object, base, (const char *) sqlite3_column_text (statement, node->id_column));

  for (guint i = 0; i < node->members->len; i++)
    write_member (json, statement, g_ptr_array_index (node->members, i), base);

  g_string_append_c (json, '}');
}

static void
write_result (GString       *json,
              sqlite3_stmt  *statement,
              const OrgNode *node)
{
  g_string_append (json, "{\"attributes\":{\"type\":\"AggregateResult\"}");

  for (guint i = 0; i < node->members->len; i++)
    write_member (json, statement, g_ptr_array_index (node->members, i), "");

  g_string_append_c (json, '}');
}

static void
append_page_head (GString    *json,
                  guint64     total,
                  gboolean    done,
                  const char *base,
                  const char *locator,
                  guint64     next)
{
  g_string_append_printf (json, "{\"totalSize\":%" G_GUINT64_FORMAT ",\"done\":%s", total, done ? "true" : "false");
  if (!done)
    g_string_append_printf (json, ",\"nextRecordsUrl\":\"%s/query/%s-%" G_GUINT64_FORMAT "\"", base, locator, next);
  g_string_append (json, ",\"records\":[");
}

static guint64
register_child_cursor (OrgCursors *self,
                       OrgPlan    *plan,
                       const char *parent,
                       char       *locator)
{
  Cursor *cursor = cursor_new (self, plan, parent, ORG_BATCH_MAX);

  if (!count_rows (self, cursor, NULL))
    {
      cursor_free (self, cursor);
      return 0;
    }

  memcpy (locator, cursor->locator, ORG_ID_SIZE);
  g_hash_table_insert (self->cursors, cursor->locator, cursor);

  return cursor->total;
}

/* Tells how many children were written. */
static guint
write_children (OrgCursors   *self,
                GString      *json,
                OrgPlan      *plan,
                sqlite3_stmt *statement,
                const char   *parent,
                const char   *base)
{
  gsize start = json->len;
  g_autoptr(GString) head = g_string_new (NULL);
  char locator[ORG_ID_SIZE] = "";
  guint64 total;
  guint n = 0;
  int result;

  sqlite3_reset (statement);
  bind_parent (statement, parent);

  while ((result = sqlite3_step (statement)) == SQLITE_ROW && n < self->child_limit)
    {
      if (n++ > 0)
        g_string_append_c (json, ',');
      org_cursors_write_record (json, statement, plan->root, base);
    }
  sqlite3_reset (statement);

  if (n == 0)
    {
      g_string_append (json, "null");
      return 0;
    }

  total = result == SQLITE_ROW ? register_child_cursor (self, plan, parent, locator) : n;
  append_page_head (head, total, total == n, base, locator, n);
  g_string_insert_len (json, (gssize) start, head->str, (gssize) head->len);
  g_string_append (json, "]}");

  return n;
}

static guint
write_row (OrgCursors *self,
           Cursor     *cursor,
           GString    *json,
           const char *base)
{
  const OrgNode *root = cursor->plan->root;
  const char *id;
  guint n_children = 0;
  guint child = 0;

  if (cursor->plan->aggregate)
    {
      write_result (json, cursor->statement, root);
      return 0;
    }

  if (cursor->plan->n_children == 0)
    {
      org_cursors_write_record (json, cursor->statement, root, base);
      return 0;
    }

  id = (const char *) sqlite3_column_text (cursor->statement, root->id_column);
  write_head (json, root->object, base, id);

  for (guint i = 0; i < root->members->len; i++)
    {
      const OrgMember *member = g_ptr_array_index (root->members, i);

      if (member->kind != ORG_MEMBER_CHILDREN)
        {
          write_member (json, cursor->statement, member, base);
          continue;
        }

      g_string_append (json, member->chunk);
      n_children += write_children (self, json, member->children, g_ptr_array_index (cursor->children, child++),
                                    id, base);
    }

  g_string_append_c (json, '}');

  return n_children;
}

/**
 * org_cursors_page_size:
 * @self: a set of cursors
 * @offset: where a page begins
 * @batch: how many records it should have
 *
 * Returns: how many it has, which is less where pages are short
 */
guint
org_cursors_page_size (OrgCursors *self,
                       guint64     offset,
                       guint       batch)
{
  guint64 mixed = (offset + 1) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  if (!self->short_pages)
    return batch;

  return 1 + (guint) ((mixed >> 33) % MAX (batch / 2, 1));
}

/* Children count towards the size of a page, but a page has one record at least. Tells how many rows were written. */
static guint
write_rows (OrgCursors *self,
            Cursor     *cursor,
            guint       size,
            const char *base,
            GString    *json)
{
  guint64 start = cursor->position;
  guint n = 0;

  while (n < size && sqlite3_step (cursor->statement) == SQLITE_ROW)
    {
      if (cursor->position > start)
        g_string_append_c (json, ',');
      cursor->position++;
      n += 1 + write_row (self, cursor, json, base);
    }
  g_string_append (json, "]}");

  return (guint) (cursor->position - start);
}

/* The page from the cache, or into it where it is long. */
static OrgPage *
get_page (OrgCursors  *self,
          Cursor      *cursor,
          guint64      offset,
          guint        size,
          const char  *base,
          GString    **text,
          guint       *n_rows,
          GError     **error)
{
  g_autofree char *key = is_kept (self, cursor) ? org_page_cache_key (self->data, cursor->plan, base, offset, size) : NULL;
  OrgPage *page = key != NULL ? org_page_cache_find (self->pages, key) : NULL;
  g_autoptr(GString) made = NULL;

  if (page != NULL)
    {
      *n_rows = page->n_rows;
      return page;
    }

  if (!cursor_seek (self, cursor, offset, error))
    return NULL;

  made = g_string_new (NULL);
  *n_rows = write_rows (self, cursor, size, base, made);
  if (key != NULL && made->len >= MIN_KEPT)
    return org_page_cache_add (self->pages, key, g_steal_pointer (&made), *n_rows);

  *text = g_steal_pointer (&made);

  return NULL;
}

static gboolean
write_page (OrgCursors  *self,
            Cursor      *cursor,
            guint64      offset,
            guint        batch,
            const char  *base,
            GString     *json,
            gboolean    *done,
            GError     **error)
{
  guint size = cursor->plan->aggregate ? batch : org_cursors_page_size (self, offset, batch);
  g_autoptr(GString) text = NULL;
  guint n_rows = 0;

  g_clear_pointer (&self->page, org_page_unref);
  self->page = get_page (self, cursor, offset, size, base, &text, &n_rows, error);
  if (self->page == NULL && text == NULL)
    return FALSE;

  *done = offset + n_rows >= cursor->total;
  if (!*done && n_rows == 0)
    {
      g_set_error (error, ORG_SOQL_ERROR, ORG_SOQL_ERROR_TOO_COMPLICATED, "SOQL is too complicated");
      return FALSE;
    }

  append_page_head (json, cursor->total, *done, base, cursor->locator, offset + n_rows);
  if (text != NULL)
    g_string_append_len (json, text->str, (gssize) text->len);

  if (*done)
    cursor_close (self, cursor);

  return TRUE;
}

/**
 * org_cursors_query:
 * @self: a set of cursors
 * @plan: a query
 * @base: the path of the API version, such as `/services/data/v68.0`
 * @batch: how many records a page has
 * @json: where to write
 * @error: return location for an #OrgSoqlError
 *
 * Writes the first page of a query, and keeps a cursor if there are more.
 *
 * Returns: %FALSE on error
 */
gboolean
org_cursors_query (OrgCursors  *self,
                   OrgPlan     *plan,
                   const char  *base,
                   guint        batch,
                   GString     *json,
                   GError     **error)
{
  Cursor *cursor;
  gboolean done = TRUE;
  gboolean written;

  remove_expired (self);
  cursor = cursor_new (self, plan, NULL, batch);
  written = count_rows (self, cursor, error);

  if (written && plan->aggregate && cursor->total > batch)
    {
      g_set_error (error, ORG_SOQL_ERROR, ORG_SOQL_ERROR_EXCEEDED_ID_LIMIT,
                   "Aggregate query does not support queryMore(), use LIMIT to restrict the results to a single batch");
      written = FALSE;
    }
  else if (written && plan->count_only)
    {
      g_string_append_printf (json, "{\"totalSize\":%" G_GUINT64_FORMAT ",\"done\":true,\"records\":[]}", cursor->total);
    }
  else if (written)
    {
      written = write_page (self, cursor, 0, batch, base, json, &done, error);
    }

  if (written && !done)
    {
      g_hash_table_insert (self->cursors, cursor->locator, cursor);
      self->n_changes++;
    }
  else
    {
      cursor_free (self, cursor);
    }

  return written;
}

static Cursor *
find_cursor (OrgCursors *self,
             const char *locator,
             guint64    *offset)
{
  const char *dash = strchr (locator, '-');
  g_autofree char *id = dash != NULL ? g_strndup (locator, (gsize) (dash - locator)) : NULL;
  Cursor *cursor;

  if (id == NULL || !g_ascii_string_to_unsigned (dash + 1, 10, 0, G_MAXINT64, offset, NULL))
    return NULL;

  cursor = g_hash_table_lookup (self->cursors, id);

  return cursor != NULL && *offset < cursor->total ? cursor : NULL;
}

/**
 * org_cursors_more:
 * @self: a set of cursors
 * @locator: the last part of a `nextRecordsUrl`
 * @base: the path of the API version
 * @batch: how many records a page has, or 0 for as many as the first
 * @repeat: whether to write the page before that one, as a server that lost count
 * @json: where to write
 * @error: return location for an #OrgSoqlError
 *
 * Writes the page that begins at the number after the locator's dash. Any
 * page may be fetched again while the cursor lives, which is two days.
 *
 * Returns: %FALSE on error
 */
gboolean
org_cursors_more (OrgCursors  *self,
                  const char  *locator,
                  const char  *base,
                  guint        batch,
                  gboolean     repeat,
                  GString     *json,
                  GError     **error)
{
  guint64 offset;
  Cursor *cursor;
  gboolean done;

  remove_expired (self);
  cursor = find_cursor (self, locator, &offset);

  if (cursor == NULL)
    {
      g_set_error (error, ORG_SOQL_ERROR, ORG_SOQL_ERROR_INVALID_LOCATOR, "invalid query locator");
      return FALSE;
    }

  if (batch == 0)
    batch = cursor->batch;
  if (repeat)
    offset -= MIN (offset, batch);

  return write_page (self, cursor, offset, batch, base, json, &done, error);
}

/**
 * org_cursors_get_changes:
 * @self: a set of cursors
 *
 * Returns: a number that grows when there is more to save
 */
guint
org_cursors_get_changes (OrgCursors *self)
{
  return self->n_changes;
}

static void
save_cursor (const Cursor *cursor,
             JsonBuilder  *builder)
{
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "locator");
  json_builder_add_string_value (builder, cursor->locator);
  json_builder_set_member_name (builder, "query");
  json_builder_add_string_value (builder, cursor->plan->source);
  json_builder_set_member_name (builder, "admin");
  json_builder_add_boolean_value (builder, cursor->plan->admin);
  json_builder_set_member_name (builder, "all");
  json_builder_add_boolean_value (builder, cursor->plan->all_rows);
  json_builder_set_member_name (builder, "created");
  json_builder_add_int_value (builder, cursor->created);
  json_builder_set_member_name (builder, "batch");
  json_builder_add_int_value (builder, cursor->batch);
  json_builder_end_object (builder);
}

/**
 * org_cursors_save:
 * @self: a set of cursors
 * @builder: where an array is expected
 *
 * Adds the cursors but those of child queries.
 */
void
org_cursors_save (OrgCursors  *self,
                  JsonBuilder *builder)
{
  GHashTableIter iter;
  gpointer value;

  remove_expired (self);
  json_builder_begin_array (builder);
  g_hash_table_iter_init (&iter, self->cursors);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const Cursor *cursor = value;

      if (cursor->parent == NULL)
        save_cursor (cursor, builder);
    }
  json_builder_end_array (builder);
}

static void
restore_cursor (JsonArray *array,
                guint      index,
                JsonNode  *node,
                gpointer   user_data)
{
  OrgCursors *self = user_data;
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *locator = object != NULL ? json_object_get_string_member_with_default (object, "locator", NULL) : NULL;
  const char *source = object != NULL ? json_object_get_string_member_with_default (object, "query", NULL) : NULL;
  g_autoptr(OrgPlan) plan = NULL;
  Cursor *cursor;
  guint64 serial = 0;

  if (locator == NULL || source == NULL || !org_id_serial (locator, &serial))
    return;

  plan = org_plan_new (self->data, source, json_object_get_boolean_member_with_default (object, "admin", FALSE),
                       json_object_get_boolean_member_with_default (object, "all", FALSE), NULL);
  if (plan == NULL)
    return;

  cursor = cursor_new (self, plan, NULL, (guint) CLAMP (json_object_get_int_member_with_default (object, "batch", 0),
                                                        ORG_BATCH_MIN, ORG_BATCH_MAX));
  g_strlcpy (cursor->locator, locator, sizeof cursor->locator);
  cursor->created = json_object_get_int_member_with_default (object, "created", 0);
  self->n_made = MAX (self->n_made, serial);
  if (count_rows (self, cursor, NULL))
    g_hash_table_replace (self->cursors, cursor->locator, cursor);
  else
    cursor_free (self, cursor);
}

/**
 * org_cursors_restore:
 * @self: an empty set of cursors
 * @array: what org_cursors_save() added
 *
 * Takes over the cursors that can be used here.
 */
void
org_cursors_restore (OrgCursors *self,
                     JsonArray  *array)
{
  json_array_foreach_element (array, restore_cursor, self);
}
