/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "org-rest-private.h"

#include <string.h>
#include <time.h>

#include "org-bulk-ingest.h"
#include "org-bulk-query.h"
#include "org-bulk.h"
#include "org-collections.h"
#include "org-composite.h"
#include "org-describe.h"
#include "org-id.h"
#include "org-json.h"
#include "org-records.h"
#include "org-replication.h"
#include "org-tree.h"

/**
 * org_rest_new:
 * @data: the org; must live longer
 *
 * Returns: (transfer full): the part of the REST API that is about records
 */
OrgRest *
org_rest_new (OrgData *data)
{
  OrgRest *self = g_new0 (OrgRest, 1);

  self->data = data;
  self->cursors = org_cursors_new (data);
  self->switches = org_switches_new ();
  self->writer = org_writer_new (data, self->switches);
  self->bulk = org_bulk_new ();

  return self;
}

/**
 * org_rest_free:
 * @self: (transfer full): the API
 *
 * Forgets all cursors.
 */
void
org_rest_free (OrgRest *self)
{
  org_cursors_free (self->cursors);
  org_bulk_free (self->bulk);
  org_writer_free (self->writer);
  org_switches_free (self->switches);
  g_clear_pointer (&self->pages, org_page_cache_free);
  g_free (self);
}

/**
 * org_rest_get_cursors:
 * @self: the API
 *
 * Returns: (transfer none): its cursors, to change how they page
 */
OrgCursors *
org_rest_get_cursors (OrgRest *self)
{
  return self->cursors;
}

/**
 * org_rest_get_switches:
 * @self: the API
 *
 * Returns: (transfer none): what tests change
 */
OrgSwitches *
org_rest_get_switches (OrgRest *self)
{
  return self->switches;
}

/**
 * org_rest_keep_pages:
 * @self: the API
 *
 * Keeps long pages of generated records; answers then may have a page.
 */
void
org_rest_keep_pages (OrgRest *self)
{
  self->pages = org_page_cache_new ();
  org_cursors_set_pages (self->cursors, self->pages);
}

/**
 * org_rest_get_pages:
 * @self: the API
 *
 * Returns: (transfer none) (nullable): the pages that are kept
 */
OrgPageCache *
org_rest_get_pages (OrgRest *self)
{
  return self->pages;
}

/**
 * org_rest_get_changes:
 * @self: the API
 *
 * Returns: a number that grows when org_rest_dup_state() has more to tell
 */
guint
org_rest_get_changes (OrgRest *self)
{
  return org_cursors_get_changes (self->cursors) + org_bulk_get_changes (self->bulk);
}

/**
 * org_rest_dup_state:
 * @self: the API
 *
 * Tells of cursors and query jobs, for those who come back after a restart.
 *
 * Returns: (transfer full): a JSON object
 */
char *
org_rest_dup_state (OrgRest *self)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode) root = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "cursors");
  org_cursors_save (self->cursors, builder);
  json_builder_set_member_name (builder, "jobs");
  org_bulk_save (self->bulk, builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);

  return json_to_string (root, FALSE);
}

/**
 * org_rest_restore:
 * @self: the API, as it is after the start
 * @state: what org_rest_dup_state() told
 *
 * Takes over cursors and jobs.
 */
void
org_rest_restore (OrgRest    *self,
                  JsonObject *state)
{
  JsonNode *cursors = json_object_get_member (state, "cursors");
  JsonNode *jobs = json_object_get_member (state, "jobs");

  if (cursors != NULL && JSON_NODE_HOLDS_ARRAY (cursors))
    org_cursors_restore (self->cursors, json_node_get_array (cursors));
  if (jobs != NULL && JSON_NODE_HOLDS_ARRAY (jobs))
    org_bulk_restore (self, json_node_get_array (jobs));
}

/**
 * org_rest_reply_clear:
 * @reply: an answer
 *
 * Frees what @reply owns.
 */
void
org_rest_reply_clear (OrgRestReply *reply)
{
  if (reply->body != NULL)
    g_string_free (g_steal_pointer (&reply->body), TRUE);
  g_clear_pointer (&reply->last_modified, g_free);
  g_clear_pointer (&reply->allow, g_free);
  g_clear_pointer (&reply->etag, g_free);
  g_clear_pointer (&reply->location, g_free);
  g_clear_pointer (&reply->locator, g_free);
  g_clear_pointer (&reply->n_records, g_free);
  g_clear_pointer (&reply->page, org_page_unref);
}

