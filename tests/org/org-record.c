/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "org-record.h"

#include <string.h>

#include "org-json.h"

static void
cell_free (gpointer data)
{
  OrgCell *cell = data;

  g_free (cell->text);
  g_free (cell);
}

static void
error_free (gpointer data)
{
  OrgWriteError *error = data;

  g_free (error->message);
  g_strfreev (error->fields);
  g_free (error);
}

/**
 * org_write_errors_new:
 *
 * Returns: (transfer full) (element-type OrgWriteError): no errors yet
 */
GPtrArray *
org_write_errors_new (void)
{
  return g_ptr_array_new_with_free_func (error_free);
}

/**
 * org_write_errors_add:
 * @errors: (element-type OrgWriteError): errors of a record
 * @code: such as `STRING_TOO_LONG`; not copied
 * @field: (nullable): the field it is about
 * @format: what people read
 * @...: parameters of @format
 *
 * Adds an error.
 */
void
org_write_errors_add (GPtrArray  *errors,
                      const char *code,
                      const char *field,
                      const char *format,
                      ...)
{
  OrgWriteError *error = g_new0 (OrgWriteError, 1);
  va_list args;

  va_start (args, format);
  error->code = code;
  error->message = g_strdup_vprintf (format, args);
  va_end (args);
  error->fields = field != NULL ? g_strsplit (field, ", ", -1) : NULL;
  g_ptr_array_add (errors, error);
}

static void
append_fields (const OrgWriteError *error,
               GString             *json)
{
  org_json_append_member (json, "fields");
  g_string_append_c (json, '[');
  for (guint i = 0; error->fields != NULL && error->fields[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append_c (json, ',');
      org_json_append_string (json, error->fields[i]);
    }
  g_string_append_c (json, ']');
}

/**
 * org_write_errors_append_json:
 * @errors: (element-type OrgWriteError): errors of a record
 * @code_name: `errorCode` where the request failed, `statusCode` where a record did
 * @json: where to write
 *
 * Writes the errors as an array.
 */
void
org_write_errors_append_json (GPtrArray  *errors,
                              const char *code_name,
                              GString    *json)
{
  gboolean always = strcmp (code_name, "statusCode") == 0;

  g_string_append_c (json, '[');
  for (guint i = 0; i < errors->len; i++)
    {
      const OrgWriteError *error = g_ptr_array_index (errors, i);

      g_string_append (json, i > 0 ? ",{" : "{");
      org_json_append_text (json, "message", error->message);
      org_json_append_text (json, code_name, error->code);
      if (always || error->fields != NULL)
        append_fields (error, json);
      g_string_append_c (json, '}');
    }
  g_string_append_c (json, ']');
}

/**
 * org_write_errors_dup_text:
 * @errors: (element-type OrgWriteError): errors of a record
 *
 * Returns: (transfer full): the errors in the form of the column `sf__Error`
 */
char *
org_write_errors_dup_text (GPtrArray *errors)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < errors->len; i++)
    {
      const OrgWriteError *error = g_ptr_array_index (errors, i);
      g_autofree char *fields = error->fields != NULL ? g_strjoinv (", ", error->fields) : g_strdup ("");

      if (i > 0)
        g_string_append_c (text, ';');
      g_string_append_printf (text, "%s:%s:%s --", error->code, error->message, fields);
    }

  return g_string_free (text, FALSE);
}

/**
 * org_record_new:
 * @object: of what it is one
 * @admin: whether field-level security hides nothing from the client
 *
 * Returns: (transfer full): a record without values
 */
OrgRecord *
org_record_new (const OrgObject *object,
                gboolean         admin)
{
  OrgRecord *self = g_new0 (OrgRecord, 1);

  self->object = object;
  self->admin = admin;
  self->cells = g_ptr_array_new_with_free_func (cell_free);
  self->errors = org_write_errors_new ();

  return self;
}

/**
 * org_record_free:
 * @self: (transfer full): a record
 *
 * Frees @self.
 */
void
org_record_free (OrgRecord *self)
{
  g_ptr_array_unref (self->cells);
  g_ptr_array_unref (self->errors);
  g_free (self);
}

/**
 * org_record_find:
 * @self: a record
 * @field: a field's API name
 *
 * Returns: (nullable): the value that a client sent for it
 */
OrgCell *
org_record_find (OrgRecord  *self,
                 const char *field)
{
  for (guint i = 0; i < self->cells->len; i++)
    {
      OrgCell *cell = g_ptr_array_index (self->cells, i);

      if (g_ascii_strcasecmp (cell->field->name, field) == 0)
        return cell;
    }

  return NULL;
}

static void
refuse_column (OrgRecord       *self,
               const OrgObject *object,
               const char      *name)
{
  org_write_errors_add (self->errors, "INVALID_FIELD", NULL, "No such column '%s' on sobject of type %s", name,
                        object->name);
}

