/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What outlives the program, in one file: grants, the count of calls, cursors and query jobs. */

#include "org-state.h"

#include <glib/gstdio.h>
#include <string.h>

#include "org-worker.h"

#define VERSION 1
#define DELAY_MS 1000

struct _OrgState
{
  OrgService *service;       /* (unowned) */
  char *path;
  guint timeout;
  JsonNode *records;         /* (owned) (nullable) cursors and jobs */
};

static JsonArray *
get_array (JsonObject *object,
           const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static gboolean
restore (OrgState    *self,
         const char  *text,
         GError     **error)
{
  g_autoptr(JsonParser) parser = json_parser_new ();
  JsonNode *node;
  JsonObject *object;

  if (!json_parser_load_from_data (parser, text, -1, error))
    return FALSE;

  /* There is no node in an empty text. */
  node = json_parser_get_root (parser);
  object = node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  if (object == NULL || json_object_get_int_member_with_default (object, "version", 0) != VERSION
      || get_array (object, "usage") == NULL || get_array (object, "grants") == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "it is not a state of this version");
      return FALSE;
    }

  /* Tokens of the other org mean nothing here. */
  if (g_strcmp0 (json_object_get_string_member_with_default (object, "organization", NULL),
                 self->service->organization_id) != 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "it belongs to another org");
      return FALSE;
    }

  org_usage_restore (self->service->usage, get_array (object, "usage"));
  org_grants_restore (self->service->grants, get_array (object, "grants"));
  node = json_object_get_member (object, "records");
  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    {
      self->records = json_node_copy (node);
      org_worker_restore (self->service->worker, json_node_get_object (node));
    }

  return TRUE;
}

static void
load (OrgState *self)
{
  g_autofree char *text = NULL;
  g_autofree char *kept = g_strconcat (self->path, ".damaged", NULL);
  g_autoptr(GError) error = NULL;

  if (!g_file_get_contents (self->path, &text, NULL, &error))
    {
      if (!g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        g_printerr ("sluice-demo-org: %s\n", error->message);
      return;
    }

  if (restore (self, text, &error))
    return;

  g_printerr ("sluice-demo-org: the state “%s” cannot be used (%s); it is kept as “%s”\n", self->path,
              error->message, kept);
  g_rename (self->path, kept);
}

/**
 * org_state_new:
 * @path: a file, which need not exist
 * @service: whose state it is; must live longer
 *
 * Restores what @path says. A file that cannot be used is kept beside it.
 *
 * Returns: (transfer full): what saves the state
 */
OrgState *
org_state_new (const char *path,
               OrgService *service)
{
  OrgState *self = g_new0 (OrgState, 1);

  self->service = service;
  self->path = g_strdup (path);
  load (self);

  return self;
}

/**
 * org_state_free:
 * @self: (transfer full): a state
 *
 * Saves what is not saved yet.
 */
void
org_state_free (OrgState *self)
{
  org_state_save (self);
  g_clear_pointer (&self->records, json_node_unref);
  g_free (self->path);
  g_free (self);
}

/**
 * org_state_save:
 * @self: a state
 *
 * Writes the file, whole or not at all.
 */
void
org_state_save (OrgState *self)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode) root = NULL;
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;

  g_clear_handle_id (&self->timeout, g_source_remove);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "version");
  json_builder_add_int_value (builder, VERSION);
  json_builder_set_member_name (builder, "organization");
  json_builder_add_string_value (builder, self->service->organization_id);
  json_builder_set_member_name (builder, "usage");
  org_usage_save (self->service->usage, builder);
  json_builder_set_member_name (builder, "grants");
  org_grants_save (self->service->grants, builder);
  if (self->records != NULL)
    {
      json_builder_set_member_name (builder, "records");
      json_builder_add_value (builder, json_node_copy (self->records));
    }
  json_builder_end_object (builder);

  root = json_builder_get_root (builder);
  text = json_to_string (root, TRUE);
  if (!g_file_set_contents_full (self->path, text, (gssize) strlen (text), G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                                 &error))
    g_printerr ("sluice-demo-org: the state cannot be saved: %s\n", error->message);
}

static void
timeout_cb (gpointer user_data)
{
  OrgState *self = user_data;

  self->timeout = 0;
  org_state_save (self);
}

/**
 * org_state_save_soon:
 * @self: a state
 *
 * Writes the file within a second, once for all changes until then.
 */
void
org_state_save_soon (OrgState *self)
{
  if (self->timeout == 0)
    self->timeout = g_timeout_add_once (DELAY_MS, timeout_cb, self);
}

/**
 * org_state_set_records:
 * @self: a state
 * @records: (transfer full): what org_rest_dup_state() told
 *
 * Writes the file with these cursors and jobs, before a client learns of the newest.
 */
void
org_state_set_records (OrgState *self,
                       char     *records)
{
  g_autofree char *owned = records;

  g_clear_pointer (&self->records, json_node_unref);
  self->records = json_from_string (owned, NULL);
  org_state_save (self);
}
