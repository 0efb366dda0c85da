/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Up to 200 records in one call, and one result for each, in their order. */

#include "org-collections.h"

#include <string.h>

#include "org-json.h"
#include "org-records.h"

#define MAX_RECORDS 200
#define MAX_CHUNKS 10
#define MAX_READ 2000

typedef enum
{
  CREATE,
  UPDATE,
  UPSERT,
} Operation;

typedef struct
{
  OrgRest *rest;
  const OrgRestRequest *request;
  Operation operation;
  const OrgField *key;       /* (nullable) of an upsert */
  OrgWriteContext context;
  GArray *results;           /* (element-type OrgWriteResult) */
  gboolean failed;
} Batch;

static void
batch_init (Batch                *batch,
            OrgRest              *rest,
            const OrgRestRequest *request,
            Operation             operation)
{
  *batch = (Batch) { rest, request, operation, NULL };
  org_records_read_context (request, &batch->context);
  batch->results = g_array_new (FALSE, TRUE, sizeof (OrgWriteResult));
  g_array_set_clear_func (batch->results, (GDestroyNotify) org_write_result_clear);
  org_writer_begin (rest->writer);
}

static OrgWriteResult *
batch_add (Batch *batch)
{
  OrgWriteResult *result;

  g_array_set_size (batch->results, batch->results->len + 1);
  result = &g_array_index (batch->results, OrgWriteResult, batch->results->len - 1);
  org_write_result_init (result);

  return result;
}

static void
write_result (Batch                *batch,
              const OrgWriteResult *result,
              GString              *json)
{
  gboolean success = result->errors->len == 0;

  g_string_append_c (json, '{');
  if (success || *result->id != '\0')
    org_json_append_text (json, "id", result->id);
  org_json_append_flag (json, "success", success);
  org_json_append_member (json, "errors");
  org_write_errors_append_json (result->errors, "statusCode", json);
  if (batch->operation == UPSERT && success)
    org_json_append_flag (json, "created", result->created);
  g_string_append_c (json, '}');
}

/* With all or none, the innocent are told why they are not written. */
static void
roll_back (Batch *batch)
{
  for (guint i = 0; i < batch->results->len; i++)
    {
      OrgWriteResult *result = &g_array_index (batch->results, OrgWriteResult, i);

      if (result->errors->len > 0)
        continue;

      if (result->created)
        result->id[0] = '\0';
      org_write_errors_add (result->errors, "ALL_OR_NONE_OPERATION_ROLLED_BACK", NULL,
                            "Record rolled back because not all records were valid and the request was using "
                            "AllOrNone header");
    }
}

static void
batch_finish (Batch        *batch,
              gboolean      all_or_none,
              OrgRestReply *reply)
{
  gboolean keep = !batch->failed || !all_or_none;

  org_writer_end (batch->rest->writer, keep);
  if (!keep)
    roll_back (batch);

  g_string_append_c (reply->body, '[');
  for (guint i = 0; i < batch->results->len; i++)
    {
      if (i > 0)
        g_string_append_c (reply->body, ',');
      write_result (batch, &g_array_index (batch->results, OrgWriteResult, i), reply->body);
    }
  g_string_append_c (reply->body, ']');
  g_array_unref (batch->results);
}

static const char *
get_type (JsonNode *node)
{
  JsonObject *record = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  JsonNode *attributes = record != NULL ? json_object_get_member (record, "attributes") : NULL;

  if (attributes == NULL || !JSON_NODE_HOLDS_OBJECT (attributes))
    return NULL;

  return json_object_get_string_member_with_default (json_node_get_object (attributes), "type", NULL);
}