/**
 * org_rest_set_error:
 * @reply: an answer
 * @status: its HTTP status
 * @code: the `errorCode`
 * @message: what people read
 *
 * Makes @reply an error.
 */
void
org_rest_set_error (OrgRestReply *reply,
                    guint         status,
                    const char   *code,
                    const char   *message)
{
  reply->status = status;
  reply->type = NULL;
  g_string_assign (reply->body, "[{");
  org_json_append_text (reply->body, "message", message);
  org_json_append_text (reply->body, "errorCode", code);
  g_string_append (reply->body, "}]");
}

/**
 * org_rest_refuse:
 * @reply: (out caller-allocates): an answer
 * @status: its HTTP status
 * @code: the `errorCode`
 * @message: what people read
 *
 * Answers a call that does not get as far as org_rest_handle().
 */
void
org_rest_refuse (OrgRestReply *reply,
                 guint         status,
                 const char   *code,
                 const char   *message)
{
  memset (reply, 0, sizeof *reply);
  reply->body = g_string_new (NULL);
  org_rest_set_error (reply, status, code, message);
}

static void
set_soql_error (OrgRestReply *reply,
                const GError *error)
{
  org_rest_set_error (reply, 400, org_soql_error_get_code (error), error->message);
}

/**
 * org_rest_set_not_found:
 * @reply: an answer
 *
 * Makes @reply a 404.
 */
void
org_rest_set_not_found (OrgRestReply *reply)
{
  org_rest_set_error (reply, 404, "NOT_FOUND", "The requested resource does not exist");
}

/**
 * org_rest_is_admin:
 * @self: the API
 * @request: a call
 *
 * Returns: whether field-level security hides nothing from who asks
 */
gboolean
org_rest_is_admin (OrgRest              *self,
                   const OrgRestRequest *request)
{
  return request->user_id == NULL || org_data_is_admin (self->data, request->user_id);
}

/**
 * org_rest_get_parameter:
 * @request: a call
 * @name: a parameter of the address
 *
 * Returns: (nullable): its value
 */
const char *
org_rest_get_parameter (const OrgRestRequest *request,
                        const char           *name)
{
  return request->query != NULL ? g_hash_table_lookup (request->query, name) : NULL;
}

/* The size in `batchSize=500`, brought into its range; 0 without one. */
static guint
get_batch (const OrgRestRequest *request)
{
  const char *option = request->query_options != NULL ? strstr (request->query_options, "batchSize=") : NULL;

  if (option == NULL)
    return 0;

  return (guint) CLAMP (g_ascii_strtoull (option + strlen ("batchSize="), NULL, 10), ORG_BATCH_MIN, ORG_BATCH_MAX);
}

static void
handle_object (OrgRest               *self,
               const OrgRestRequest  *request,
               char                 **parts,
               OrgRestReply          *reply)
{
  const OrgObject *object = org_schema_find (parts[1]);

  if (object == NULL)
    {
      org_rest_set_not_found (reply);
      return;
    }

  g_string_append (reply->body, "{\"objectDescribe\":");
  org_describe_basic (reply->body, object, request->base);
  g_string_append (reply->body, ",\"recentItems\":[]}");
}

static char *
format_http_date (gint64 seconds)
{
  g_autoptr(GDateTime) moment = g_date_time_new_from_unix_utc (seconds);
  static const char *days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
  static const char *months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

  /* Not strftime: its names follow the locale. */
  return g_strdup_printf ("%s, %02d %s %04d %02d:%02d:%02d GMT", days[g_date_time_get_day_of_week (moment) - 1],
                          g_date_time_get_day_of_month (moment), months[g_date_time_get_month (moment) - 1],
                          g_date_time_get_year (moment), g_date_time_get_hour (moment),
                          g_date_time_get_minute (moment), g_date_time_get_second (moment));
}

/**
 * org_rest_parse_http_date:
 * @text: a date as headers have it
 * @seconds: (out): since 1970
 *
 * Returns: %FALSE if @text is none
 */
gboolean
org_rest_parse_http_date (const char *text,
                          gint64     *seconds)
{
  struct tm parts = { 0 };

  if (strptime (text, "%a, %d %b %Y %H:%M:%S GMT", &parts) == NULL)
    return FALSE;

  *seconds = timegm (&parts);

  return TRUE;
}

