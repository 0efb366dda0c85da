/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Query jobs. Generated records never change, so a page of them is read when it is
 * asked for, however many there are; the rows of stored ones are kept as they were. */

#include "org-bulk-query.h"

#include <string.h>

#include "org-bulk-csv.h"
#include "org-bulk.h"
#include "org-generated.h"
#include "org-json.h"
#include "org-records.h"

#define CSV "text/csv;charset=UTF-8"
#define MAX_PAGE 250000
#define PAGES_AT_ONCE 5
#define FIRST_PAGES_VERSION 58
#define MIN_KEPT 1000

typedef struct
{
  char *name;
  int column;
  OrgType type;
  int guard;                 /* the column of the parent's id, or -1 */
} Column;

static void
column_clear (gpointer data)
{
  g_free (((Column *) data)->name);
}

static void
collect_columns (GArray        *columns,
                 const OrgNode *node,
                 const char    *path,
                 int            guard)
{
  for (guint i = 0; i < node->members->len; i++)
    {
      const OrgMember *member = g_ptr_array_index (node->members, i);
      g_autofree char *name = g_strconcat (path, member->name, NULL);
      g_autofree char *inner = g_strconcat (name, ".", NULL);

      if (member->kind == ORG_MEMBER_PARENT)
        {
          collect_columns (columns, member->parent, inner, member->parent->id_column);
        }
      else
        {
          Column column = { g_steal_pointer (&name), member->column, member->type, guard };

          g_array_append_val (columns, column);
        }
    }
}

static const Column *
find_column (GArray     *columns,
             const char *name)
{
  for (guint i = 0; i < columns->len; i++)
    {
      const Column *column = &g_array_index (columns, Column, i);

      if (g_ascii_strcasecmp (column->name, name) == 0)
        return column;
    }

  return NULL;
}

/* A plan has parents' fields together; the file has them where they were selected. */
static GArray *
order_columns (GArray             *collected,
               const OrgSoqlQuery *query)
{
  GArray *ordered = g_array_new (FALSE, FALSE, sizeof (Column));

  g_array_set_clear_func (ordered, column_clear);
  for (guint i = 0; i < query->items->len; i++)
    {
      const OrgSoqlItem *item = g_ptr_array_index (query->items, i);
      const char *path = item->path;
      const char *dot = strchr (path, '.');
      g_autofree char *first = dot != NULL ? g_strndup (path, (gsize) (dot - path)) : NULL;
      gboolean prefixed = first != NULL && ((query->alias != NULL && g_ascii_strcasecmp (first, query->alias) == 0)
                                            || g_ascii_strcasecmp (first, query->object) == 0);
      const Column *found = item->kind == ORG_SOQL_ITEM_FIELD ? find_column (collected, path) : NULL;

      if (found == NULL && prefixed)
        found = find_column (collected, dot + 1);

      for (guint j = 0; j < collected->len; j++)
        {
          Column column = g_array_index (collected, Column, j);

          if (found != NULL ? found != &g_array_index (collected, Column, j) : item->kind != ORG_SOQL_ITEM_FIELDS)
            continue;
          if (find_column (ordered, column.name) != NULL)
            continue;

          column.name = g_strdup (column.name);
          g_array_append_val (ordered, column);
        }
    }

  return ordered;
}

static gboolean
has_compound (const OrgNode *node)
{
  for (guint i = 0; i < node->members->len; i++)
    {
      const OrgMember *member = g_ptr_array_index (node->members, i);

      if (member->kind == ORG_MEMBER_ADDRESS || (member->kind == ORG_MEMBER_PARENT && has_compound (member->parent)))
        return TRUE;
    }

  return FALSE;
}

/* What REST takes and Bulk does not. */
static gboolean
check_allowed (const OrgPlan      *plan,
               const OrgSoqlQuery *query,
               OrgRestReply       *reply)
{
  if (plan->aggregate || plan->count_only)
    org_rest_set_error (reply, 400, "API_ERROR", "Aggregate Relationships not supported in Bulk Query");
  else if (plan->n_children > 0)
    org_rest_set_error (reply, 400, "API_ERROR", "Nested Relationships not supported in Bulk Query");
  else if (query->offset >= 0)
    org_rest_set_error (reply, 400, "API_ERROR", "OFFSET clause not supported in Bulk Query");
  else if (has_compound (plan->root))
    org_rest_set_error (reply, 400, "FUNCTIONALITY_NOT_ENABLED", "Selecting compound data not supported in Bulk Query");
  else
    return TRUE;

  return FALSE;
}