/* A chunk is a run of records of one object. */
static gboolean
check_records (JsonArray    *records,
               OrgRestReply *reply)
{
  const char *last = NULL;
  guint n_chunks = 0;

  if (json_array_get_length (records) > MAX_RECORDS)
    {
      org_rest_set_error (reply, 400, "EXCEEDED_ID_LIMIT", "record limit reached. cannot submit more than 200 records into this call");
      return FALSE;
    }

  for (guint i = 0; i < json_array_get_length (records); i++)
    {
      const char *type = get_type (json_array_get_element (records, i));

      if (type == NULL)
        {
          org_rest_set_error (reply, 400, "INVALID_INPUT", "Include an object type in the attributes of each record");
          return FALSE;
        }
      n_chunks += last == NULL || g_ascii_strcasecmp (type, last) != 0;
      last = type;
    }

  if (n_chunks > MAX_CHUNKS)
    org_rest_set_error (reply, 400, "LIMIT_EXCEEDED", "Too many chunks: at most 10 runs of records of one type");

  return n_chunks <= MAX_CHUNKS;
}

static const char *
get_text (JsonObject *object,
          const char *name,
          char       *buffer,
          gsize       size)
{
  g_autoptr(GList) names = json_object_get_members (object);

  for (GList *link = names; link != NULL; link = link->next)
    {
      JsonNode *value = json_object_get_member (object, link->data);

      if (g_ascii_strcasecmp (link->data, name) != 0 || !JSON_NODE_HOLDS_VALUE (value))
        continue;
      if (json_node_get_value_type (value) == G_TYPE_STRING)
        return json_node_get_string (value);

      g_snprintf (buffer, size, "%" G_GINT64_FORMAT, json_node_get_int (value));
      return buffer;
    }

  return NULL;
}

static void
write_record (Batch      *batch,
              JsonObject *json,
              const char *type)
{
  const OrgObject *object = org_schema_find (type);
  OrgWriter *writer = batch->rest->writer;
  OrgWriteResult *result = batch_add (batch);
  g_autoptr(OrgRecord) record = NULL;
  char buffer[32];
  gboolean written;

  if (object == NULL || object->setup)
    {
      org_write_errors_add (result->errors, object == NULL ? "INVALID_TYPE" : "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", NULL,
                            "sObject type '%s' is not supported.", type);
      batch->failed = TRUE;
      return;
    }

  record = org_record_new (object, org_rest_is_admin (batch->rest, batch->request));
  if (batch->operation == CREATE)
    {
      org_record_set_json (record, json, NULL);
      written = org_writer_insert (writer, &batch->context, record, result);
    }
  else if (batch->operation == UPDATE)
    {
      org_record_set_json (record, json, "Id");
      written = org_writer_update (writer, &batch->context, get_text (json, "Id", buffer, sizeof buffer), record, result);
    }
  else
    {
      org_record_set_json (record, json, batch->key->name);
      written = org_writer_upsert (writer, &batch->context, batch->key,
                                   get_text (json, batch->key->name, buffer, sizeof buffer), record, result);
    }

  batch->failed |= !written;
}

static void
write_records (OrgRest              *self,
               const OrgRestRequest *request,
               Operation             operation,
               const OrgObject      *object,
               const OrgField       *key,
               OrgRestReply         *reply)
{
  g_autoptr(JsonNode) root = org_records_parse_body (request, JSON_NODE_OBJECT, reply);
  JsonNode *records = root != NULL ? json_object_get_member (json_node_get_object (root), "records") : NULL;
  JsonArray *array = records != NULL && JSON_NODE_HOLDS_ARRAY (records) ? json_node_get_array (records) : NULL;
  Batch batch;

  if (root == NULL)
    return;

  if (array == NULL)
    {
      org_rest_set_error (reply, 400, "REQUIRED_FIELD_MISSING", "Required fields are missing: [records]");
      return;
    }

  if (!check_records (array, reply))
    return;

  batch_init (&batch, self, request, operation);
  batch.key = key;
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      write_record (&batch, json_node_get_object (node), object != NULL ? object->name : get_type (node));
    }
  batch_finish (&batch, json_object_get_boolean_member_with_default (json_node_get_object (root), "allOrNone", FALSE),
                reply);
}