/* Whether the client knows the newest description; the answer is then complete. */
static gboolean
is_known (OrgRest              *self,
          const OrgRestRequest *request,
          OrgRestReply         *reply)
{
  gint64 changed = org_data_get_started (self->data) / G_USEC_PER_SEC;
  gint64 known;

  reply->last_modified = format_http_date (changed);
  if (request->if_modified_since == NULL || !org_rest_parse_http_date (request->if_modified_since, &known)
      || known < changed)
    return FALSE;

  reply->status = 304;

  return TRUE;
}

static void
handle_objects (OrgRest               *self,
                const OrgRestRequest  *request,
                char                 **parts,
                OrgRestReply          *reply)
{
  if (!is_known (self, request, reply))
    org_describe_global (reply->body, request->base);
}

static void
handle_describe (OrgRest               *self,
                 const OrgRestRequest  *request,
                 char                 **parts,
                 OrgRestReply          *reply)
{
  const OrgObject *object = org_schema_find (parts[1]);

  if (object == NULL)
    org_rest_set_not_found (reply);
  else if (!is_known (self, request, reply))
    org_describe_object (reply->body, object, request->base, org_rest_is_admin (self, request));
}

/* The fields that a GET of a record answers, as the head of a query. */
static char *
make_record_query (OrgRest               *self,
                   const OrgRestRequest  *request,
                   const OrgObject       *object,
                   const char            *id)
{
  const char *wanted = org_rest_get_parameter (request, "fields");
  g_autoptr(GString) query = g_string_new ("SELECT ");
  guint n_fields;
  const OrgField *fields = org_object_get_fields (object, &n_fields);
  gboolean admin = org_rest_is_admin (self, request);

  if (wanted != NULL)
    {
      g_string_append (query, wanted);
    }
  else
    {
      for (guint i = 0; i < n_fields; i++)
        {
          if (org_field_is_visible (&fields[i], admin))
            g_string_append_printf (query, "%s%s", i > 0 ? "," : "", fields[i].name);
        }
    }

  g_string_append_printf (query, " FROM %s WHERE Id = '%s'", object->name, id);

  return g_string_free (g_steal_pointer (&query), FALSE);
}

static gboolean
fields_are_plain (const char *fields)
{
  for (; fields != NULL && *fields != '\0'; fields++)
    {
      if (!g_ascii_isalnum (*fields) && strchr ("_., ", *fields) == NULL)
        return FALSE;
    }

  return TRUE;
}

static void
read_record (OrgRest              *self,
             const OrgRestRequest *request,
             const char           *query,
             gboolean              all_rows,
             OrgRestReply         *reply)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(OrgPlan) plan = org_plan_new (self->data, query, org_rest_is_admin (self, request), all_rows, &error);
  sqlite3_stmt *statement = NULL;

  if (plan == NULL)
    {
      const char *last_line = strrchr (error->message, '\n');

      org_rest_set_error (reply, 400, org_soql_error_get_code (error), last_line != NULL ? last_line + 1 : error->message);
      return;
    }

  statement = org_plan_prepare (plan, self->data, FALSE, NULL);
  if (statement != NULL && sqlite3_step (statement) == SQLITE_ROW)
    org_cursors_write_record (reply->body, statement, plan->root, request->base);
  else
    org_rest_set_error (reply, 404, "NOT_FOUND", "The requested resource does not exist");
  sqlite3_finalize (statement);
}

/* (nullable) Only accounts have one. */
static char *
dup_etag (OrgRest         *self,
          const OrgObject *object,
          const char      *id)
{
  sqlite3_stmt *statement = NULL;
  char *etag = NULL;

  if (strcmp (object->name, "Account") == 0
      && sqlite3_prepare_v2 (org_data_get_database (self->data), "SELECT SystemModstamp FROM Account WHERE Id = ?1", -1,
                             &statement, NULL) == SQLITE_OK)
    {
      sqlite3_bind_text (statement, 1, id, -1, SQLITE_STATIC);
      if (sqlite3_step (statement) == SQLITE_ROW)
        {
          g_autofree char *text = g_strconcat (id, (const char *) sqlite3_column_text (statement, 0), NULL);
          g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA1, text, -1);

          etag = g_strdup_printf ("\"%.22s\"", sum);
        }
      sqlite3_finalize (statement);
    }

  return etag;
}

