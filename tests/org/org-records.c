/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Single records: create, update, upsert, delete. */

#include "org-records.h"

#include <string.h>

#include "org-json.h"

/**
 * org_records_parse_body:
 * @request: a call
 * @type: what its body must be
 * @reply: the answer
 *
 * Reads the body; if that fails, @reply says why.
 *
 * Returns: (transfer full) (nullable): the body
 */
JsonNode *
org_records_parse_body (const OrgRestRequest *request,
                        JsonNodeType          type,
                        OrgRestReply         *reply)
{
  gsize size = 0;
  const char *text = request->body != NULL ? g_bytes_get_data (request->body, &size) : NULL;
  g_autofree char *copy = g_strndup (text != NULL ? text : "", size);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = NULL;

  if (request->content_type != NULL && !g_str_has_prefix (request->content_type, "application/json"))
    {
      org_rest_set_error (reply, 415, "UNSUPPORTED_MEDIA_TYPE", "Content-Type header specified in HTTP request is not supported");
      return NULL;
    }

  node = json_from_string (copy, &error);
  if (node != NULL && json_node_get_node_type (node) == type)
    return g_steal_pointer (&node);

  org_rest_set_error (reply, 400, "JSON_PARSER_ERROR",
                      error != NULL ? error->message : "The body is empty, or it is not what is expected here");

  return NULL;
}

/**
 * org_records_read_context:
 * @request: a call
 * @context: (out caller-allocates): who writes, and how
 *
 * Reads the headers that change how records are written.
 */
void
org_records_read_context (const OrgRestRequest *request,
                          OrgWriteContext      *context)
{
  *context = (OrgWriteContext) { request->user_id, 0, -1 };

  if (request->duplicate_rule != NULL && strstr (request->duplicate_rule, "allowSave=true") != NULL)
    context->flags |= ORG_WRITE_ALLOW_DUPLICATES;
  if (request->if_unmodified_since != NULL)
    org_rest_parse_http_date (request->if_unmodified_since, &context->unmodified_since);
}

/* An object that may be written; if not, the answer says why. */
static const OrgObject *
find_object (const char   *name,
             const char   *method,
             OrgRestReply *reply)
{
  const OrgObject *object = org_schema_find (name);

  if (object == NULL)
    {
      org_rest_set_not_found (reply);
      return NULL;
    }

  if (object->setup)
    {
      org_rest_refuse_method (reply, method, "HEAD,GET");
      return NULL;
    }

  return object;
}

static void
set_failure (const OrgRestRequest *request,
             const OrgObject      *object,
             OrgWriteResult       *result,
             OrgRestReply         *reply)
{
  reply->status = org_write_result_status (result);

  if (result->matches == NULL)
    {
      org_write_errors_append_json (result->errors, "errorCode", reply->body);
      return;
    }

  g_string_append_c (reply->body, '[');
  for (guint i = 0; result->matches[i] != NULL; i++)
    {
      g_autofree char *path = g_strconcat (request->base, "/sobjects/", object->name, "/", result->matches[i], NULL);

      if (i > 0)
        g_string_append_c (reply->body, ',');
      org_json_append_string (reply->body, path);
    }
  g_string_append_c (reply->body, ']');
}

static void
set_success (const OrgRestRequest *request,
             const OrgObject      *object,
             const OrgWriteResult *result,
             gboolean              upsert,
             OrgRestReply         *reply)
{
  reply->status = result->created ? 201 : 200;
  if (result->created)
    reply->location = g_strconcat (request->base, "/sobjects/", object->name, "/", result->id, NULL);
  g_string_append_c (reply->body, '{');
  org_json_append_text (reply->body, "id", result->id);
  org_json_append_flag (reply->body, "success", TRUE);
  org_json_append_member (reply->body, "errors");
  g_string_append (reply->body, "[]");
  if (upsert)
    org_json_append_flag (reply->body, "created", result->created);
  g_string_append_c (reply->body, '}');
}

static OrgRecord *
read_record (OrgRest              *self,
             const OrgRestRequest *request,
             const OrgObject      *object,
             const char           *ignored,
             OrgRestReply         *reply)
{
  g_autoptr(JsonNode) body = org_records_parse_body (request, JSON_NODE_OBJECT, reply);
  OrgRecord *record;

  if (body == NULL)
    return NULL;

  record = org_record_new (object, org_rest_is_admin (self, request));
  org_record_set_json (record, json_node_get_object (body), ignored);

  return record;
}

