/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-call.h"

G_DEFINE_ENUM_TYPE (SluiceCallState, sluice_call_state,
                    G_DEFINE_ENUM_VALUE (SLUICE_CALL_WAITING, "waiting"),
                    G_DEFINE_ENUM_VALUE (SLUICE_CALL_RUNNING, "running"),
                    G_DEFINE_ENUM_VALUE (SLUICE_CALL_DONE, "done"),
                    G_DEFINE_ENUM_VALUE (SLUICE_CALL_FAILED, "failed"),
                    G_DEFINE_ENUM_VALUE (SLUICE_CALL_CANCELLED, "cancelled"))

struct _SluiceCall
{
  GObject parent_instance;

  char *method;
  char *path;
  char *summary;
  char *error_text; /* (nullable) */
  char *request_id; /* (nullable) */
  SluiceCallState state;
  guint http_status;
  guint64 bytes;
  gint64 queued_at;
  gint64 started_at;
  gint64 ended_at;
};

G_DEFINE_FINAL_TYPE (SluiceCall, sluice_call, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_METHOD,
  PROP_PATH,
  PROP_SUMMARY,
  PROP_QUEUED_AT,
  PROP_STATE,
  PROP_HTTP_STATUS,
  PROP_BYTES,
  PROP_STARTED_AT,
  PROP_ENDED_AT,
  PROP_ERROR_TEXT,
  PROP_REQUEST_ID,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
sluice_call_get_property (GObject    *object,
                          guint       prop_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  SluiceCall *self = SLUICE_CALL (object);

  switch (prop_id)
    {
    case PROP_METHOD:
      g_value_set_string (value, self->method);
      break;
    case PROP_PATH:
      g_value_set_string (value, self->path);
      break;
    case PROP_SUMMARY:
      g_value_set_string (value, self->summary);
      break;
    case PROP_QUEUED_AT:
      g_value_set_int64 (value, self->queued_at);
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_HTTP_STATUS:
      g_value_set_uint (value, self->http_status);
      break;
    case PROP_BYTES:
      g_value_set_uint64 (value, self->bytes);
      break;
    case PROP_STARTED_AT:
      g_value_set_int64 (value, self->started_at);
      break;
    case PROP_ENDED_AT:
      g_value_set_int64 (value, self->ended_at);
      break;
    case PROP_ERROR_TEXT:
      g_value_set_string (value, self->error_text);
      break;
    case PROP_REQUEST_ID:
      g_value_set_string (value, self->request_id);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_call_finalize (GObject *object)
{
  SluiceCall *self = SLUICE_CALL (object);

  g_free (self->method);
  g_free (self->path);
  g_free (self->summary);
  g_free (self->error_text);
  g_free (self->request_id);

  G_OBJECT_CLASS (sluice_call_parent_class)->finalize (object);
}

static void
sluice_call_class_init (SluiceCallClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = sluice_call_get_property;
  object_class->finalize = sluice_call_finalize;

  properties[PROP_METHOD] = g_param_spec_string ("method", NULL, NULL, NULL, flags);
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, flags);
  properties[PROP_SUMMARY] = g_param_spec_string ("summary", NULL, NULL, NULL, flags);
  properties[PROP_QUEUED_AT] = g_param_spec_int64 ("queued-at", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, SLUICE_TYPE_CALL_STATE, SLUICE_CALL_WAITING, flags);
  properties[PROP_HTTP_STATUS] = g_param_spec_uint ("http-status", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_BYTES] = g_param_spec_uint64 ("bytes", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_STARTED_AT] = g_param_spec_int64 ("started-at", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_ENDED_AT] = g_param_spec_int64 ("ended-at", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_ERROR_TEXT] = g_param_spec_string ("error-text", NULL, NULL, NULL, flags);
  properties[PROP_REQUEST_ID] = g_param_spec_string ("request-id", NULL, NULL, NULL, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
sluice_call_init (SluiceCall *self)
{
}

/**
 * sluice_call_new:
 * @method: the HTTP method
 * @path: the path, without query values
 * @summary: what the call is for, translated
 * @queued_at: when it began to wait, in microseconds since 1970
 *
 * Returns: (transfer full): a call that waits for the throttle
 */
SluiceCall *
sluice_call_new (const char *method,
                 const char *path,
                 const char *summary,
                 gint64      queued_at)
{
  SluiceCall *self;

  g_return_val_if_fail (method != NULL, NULL);
  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (SLUICE_TYPE_CALL, NULL);
  self->method = g_strdup (method);
  self->path = g_strdup (path);
  self->summary = g_strdup (summary);
  self->queued_at = queued_at;

  return self;
}

/**
 * sluice_call_get_state:
 * @self: a call
 *
 * Returns: where the call stands
 */
SluiceCallState
sluice_call_get_state (SluiceCall *self)
{
  g_return_val_if_fail (SLUICE_IS_CALL (self), SLUICE_CALL_WAITING);

  return self->state;
}

/**
 * sluice_call_started:
 * @self: a call
 * @now: the time, in microseconds since 1970
 *
 * Notes that the throttle let the call go.
 */
void
sluice_call_started (SluiceCall *self,
                     gint64      now)
{
  g_return_if_fail (SLUICE_IS_CALL (self));

  g_object_freeze_notify (G_OBJECT (self));
  self->state = SLUICE_CALL_RUNNING;
  self->started_at = now;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STARTED_AT]);
  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * sluice_call_waits_again:
 * @self: a call
 *
 * Notes that the call is back in the queue: the org refused it for a limit, or its token had expired.
 */
void
sluice_call_waits_again (SluiceCall *self)
{
  g_return_if_fail (SLUICE_IS_CALL (self));

  if (self->state == SLUICE_CALL_WAITING)
    return;

  self->state = SLUICE_CALL_WAITING;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

/**
 * sluice_call_ended:
 * @self: a call
 * @now: the time, in microseconds since 1970
 * @http_status: the status of the answer, 0 when there was none
 * @bytes: the size of the answer
 * @request_id: (nullable): the server's id of the request
 * @error: (nullable): why the call failed; a cancelled one is not a failure
 *
 * Notes how the call ended.
 */
void
sluice_call_ended (SluiceCall   *self,
                   gint64        now,
                   guint         http_status,
                   guint64       bytes,
                   const char   *request_id,
                   const GError *error)
{
  static const guint changed[] = {
    PROP_STATE, PROP_HTTP_STATUS, PROP_BYTES, PROP_ENDED_AT, PROP_ERROR_TEXT, PROP_REQUEST_ID,
  };

  g_return_if_fail (SLUICE_IS_CALL (self));

  self->ended_at = now;
  self->http_status = http_status;
  self->bytes = bytes;
  g_set_str (&self->request_id, request_id);

  if (error == NULL)
    self->state = SLUICE_CALL_DONE;
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    self->state = SLUICE_CALL_CANCELLED;
  else
    self->state = SLUICE_CALL_FAILED;

  g_set_str (&self->error_text, self->state == SLUICE_CALL_FAILED ? error->message : NULL);

  g_object_freeze_notify (G_OBJECT (self));
  for (guint i = 0; i < G_N_ELEMENTS (changed); i++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[changed[i]]);
  g_object_thaw_notify (G_OBJECT (self));
}