static gboolean
etag_is_in (const char *etag,
            const char *list)
{
  return strcmp (list, "*") == 0 || strstr (list, etag) != NULL;
}

/**
 * org_rest_check_match:
 * @self: the API
 * @request: a call that changes a record
 * @object: an object
 * @id: the id of the record, in 18 characters
 * @reply: the answer
 *
 * Refuses the call if its `If-Match` is for an older state of the record.
 *
 * Returns: whether to go on
 */
gboolean
org_rest_check_match (OrgRest              *self,
                      const OrgRestRequest *request,
                      const OrgObject      *object,
                      const char           *id,
                      OrgRestReply         *reply)
{
  g_autofree char *etag = request->if_match != NULL ? dup_etag (self, object, id) : NULL;

  if (etag == NULL || etag_is_in (etag, request->if_match))
    return TRUE;

  org_rest_set_error (reply, 412, "PRECONDITION_FAILED", "The record has changed since it was read");

  return FALSE;
}

/**
 * org_rest_read_record:
 * @self: the API
 * @request: a call
 * @object: an object
 * @id: the id of a record, in 18 characters
 * @reply: the answer
 *
 * Answers the record, with the fields that the call asks for.
 */
void
org_rest_read_record (OrgRest              *self,
                      const OrgRestRequest *request,
                      const OrgObject      *object,
                      const char           *id,
                      OrgRestReply         *reply)
{
  g_autofree char *query = NULL;

  if (!fields_are_plain (org_rest_get_parameter (request, "fields")))
    {
      org_rest_set_error (reply, 400, "INVALID_FIELD", "The list of fields is not valid");
      return;
    }

  query = make_record_query (self, request, object, id);
  read_record (self, request, query, FALSE, reply);

  if (reply->status == 404)
    {
      g_auto(OrgRestReply) deleted = { 200, g_string_new (NULL) };

      read_record (self, request, query, TRUE, &deleted);
      if (deleted.status == 200)
        org_rest_set_error (reply, 404, "ENTITY_IS_DELETED", "entity is deleted");
    }

  if (reply->status == 200)
    reply->etag = dup_etag (self, object, id);
  if (reply->etag != NULL && request->if_none_match != NULL && etag_is_in (reply->etag, request->if_none_match))
    {
      reply->status = 304;
      g_string_truncate (reply->body, 0);
    }
}

static void
handle_record (OrgRest               *self,
               const OrgRestRequest  *request,
               char                 **parts,
               OrgRestReply          *reply)
{
  const OrgObject *object = org_schema_find (parts[1]);
  char id[ORG_ID_SIZE];

  if (object == NULL)
    {
      org_rest_set_not_found (reply);
      return;
    }

  if (!org_id_normalize (parts[2], id) || org_schema_find_prefix (id) != object)
    {
      g_autofree char *message = g_strdup_printf ("Provided external ID field does not exist or is not accessible: %s",
                                                  parts[2]);

      org_rest_set_error (reply, 404, "NOT_FOUND", message);
      return;
    }

  org_rest_read_record (self, request, object, id, reply);
}

static const char *
apex_type (OrgType type)
{
  if (type == ORG_TYPE_ID || type == ORG_TYPE_REFERENCE)
    return "Id";
  if (type == ORG_TYPE_BOOLEAN)
    return "Boolean";
  if (type == ORG_TYPE_DATE)
    return "Date";
  if (type == ORG_TYPE_DATETIME)
    return "Datetime";
  if (type == ORG_TYPE_INT)
    return "Integer";

  return org_type_is_number (type) ? "Double" : "String";
}

static void append_column (GString         *json,
                           const OrgMember *member);

static void
append_member_columns (GString       *json,
                       const OrgNode *node)
{
  for (guint i = 0; i < node->members->len; i++)
    {
      if (i > 0)
        g_string_append_c (json, ',');
      append_column (json, g_ptr_array_index (node->members, i));
    }
}