/* `Account.External__c`: the parent's field decides which record the reference leads to. */
static const OrgField *
resolve_parent (OrgRecord       *self,
                const char      *path,
                const char      *dot,
                const OrgField **key)
{
  g_autofree char *relationship = g_strndup (path, (gsize) (dot - path));
  const OrgObject *parent;
  const OrgField *field = org_object_find_parent (self->object, relationship, &parent);

  if (field == NULL || !org_field_is_visible (field, self->admin))
    {
      refuse_column (self, self->object, relationship);
      return NULL;
    }

  *key = org_object_find_field (parent, dot + 1);
  if (*key == NULL || !org_field_is_visible (*key, self->admin))
    {
      refuse_column (self, parent, dot + 1);
      return NULL;
    }

  if (((*key)->flags & ORG_FIELD_EXTERNAL_ID) == 0)
    {
      org_write_errors_add (self->errors, "INVALID_FIELD", NULL,
                            "Field name provided, %s is not an External ID or indexed field for %s", dot + 1,
                            parent->name);
      return NULL;
    }

  return field;
}

/**
 * org_record_set:
 * @self: a record
 * @path: a field in any case, or a parent's external id such as `Account.External__c`
 * @kind: what @text is
 * @text: (nullable): the value
 *
 * Takes a value, or an error where there is no such field.
 */
void
org_record_set (OrgRecord   *self,
                const char  *path,
                OrgCellKind  kind,
                const char  *text)
{
  const char *dot = strchr (path, '.');
  const OrgField *key = NULL;
  const OrgField *field;
  OrgCell *cell;

  if (dot != NULL)
    {
      field = resolve_parent (self, path, dot, &key);
    }
  else
    {
      field = org_object_find_field (self->object, path);
      if (field == NULL || !org_field_is_visible (field, self->admin))
        {
          refuse_column (self, self->object, path);
          field = NULL;
        }
    }

  if (field == NULL)
    return;

  cell = g_new0 (OrgCell, 1);
  cell->field = field;
  cell->parent_key = key;
  cell->kind = text == NULL || *text == '\0' ? ORG_CELL_NULL : kind;
  cell->text = cell->kind != ORG_CELL_NULL ? g_strdup (text) : NULL;
  g_ptr_array_add (self->cells, cell);
}

static void
set_value (OrgRecord  *self,
           const char *path,
           JsonNode   *value)
{
  GType type = json_node_get_value_type (value);
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  if (JSON_NODE_HOLDS_NULL (value))
    {
      org_record_set (self, path, ORG_CELL_NULL, NULL);
    }
  else if (type == G_TYPE_STRING)
    {
      org_record_set (self, path, ORG_CELL_TEXT, json_node_get_string (value));
    }
  else if (type == G_TYPE_BOOLEAN)
    {
      org_record_set (self, path, ORG_CELL_FLAG, json_node_get_boolean (value) ? "true" : "false");
    }
  else if (type == G_TYPE_INT64)
    {
      g_snprintf (buffer, sizeof buffer, "%" G_GINT64_FORMAT, json_node_get_int (value));
      org_record_set (self, path, ORG_CELL_NUMBER, buffer);
    }
  else
    {
      org_record_set (self, path, ORG_CELL_NUMBER, g_ascii_dtostr (buffer, sizeof buffer, json_node_get_double (value)));
    }
}

/* `"Account": {"External__c": "A-17"}`, perhaps with `attributes`. */
static void
set_parent (OrgRecord  *self,
            const char *relationship,
            JsonObject *parent)
{
  g_autoptr(GList) names = json_object_get_members (parent);

  for (GList *link = names; link != NULL; link = link->next)
    {
      g_autofree char *path = g_strconcat (relationship, ".", link->data, NULL);
      JsonNode *value = json_object_get_member (parent, link->data);

      if (strcmp (link->data, "attributes") != 0 && !JSON_NODE_HOLDS_OBJECT (value) && !JSON_NODE_HOLDS_ARRAY (value))
        set_value (self, path, value);
    }
}

/**
 * org_record_set_json:
 * @self: a record
 * @json: its fields
 * @ignored: (nullable): a member that is read by somebody else, in any case
 *
 * Takes the members of @json as values.
 */
void
org_record_set_json (OrgRecord  *self,
                     JsonObject *json,
                     const char *ignored)
{
  g_autoptr(GList) names = json_object_get_members (json);

  for (GList *link = names; link != NULL; link = link->next)
    {
      const char *name = link->data;
      JsonNode *value = json_object_get_member (json, name);

      if (strcmp (name, "attributes") == 0 || (ignored != NULL && g_ascii_strcasecmp (name, ignored) == 0))
        continue;

      if (JSON_NODE_HOLDS_OBJECT (value))
        set_parent (self, name, json_node_get_object (value));
      else if (JSON_NODE_HOLDS_ARRAY (value))
        org_write_errors_add (self->errors, "JSON_PARSER_ERROR", NULL,
                              "Unexpected value for %s: an array is not expected here", name);
      else if (g_ascii_strcasecmp (name, "Id") == 0)
        org_write_errors_add (self->errors, "INVALID_FIELD", NULL,
                              "The Id field should not be specified in the sobject data.");
      else
        set_value (self, name, value);
    }
}