/**
 * org_collections_create:
 * @self: the API
 * @request: `POST /composite/sobjects`
 * @parts: the parts of the path
 * @reply: the answer
 *
 * Stores new records.
 */
void
org_collections_create (OrgRest               *self,
                        const OrgRestRequest  *request,
                        char                 **parts,
                        OrgRestReply          *reply)
{
  write_records (self, request, CREATE, NULL, NULL, reply);
}

/**
 * org_collections_update:
 * @self: the API
 * @request: `PATCH /composite/sobjects`
 * @parts: the parts of the path
 * @reply: the answer
 *
 * Changes records by their ids.
 */
void
org_collections_update (OrgRest               *self,
                        const OrgRestRequest  *request,
                        char                 **parts,
                        OrgRestReply          *reply)
{
  write_records (self, request, UPDATE, NULL, NULL, reply);
}

/**
 * org_collections_upsert:
 * @self: the API
 * @request: `PATCH /composite/sobjects/OBJECT/FIELD`
 * @parts: the parts of the path
 * @reply: the answer
 *
 * Changes or stores records by an external id, or by `Id`.
 */
void
org_collections_upsert (OrgRest               *self,
                        const OrgRestRequest  *request,
                        char                 **parts,
                        OrgRestReply          *reply)
{
  const OrgObject *object = org_schema_find (parts[2]);
  const OrgField *key;

  if (object == NULL)
    {
      org_rest_set_not_found (reply);
      return;
    }

  key = org_records_find_key (self, request, object, parts[3], reply);
  if (key != NULL)
    write_records (self, request, UPSERT, object, key, reply);
}

/**
 * org_collections_delete:
 * @self: the API
 * @request: `DELETE /composite/sobjects?ids=A,B`
 * @parts: the parts of the path
 * @reply: the answer
 *
 * Moves records to the recycle bin.
 */
void
org_collections_delete (OrgRest               *self,
                        const OrgRestRequest  *request,
                        char                 **parts,
                        OrgRestReply          *reply)
{
  const char *list = org_rest_get_parameter (request, "ids");
  g_auto(GStrv) ids = g_strsplit (list != NULL ? list : "", ",", -1);
  Batch batch;

  if (ids[0] == NULL)
    {
      org_rest_set_error (reply, 400, "INVALID_INPUT", "The ids of the records are missing");
      return;
    }

  if (g_strv_length (ids) > MAX_RECORDS)
    {
      org_rest_set_error (reply, 400, "EXCEEDED_ID_LIMIT", "record limit reached. cannot submit more than 200 records into this call");
      return;
    }

  batch_init (&batch, self, request, UPDATE);
  for (guint i = 0; ids[i] != NULL; i++)
    {
      const OrgObject *object = org_schema_find_prefix (ids[i]);
      OrgWriteResult *result = batch_add (&batch);

      if (object == NULL || object->setup)
        {
          org_write_errors_add (result->errors, "MALFORMED_ID", "Id", "malformed id %s", ids[i]);
          batch.failed = TRUE;
        }
      else if (!org_writer_delete (self->writer, &batch.context, object, ids[i], result))
        {
          batch.failed = TRUE;
        }
    }
  batch_finish (&batch, g_strcmp0 (org_rest_get_parameter (request, "allOrNone"), "true") == 0, reply);
}

static gboolean
is_plain (const char *text)
{
  return *text != '\0' && strspn (text, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "_.") == strlen (text);
}