static void
append_column (GString         *json,
               const OrgMember *member)
{
  gboolean value = member->kind == ORG_MEMBER_VALUE;
  const OrgNode *inner = member->kind == ORG_MEMBER_PARENT ? member->parent
                         : member->kind == ORG_MEMBER_CHILDREN ? member->children->root : NULL;

  g_string_append_c (json, '{');
  org_json_append_flag (json, "aggregate", member->aggregate || member->kind == ORG_MEMBER_CHILDREN);
  org_json_append_text (json, "apexType", value ? apex_type (member->type) : NULL);
  org_json_append_flag (json, "booleanType", value && member->type == ORG_TYPE_BOOLEAN);
  org_json_append_text (json, "columnName", member->name);
  org_json_append_flag (json, "custom", member->field != NULL && (member->field->flags & ORG_FIELD_CUSTOM) != 0);
  org_json_append_text (json, "displayName", member->name);
  org_json_append_text (json, "foreignKeyName", member->field != NULL ? member->field->relationship : NULL);
  org_json_append_flag (json, "insertable", member->field != NULL && (member->field->flags & ORG_FIELD_WRITABLE) != 0);
  org_json_append_member (json, "joinColumns");
  g_string_append_c (json, '[');
  if (inner != NULL)
    append_member_columns (json, inner);
  g_string_append_c (json, ']');
  org_json_append_flag (json, "numberType", value && org_type_is_number (member->type));
  org_json_append_flag (json, "textType", value && org_type_is_text (member->type));
  org_json_append_flag (json, "updatable", member->field != NULL && (member->field->flags & ORG_FIELD_WRITABLE) != 0);
  g_string_append_c (json, '}');
}

/* What the command line client asks for to know the columns of a table. */
static void
write_columns (OrgPlan *plan,
               GString *json)
{
  gboolean id_selected = FALSE;

  for (guint i = 0; i < plan->root->members->len; i++)
    {
      const OrgMember *member = g_ptr_array_index (plan->root->members, i);

      id_selected |= strcmp (member->name, "Id") == 0;
    }

  g_string_append (json, "{\"columnMetadata\":[");
  append_member_columns (json, plan->root);
  g_string_append_c (json, ']');
  org_json_append_text (json, "entityName", plan->object->name);
  org_json_append_flag (json, "groupBy", plan->aggregate);
  org_json_append_flag (json, "idSelected", id_selected);
  org_json_append_text (json, "keyPrefix", plan->object->prefix);
  g_string_append_c (json, '}');
}

static void
write_plan (OrgRest    *self,
            OrgPlan    *plan,
            const char *source,
            GString    *json)
{
  guint64 all = org_data_count (self->data, plan->object);
  sqlite3_stmt *statement = org_plan_prepare (plan, self->data, TRUE, NULL);
  gint64 rows = statement != NULL && sqlite3_step (statement) == SQLITE_ROW ? sqlite3_column_int64 (statement, 0) : 0;

  sqlite3_finalize (statement);
  g_string_append (json, "{\"plans\":[{");
  org_json_append_int (json, "cardinality", rows);
  org_json_append_member (json, "fields");
  g_string_append (json, "[]");
  org_json_append_text (json, "leadingOperationType", "TableScan");
  org_json_append_member (json, "notes");
  g_string_append (json, "[]");
  org_json_append_member (json, "relativeCost");
  org_json_append_double (json, all > 0 ? 0.5 + (double) rows / (double) all : 0.5);
  org_json_append_int (json, "sobjectCardinality", (gint64) all);
  org_json_append_text (json, "sobjectType", plan->object->name);
  g_string_append (json, "}]");
  org_json_append_text (json, "sourceQuery", source);
  g_string_append_c (json, '}');
}

static void
run_query (OrgRest              *self,
           const OrgRestRequest *request,
           gboolean              all_rows,
           OrgRestReply         *reply)
{
  const char *explained = org_rest_get_parameter (request, "explain");
  const char *source = explained != NULL ? explained : org_rest_get_parameter (request, "q");
  guint batch = get_batch (request);
  g_autoptr(GError) error = NULL;
  g_autoptr(OrgPlan) plan = NULL;

  if (source == NULL || *source == '\0')
    {
      org_rest_set_error (reply, 400, "MALFORMED_QUERY", "SOQL statements cannot be empty or null");
      return;
    }

  plan = org_plan_new (self->data, source, org_rest_is_admin (self, request), all_rows, &error);

  if (plan != NULL && explained != NULL)
    write_plan (self, plan, source, reply->body);
  else if (plan != NULL && g_strcmp0 (org_rest_get_parameter (request, "columns"), "true") == 0)
    write_columns (plan, reply->body);
  else if (plan != NULL)
    org_cursors_query (self->cursors, plan, request->base, batch > 0 ? batch : ORG_BATCH_MAX, reply->body, &error);
  reply->page = org_cursors_take_page (self->cursors);

  if (error != NULL)
    set_soql_error (reply, error);
}