/**
 * org_records_create:
 * @self: the API
 * @request: `POST /sobjects/OBJECT`
 * @parts: the parts of the path
 * @reply: the answer
 *
 * Stores a new record.
 */
void
org_records_create (OrgRest               *self,
                    const OrgRestRequest  *request,
                    char                 **parts,
                    OrgRestReply          *reply)
{
  const OrgObject *object = find_object (parts[1], "POST", reply);
  g_autoptr(OrgRecord) record = object != NULL ? read_record (self, request, object, NULL, reply) : NULL;
  g_auto(OrgWriteResult) result = { 0 };
  OrgWriteContext context;

  if (record == NULL)
    return;

  org_write_result_init (&result);
  org_records_read_context (request, &context);
  if (org_writer_insert (self->writer, &context, record, &result))
    set_success (request, object, &result, FALSE, reply);
  else
    set_failure (request, object, &result, reply);
}

/* What is no id at all names no record; an unknown one is not found. What the client knows of it must not be too old. */
static gboolean
check_id (OrgRest              *self,
          const OrgRestRequest *request,
          const OrgObject      *object,
          const char           *text,
          OrgRestReply         *reply)
{
  g_autofree char *message = NULL;
  char id[ORG_ID_SIZE];

  if (org_id_normalize (text, id) && org_schema_find_prefix (id) == object)
    return org_rest_check_match (self, request, object, id, reply);

  message = g_strdup_printf ("Provided external ID field does not exist or is not accessible: %s", text);
  org_rest_set_error (reply, 404, "NOT_FOUND", message);

  return FALSE;
}

static void
finish_change (const OrgRestRequest *request,
               const OrgObject      *object,
               gboolean              done,
               OrgWriteResult       *result,
               OrgRestReply         *reply)
{
  const OrgWriteError *error = done ? NULL : g_ptr_array_index (result->errors, 0);

  if (done)
    reply->status = 204;
  else if (strcmp (error->code, "INVALID_CROSS_REFERENCE_KEY") == 0 && error->fields == NULL)
    org_rest_set_error (reply, 404, "NOT_FOUND", "The requested resource does not exist");
  else
    set_failure (request, object, result, reply);
}

/**
 * org_records_update:
 * @self: the API
 * @request: `PATCH /sobjects/OBJECT/ID`
 * @parts: the parts of the path
 * @reply: the answer
 *
 * Changes a record.
 */
void
org_records_update (OrgRest               *self,
                    const OrgRestRequest  *request,
                    char                 **parts,
                    OrgRestReply          *reply)
{
  const OrgObject *object = find_object (parts[1], "PATCH", reply);
  g_autoptr(OrgRecord) record = NULL;
  g_auto(OrgWriteResult) result = { 0 };
  OrgWriteContext context;

  if (object == NULL || !check_id (self, request, object, parts[2], reply))
    return;

  record = read_record (self, request, object, NULL, reply);
  if (record == NULL)
    return;

  org_write_result_init (&result);
  org_records_read_context (request, &context);
  finish_change (request, object, org_writer_update (self->writer, &context, parts[2], record, &result), &result, reply);
}

/**
 * org_records_delete:
 * @self: the API
 * @request: `DELETE /sobjects/OBJECT/ID`
 * @parts: the parts of the path
 * @reply: the answer
 *
 * Moves a record to the recycle bin.
 */
void
org_records_delete (OrgRest               *self,
                    const OrgRestRequest  *request,
                    char                 **parts,
                    OrgRestReply          *reply)
{
  const OrgObject *object = find_object (parts[1], "DELETE", reply);
  g_auto(OrgWriteResult) result = { 0 };
  OrgWriteContext context;

  if (object == NULL || !check_id (self, request, object, parts[2], reply))
    return;

  org_write_result_init (&result);
  org_records_read_context (request, &context);
  finish_change (request, object, org_writer_delete (self->writer, &context, object, parts[2], &result), &result, reply);
}

/**
 * org_records_find_key:
 * @self: the API
 * @request: a call by external id
 * @object: an object
 * @name: one of its fields
 * @reply: the answer
 *
 * Looks up an external id field, or `Id`; if @name is none, @reply says so.
 *
 * Returns: (nullable): the field
 */
