/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-exchange.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-address.h"
#include "sluice-delay.h"
#include "sluice-error.h"
#include "sluice-response.h"
#include "sluice-session.h"
#include "sluice-transport-error.h"
#include "sluice-write-gate.h"

#define DEFAULT_MAX_BYTES (32 * 1024 * 1024)
/* Parsed at once; what is longer would be felt, so a worker thread does it. */
#define PARSE_SIZE (64 * 1024)

/* Half a second, a second, two (wire reference 2.13). */
#define MAX_REPEATS 3
#define REPEAT_BASE (G_USEC_PER_SEC / 2)
#define MAX_GONE_REPEATS 2
/* How often the queue is paused for one call before it gives up: somebody waits, or nobody does. */
#define MAX_REFUSALS 2
#define MAX_BACKGROUND_REFUSALS 6

/* One call from the queue to its answer. The task's data. */
typedef struct
{
  /* Inputs */
  SluiceThrottle *throttle;
  SluiceTokens *tokens;
  SluiceCallList *calls;
  SluiceClock *clock;
  SluiceCarrier *carrier;
  char *api_version;      /* (nullable) */
  char *method;
  char *path;
  GStrv headers;          /* (nullable) */
  GBytes *body;           /* (nullable) */
  char *body_path;        /* (nullable) */
  char *content_type;     /* (nullable) */
  SluiceWritePermit *permit; /* (nullable) */
  SluicePriority priority;
  SluiceClaim *claim;     /* (nullable) */
  gsize max_bytes;
  gboolean raw;
  gboolean settle;
  gboolean streamed;

  /* In progress */
  SluiceCall *call;
  SluiceSlot *slot;       /* (nullable) */
  GSource *cancelled;     /* (nullable): while it waits */
  gulong signed_out_id;
  SoupMessage *message;   /* (nullable) */
  char *sent_token;       /* (nullable): the access token that went along */
  SluiceBudget *budget;   /* (nullable): of the org that it went to */
  SluiceAnswer *answer;   /* (nullable): as it came */
  gboolean refreshed;
  guint repeats;
  guint refusals;

  /* Result */
  SluiceReply *reply;     /* (nullable) */
  GInputStream *stream;   /* (nullable) */
} Exchange;

static void proceed  (GTask *task);
static void wait_turn (GTask *task);

static void
destroy_source (GSource *source)
{
  g_source_destroy (source);
  g_source_unref (source);
}

static void
forget_answer (Exchange *exchange)
{
  g_clear_object (&exchange->message);
  g_clear_pointer (&exchange->answer, sluice_answer_free);
  g_clear_pointer (&exchange->reply, sluice_reply_free);
  sluice_secret_set (&exchange->sent_token, NULL);
}

static void
exchange_free (Exchange *exchange)
{
  forget_answer (exchange);
  g_clear_pointer (&exchange->cancelled, destroy_source);
  g_clear_pointer (&exchange->slot, sluice_slot_free);
  g_clear_object (&exchange->throttle);
  g_clear_object (&exchange->tokens);
  g_clear_object (&exchange->calls);
  g_clear_object (&exchange->clock);
  g_clear_object (&exchange->carrier);
  g_clear_object (&exchange->call);
  g_clear_object (&exchange->stream);
  g_clear_object (&exchange->budget);
  g_free (exchange->api_version);
  g_free (exchange->method);
  g_free (exchange->path);
  g_strfreev (exchange->headers);
  g_clear_pointer (&exchange->body, g_bytes_unref);
  g_free (exchange->body_path);
  g_free (exchange->content_type);
  g_clear_object (&exchange->permit);
  g_clear_pointer (&exchange->claim, sluice_claim_unref);
  g_free (exchange);
}

static gboolean
is_read (const Exchange *exchange)
{
  return g_str_equal (exchange->method, SOUP_METHOD_GET) || g_str_equal (exchange->method, SOUP_METHOD_HEAD);
}

/* No more than the watching; the slot is the caller's. */
static void
stop_waiting (Exchange *exchange)
{
  g_clear_pointer (&exchange->cancelled, destroy_source);
  g_clear_signal_handler (&exchange->signed_out_id, exchange->tokens);
}

