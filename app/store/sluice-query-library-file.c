/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-query-library-file.h"

#include <glib/gi18n.h>

#include "sluice-error.h"
#include "sluice-members.h"

#define FORMAT 1

SluiceQueries *
sluice_queries_new (void)
{
  SluiceQueries *self = g_new0 (SluiceQueries, 1);

  self->draft = g_strdup ("");
  self->history = g_ptr_array_new_with_free_func (g_object_unref);
  self->saved = g_ptr_array_new_with_free_func (g_object_unref);

  return self;
}

void
sluice_queries_free (SluiceQueries *self)
{
  g_free (self->draft);
  g_ptr_array_unref (self->history);
  g_ptr_array_unref (self->saved);
  g_free (self);
}

static gboolean
read_query (JsonNode   *node,
            gboolean    has_name,
            GPtrArray  *queries,
            GError    **error)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *name = NULL, *text = NULL;
  gint64 time = 0;

  if (object == NULL)
    {
      g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID, _("“%s” has a value of the wrong kind."), "history");
      return FALSE;
    }

  if (!sluice_members_need (object, "text", error) ||
      (has_name && !sluice_members_need (object, "name", error)) ||
      !sluice_members_get_string (object, "text", &text, error) ||
      !sluice_members_get_string (object, "name", &name, error) ||
      !sluice_members_get_int64 (object, "time", &time, error))
    return FALSE;

  g_ptr_array_add (queries, sluice_stored_query_new (has_name ? name : NULL, text, time));

  return TRUE;
}

static gboolean
read_list (JsonObject  *root,
           const char  *member,
           gboolean     has_name,
           GPtrArray   *queries,
           GError     **error)
{
  JsonArray *array = NULL;

  if (!sluice_members_get_array (root, member, &array, error))
    return FALSE;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      if (!read_query (json_array_get_element (array, i), has_name, queries, error))
        return FALSE;
    }

  return TRUE;
}

/**
 * sluice_queries_parse:
 * @text: the text of the file
 * @length: its length in bytes, or -1
 * @is_newer: (out): whether a newer version of Sluice wrote it
 * @error: %SLUICE_ERROR_INVALID and what is wrong in it
 *
 * Returns: (transfer full) (nullable): what it says
 */
SluiceQueries *
sluice_queries_parse (const char  *text,
                      gssize       length,
                      gboolean    *is_newer,
                      GError     **error)
{
  g_autoptr(SluiceQueries) self = sluice_queries_new ();
  g_autoptr(JsonObject) root = NULL;
  const char *draft = "";
  gint64 format = 0;

  *is_newer = FALSE;
  root = sluice_members_parse (text, length, error);
  if (root == NULL ||
      !sluice_members_need (root, "format", error) ||
      !sluice_members_get_int64 (root, "format", &format, error))
    return NULL;

  if (format > FORMAT)
    {
      *is_newer = TRUE;
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                           _("The saved queries were written by a newer version of Sluice. Update Sluice to use them."));
      return NULL;
    }

  if (!sluice_members_get_string (root, "draft", &draft, error) ||
      !read_list (root, "history", FALSE, self->history, error) ||
      !read_list (root, "saved", TRUE, self->saved, error))
    return NULL;

  g_set_str (&self->draft, draft);

  return g_steal_pointer (&self);
}

static JsonArray *
write_list (GPtrArray *queries)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < queries->len; i++)
    {
      SluiceStoredQuery *query = g_ptr_array_index (queries, i);
      JsonObject *object = json_object_new ();

      if (sluice_stored_query_get_name (query) != NULL)
        json_object_set_string_member (object, "name", sluice_stored_query_get_name (query));
      json_object_set_string_member (object, "text", sluice_stored_query_get_text (query));
      json_object_set_int_member (object, "time", sluice_stored_query_get_time (query));
      json_array_add_object_element (array, object);
    }

  return array;
}

char *
sluice_queries_serialise (SluiceQueries *self)
{
  g_autoptr(JsonGenerator) generator = json_generator_new ();
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;
  JsonObject *root = json_object_new ();

  json_object_set_int_member (root, "format", FORMAT);
  json_object_set_string_member (root, "draft", self->draft);
  json_object_set_array_member (root, "saved", write_list (self->saved));
  json_object_set_array_member (root, "history", write_list (self->history));
  json_node_take_object (node, root);

  json_generator_set_root (generator, node);
  json_generator_set_pretty (generator, TRUE);
  text = json_generator_to_data (generator, NULL);

  return g_strconcat (text, "\n", NULL);
}
