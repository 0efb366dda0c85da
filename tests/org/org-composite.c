/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Several calls in one: in order, with references to what earlier ones answered, or
 * as a batch of calls that know nothing of each other. */

#include "org-composite.h"

#include <string.h>

#include "org-json.h"
#include "org-records.h"

#define MAX_CALLS 25
#define MAX_HEAVY 5
#define MAX_GRAPHS 75
#define MAX_NODES 500
#define ROOT "/services/data/"

typedef struct
{
  char *name;                /* (nullable) the referenceId */
  guint status;
  char *body;                /* JSON, or empty */
  char *location;            /* (nullable) */
  JsonNode *answer;          /* (nullable) @body for references */
} Part;

static void
part_free (gpointer data)
{
  Part *part = data;

  g_free (part->name);
  g_free (part->body);
  g_free (part->location);
  g_clear_pointer (&part->answer, json_node_unref);
  g_free (part);
}

static void
part_fail (Part       *part,
           guint       status,
           const char *code,
           const char *message)
{
  g_auto(OrgRestReply) reply = { .body = g_string_new (NULL) };

  org_rest_set_error (&reply, status, code, message);
  part->status = status;
  g_clear_pointer (&part->location, g_free);
  g_set_str (&part->body, reply.body->str);
}

/* What follows the version in the address of a part; `/composite` itself is no such call. */
static const char *
find_path (const char *url,
           char      **base)
{
  const char *version = g_str_has_prefix (url, ROOT) ? url + strlen (ROOT) : NULL;
  const char *path = version != NULL ? strchr (version, '/') : NULL;

  if (path == NULL || *version != 'v')
    return NULL;
  if (g_str_has_prefix (path, "/composite") && !g_str_has_prefix (path, "/composite/sobjects"))
    return NULL;
  if (g_str_has_prefix (path, "/jobs"))
    return NULL;

  *base = g_strndup (url, (gsize) (path - url));

  return path;
}

static gboolean
is_heavy (const char *url)
{
  return strstr (url, "/query") != NULL || strstr (url, "/composite/sobjects") != NULL;
}

static void
part_run (OrgRest              *self,
          const OrgRestRequest *outer,
          Part                 *part,
          const char           *method,
          const char           *url,
          const char           *body)
{
  g_autofree char *base = NULL;
  const char *target = find_path (url, &base);
  g_auto(GStrv) halves = g_strsplit (target != NULL ? target : "", "?", 2);
  g_autofree char *path = halves[0] != NULL ? g_uri_unescape_string (halves[0], NULL) : NULL;
  g_autoptr(GHashTable) query = NULL;
  g_autoptr(GBytes) bytes = body != NULL ? g_bytes_new (body, strlen (body)) : NULL;
  g_auto(OrgRestReply) reply = { 0 };
  OrgRestRequest request = *outer;

  if (path == NULL)
    {
      part_fail (part, 400, "INVALID_INPUT", "The url of a subrequest is not valid, or not allowed here");
      return;
    }

  if (halves[1] != NULL)
    query = g_uri_parse_params (halves[1], -1, "&", G_URI_PARAMS_WWW_FORM, NULL);
  request.method = method;
  request.path = path;
  request.base = base;
  request.query = query;
  request.body = bytes;
  request.content_type = NULL;
  request.if_modified_since = NULL;
  request.if_unmodified_since = NULL;
  request.if_match = NULL;
  request.if_none_match = NULL;
  org_rest_handle (self, &request, &reply);

  part->status = reply.status;
  if (reply.page != NULL)
    g_string_append_len (reply.body, g_bytes_get_data (reply.page->text, NULL),
                         (gssize) g_bytes_get_size (reply.page->text));
  part->body = g_strdup (reply.body->str);
  part->location = g_strdup (reply.location);
  part->answer = *part->body != '\0' ? json_from_string (part->body, NULL) : NULL;
}

static Part *
find_part (GPtrArray  *parts,
           const char *name)
{
  for (guint i = 0; i < parts->len; i++)
    {
      Part *part = g_ptr_array_index (parts, i);

      if (g_strcmp0 (part->name, name) == 0)
        return part;
    }

  return NULL;
}

/* `[2]` after a name, or nothing. */
static JsonNode *
get_element (JsonNode   *node,
             const char *brackets)
{
  guint64 index = g_ascii_strtoull (brackets + 1, NULL, 10);

  if (!JSON_NODE_HOLDS_ARRAY (node) || index >= json_array_get_length (json_node_get_array (node)))
    return NULL;

  return json_array_get_element (json_node_get_array (node), (guint) index);
}