static void
end_call (Exchange     *exchange,
          guint64       bytes,
          const GError *error)
{
  const SluiceAnswer *answer = exchange->answer;

  sluice_call_ended (exchange->call, sluice_clock_get_real (exchange->clock), answer != NULL ? answer->status : 0,
                     bytes, answer != NULL ? answer->request_id : NULL, error);
}

static guint64
get_received (const Exchange *exchange)
{
  return exchange->answer != NULL ? exchange->answer->received : 0;
}

static void
fail (GTask  *task,  /* (transfer full) */
      GError *error) /* (transfer full) */
{
  Exchange *exchange = g_task_get_task_data (task);

  stop_waiting (exchange);
  g_clear_pointer (&exchange->slot, sluice_slot_free);
  end_call (exchange, get_received (exchange), error);
  forget_answer (exchange);
  g_task_return_error (task, error);
  g_object_unref (task);
}

static void
succeed (GTask *task) /* (transfer full) */
{
  Exchange *exchange = g_task_get_task_data (task);

  end_call (exchange, get_received (exchange), NULL);
  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

static void
release (Exchange      *exchange,
         SluiceOutcome  outcome)
{
  sluice_slot_release (g_steal_pointer (&exchange->slot), outcome);
}

/* The queue. */

static gboolean
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  GTask *task = user_data;

  fail (task, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled while waiting"));

  return G_SOURCE_REMOVE;
}

static void
signed_out_cb (SluiceTokens *tokens,
               GError       *error,
               GTask        *task)
{
  fail (task, g_error_copy (error));
}

static void
slot_started_cb (SluiceSlot *slot,
                 gpointer    user_data)
{
  GTask *task = user_data;

  stop_waiting (g_task_get_task_data (task));
  proceed (task);
}

static void
wait_turn (GTask *task) /* (transfer full) */
{
  Exchange *exchange = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  forget_answer (exchange);
  sluice_call_waits_again (exchange->call);

  exchange->signed_out_id = g_signal_connect (exchange->tokens, "signed-out", G_CALLBACK (signed_out_cb), task);
  exchange->slot = sluice_throttle_enqueue (exchange->throttle, exchange->priority, exchange->claim,
                                            slot_started_cb, task);

  if (cancellable == NULL)
    return;

  exchange->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (exchange->cancelled, G_SOURCE_FUNC (cancelled_cb), task, NULL);
  g_source_attach (exchange->cancelled, g_task_get_context (task));
}

/* Tokens. */

static void
ensured_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  GTask *task = user_data;
  Exchange *exchange = g_task_get_task_data (task);
  GError *error = NULL;

  if (!sluice_tokens_ensure_finish (SLUICE_TOKENS (object), result, &error))
    {
      fail (task, error);
      return;
    }

  /* A start counts when the call goes out, and this one did not: later it would be one too many in its window. */
  if (exchange->slot != NULL)
    release (exchange, SLUICE_OUTCOME_FAILED);
  wait_turn (task);
}

static void
ensure (GTask *task) /* (transfer full) */
{
  Exchange *exchange = g_task_get_task_data (task);

  sluice_tokens_ensure_async (exchange->tokens, g_task_get_cancellable (task), ensured_cb, task);
}

static void
refreshed_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  GTask *task = user_data;
  GError *error = NULL;

  if (sluice_tokens_refresh_finish (SLUICE_TOKENS (object), result, &error))
    wait_turn (task);
  else
    fail (task, error);
}

static void
refresh (GTask *task) /* (transfer full) */
{
  Exchange *exchange = g_task_get_task_data (task);

  exchange->refreshed = TRUE;
  sluice_tokens_refresh_async (exchange->tokens, exchange->sent_token, g_task_get_cancellable (task),
                               refreshed_cb, task);
}

/* Once more, later. */

static void
delayed_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  GTask *task = user_data;
  GError *error = NULL;

  if (sluice_delay_finish (result, &error))
    wait_turn (task);
  else
    fail (task, error);
}