static void
append_number (GString      *csv,
               sqlite3_stmt *statement,
               int           column)
{
  g_string_append_c (csv, '"');
  org_json_append_double (csv, sqlite3_column_double (statement, column));
  g_string_append_c (csv, '"');
}

/* Bulk has times with a `Z`, REST with an offset. */
static void
append_time (GString    *csv,
             const char *text)
{
  const char *plus = strchr (text, '+');

  g_string_append_c (csv, '"');
  g_string_append_len (csv, text, plus != NULL ? plus - text : (gssize) strlen (text));
  g_string_append (csv, "Z\"");
}

static void
append_cell (GString      *csv,
             sqlite3_stmt *statement,
             const Column *column)
{
  gboolean null = sqlite3_column_type (statement, column->column) == SQLITE_NULL;

  if (column->guard >= 0 && sqlite3_column_type (statement, column->guard) == SQLITE_NULL)
    g_string_append (csv, "\"\"");
  else if (column->type == ORG_TYPE_BOOLEAN)
    g_string_append (csv, sqlite3_column_int (statement, column->column) ? "\"true\"" : "\"false\"");
  else if (null)
    g_string_append (csv, "\"\"");
  else if (org_type_is_number (column->type) && column->type != ORG_TYPE_INT)
    append_number (csv, statement, column->column);
  else if (column->type == ORG_TYPE_DATETIME)
    append_time (csv, (const char *) sqlite3_column_text (statement, column->column));
  else
    org_bulk_csv_append (csv, (const char *) sqlite3_column_text (statement, column->column));
}

static void
append_row (const OrgJob *job,
            sqlite3_stmt *statement,
            char          delimiter,
            GString      *csv)
{
  for (guint i = 0; i < job->columns->len; i++)
    {
      if (i > 0)
        g_string_append_c (csv, delimiter);
      append_cell (csv, statement, &g_array_index (job->columns, Column, i));
    }
  g_string_append (csv, org_job_get_line_end (job));
}

static void
append_header (const OrgJob *job,
               GString      *csv)
{
  char delimiter = org_bulk_csv_delimiter (job->delimiter);

  for (guint i = 0; i < job->columns->len; i++)
    {
      if (i > 0)
        g_string_append_c (csv, delimiter);
      org_bulk_csv_append (csv, g_array_index (job->columns, Column, i).name);
    }
  g_string_append (csv, org_job_get_line_end (job));
}

static void
keep_rows (OrgJob       *job,
           sqlite3_stmt *statement)
{
  char delimiter = org_bulk_csv_delimiter (job->delimiter);

  job->rows = g_string_new (NULL);
  job->row_ends = g_array_new (FALSE, FALSE, sizeof (gsize));

  while (sqlite3_step (statement) == SQLITE_ROW)
    {
      append_row (job, statement, delimiter, job->rows);
      g_array_append_val (job->row_ends, job->rows->len);
    }
  job->n_processed = job->row_ends->len;
}

static void
run (OrgRest *self,
     OrgJob  *job)
{
  gboolean stored = !org_data_is_generated (self->data) || !org_generated_covers (job->object);
  g_autofree char *key = !stored && self->pages != NULL ? org_page_cache_key (self->data, job->plan, "count", 0, 0) : NULL;
  g_autoptr(GError) error = NULL;
  sqlite3_stmt *statement;

  if (key != NULL && org_page_cache_find_count (self->pages, key, &job->n_processed))
    return;

  statement = org_plan_prepare (job->plan, self->data, !stored, &error);
  if (statement == NULL)
    org_job_fail (job, "%s", error->message);
  else if (stored)
    keep_rows (job, statement);
  else if (sqlite3_step (statement) == SQLITE_ROW)
    job->n_processed = (guint64) sqlite3_column_int64 (statement, 0);
  else
    org_job_fail (job, "QUERY_TOO_COMPLICATED : The query could not be carried out");
  sqlite3_finalize (statement);
  if (key != NULL && job->state == ORG_JOB_COMPLETE)
    org_page_cache_add_count (self->pages, key, job->n_processed);
}

static OrgPlan *
plan_query (OrgRest              *self,
            const OrgRestRequest *request,
            const char           *source,
            gboolean              all_rows,
            GArray              **columns,
            gboolean             *limited,
            OrgRestReply         *reply)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(OrgPlan) plan = org_plan_new (self->data, source, org_rest_is_admin (self, request), all_rows, &error);
  g_autoptr(OrgSoqlQuery) query = plan != NULL ? org_soql_parse (source, -1, &error) : NULL;
  g_autoptr(GArray) collected = NULL;

  if (query == NULL)
    {
      org_rest_set_error (reply, 400, org_soql_error_get_code (error), error->message);
      return NULL;
    }

  if (!check_allowed (plan, query, reply))
    return NULL;

  collected = g_array_new (FALSE, FALSE, sizeof (Column));
  g_array_set_clear_func (collected, column_clear);
  collect_columns (collected, plan->root, "", -1);
  *columns = order_columns (collected, query);
  *limited = query->limit >= 0;

  return g_steal_pointer (&plan);
}