static JsonNode *
step_into (JsonNode   *node,
           const char *step)
{
  const char *brackets = strchr (step, '[');
  g_autofree char *name = brackets != NULL ? g_strndup (step, (gsize) (brackets - step)) : g_strdup (step);

  if (*name != '\0')
    node = JSON_NODE_HOLDS_OBJECT (node) ? json_object_get_member (json_node_get_object (node), name) : NULL;

  return node != NULL && brackets != NULL ? get_element (node, brackets) : node;
}

/* What `@{name.path}` stands for. */
static char *
resolve (GPtrArray  *parts,
         const char *reference)
{
  g_auto(GStrv) steps = g_strsplit (reference, ".", -1);
  const char *brackets = steps[0] != NULL ? strchr (steps[0], '[') : NULL;
  g_autofree char *name = brackets != NULL ? g_strndup (steps[0], (gsize) (brackets - steps[0])) : g_strdup (steps[0]);
  Part *part = name != NULL ? find_part (parts, name) : NULL;
  JsonNode *node = part != NULL && part->status < 300 ? part->answer : NULL;
  JsonNode *value = node;

  if (node != NULL && brackets != NULL)
    value = get_element (node, brackets);
  for (guint i = 1; value != NULL && steps[i] != NULL; i++)
    value = step_into (value, steps[i]);

  if (value == NULL || !JSON_NODE_HOLDS_VALUE (value))
    return NULL;
  if (json_node_get_value_type (value) == G_TYPE_STRING)
    return json_node_dup_string (value);

  return json_to_string (value, FALSE);
}

/* Puts in what earlier parts answered; in JSON as the inside of a string. */
static char *
fill_in (GPtrArray   *parts,
         const char  *text,
         gboolean     json,
         char       **missing)
{
  GString *filled = g_string_new (NULL);
  const char *start;

  while ((start = strstr (text, "@{")) != NULL)
    {
      const char *end = strchr (start, '}');
      g_autofree char *reference = end != NULL ? g_strndup (start + 2, (gsize) (end - start - 2)) : NULL;
      g_autofree char *value = reference != NULL ? resolve (parts, reference) : NULL;
      g_autoptr(GString) quoted = g_string_new (NULL);

      if (value == NULL)
        {
          *missing = g_strdup (reference != NULL ? reference : start);
          break;
        }

      org_json_append_string (quoted, value);
      g_string_append_len (filled, text, start - text);
      g_string_append_len (filled, json ? quoted->str + 1 : value, json ? (gssize) quoted->len - 2 : -1);
      text = end + 1;
    }
  g_string_append (filled, text);

  return g_string_free (filled, FALSE);
}

static const char *
get_string (JsonObject *object,
            const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;
}

static void
run_one (OrgRest              *self,
         const OrgRestRequest *request,
         JsonObject           *call,
         GPtrArray            *parts)
{
  Part *part = g_new0 (Part, 1);
  JsonNode *body = json_object_get_member (call, "body");
  g_autofree char *text = body != NULL ? json_to_string (body, FALSE) : NULL;
  g_autofree char *missing = NULL;
  g_autofree char *url = fill_in (parts, get_string (call, "url"), FALSE, &missing);
  g_autofree char *filled = text != NULL && missing == NULL ? fill_in (parts, text, TRUE, &missing) : NULL;

  part->name = g_strdup (get_string (call, "referenceId"));
  g_ptr_array_add (parts, part);

  if (missing != NULL)
    {
      g_autofree char *message = g_strdup_printf ("Invalid reference specified. No value for %s found", missing);

      part_fail (part, 400, "PROCESSING_HALTED", message);
      return;
    }

  part_run (self, request, part, get_string (call, "method"), url, filled);
}

static void
write_part (const Part *part,
            GString    *json)
{
  g_string_append (json, "{\"body\":");
  g_string_append (json, *part->body != '\0' ? part->body : "null");
  g_string_append (json, ",\"httpHeaders\":{");
  if (part->location != NULL)
    org_json_append_text (json, "Location", part->location);
  g_string_append_c (json, '}');
  org_json_append_int (json, "httpStatusCode", part->status);
  org_json_append_text (json, "referenceId", part->name);
  g_string_append_c (json, '}');
}

