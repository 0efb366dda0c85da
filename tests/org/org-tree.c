/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Records with their children in one call, all or none. */

#include "org-tree.h"

#include <string.h>

#include "org-json.h"
#include "org-records.h"

#define MAX_RECORDS 200
#define MAX_DEPTH 5

typedef struct
{
  OrgRest *rest;
  gboolean admin;
  OrgWriteContext context;
  GString *good;             /* results of those that went well */
  GString *bad;
  guint n_records;
} Tree;

static void
add_errors (Tree       *tree,
            const char *name,
            GPtrArray  *errors)
{
  g_string_append (tree->bad, tree->bad->len > 0 ? ",{" : "{");
  org_json_append_text (tree->bad, "referenceId", name);
  org_json_append_member (tree->bad, "errors");
  org_write_errors_append_json (errors, "statusCode", tree->bad);
  g_string_append_c (tree->bad, '}');
}

static void
refuse (Tree       *tree,
        const char *name,
        const char *code,
        const char *message)
{
  g_autoptr(GPtrArray) errors = org_write_errors_new ();

  org_write_errors_add (errors, code, NULL, "%s", message);
  add_errors (tree, name, errors);
}

/* The records below a child relationship; %NULL where a member is a parent or a value. */
static JsonArray *
get_children (JsonNode *node)
{
  JsonNode *records = JSON_NODE_HOLDS_OBJECT (node) ? json_object_get_member (json_node_get_object (node), "records") : NULL;

  return records != NULL && JSON_NODE_HOLDS_ARRAY (records) ? json_node_get_array (records) : NULL;
}

static JsonObject *
without_children (JsonObject *json)
{
  JsonObject *plain = json_object_new ();
  g_autoptr(GList) names = json_object_get_members (json);

  for (GList *link = names; link != NULL; link = link->next)
    {
      JsonNode *node = json_object_get_member (json, link->data);

      if (get_children (node) == NULL)
        json_object_set_member (plain, link->data, json_node_ref (node));
    }

  return plain;
}

static void add_records (Tree            *tree,
                         const OrgObject *object,
                         const OrgField  *reference,
                         const char      *parent,
                         JsonArray       *records,
                         guint            depth);

static void
add_children (Tree            *tree,
              const OrgObject *object,
              const char      *id,
              const char      *name,
              JsonObject      *json,
              guint            depth)
{
  g_autoptr(GList) names = json_object_get_members (json);

  for (GList *link = names; link != NULL; link = link->next)
    {
      JsonArray *records = get_children (json_object_get_member (json, link->data));
      OrgChild child;

      if (records == NULL)
        continue;

      if (!org_object_find_child (object, link->data, &child) || child.object->setup)
        refuse (tree, name, "INVALID_FIELD", "There is no such child relationship");
      else
        add_records (tree, child.object, child.field, id, records, depth + 1);
    }
}

static void
add_record (Tree            *tree,
            const OrgObject *object,
            const OrgField  *reference,
            const char      *parent,
            JsonObject      *json,
            guint            depth)
{
  JsonNode *attributes = json_object_get_member (json, "attributes");
  JsonObject *about = attributes != NULL && JSON_NODE_HOLDS_OBJECT (attributes) ? json_node_get_object (attributes) : NULL;
  const char *name = about != NULL ? json_object_get_string_member_with_default (about, "referenceId", "") : "";
  g_autoptr(JsonObject) plain = without_children (json);
  g_autoptr(OrgRecord) record = org_record_new (object, tree->admin);
  g_auto(OrgWriteResult) result = { 0 };

  if (*name == '\0' || ++tree->n_records > MAX_RECORDS || depth > MAX_DEPTH)
    {
      refuse (tree, name, *name == '\0' ? "INVALID_INPUT" : "LIMIT_EXCEEDED",
              *name == '\0' ? "Include a reference id in the attributes of each record"
                            : "At most 200 records in at most 5 levels can be created");
      return;
    }

  org_write_result_init (&result);
  org_record_set_json (record, plain, NULL);
  if (reference != NULL)
    org_record_set (record, reference->name, ORG_CELL_TEXT, parent);

  if (!org_writer_insert (tree->rest->writer, &tree->context, record, &result))
    {
      add_errors (tree, name, result.errors);
      return;
    }

  g_string_append (tree->good, tree->good->len > 0 ? ",{" : "{");
  org_json_append_text (tree->good, "referenceId", name);
  org_json_append_text (tree->good, "id", result.id);
  g_string_append_c (tree->good, '}');
  add_children (tree, object, result.id, name, json, depth);
}

static void
add_records (Tree            *tree,
             const OrgObject *object,
             const OrgField  *reference,
             const char      *parent,
             JsonArray       *records,
             guint            depth)
{
  for (guint i = 0; i < json_array_get_length (records); i++)
    {
      JsonNode *node = json_array_get_element (records, i);

      if (JSON_NODE_HOLDS_OBJECT (node))
        add_record (tree, object, reference, parent, json_node_get_object (node), depth);
      else
        refuse (tree, "", "INVALID_INPUT", "Each record must be an object");
    }
}

/**
 * org_tree_create:
 * @self: the API
 * @request: `POST /composite/tree/OBJECT`
 * @parts: the parts of the path
 * @reply: the answer
 *
 * Stores records with their children, or none of them.
 */
void
org_tree_create (OrgRest               *self,
                 const OrgRestRequest  *request,
                 char                 **parts,
                 OrgRestReply          *reply)
{
  const OrgObject *object = org_schema_find (parts[2]);
  g_autoptr(JsonNode) root = NULL;
  g_autoptr(GString) good = g_string_new (NULL);
  g_autoptr(GString) bad = g_string_new (NULL);
  Tree tree = { self, org_rest_is_admin (self, request), { 0 }, good, bad, 0 };
  JsonArray *records;
  gboolean failed;

  if (object == NULL || object->setup)
    {
      org_rest_set_not_found (reply);
      return;
    }

  root = org_records_parse_body (request, JSON_NODE_OBJECT, reply);
  if (root == NULL)
    return;

  records = get_children (root);
  if (records == NULL || json_array_get_length (records) == 0)
    {
      org_rest_set_error (reply, 400, "REQUIRED_FIELD_MISSING", "Required fields are missing: [records]");
      return;
    }

  org_records_read_context (request, &tree.context);
  org_writer_begin (self->writer);
  add_records (&tree, object, NULL, NULL, records, 1);
  failed = bad->len > 0;
  org_writer_end (self->writer, !failed);

  reply->status = failed ? 400 : 201;
  g_string_append_printf (reply->body, "{\"hasErrors\":%s,\"results\":[%s]}", failed ? "true" : "false",
                          failed ? bad->str : good->str);
}