static void
repeat_later (GTask *task) /* (transfer full) */
{
  Exchange *exchange = g_task_get_task_data (task);
  gint64 delay = REPEAT_BASE << exchange->repeats;

  exchange->repeats++;
  forget_answer (exchange);
  sluice_call_waits_again (exchange->call);
  sluice_delay_async (exchange->clock, (gint64) ((double) delay * g_random_double_range (0.8, 1.2)),
                      g_task_get_cancellable (task), delayed_cb, task);
}

/* A request that nobody waits for any more may still keep the server busy: its place in flight is free when it ends. */
static void
leave_slot (Exchange *exchange)
{
  g_object_set_data_full (G_OBJECT (exchange->message), "sluice-slot", g_steal_pointer (&exchange->slot),
                          (GDestroyNotify) sluice_slot_free);
}

static void
fail_transport (GTask *task) /* (transfer full) */
{
  Exchange *exchange = g_task_get_task_data (task);
  const SluiceAnswer *answer = exchange->answer;

  if (sluice_transport_error_is_loss (answer->error) && is_read (exchange) && exchange->repeats < MAX_REPEATS)
    {
      release (exchange, SLUICE_OUTCOME_FAILED);
      repeat_later (task);
      return;
    }

  if (answer->status == 0 && g_error_matches (answer->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    leave_slot (exchange);

  if (answer->status != 0)
    fail (task, sluice_transport_error_new_broken (answer->error, answer->status, answer->request_id));
  else
    fail (task, sluice_transport_error_new (answer->error));
}

static gint64
get_server_time (const Exchange *exchange)
{
  gint64 date = exchange->answer->date;

  return date != 0 ? date : sluice_clock_get_real (exchange->clock) / G_USEC_PER_SEC;
}

static gboolean
waits_for_server (const Exchange *exchange,
                  SluiceVerdict   verdict)
{
  gboolean background = exchange->priority == SLUICE_PRIORITY_BACKGROUND;

  switch ((guint) verdict)
    {
    case SLUICE_VERDICT_DAILY_LIMIT:
      return background;

    case SLUICE_VERDICT_UNAVAILABLE:
      /* Who knows how far a write got. */
      if (!is_read (exchange))
        return FALSE;
      break;

    default:
      break;
    }

  return exchange->refusals <= (background ? MAX_BACKGROUND_REFUSALS : MAX_REFUSALS);
}

/* The queue pauses for all; the call goes back into it. */
static void
take_refusal (GTask         *task, /* (transfer full) */
              SluiceVerdict  verdict,
              GError        *error) /* (transfer full) */
{
  Exchange *exchange = g_task_get_task_data (task);
  gint64 retry_after = sluice_response_parse_retry_after (sluice_answer_get_header (exchange->answer, "retry-after"),
                                                          get_server_time (exchange));
  SluicePauseReason reason = SLUICE_PAUSE_UNAVAILABLE;

  if (verdict == SLUICE_VERDICT_DAILY_LIMIT)
    reason = SLUICE_PAUSE_DAILY_LIMIT;
  else if (verdict == SLUICE_VERDICT_CONCURRENT_LIMIT)
    reason = SLUICE_PAUSE_CONCURRENT_LIMIT;

  sluice_slot_refuse (g_steal_pointer (&exchange->slot), reason, retry_after);
  exchange->refusals++;

  if (!waits_for_server (exchange, verdict))
    {
      fail (task, error);
      return;
    }

  g_error_free (error);
  wait_turn (task);
}

static void
take_failure (GTask         *task, /* (transfer full) */
              SluiceVerdict  verdict,
              GError        *error) /* (transfer full) */
{
  Exchange *exchange = g_task_get_task_data (task);
  guint max_repeats = 0;

  if (is_read (exchange) && verdict == SLUICE_VERDICT_FLEETING)
    max_repeats = MAX_REPEATS;
  else if (is_read (exchange) && verdict == SLUICE_VERDICT_GONE)
    max_repeats = MAX_GONE_REPEATS;

  release (exchange, verdict == SLUICE_VERDICT_FINAL ? SLUICE_OUTCOME_OK : SLUICE_OUTCOME_FAILED);

  if (exchange->repeats >= max_repeats)
    {
      fail (task, error);
      return;
    }

  g_error_free (error);
  repeat_later (task);
}

/* Answers. */

static SluiceReply *
new_reply (const Exchange *exchange)
{
  const SluiceAnswer *answer = exchange->answer;
  SluiceReply *reply = g_new0 (SluiceReply, 1);

  reply->status = answer->status;
  reply->headers = g_hash_table_ref (answer->headers);
  reply->date = answer->date;
  reply->bytes = answer->received;
  reply->body = answer->body != NULL ? g_bytes_ref (answer->body) : NULL;

  return reply;
}

/* For what happens once the call is on its way. */
static GCancellable *
get_breaking (GTask *task)
{
  const Exchange *exchange = g_task_get_task_data (task);

  return exchange->settle ? NULL : g_task_get_cancellable (task);
}

static JsonNode *
parse (const Exchange  *exchange,
       GError         **error)
{
  const SluiceAnswer *answer = exchange->answer;

  return sluice_response_parse_json (answer->content_type, answer->body, answer->status, answer->request_id, error);
}

static void
parse_thread (GTask        *task,
              gpointer      source,
              gpointer      task_data,
              GCancellable *cancellable)
{
  GError *error = NULL;
  JsonNode *json = parse (task_data, &error);

  if (json != NULL)
    g_task_return_pointer (task, json, (GDestroyNotify) json_node_unref);
  else
    g_task_return_error (task, error);
}

static void
take_json (GTask    *task, /* (transfer full) */
           JsonNode *json, /* (transfer full) (nullable) */
           GError   *error) /* (transfer full) (nullable) */
{
  Exchange *exchange = g_task_get_task_data (task);

  if (json == NULL)
    {
      fail (task, error);
      return;
    }

  exchange->reply->json = json;
  g_clear_pointer (&exchange->reply->body, g_bytes_unref);
  g_clear_pointer (&exchange->answer->body, g_bytes_unref);
  succeed (task);
}

static void
parsed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  GError *error = NULL;
  JsonNode *json = g_task_propagate_pointer (G_TASK (result), &error);

  take_json (user_data, json, error);
}

static void
parse_body (GTask *task) /* (transfer full) */
{
  Exchange *exchange = g_task_get_task_data (task);
  GError *error = NULL;
  JsonNode *json;
  GTask *parsing;

  if (g_bytes_get_size (exchange->answer->body) > PARSE_SIZE)
    {
      parsing = g_task_new (NULL, get_breaking (task), parsed_cb, task);
      g_task_set_source_tag (parsing, parse_body);
      g_task_set_task_data (parsing, exchange, NULL);
      g_task_run_in_thread (parsing, parse_thread);
      g_object_unref (parsing);
      return;
    }

  json = parse (exchange, &error);
  take_json (task, json, error);
}

static void
take_success (GTask *task) /* (transfer full) */
{
  Exchange *exchange = g_task_get_task_data (task);
  const SluiceAnswer *answer = exchange->answer;
  gboolean empty = g_bytes_get_size (answer->body) == 0;
  GError *error = NULL;

  release (exchange, SLUICE_OUTCOME_OK);
  exchange->reply = new_reply (exchange);

  if (empty)
    {
      if (!exchange->raw)
        g_clear_pointer (&exchange->reply->body, g_bytes_unref);
      succeed (task);
    }
  else if (!sluice_response_is_json (answer->content_type, answer->body))
    {
      if (sluice_response_check (answer->content_type, answer->body, answer->status, answer->request_id, &error))
        succeed (task);
      else
        fail (task, error);
    }
  else if (exchange->raw)
    {
      succeed (task);
    }
  else
    {
      parse_body (task);
    }
}

static void
judge (GTask *task) /* (transfer full) */
{
  Exchange *exchange = g_task_get_task_data (task);
  const SluiceAnswer *answer = exchange->answer;
  GError *error = NULL;
  SluiceVerdict verdict = sluice_response_judge (answer->status, answer->content_type, answer->body,
                                                 answer->request_id, &error);

  switch (verdict)
    {
    case SLUICE_VERDICT_SUCCESS:
      take_success (task);
      break;

    case SLUICE_VERDICT_EXPIRED:
      if (exchange->refreshed)
        {
          take_failure (task, SLUICE_VERDICT_FINAL, error);
          break;
        }
      g_error_free (error);
      release (exchange, SLUICE_OUTCOME_OK);
      refresh (task);
      break;

    case SLUICE_VERDICT_CONCURRENT_LIMIT:
    case SLUICE_VERDICT_DAILY_LIMIT:
    case SLUICE_VERDICT_UNAVAILABLE:
      take_refusal (task, verdict, error);
      break;

    case SLUICE_VERDICT_FLEETING:
    case SLUICE_VERDICT_GONE:
    case SLUICE_VERDICT_FINAL:
      take_failure (task, verdict, error);
      break;

    default:
      g_assert_not_reached ();
    }
}

/* The call goes on as long as the stream. */
static void
return_stream (GTask *task) /* (transfer full) */
{
  Exchange *exchange = g_task_get_task_data (task);

  exchange->reply = new_reply (exchange);
  exchange->stream = g_steal_pointer (&exchange->answer->stream);
  g_object_ref (task);
  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

static void
ended_cb (guint64       bytes,
          const GError *error,
          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Exchange *exchange = g_task_get_task_data (task);

  release (exchange, error == NULL ? SLUICE_OUTCOME_OK : SLUICE_OUTCOME_FAILED);
  end_call (exchange, bytes, error);
}

static void
began_cb (const SluiceAnswer *answer,
          gpointer            user_data)
{
  Exchange *exchange = g_task_get_task_data (user_data);

  if (exchange->budget != NULL)
    sluice_budget_update_from_header (exchange->budget, sluice_answer_get_header (answer, "sforce-limit-info"));
}

static void
answered_cb (SluiceAnswer *answer, /* (transfer full) */
             gpointer      user_data)
{
  GTask *task = user_data;
  Exchange *exchange = g_task_get_task_data (task);

  exchange->answer = answer;

  if (answer->error != NULL)
    fail_transport (task);
  else if (answer->streamed)
    return_stream (task);
  else
    judge (task);
}

/* Questions. */

static gboolean
is_header_value (const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    {
      if (!g_ascii_isgraph (*p))
        return FALSE;
    }

  return *text != '\0';
}

static const char *
get_body_type (const Exchange *exchange)
{
  return exchange->content_type != NULL ? exchange->content_type : "application/json; charset=UTF-8";
}

/* Opened anew for each attempt, so that none sends the rest of another. */
static gboolean
set_body_file (const Exchange  *exchange,
               SoupMessage     *message,
               GError         **error)
{
  g_autoptr(GFile) file = g_file_new_for_path (exchange->body_path);
  g_autoptr(GFileInputStream) stream = NULL;
  g_autoptr(GFileInfo) info = NULL;
  g_autoptr(GError) cause = NULL;

  stream = g_file_read (file, NULL, &cause);
  if (stream != NULL)
    info = g_file_input_stream_query_info (stream, G_FILE_ATTRIBUTE_STANDARD_SIZE, NULL, &cause);

  if (info == NULL)
    {
      g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE,
                   /* Translators: the placeholder is the system's own text */
                   _("The file with the records to send cannot be read: %s"), cause->message);
      return FALSE;
    }

  soup_message_set_request_body (message, get_body_type (exchange), G_INPUT_STREAM (stream),
                                 (gssize) g_file_info_get_size (info));

  return TRUE;
}

static SoupMessage *
new_message (const Exchange  *exchange,
             GError         **error)
{
  const SluiceCredentials *credentials = sluice_tokens_peek (exchange->tokens);
  g_autofree char *url = NULL;
  g_autofree char *authorization = NULL;
  g_autoptr(SoupMessage) message = NULL;
  SoupMessageHeaders *headers;

  if (exchange->permit != NULL && !sluice_write_gate_check_sending (exchange->permit, credentials, error))
    return NULL;

  if (!is_header_value (credentials->access_token))
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_NOT_AUTHORIZED,
                           _("The stored access token is damaged. Sign in again."));
      return NULL;
    }

  url = sluice_address_resolve (exchange->path, credentials, sluice_tokens_get_login_url (exchange->tokens),
                                exchange->api_version, error);
  message = url != NULL ? sluice_session_new_message (exchange->method, url, error) : NULL;

  if (message == NULL)
    return NULL;

  headers = soup_message_get_request_headers (message);
  authorization = g_strconcat ("Bearer ", credentials->access_token, NULL);
  soup_message_headers_replace (headers, "Authorization", authorization);
  soup_message_headers_replace (headers, "Accept", "application/json");
  soup_message_headers_replace (headers, "Accept-Encoding", "gzip");
  /* It takes compressed data that was cut off for whole. */
  soup_message_disable_feature (message, SOUP_TYPE_CONTENT_DECODER);
  memset (authorization, 0, strlen (authorization));

  for (guint i = 0; exchange->headers != NULL && exchange->headers[i] != NULL; i += 2)
    soup_message_headers_replace (headers, exchange->headers[i], exchange->headers[i + 1]);

  /* libsoup sends what it takes for repeatable, PUT and DELETE, a second time by itself when an old connection breaks:
   * nobody would hear of it, and of a body from a file only the rest would go out. On a new connection it does not. */
  if (exchange->permit != NULL)
    soup_message_add_flags (message, SOUP_MESSAGE_NEW_CONNECTION);

  if (exchange->body != NULL)
    soup_message_set_request_body_from_bytes (message, get_body_type (exchange), exchange->body);
  else if (exchange->body_path != NULL && !set_body_file (exchange, message, error))
    return NULL;

  return g_steal_pointer (&message);
}