static void
set_query (OrgJob  *job,
           OrgPlan *plan,
           GArray  *columns,
           gboolean limited)
{
  job->object = plan->object;
  job->plan = plan;
  job->columns = columns;
  job->limited = limited;
  job->run = run;
}

/**
 * org_bulk_query_create:
 * @self: the API
 * @request: `POST /jobs/query`
 * @parts: the parts of the path
 * @reply: the answer
 *
 * Makes a query job.
 */
void
org_bulk_query_create (OrgRest               *self,
                       const OrgRestRequest  *request,
                       char                 **parts,
                       OrgRestReply          *reply)
{
  g_autoptr(JsonNode) root = org_records_parse_body (request, JSON_NODE_OBJECT, reply);
  JsonObject *json = root != NULL ? json_node_get_object (root) : NULL;
  const char *operation = json != NULL ? org_job_get_text (json, "operation") : NULL;
  const char *source = json != NULL ? org_job_get_text (json, "query") : NULL;
  g_autoptr(OrgPlan) plan = NULL;
  g_autoptr(GArray) columns = NULL;
  g_autoptr(OrgJob) format = g_new0 (OrgJob, 1);
  gboolean limited = FALSE;
  OrgJob *job;

  if (root == NULL)
    return;

  if (operation == NULL || (strcmp (operation, "query") != 0 && strcmp (operation, "queryAll") != 0))
    {
      org_rest_set_error (reply, 400, "INVALIDJOB", "The operation is not one of query and queryAll");
      return;
    }

  if (source == NULL || *source == '\0')
    {
      org_rest_set_error (reply, 400, "INVALIDJOB", "No query found");
      return;
    }

  if (!org_job_read_format (format, json, reply))
    return;

  plan = plan_query (self, request, source, strcmp (operation, "queryAll") == 0, &columns, &limited, reply);
  if (plan == NULL)
    return;

  job = org_bulk_add (self, request, FALSE);
  job->operation = g_strdup (operation);
  job->delimiter = g_steal_pointer (&format->delimiter);
  job->line_ending = g_steal_pointer (&format->line_ending);
  set_query (job, g_steal_pointer (&plan), g_steal_pointer (&columns), limited);
  org_bulk_start (self, job);
  org_job_write (job, FALSE, reply->body);
}

/**
 * org_bulk_query_abort:
 * @self: the API
 * @request: `PATCH /jobs/query/ID`
 * @parts: the parts of the path
 * @reply: the answer
 *
 * Aborts a query job.
 */
void
org_bulk_query_abort (OrgRest               *self,
                      const OrgRestRequest  *request,
                      char                 **parts,
                      OrgRestReply          *reply)
{
  OrgJob *job = org_bulk_find (self, request, parts, reply);
  g_autoptr(JsonNode) root = job != NULL ? org_records_parse_body (request, JSON_NODE_OBJECT, reply) : NULL;

  if (root == NULL)
    return;

  if (g_strcmp0 (org_job_get_text (json_node_get_object (root), "state"), "Aborted") == 0)
    org_bulk_abort (job, reply);
  else
    org_rest_set_error (reply, 400, "INVALIDJOBSTATE", "A query job can only be set to Aborted");
}

/* Names the job, so that a locator of another one is refused. */
static char *
make_locator (const OrgJob *job,
              guint64       offset)
{
  g_autofree char *plain = g_strdup_printf ("0:%.15s:%" G_GUINT64_FORMAT, job->id, offset);
  char *locator = g_base64_encode ((const guchar *) plain, strlen (plain));
  char *padding = strchr (locator, '=');

  if (padding != NULL)
    *padding = '\0';

  return locator;
}

static gboolean
read_locator (const OrgJob *job,
              const char   *locator,
              guint64      *offset)
{
  g_autofree char *padded = g_strconcat (locator, "===", NULL);
  gsize size = strlen (locator);
  g_autofree guchar *plain = NULL;
  g_autofree char *text = NULL;
  g_auto(GStrv) fields = NULL;

  padded[(size + 3) / 4 * 4] = '\0';
  plain = g_base64_decode (padded, &size);
  text = g_strndup ((const char *) plain, size);
  fields = g_strsplit (text, ":", -1);

  return g_strv_length (fields) == 3 && strncmp (job->id, fields[1], 15) == 0
         && g_ascii_string_to_unsigned (fields[2], 10, 0, G_MAXINT64, offset, NULL) && *offset < MAX (job->n_processed, 1);
}