static gboolean
check_calls (JsonArray    *calls,
             const char   *needed,
             guint         max,
             OrgRestReply *reply)
{
  guint n_heavy = 0;

  if (calls == NULL || json_array_get_length (calls) == 0 || json_array_get_length (calls) > max)
    {
      g_autofree char *message = g_strdup_printf ("From 1 to %u subrequests are needed", max);

      org_rest_set_error (reply, 400, "INVALID_INPUT", message);
      return FALSE;
    }

  for (guint i = 0; i < json_array_get_length (calls); i++)
    {
      JsonNode *node = json_array_get_element (calls, i);
      JsonObject *call = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;

      if (call == NULL || get_string (call, "method") == NULL || get_string (call, "url") == NULL
          || (needed != NULL && get_string (call, needed) == NULL))
        {
          org_rest_set_error (reply, 400, "INVALID_INPUT", "Each subrequest needs a method, a url and, in a composite, a referenceId");
          return FALSE;
        }
      n_heavy += is_heavy (get_string (call, "url"));
    }

  if (n_heavy > MAX_HEAVY && needed != NULL)
    org_rest_set_error (reply, 400, "LIMIT_EXCEEDED", "At most 5 subrequests may be queries or collections");

  return n_heavy <= MAX_HEAVY || needed == NULL;
}