/* Records by id, `null` for those that are not there. */
static void
read_records (OrgRest               *self,
              const OrgRestRequest  *request,
              const char            *name,
              char                 **ids,
              char                 **fields,
              OrgRestReply          *reply)
{
  const OrgObject *object = org_schema_find (name);
  g_autofree char *columns = NULL;
  g_autoptr(GString) soql = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(OrgPlan) plan = NULL;
  sqlite3_stmt *statement;

  if (object == NULL)
    {
      org_rest_set_not_found (reply);
      return;
    }

  if (g_strv_length (ids) > MAX_READ)
    {
      org_rest_set_error (reply, 400, "EXCEEDED_ID_LIMIT", "record limit reached. cannot read more than 2000 records in this call");
      return;
    }

  for (guint i = 0; fields[i] != NULL; i++)
    {
      if (!is_plain (fields[i]))
        {
          org_rest_set_error (reply, 400, "INVALID_FIELD", "The list of fields is not valid");
          return;
        }
    }

  if (ids[0] == NULL || fields[0] == NULL)
    {
      org_rest_set_error (reply, 400, "INVALID_INPUT", "Both ids and fields are needed");
      return;
    }

  /* Of a sub-query the first parameter is the parent; here it is the id in a filter that stands first. */
  columns = g_strjoinv (",", fields);
  g_string_printf (soql, "SELECT %s FROM %s WHERE Id = '000000000000000AAA'", columns, object->name);
  plan = org_plan_new (self->data, soql->str, org_rest_is_admin (self, request), FALSE, &error);
  statement = plan != NULL ? org_plan_prepare (plan, self->data, FALSE, &error) : NULL;
  if (statement == NULL)
    {
      const char *last_line = strrchr (error->message, '\n');

      org_rest_set_error (reply, 400, org_soql_error_get_code (error), last_line != NULL ? last_line + 1 : error->message);
      return;
    }

  g_string_append_c (reply->body, '[');
  for (guint i = 0; ids[i] != NULL; i++)
    {
      char id[ORG_ID_SIZE];

      if (i > 0)
        g_string_append_c (reply->body, ',');
      sqlite3_reset (statement);
      sqlite3_bind_text (statement, 1, org_id_normalize (ids[i], id) ? id : "", -1, SQLITE_TRANSIENT);
      if (sqlite3_step (statement) == SQLITE_ROW)
        org_cursors_write_record (reply->body, statement, plan->root, request->base);
      else
        g_string_append (reply->body, "null");
    }
  g_string_append_c (reply->body, ']');
  sqlite3_finalize (statement);
}

/**
 * org_collections_read:
 * @self: the API
 * @request: `GET /composite/sobjects/OBJECT?ids=A,B&fields=C,D`
 * @parts: the parts of the path
 * @reply: the answer
 *
 * Reads records by their ids.
 */
void
org_collections_read (OrgRest               *self,
                      const OrgRestRequest  *request,
                      char                 **parts,
                      OrgRestReply          *reply)
{
  const char *ids = org_rest_get_parameter (request, "ids");
  const char *fields = org_rest_get_parameter (request, "fields");
  g_auto(GStrv) id_list = g_strsplit (ids != NULL ? ids : "", ",", -1);
  g_auto(GStrv) field_list = g_strsplit (fields != NULL ? fields : "", ",", -1);

  read_records (self, request, parts[2], id_list, field_list, reply);
}

static GStrv
get_list (JsonObject *object,
          const char *name)
{
  JsonNode *node = json_object_get_member (object, name);
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      const char *text = JSON_NODE_HOLDS_VALUE (element) ? json_node_get_string (element) : NULL;

      g_strv_builder_add (builder, text != NULL ? text : "");
    }

  return g_strv_builder_end (builder);
}

/**
 * org_collections_read_posted:
 * @self: the API
 * @request: `POST /composite/sobjects/OBJECT`
 * @parts: the parts of the path
 * @reply: the answer
 *
 * Reads records by their ids, which are in the body.
 */
void
org_collections_read_posted (OrgRest               *self,
                             const OrgRestRequest  *request,
                             char                 **parts,
                             OrgRestReply          *reply)
{
  g_autoptr(JsonNode) root = org_records_parse_body (request, JSON_NODE_OBJECT, reply);
  g_auto(GStrv) ids = NULL;
  g_auto(GStrv) fields = NULL;

  if (root == NULL)
    return;

  ids = get_list (json_node_get_object (root), "ids");
  fields = get_list (json_node_get_object (root), "fields");
  read_records (self, request, parts[2], ids, fields, reply);
}