/* The job if it has results in this version of the API, and where they begin. */
static OrgJob *
find_results (OrgRest               *self,
              const OrgRestRequest  *request,
              char                 **parts,
              guint64               *offset,
              OrgRestReply          *reply)
{
  OrgJob *job = org_bulk_find (self, request, parts, reply);
  const char *locator = org_rest_get_parameter (request, "locator");

  *offset = 0;
  if (job == NULL || !org_job_check_version (job, request, reply))
    return NULL;

  if (job->state != ORG_JOB_COMPLETE)
    {
      org_rest_set_error (reply, 400, "INVALIDJOBSTATE", "The job has no results: it is not in the state JobComplete");
      return NULL;
    }

  if (locator != NULL && *locator != '\0' && !read_locator (job, locator, offset))
    {
      org_rest_set_error (reply, 400, "INVALID_QUERY_LOCATOR", "The locator is not one of this job");
      return NULL;
    }

  return job;
}

static void
append_kept (const OrgJob *job,
             guint64       offset,
             guint64       n,
             GString      *csv)
{
  gsize start = offset > 0 ? g_array_index (job->row_ends, gsize, offset - 1) : 0;
  gsize end = n > 0 ? g_array_index (job->row_ends, gsize, offset + n - 1) : start;

  g_string_append_len (csv, job->rows->str + start, (gssize) (end - start));
}

/* The database leaves out rows without computing what is in them. */
static void
append_generated (OrgRest      *self,
                  const OrgJob *job,
                  guint64       offset,
                  guint64       n,
                  GString      *csv)
{
  OrgPlan page = *job->plan;
  g_autofree char *sql = g_strdup_printf ("%s%s%s LIMIT %" G_GUINT64_FORMAT " OFFSET %" G_GUINT64_FORMAT,
                                          job->limited ? "SELECT * FROM (" : "", job->plan->sql, job->limited ? ")" : "",
                                          n, offset);
  char delimiter = org_bulk_csv_delimiter (job->delimiter);
  sqlite3_stmt *statement;

  page.sql = sql;
  statement = org_plan_prepare (&page, self->data, FALSE, NULL);
  while (statement != NULL && sqlite3_step (statement) == SQLITE_ROW)
    append_row (job, statement, delimiter, csv);
  sqlite3_finalize (statement);
}

/* Where pages are kept, long ones are made once. */
static void
answer_generated (OrgRest      *self,
                  const OrgJob *job,
                  guint64       offset,
                  guint64       n,
                  OrgRestReply *reply)
{
  g_autofree char *form = g_strconcat (job->delimiter, "|", job->line_ending, NULL);
  g_autofree char *key = n >= MIN_KEPT ? org_page_cache_key (self->data, job->plan, form, offset, n) : NULL;

  reply->page = key != NULL && self->pages != NULL ? org_page_cache_find (self->pages, key) : NULL;
  if (reply->page != NULL)
    return;

  append_header (job, reply->body);
  append_generated (self, job, offset, n, reply->body);
  if (key != NULL && self->pages != NULL)
    {
      reply->page = org_page_cache_add (self->pages, key, reply->body, (guint) n);
      reply->body = g_string_new (NULL);
    }
}

/**
 * org_bulk_query_results:
 * @self: the API
 * @request: `GET /jobs/query/ID/results`
 * @parts: the parts of the path
 * @reply: the answer
 *
 * Answers a page of results, any page at any time.
 */
void
org_bulk_query_results (OrgRest               *self,
                        const OrgRestRequest  *request,
                        char                 **parts,
                        OrgRestReply          *reply)
{
  guint64 offset;
  const OrgJob *job = find_results (self, request, parts, &offset, reply);
  const char *wanted = org_rest_get_parameter (request, "maxRecords");
  guint64 page = org_switches_get (self->switches, ORG_SWITCH_BULK_PAGE);
  guint64 most = org_switches_get (self->switches, ORG_SWITCH_BULK_MOST);
  guint64 n;

  if (job == NULL)
    return;

  if (wanted != NULL && !g_ascii_string_to_unsigned (wanted, 10, 1, G_MAXINT32, &page, NULL))
    {
      org_rest_set_error (reply, 400, "INVALID_INPUT", "maxRecords must be a number above zero");
      return;
    }

  /* A server may have less on a page than is asked for. */
  page = MIN (page, most > 0 ? MIN (most, MAX_PAGE) : MAX_PAGE);
  if (request->repeat)
    offset -= MIN (offset, page);
  n = MIN (org_cursors_page_size (self->cursors, offset, (guint) page), job->n_processed - MIN (offset, job->n_processed));
  if (job->rows != NULL)
    {
      append_header (job, reply->body);
      append_kept (job, offset, n, reply->body);
    }
  else
    {
      answer_generated (self, job, offset, n, reply);
    }

  reply->type = CSV;
  reply->n_records = g_strdup_printf ("%" G_GUINT64_FORMAT, n);
  reply->locator = offset + n < job->n_processed ? make_locator (job, offset + n) : g_strdup ("null");
}

