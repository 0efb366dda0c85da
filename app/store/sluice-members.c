/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-members.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-error.h"

/* json-glib before 1.10 recurses as deep as the text says, so a small file could end the program. */
#define MAX_DEPTH 100

static gboolean
is_too_deep (const char *text,
             gsize       length)
{
  gboolean in_string = FALSE;
  guint depth = 0;

  for (gsize i = 0; i < length; i++)
    {
      if (in_string && text[i] == '\\')
        i++;
      else if (text[i] == '"')
        in_string = !in_string;
      else if (!in_string && (text[i] == '{' || text[i] == '['))
        depth++;
      else if (!in_string && (text[i] == '}' || text[i] == ']') && depth > 0)
        depth--;

      if (depth > MAX_DEPTH)
        return TRUE;
    }

  return FALSE;
}

/**
 * sluice_members_parse:
 * @text: a text from a file or a keyring
 * @length: its length in bytes, or -1 when it ends with a nul byte
 * @error: why it is no JSON object
 *
 * Reads a JSON object from a text that nobody vouches for. The error never
 * repeats a part of @text, because it may hold secrets.
 *
 * Returns: (transfer full) (nullable): the object
 */
JsonObject *
sluice_members_parse (const char  *text,
                      gssize       length,
                      GError     **error)
{
  g_autoptr(JsonParser) parser = json_parser_new ();
  gsize size = length < 0 ? strlen (text) : (gsize) length;
  JsonNode *root;

  if (size == 0)
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID, _("The file is empty."));
      return NULL;
    }

  if (!g_utf8_validate_len (text, size, NULL))
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID, _("The text is not UTF-8."));
      return NULL;
    }

  if (is_too_deep (text, size))
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID, _("The text is nested too deeply."));
      return NULL;
    }

  if (!json_parser_load_from_data (parser, text, size, NULL))
    {
      g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                   _("The text is not valid JSON; it was perhaps written only in part. See line %u."),
                   json_parser_get_current_line (parser));
      return NULL;
    }

  root = json_parser_get_root (parser);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID, _("The text is not a JSON object."));
      return NULL;
    }

  return json_node_dup_object (root);
}

static gboolean
set_type_error (GError     **error,
                const char  *name)
{
  g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
               /* Translators: the placeholder is the name of a member of a JSON object */
               _("“%s” has a value of the wrong kind."), name);
  return FALSE;
}

static JsonNode *
find_value (JsonObject *object,
            const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node == NULL || JSON_NODE_HOLDS_NULL (node) ? NULL : node;
}

/**
 * sluice_members_get_string:
 * @object: a JSON object
 * @name: a member
 * @value: (inout): its value; stays as it is when the member is missing or null
 * @error: told when the member is something else
 *
 * Returns: whether @value can be used
 */
gboolean
sluice_members_get_string (JsonObject  *object,
                           const char  *name,
                           const char **value,
                           GError     **error)
{
  JsonNode *node = find_value (object, name);

  if (node == NULL)
    return TRUE;
  if (json_node_get_value_type (node) != G_TYPE_STRING)
    return set_type_error (error, name);

  *value = json_node_get_string (node);
  return TRUE;
}

/**
 * sluice_members_get_int64:
 * @object: a JSON object
 * @name: a member
 * @value: (inout): its value; stays as it is when the member is missing or null
 * @error: told when the member is something else
 *
 * Returns: whether @value can be used
 */
gboolean
sluice_members_get_int64 (JsonObject  *object,
                          const char  *name,
                          gint64      *value,
                          GError     **error)
{
  JsonNode *node = find_value (object, name);

  if (node == NULL)
    return TRUE;
  if (json_node_get_value_type (node) != G_TYPE_INT64)
    return set_type_error (error, name);

  *value = json_node_get_int (node);
  return TRUE;
}

/**
 * sluice_members_get_uint:
 * @object: a JSON object
 * @name: a member
 * @value: (inout): its value; stays as it is when the member is missing or null
 * @error: told when the member is something else or out of range
 *
 * Returns: whether @value can be used
 */
gboolean
sluice_members_get_uint (JsonObject  *object,
                         const char  *name,
                         guint       *value,
                         GError     **error)
{
  gint64 number = *value;

  if (!sluice_members_get_int64 (object, name, &number, error))
    return FALSE;
  if (number < 0 || number > G_MAXINT)
    {
      g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                   _("“%s” must be a number from 0 to %d."), name, G_MAXINT);
      return FALSE;
    }

  *value = (guint) number;
  return TRUE;
}

/**
 * sluice_members_get_boolean:
 * @object: a JSON object
 * @name: a member
 * @value: (inout): its value; stays as it is when the member is missing or null
 * @error: told when the member is something else
 *
 * Returns: whether @value can be used
 */
gboolean
sluice_members_get_boolean (JsonObject  *object,
                            const char  *name,
                            gboolean    *value,
                            GError     **error)
{
  JsonNode *node = find_value (object, name);

  if (node == NULL)
    return TRUE;
  if (json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return set_type_error (error, name);

  *value = json_node_get_boolean (node);
  return TRUE;
}

/**
 * sluice_members_get_object:
 * @object: a JSON object
 * @name: a member
 * @value: (inout) (transfer none): its value; stays as it is when the member is missing or null
 * @error: told when the member is something else
 *
 * Returns: whether @value can be used
 */
gboolean
sluice_members_get_object (JsonObject  *object,
                           const char  *name,
                           JsonObject **value,
                           GError     **error)
{
  JsonNode *node = find_value (object, name);

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_OBJECT (node))
    return set_type_error (error, name);

  *value = json_node_get_object (node);
  return TRUE;
}

/**
 * sluice_members_get_array:
 * @object: a JSON object
 * @name: a member
 * @value: (inout) (transfer none): its value; stays as it is when the member is missing or null
 * @error: told when the member is something else
 *
 * Returns: whether @value can be used
 */
gboolean
sluice_members_get_array (JsonObject  *object,
                          const char  *name,
                          JsonArray  **value,
                          GError     **error)
{
  JsonNode *node = find_value (object, name);

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return set_type_error (error, name);

  *value = json_node_get_array (node);
  return TRUE;
}

/**
 * sluice_members_need:
 * @object: a JSON object
 * @name: a member that must be there
 * @error: told when it is not
 *
 * Returns: whether the member is there and not null
 */
gboolean
sluice_members_need (JsonObject  *object,
                     const char  *name,
                     GError     **error)
{
  if (find_value (object, name) != NULL)
    return TRUE;

  g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID, _("“%s” is missing."), name);
  return FALSE;
}
