/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-bulk-report.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-error.h"

G_DEFINE_ENUM_TYPE (SluiceBulkState, sluice_bulk_state,
                    G_DEFINE_ENUM_VALUE (SLUICE_BULK_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (SLUICE_BULK_OPEN, "open"),
                    G_DEFINE_ENUM_VALUE (SLUICE_BULK_WAITING, "waiting"),
                    G_DEFINE_ENUM_VALUE (SLUICE_BULK_RUNNING, "running"),
                    G_DEFINE_ENUM_VALUE (SLUICE_BULK_COMPLETE, "complete"),
                    G_DEFINE_ENUM_VALUE (SLUICE_BULK_FAILED, "failed"),
                    G_DEFINE_ENUM_VALUE (SLUICE_BULK_ABORTED, "aborted"))

static SluiceBulkState
read_state (const char *text)
{
  static const struct
  {
    const char *text;
    SluiceBulkState state;
  } states[] = {
    { "Open", SLUICE_BULK_OPEN },
    { "UploadComplete", SLUICE_BULK_WAITING },
    { "InProgress", SLUICE_BULK_RUNNING },
    { "JobComplete", SLUICE_BULK_COMPLETE },
    { "Failed", SLUICE_BULK_FAILED },
    { "Aborted", SLUICE_BULK_ABORTED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    {
      if (g_ascii_strcasecmp (states[i].text, text) == 0)
        return states[i].state;
    }

  /* One that was added after this was written is not an end. */
  return SLUICE_BULK_RUNNING;
}

static const char *
get_text (JsonObject *json,
          const char *name)
{
  JsonNode *node = json_object_get_member (json, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;
}

static gint64
get_count (JsonObject *json,
           const char *name)
{
  JsonNode *node = json_object_get_member (json, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_INT64 ? MAX (json_node_get_int (node), 0) : -1;
}

/**
 * sluice_bulk_state_is_over:
 * @state: of a job
 *
 * Returns: whether the org does nothing more, well or not
 */
gboolean
sluice_bulk_state_is_over (SluiceBulkState state)
{
  return state >= SLUICE_BULK_COMPLETE;
}

/**
 * sluice_bulk_report_is_id:
 * @text: (nullable): what may be the id of a job; it becomes a part of paths
 *
 * Returns: whether it has the form of one
 */
gboolean
sluice_bulk_report_is_id (const char *text)
{
  gsize length = text != NULL ? strlen (text) : 0;

  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isalnum (text[i]))
        return FALSE;
    }

  return length == 15 || length == 18;
}

/**
 * sluice_bulk_report_read:
 * @self: (out caller-allocates): what the org says
 * @reply: the answer to a call that makes, reads or changes a job; outlives @self
 * @error: %SLUICE_ERROR_PROTOCOL
 *
 * Returns: whether it says something about a job
 */
gboolean
sluice_bulk_report_read (SluiceBulkReport   *self,
                         const SluiceReply  *reply,
                         GError            **error)
{
  JsonObject *json = reply->json != NULL && JSON_NODE_HOLDS_OBJECT (reply->json) ? json_node_get_object (reply->json)
                                                                                  : NULL;
  const char *state = json != NULL ? get_text (json, "state") : NULL;

  memset (self, 0, sizeof *self);
  self->id = json != NULL ? get_text (json, "id") : NULL;

  if (state == NULL || !sluice_bulk_report_is_id (self->id))
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL,
                           _("The org’s answer about its job makes no sense. Try again later."));
      return FALSE;
    }

  self->state = read_state (state);
  self->processed = get_count (json, "numberRecordsProcessed");
  self->failed = get_count (json, "numberRecordsFailed");
  self->problem = get_text (json, "errorMessage");

  return TRUE;
}