static void
handle_query (OrgRest               *self,
              const OrgRestRequest  *request,
              char                 **parts,
              OrgRestReply          *reply)
{
  run_query (self, request, FALSE, reply);
}

static void
handle_query_all (OrgRest               *self,
                  const OrgRestRequest  *request,
                  char                 **parts,
                  OrgRestReply          *reply)
{
  run_query (self, request, TRUE, reply);
}

static void
handle_more (OrgRest               *self,
             const OrgRestRequest  *request,
             char                 **parts,
             OrgRestReply          *reply)
{
  g_autoptr(GError) error = NULL;

  if (org_cursors_more (self->cursors, parts[1], request->base, get_batch (request), request->repeat, reply->body, &error))
    reply->page = org_cursors_take_page (self->cursors);
  else
    set_soql_error (reply, error);
}

static void
handle_record_count (OrgRest               *self,
                     const OrgRestRequest  *request,
                     char                 **parts,
                     OrgRestReply          *reply)
{
  const char *wanted = org_rest_get_parameter (request, "sObjects");
  g_auto(GStrv) names = g_strsplit (wanted != NULL ? wanted : "", ",", -1);
  guint n_objects;
  const OrgObject *objects = org_schema_get_objects (&n_objects);

  g_string_append (reply->body, "{\"sObjects\":[");
  for (guint i = 0; i < n_objects; i++)
    {
      if (wanted != NULL && !g_strv_contains ((const char * const *) names, objects[i].name))
        continue;

      g_string_append (reply->body, g_str_has_suffix (reply->body->str, "}") ? ",{" : "{");
      org_json_append_int (reply->body, "count", (gint64) org_data_count (self->data, &objects[i]));
      org_json_append_text (reply->body, "name", objects[i].name);
      g_string_append_c (reply->body, '}');
    }
  g_string_append (reply->body, "]}");
}

/* `*` stands for one part of the path. Those for one path follow each other. */
static const struct
{
  const char *pattern;
  const char *method;
  OrgRestFunc handle;
} routes[] = {
  { "sobjects", "GET", handle_objects },
  { "sobjects/*", "GET", handle_object },
  { "sobjects/*", "POST", org_records_create },
  { "sobjects/*/describe", "GET", handle_describe },
  { "sobjects/*/updated", "GET", org_replication_updated },
  { "sobjects/*/deleted", "GET", org_replication_deleted },
  { "sobjects/*/*", "DELETE", org_records_delete },
  { "sobjects/*/*", "GET", handle_record },
  { "sobjects/*/*", "PATCH", org_records_update },
  { "sobjects/*/*/*", "DELETE", org_records_delete_by_key },
  { "sobjects/*/*/*", "GET", org_records_read_by_key },
  { "sobjects/*/*/*", "PATCH", org_records_upsert },
  { "composite", "POST", org_composite_run },
  { "composite/batch", "POST", org_composite_batch },
  { "composite/graph", "POST", org_composite_graph },
  { "composite/sobjects", "DELETE", org_collections_delete },
  { "composite/sobjects", "PATCH", org_collections_update },
  { "composite/sobjects", "POST", org_collections_create },
  { "composite/sobjects/*", "GET", org_collections_read },
  { "composite/sobjects/*", "POST", org_collections_read_posted },
  { "composite/sobjects/*/*", "PATCH", org_collections_upsert },
  { "composite/tree/*", "POST", org_tree_create },
  { "jobs/query", "GET", org_bulk_list },
  { "jobs/query", "POST", org_bulk_query_create },
  { "jobs/query/*", "DELETE", org_bulk_delete },
  { "jobs/query/*", "GET", org_bulk_show },
  { "jobs/query/*", "PATCH", org_bulk_query_abort },
  { "jobs/query/*/results", "GET", org_bulk_query_results },
  { "jobs/query/*/resultPages", "GET", org_bulk_query_pages },
  { "jobs/ingest", "GET", org_bulk_list },
  { "jobs/ingest", "POST", org_bulk_ingest_create },
  { "jobs/ingest/*", "DELETE", org_bulk_delete },
  { "jobs/ingest/*", "GET", org_bulk_show },
  { "jobs/ingest/*", "PATCH", org_bulk_ingest_change },
  { "jobs/ingest/*/batches", "PUT", org_bulk_ingest_upload },
  { "jobs/ingest/*/*", "GET", org_bulk_ingest_results },
  { "query", "GET", handle_query },
  { "query/*", "GET", handle_more },
  { "queryAll", "GET", handle_query_all },
  { "queryAll/*", "GET", handle_more },
  { "limits/recordCount", "GET", handle_record_count },
};