static JsonArray *
get_calls (JsonNode   *root,
           const char *name)
{
  JsonNode *node = json_object_get_member (json_node_get_object (root), name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

/* Those that went well did so in vain. */
static void
halt (GPtrArray *parts,
      JsonArray *calls)
{
  for (guint i = 0; i < parts->len; i++)
    {
      Part *part = g_ptr_array_index (parts, i);

      if (part->status < 300)
        part_fail (part, 400, "PROCESSING_HALTED",
                   "The transaction was rolled back since another operation in the same transaction failed.");
    }

  for (guint i = parts->len; i < json_array_get_length (calls); i++)
    {
      Part *part = g_new0 (Part, 1);

      part->name = g_strdup (get_string (json_array_get_object_element (calls, i), "referenceId"));
      g_ptr_array_add (parts, part);
      part_fail (part, 400, "PROCESSING_HALTED",
                 "The transaction was rolled back since another operation in the same transaction failed.");
    }
}

/* Tells whether all went well; if they belong together, otherwise none of them did. */
static gboolean
run_calls (OrgRest              *self,
           const OrgRestRequest *request,
           JsonArray            *calls,
           gboolean              together,
           GString              *json)
{
  g_autoptr(GPtrArray) done = g_ptr_array_new_with_free_func (part_free);
  gboolean failed = FALSE;

  if (together)
    org_writer_begin (self->writer);

  for (guint i = 0; i < json_array_get_length (calls) && !(failed && together); i++)
    {
      const Part *part;

      run_one (self, request, json_array_get_object_element (calls, i), done);
      part = g_ptr_array_index (done, i);
      failed |= part->status >= 300;
    }

  if (together)
    org_writer_end (self->writer, !failed);
  if (together && failed)
    halt (done, calls);

  g_string_append (json, "{\"compositeResponse\":[");
  for (guint i = 0; i < done->len; i++)
    {
      if (i > 0)
        g_string_append_c (json, ',');
      write_part (g_ptr_array_index (done, i), json);
    }
  g_string_append (json, "]}");

  return !failed;
}

/**
 * org_composite_run:
 * @self: the API
 * @request: `POST /composite`
 * @parts: the parts of the path
 * @reply: the answer
 *
 * Carries out several calls in their order.
 */
void
org_composite_run (OrgRest               *self,
                   const OrgRestRequest  *request,
                   char                 **parts,
                   OrgRestReply          *reply)
{
  g_autoptr(JsonNode) root = org_records_parse_body (request, JSON_NODE_OBJECT, reply);
  JsonArray *calls = root != NULL ? get_calls (root, "compositeRequest") : NULL;

  if (root == NULL || !check_calls (calls, "referenceId", MAX_CALLS, reply))
    return;

  run_calls (self, request, calls,
             json_object_get_boolean_member_with_default (json_node_get_object (root), "allOrNone", FALSE), reply->body);
}

/* Their nodes together are limited, and each needs a name of its own. */
static gboolean
check_graphs (JsonArray    *graphs,
              OrgRestReply *reply)
{
  g_autoptr(GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);
  guint n_nodes = 0;

  if (graphs == NULL || json_array_get_length (graphs) == 0 || json_array_get_length (graphs) > MAX_GRAPHS)
    {
      org_rest_set_error (reply, 400, "INVALID_INPUT", "From 1 to 75 graphs are needed");
      return FALSE;
    }

  for (guint i = 0; i < json_array_get_length (graphs); i++)
    {
      JsonNode *node = json_array_get_element (graphs, i);
      const char *id = JSON_NODE_HOLDS_OBJECT (node) ? get_string (json_node_get_object (node), "graphId") : NULL;
      JsonArray *calls = JSON_NODE_HOLDS_OBJECT (node) ? get_calls (node, "compositeRequest") : NULL;

      if (id == NULL || !g_hash_table_add (ids, (gpointer) id))
        {
          org_rest_set_error (reply, 400, "INVALID_INPUT", "Each graph needs a graphId that no other has");
          return FALSE;
        }
      if (!check_calls (calls, "referenceId", MAX_NODES, reply))
        return FALSE;
      n_nodes += json_array_get_length (calls);
    }

  if (n_nodes > MAX_NODES)
    org_rest_set_error (reply, 400, "LIMIT_EXCEEDED", "At most 500 nodes may be in all graphs together");

  return n_nodes <= MAX_NODES;
}

/**
 * org_composite_graph:
 * @self: the API
 * @request: `POST /composite/graph`
 * @parts: the parts of the path
 * @reply: the answer
 *
 * Carries out graphs of calls, each of them as a whole or not at all.
 */
void
org_composite_graph (OrgRest               *self,
                     const OrgRestRequest  *request,
                     char                 **parts,
                     OrgRestReply          *reply)
{
  g_autoptr(JsonNode) root = org_records_parse_body (request, JSON_NODE_OBJECT, reply);
  JsonArray *graphs = root != NULL ? get_calls (root, "graphs") : NULL;

  if (root == NULL || !check_graphs (graphs, reply))
    return;

  g_string_append (reply->body, "{\"graphs\":[");
  for (guint i = 0; i < json_array_get_length (graphs); i++)
    {
      JsonNode *node = json_array_get_element (graphs, i);
      gboolean successful;

      g_string_append (reply->body, i > 0 ? ",{" : "{");
      org_json_append_text (reply->body, "graphId", get_string (json_node_get_object (node), "graphId"));
      org_json_append_member (reply->body, "graphResponse");
      successful = run_calls (self, request, get_calls (node, "compositeRequest"), TRUE, reply->body);
      org_json_append_flag (reply->body, "isSuccessful", successful);
      g_string_append_c (reply->body, '}');
    }
  g_string_append (reply->body, "]}");
}

/**
 * org_composite_batch:
 * @self: the API
 * @request: `POST /composite/batch`
 * @parts: the parts of the path
 * @reply: the answer
 *
 * Carries out several calls that are independent of each other.
 */
void
org_composite_batch (OrgRest               *self,
                     const OrgRestRequest  *request,
                     char                 **parts,
                     OrgRestReply          *reply)
{
  g_autoptr(JsonNode) root = org_records_parse_body (request, JSON_NODE_OBJECT, reply);
  JsonArray *calls = root != NULL ? get_calls (root, "batchRequests") : NULL;
  g_autoptr(GString) results = g_string_new (NULL);
  gboolean halting;
  gboolean failed = FALSE;

  if (root == NULL || !check_calls (calls, NULL, MAX_CALLS, reply))
    return;

  halting = json_object_get_boolean_member_with_default (json_node_get_object (root), "haltOnError", FALSE);
  for (guint i = 0; i < json_array_get_length (calls); i++)
    {
      JsonObject *call = json_array_get_object_element (calls, i);
      JsonNode *body = json_object_get_member (call, "richInput");
      g_autofree char *text = body != NULL ? json_to_string (body, FALSE) : NULL;
      const char *given = get_string (call, "url");
      g_autofree char *url = g_str_has_prefix (given, ROOT) ? g_strdup (given) : g_strconcat (ROOT, given, NULL);
      Part *part = g_new0 (Part, 1);

      if (failed && halting)
        part_fail (part, 412, "BATCH_PROCESSING_HALTED", "Batch processing halted per request");
      else
        part_run (self, request, part, get_string (call, "method"), url, text);
      failed |= part->status >= 300;
      g_string_append_printf (results, "%s{\"statusCode\":%u,\"result\":%s}", i > 0 ? "," : "", part->status,
                              *part->body != '\0' ? part->body : "null");
      part_free (part);
    }

  g_string_append_printf (reply->body, "{\"hasErrors\":%s,\"results\":[%s]}", failed ? "true" : "false", results->str);
}