static SluiceCarriage *
new_carriage (GTask *task) /* (transfer full) */
{
  Exchange *exchange = g_task_get_task_data (task);
  GCancellable *cancellable = get_breaking (task);
  SluiceCarriage *carriage = g_new0 (SluiceCarriage, 1);

  carriage->message = g_object_ref (exchange->message);
  carriage->stream = exchange->streamed;
  carriage->max_bytes = exchange->max_bytes;
  carriage->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  carriage->began = began_cb;
  carriage->answered = answered_cb;
  carriage->ended = ended_cb;
  carriage->user_data = task;

  return carriage;
}

static void
send (GTask *task) /* (transfer full) */
{
  Exchange *exchange = g_task_get_task_data (task);
  GError *error = NULL;

  exchange->message = new_message (exchange, &error);

  if (exchange->message == NULL)
    {
      fail (task, error);
      return;
    }

  sluice_secret_set (&exchange->sent_token, sluice_tokens_peek (exchange->tokens)->access_token);
  g_set_object (&exchange->budget, sluice_throttle_get_budget (exchange->throttle));
  sluice_call_started (exchange->call, sluice_clock_get_real (exchange->clock));
  sluice_carrier_carry (exchange->carrier, new_carriage (task));
}

/* With a started slot in hand. */
static void
proceed (GTask *task) /* (transfer full) */
{
  Exchange *exchange = g_task_get_task_data (task);

  if (sluice_tokens_is_ready (exchange->tokens))
    {
      send (task);
      return;
    }

  /* A refresh that has what it needs ends soon; one that has not must never wait for us. */
  if (sluice_tokens_take_slot (exchange->tokens, exchange->slot))
    exchange->slot = NULL;
  else if (!sluice_tokens_is_refreshing (exchange->tokens))
    release (exchange, SLUICE_OUTCOME_FAILED);

  ensure (task);
}