static gboolean
route_matches (const char  *pattern,
               char       **parts)
{
  g_auto(GStrv) wanted = g_strsplit (pattern, "/", -1);
  guint n = g_strv_length (wanted);

  if (n != g_strv_length (parts))
    return FALSE;

  for (guint i = 0; i < n; i++)
    {
      if (strcmp (wanted[i], "*") != 0 && strcmp (wanted[i], parts[i]) != 0)
        return FALSE;
    }

  return TRUE;
}

/* The path without empty parts: `//` and a final `/` change nothing. */
static GStrv
split_path (const char *path)
{
  g_auto(GStrv) parts = g_strsplit (path, "/", -1);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; parts[i] != NULL; i++)
    {
      if (*parts[i] != '\0')
        g_strv_builder_add (builder, parts[i]);
    }

  return g_strv_builder_end (builder);
}

/* For clients without PATCH. */
static const char *
get_method (const OrgRestRequest *request)
{
  const char *other = org_rest_get_parameter (request, "_HttpMethod");

  if (strcmp (request->method, "POST") == 0 && other != NULL)
    return other;

  return strcmp (request->method, "HEAD") == 0 ? "GET" : request->method;
}

/* In alphabetical order, with HEAD before GET. */
static char *
list_allowed (const char *pattern)
{
  g_autoptr(GString) allowed = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    {
      if (strcmp (routes[i].pattern, pattern) != 0)
        continue;

      if (allowed->len > 0)
        g_string_append_c (allowed, ',');
      if (strcmp (routes[i].method, "GET") == 0)
        g_string_append (allowed, "HEAD,");
      g_string_append (allowed, routes[i].method);
    }

  return g_string_free (g_steal_pointer (&allowed), FALSE);
}

/**
 * org_rest_refuse_method:
 * @reply: an answer
 * @method: what was tried
 * @allowed: what may be tried, separated by commas
 *
 * Makes @reply a 405.
 */
void
org_rest_refuse_method (OrgRestReply *reply,
                        const char   *method,
                        const char   *allowed)
{
  g_autofree char *message = g_strdup_printf ("HTTP Method '%s' not allowed. Allowed are %s", method, allowed);

  g_set_str (&reply->allow, allowed);
  org_rest_set_error (reply, 405, "METHOD_NOT_ALLOWED", message);
}

/**
 * org_rest_handle:
 * @self: the API
 * @request: a call
 * @reply: (out caller-allocates): the answer; clear with org_rest_reply_clear()
 *
 * Answers a call about objects and records.
 *
 * Returns: %FALSE if the path is none of these; @reply is then a 404
 */
gboolean
org_rest_handle (OrgRest              *self,
                 const OrgRestRequest *request,
                 OrgRestReply         *reply)
{
  g_auto(GStrv) parts = split_path (request->path);
  const char *method = get_method (request);
  const char *known = NULL;
  g_autofree char *allowed = NULL;

  memset (reply, 0, sizeof *reply);
  reply->status = 200;
  reply->body = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    {
      if (known != NULL ? strcmp (routes[i].pattern, known) != 0 : !route_matches (routes[i].pattern, parts))
        continue;

      if (strcmp (method, routes[i].method) == 0)
        {
          routes[i].handle (self, request, parts, reply);
          return TRUE;
        }
      known = routes[i].pattern;
    }

  if (known == NULL)
    {
      org_rest_set_not_found (reply);
      return FALSE;
    }

  allowed = list_allowed (known);
  org_rest_refuse_method (reply, method, allowed);

  return TRUE;
}