const OrgField *
org_records_find_key (OrgRest              *self,
                      const OrgRestRequest *request,
                      const OrgObject      *object,
                      const char           *name,
                      OrgRestReply         *reply)
{
  const OrgField *key = org_object_find_field (object, name);
  g_autofree char *message = NULL;

  if (key != NULL && org_field_is_visible (key, org_rest_is_admin (self, request))
      && (key->type == ORG_TYPE_ID || (key->flags & ORG_FIELD_EXTERNAL_ID) != 0))
    return key;

  message = g_strdup_printf ("Provided external ID field does not exist or is not accessible: %s", name);
  org_rest_set_error (reply, 404, "NOT_FOUND", message);

  return NULL;
}

/**
 * org_records_upsert:
 * @self: the API
 * @request: `PATCH /sobjects/OBJECT/FIELD/VALUE`
 * @parts: the parts of the path
 * @reply: the answer
 *
 * Changes the record with an external id, or stores it.
 */
void
org_records_upsert (OrgRest               *self,
                    const OrgRestRequest  *request,
                    char                 **parts,
                    OrgRestReply          *reply)
{
  const OrgObject *object = find_object (parts[1], "PATCH", reply);
  const OrgField *key = object != NULL ? org_records_find_key (self, request, object, parts[2], reply) : NULL;
  g_autoptr(OrgRecord) record = key != NULL ? read_record (self, request, object, NULL, reply) : NULL;
  g_auto(OrgWriteResult) result = { 0 };
  OrgWriteContext context;

  if (record == NULL)
    return;

  org_write_result_init (&result);
  if (org_record_find (record, key->name) != NULL)
    org_write_errors_add (record->errors, "INVALID_FIELD", NULL,
                          "The %s field should not be specified in the sobject data.", key->name);
  org_records_read_context (request, &context);
  if (g_strcmp0 (org_rest_get_parameter (request, "updateOnly"), "true") == 0)
    context.flags |= ORG_WRITE_UPDATE_ONLY;

  if (org_writer_upsert (self->writer, &context, key, parts[3], record, &result))
    set_success (request, object, &result, TRUE, reply);
  else
    set_failure (request, object, &result, reply);
}

/* The one record with an external id; if there is not just one, the answer says so. */
static char *
find_by_key (OrgRest               *self,
             const OrgRestRequest  *request,
             const OrgObject       *object,
             char                 **parts,
             OrgRestReply          *reply)
{
  const OrgField *key = org_records_find_key (self, request, object, parts[2], reply);
  g_auto(OrgWriteResult) result = { 0 };
  g_auto(GStrv) ids = key != NULL ? org_writer_find (self->writer, object, key, parts[3]) : NULL;

  if (key == NULL)
    return NULL;

  if (ids[0] == NULL)
    {
      org_rest_set_not_found (reply);
      return NULL;
    }

  if (ids[1] == NULL)
    return g_strdup (ids[0]);

  org_write_result_init (&result);
  org_write_errors_add (result.errors, "DUPLICATE_EXTERNAL_ID", NULL, "more than one record found");
  result.matches = g_steal_pointer (&ids);
  set_failure (request, object, &result, reply);

  return NULL;
}

/**
 * org_records_read_by_key:
 * @self: the API
 * @request: `GET /sobjects/OBJECT/FIELD/VALUE`
 * @parts: the parts of the path
 * @reply: the answer
 *
 * Reads the record with an external id.
 */
void
org_records_read_by_key (OrgRest               *self,
                         const OrgRestRequest  *request,
                         char                 **parts,
                         OrgRestReply          *reply)
{
  const OrgObject *object = org_schema_find (parts[1]);
  g_autofree char *id = NULL;

  if (object == NULL)
    {
      org_rest_set_not_found (reply);
      return;
    }

  id = find_by_key (self, request, object, parts, reply);
  if (id != NULL)
    org_rest_read_record (self, request, object, id, reply);
}

/**
 * org_records_delete_by_key:
 * @self: the API
 * @request: `DELETE /sobjects/OBJECT/FIELD/VALUE`
 * @parts: the parts of the path
 * @reply: the answer
 *
 * Moves the record with an external id to the recycle bin.
 */
void
org_records_delete_by_key (OrgRest               *self,
                           const OrgRestRequest  *request,
                           char                 **parts,
                           OrgRestReply          *reply)
{
  const OrgObject *object = find_object (parts[1], "DELETE", reply);
  g_autofree char *id = object != NULL ? find_by_key (self, request, object, parts, reply) : NULL;
  g_auto(OrgWriteResult) result = { 0 };
  OrgWriteContext context;

  if (id == NULL)
    return;

  org_write_result_init (&result);
  org_records_read_context (request, &context);
  finish_change (request, object, org_writer_delete (self->writer, &context, object, id, &result), &result, reply);
}