static char *
get_shown_path (const char *path)
{
  return g_strndup (path, strcspn (path, "?#"));
}

static Exchange *
exchange_new (const SluiceExchange *lent,
              const SluiceRequest  *request,
              gboolean              streamed)
{
  g_autofree char *shown = get_shown_path (request->path);
  Exchange *exchange = g_new0 (Exchange, 1);

  exchange->throttle = g_object_ref (lent->throttle);
  exchange->tokens = g_object_ref (lent->tokens);
  exchange->calls = g_object_ref (lent->calls);
  exchange->clock = g_object_ref (lent->clock);
  exchange->carrier = g_object_ref (lent->carrier);
  exchange->api_version = g_strdup (lent->api_version);
  exchange->method = g_strdup (request->method);
  exchange->path = g_strdup (request->path);
  exchange->headers = g_strdupv ((char **) request->headers);
  exchange->body = request->body != NULL ? g_bytes_ref (request->body) : NULL;
  exchange->body_path = g_strdup (request->body_path);
  exchange->content_type = g_strdup (request->content_type);
  exchange->permit = request->write != NULL ? g_object_ref (request->write->permit) : NULL;
  exchange->claim = request->claim != NULL ? sluice_claim_ref (request->claim) : NULL;
  exchange->priority = request->claim != NULL ? sluice_claim_get_priority (request->claim) : request->priority;
  exchange->max_bytes = request->max_bytes != 0 ? request->max_bytes : DEFAULT_MAX_BYTES;
  exchange->raw = request->raw;
  exchange->settle = request->settle;
  exchange->streamed = streamed;
  exchange->call = sluice_call_new (request->method, shown, request->summary, sluice_clock_get_real (lent->clock));

  return exchange;
}

