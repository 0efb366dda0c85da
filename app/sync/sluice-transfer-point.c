/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-transfer-point.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "sluice-error.h"
#include "sluice-members.h"

#define POINT_VERSION 1

/**
 * sluice_transfer_point_new:
 *
 * Returns: (transfer full): the point of a transfer that has not begun
 */
SluiceTransferPoint *
sluice_transfer_point_new (void)
{
  SluiceTransferPoint *self = g_new0 (SluiceTransferPoint, 1);

  self->total = -1;

  return self;
}

/**
 * sluice_transfer_point_free:
 * @self: (transfer full): a point
 *
 * Frees it.
 */
void
sluice_transfer_point_free (SluiceTransferPoint *self)
{
  g_free (self->org_id);
  g_free (self->soql);
  g_free (self->api_version);
  g_free (self->job);
  g_free (self->address);
  g_strfreev (self->columns);
  g_free (self);
}

static void
add_text (JsonBuilder *builder,
          const char  *name,
          const char  *text)
{
  if (text == NULL)
    return;
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, text);
}

static void
add_number (JsonBuilder *builder,
            const char  *name,
            gint64       number)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, number);
}

/**
 * sluice_transfer_point_to_text:
 * @self: a point
 *
 * Returns: (transfer full): JSON for sluice_transfer_point_from_text()
 */
char *
sluice_transfer_point_to_text (SluiceTransferPoint *self)
{
  g_autoptr(JsonBuilder) builder = json_builder_new_immutable ();
  g_autoptr(JsonNode) root = NULL;

  json_builder_begin_object (builder);
  add_number (builder, "version", POINT_VERSION);
  add_text (builder, "org", self->org_id);
  add_text (builder, "soql", self->soql);
  json_builder_set_member_name (builder, "all_rows");
  json_builder_add_boolean_value (builder, self->all_rows);
  add_text (builder, "transport", self->transport == SLUICE_TRANSPORT_BULK ? "bulk" : "rest");
  add_text (builder, "api_version", self->api_version);
  add_text (builder, "job", self->job);
  add_text (builder, "address", self->address);
  add_number (builder, "page_rows", (gint64) self->page_rows);
  add_number (builder, "rows", (gint64) self->rows);
  add_number (builder, "total", self->total);
  if (self->columns != NULL)
    {
      json_builder_set_member_name (builder, "columns");
      json_builder_begin_array (builder);
      for (guint i = 0; self->columns[i] != NULL; i++)
        json_builder_add_string_value (builder, self->columns[i]);
      json_builder_end_array (builder);
    }
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);

  return json_to_string (root, FALSE);
}

static gboolean
read_text (JsonObject  *object,
           const char  *name,
           char       **text)
{
  const char *found = NULL;

  if (!sluice_members_get_string (object, name, &found, NULL))
    return FALSE;
  g_set_str (text, found);

  return TRUE;
}

static gboolean
read_columns (SluiceTransferPoint *self,
              JsonObject          *object)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *array = NULL;

  if (!sluice_members_get_array (object, "columns", &array, NULL) || array == NULL ||
      json_array_get_length (array) == 0)
    return FALSE;

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      const char *name = json_node_get_string (json_array_get_element (array, i));

      if (name == NULL)
        return FALSE;
      g_strv_builder_add (builder, name);
    }
  self->columns = g_strv_builder_end (builder);

  return TRUE;
}

static gboolean
read_members (SluiceTransferPoint *self,
              JsonObject          *object)
{
  g_autofree char *transport = NULL;
  gint64 version = 0;
  gint64 page_rows = -1;
  gint64 rows = -1;

  if (!sluice_members_get_int64 (object, "version", &version, NULL) || version != POINT_VERSION ||
      !read_text (object, "org", &self->org_id) ||
      !read_text (object, "soql", &self->soql) || self->soql == NULL ||
      !sluice_members_get_boolean (object, "all_rows", &self->all_rows, NULL) ||
      !read_text (object, "transport", &transport) ||
      !read_text (object, "api_version", &self->api_version) ||
      !read_text (object, "job", &self->job) ||
      !read_text (object, "address", &self->address) ||
      !sluice_members_get_int64 (object, "page_rows", &page_rows, NULL) || page_rows < 0 ||
      !sluice_members_get_int64 (object, "rows", &rows, NULL) || rows < page_rows ||
      !sluice_members_get_int64 (object, "total", &self->total, NULL) ||
      !read_columns (self, object))
    return FALSE;

  self->page_rows = (guint64) page_rows;
  self->rows = (guint64) rows;
  self->transport = g_strcmp0 (transport, "bulk") == 0 ? SLUICE_TRANSPORT_BULK : SLUICE_TRANSPORT_REST;

  return self->transport == SLUICE_TRANSPORT_REST || self->job != NULL;
}

/**
 * sluice_transfer_point_from_text:
 * @text: what sluice_transfer_point_to_text() made, or anything else
 * @error: %SLUICE_ERROR_INVALID when it is anything else
 *
 * Returns: (transfer full) (nullable): the point
 */
SluiceTransferPoint *
sluice_transfer_point_from_text (const char  *text,
                                 GError     **error)
{
  g_autoptr(SluiceTransferPoint) self = sluice_transfer_point_new ();
  g_autoptr(JsonObject) object = sluice_members_parse (text, -1, NULL);

  if (object != NULL && read_members (self, object))
    return g_steal_pointer (&self);

  g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                       _("What the interrupted run has left cannot be understood. Start again without resuming."));

  return NULL;
}

/**
 * sluice_transfer_point_fits:
 * @self: where an interrupted run was
 * @org_id: the org that is connected now
 * @soql: the query that is wanted now
 * @all_rows: whether deleted and archived records are wanted now
 * @error: %SLUICE_ERROR_INVALID when it is another one
 *
 * Returns: whether that run can be taken up
 */
gboolean
sluice_transfer_point_fits (SluiceTransferPoint  *self,
                            const char           *org_id,
                            const char           *soql,
                            gboolean              all_rows,
                            GError              **error)
{
  if (g_strcmp0 (self->org_id, org_id) != 0)
    g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                         _("The interrupted run belongs to another org. Use its subscription, or start again without "
                           "resuming."));
  else if (strcmp (self->soql, soql) != 0 || self->all_rows != all_rows)
    g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                 /* Translators: a query */
                 _("The interrupted run had another query: “%s”. Give the same one, or start again without resuming."),
                 self->soql);
  else
    return TRUE;

  return FALSE;
}