/**
 * org_bulk_query_pages:
 * @self: the API
 * @request: `GET /jobs/query/ID/resultPages`
 * @parts: the parts of the path
 * @reply: the answer
 *
 * Answers the addresses of up to five pages, which may be fetched side by side.
 */
void
org_bulk_query_pages (OrgRest               *self,
                      const OrgRestRequest  *request,
                      char                 **parts,
                      OrgRestReply          *reply)
{
  guint64 offset;
  const OrgJob *job = find_results (self, request, parts, &offset, reply);
  gboolean link = org_switches_get (self->switches, ORG_SWITCH_BULK_LINK) != 0;
  guint64 page = MIN (org_switches_get (self->switches, ORG_SWITCH_BULK_PAGE), MAX_PAGE);
  guint n = 0;

  if (job == NULL)
    return;

  if (g_ascii_strtod (job->version, NULL) < FIRST_PAGES_VERSION)
    {
      org_rest_set_not_found (reply);
      return;
    }

  g_string_append (reply->body, "{\"resultPages\":[");
  for (; n == 0 || (n < PAGES_AT_ONCE && offset < job->n_processed); n++)
    {
      g_autofree char *locator = make_locator (job, offset);
      g_autofree char *url = g_strdup_printf ("%s/jobs/query/%s/results?locator=%s", request->base, job->id, locator);

      g_string_append (reply->body, n > 0 ? ",{" : "{");
      org_json_append_text (reply->body, link ? "resultLink" : "resultUrl", url);
      g_string_append_c (reply->body, '}');
      offset += org_cursors_page_size (self->cursors, offset, (guint) page);
    }
  g_string_append_c (reply->body, ']');

  if (offset < job->n_processed)
    {
      g_autofree char *locator = make_locator (job, offset);
      g_autofree char *url = g_strdup_printf ("%s/jobs/query/%s/resultPages?locator=%s", request->base, job->id, locator);

      org_json_append_text (reply->body, "nextRecordsUrl", url);
    }
  org_json_append_flag (reply->body, "done", offset >= job->n_processed);
  g_string_append_c (reply->body, '}');
}

/**
 * org_bulk_query_save:
 * @job: a query job
 * @builder: an open object
 *
 * Adds what the job asks for.
 */
void
org_bulk_query_save (const OrgJob *job,
                     JsonBuilder  *builder)
{
  json_builder_set_member_name (builder, "operation");
  json_builder_add_string_value (builder, job->operation);
  json_builder_set_member_name (builder, "query");
  json_builder_add_string_value (builder, job->plan->source);
  json_builder_set_member_name (builder, "columnDelimiter");
  json_builder_add_string_value (builder, job->delimiter);
  json_builder_set_member_name (builder, "lineEnding");
  json_builder_add_string_value (builder, job->line_ending);
}

/**
 * org_bulk_query_restore:
 * @self: the API
 * @job: an empty job
 * @object: where org_bulk_query_save() has added something
 *
 * Reads what the job asks for.
 *
 * Returns: whether that can be answered here
 */
gboolean
org_bulk_query_restore (OrgRest    *self,
                        OrgJob     *job,
                        JsonObject *object)
{
  const char *operation = org_job_get_text (object, "operation");
  const char *source = org_job_get_text (object, "query");
  OrgRestRequest request = { .user_id = org_job_get_text (object, "user") };
  g_auto(OrgRestReply) reply = { .body = g_string_new (NULL) };
  g_autoptr(GArray) columns = NULL;
  gboolean limited = FALSE;
  OrgPlan *plan;

  if (operation == NULL || source == NULL || !org_job_read_format (job, object, &reply))
    return FALSE;

  plan = plan_query (self, &request, source, strcmp (operation, "queryAll") == 0, &columns, &limited, &reply);
  if (plan == NULL)
    return FALSE;

  job->operation = g_strdup (operation);
  set_query (job, plan, g_steal_pointer (&columns), limited);

  return TRUE;
}