/**
 * sluice_exchange_run_async:
 * @source: whose operation it is
 * @lent: what the call needs
 * @request: the call
 * @stream: whether the body is not read but handed on
 * @cancellable: (nullable): ends the call, whatever it is doing
 * @callback: called once, with the answer or the error
 * @user_data: data for @callback
 *
 * Runs one call: through the queue, with its token, to its answer.
 *
 * A call that meets an expired token waits for a refresh, outside the queue,
 * and goes through the queue once more. One that the org refuses for a limit
 * goes back into the queue, which pauses. A read that got no answer, or one
 * that may be better the next time, is repeated a few times. A write is
 * repeated only when the org said that it did nothing, and goes out only with
 * the permit that sluice_write_gate_pass() wants.
 */
void
sluice_exchange_run_async (GObject              *source,
                           const SluiceExchange *lent,
                           const SluiceRequest  *request,
                           gboolean              stream,
                           GCancellable         *cancellable,
                           GAsyncReadyCallback   callback,
                           gpointer              user_data)
{
  GTask *task;
  Exchange *exchange;
  GError *error = NULL;

  g_return_if_fail (request->method != NULL && request->path != NULL);

  task = g_task_new (source, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_exchange_run_async);
  exchange = exchange_new (lent, request, stream);
  g_task_set_task_data (task, exchange, (GDestroyNotify) exchange_free);
  g_task_set_check_cancellable (task, !request->settle);
  sluice_call_list_add (exchange->calls, exchange->call);

  if (!sluice_write_gate_pass (request, &error))
    {
      fail (task, error);
      return;
    }

  if (sluice_tokens_is_ready (exchange->tokens))
    wait_turn (task);
  else
    ensure (task);
}

/**
 * sluice_exchange_run_finish:
 * @source: whose operation it is
 * @result: what the callback got
 * @stream: (out) (optional) (transfer full): the body, when it was asked for as a stream
 * @error: a #SluiceError, or %G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (nullable): the answer
 */
SluiceReply *
sluice_exchange_run_finish (GObject       *source,
                            GAsyncResult  *result,
                            GInputStream **stream,
                            GError       **error)
{
  g_autoptr(GInputStream) body = NULL;
  Exchange *exchange;

  g_return_val_if_fail (g_task_is_valid (result, source), NULL);

  /* Cancelled at the last moment, the stream is dropped here. */
  exchange = g_task_get_task_data (G_TASK (result));
  body = g_steal_pointer (&exchange->stream);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;

  if (stream != NULL)
    *stream = g_steal_pointer (&body);

  return g_steal_pointer (&exchange->reply);
}
