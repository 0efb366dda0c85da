/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#define G_LOG_DOMAIN "sluice-sign-in"

#include "sluice-loopback.h"

#include <glib/gi18n.h>
#include <libsoup/soup.h>
#include <string.h>

#include "sluice-advice.h"
#include "sluice-answer-page.h"
#include "sluice-credentials.h"
#include "sluice-error.h"
#include "sluice-oauth.h"
#include "sluice-port-owner.h"
#include "sluice-problem.h"

/* A browser that takes longer to read its page than this does without. */
#define LINGER_SECONDS 2
#define BACKLOG 16
/* With port 0, tries to find one that both families have free. */
#define ANY_PORT_TRIES 16

/* The HTTP side: outlives the listener until the last page is sent. */
typedef struct
{
  SoupServer *server;
  guint n_active;
  guint timeout; /* 0 until the listener is closed */
} Answers;

struct _SluiceLoopback
{
  GObject parent_instance;

  char *path;
  char *state; /* a secret */
  SluiceLoopbackFunc func;
  gpointer user_data;

  GSocketService *service; /* (nullable) */
  Answers *answers; /* (nullable) */
  guint16 port;
  char *redirect_uri; /* (nullable) */
  gboolean answered;
};

typedef struct
{
  guint16 *ports;
  guint n_ports;
} Ports;

typedef enum
{
  BIND_DONE,
  BIND_BUSY,
  BIND_NO_FAMILY,
} BindResult;

G_DEFINE_FINAL_TYPE (SluiceLoopback, sluice_loopback, G_TYPE_OBJECT)

static void
ports_free (Ports *ports)
{
  g_free (ports->ports);
  g_free (ports);
}

/* Answering */

static Answers *
answers_new (void)
{
  Answers *answers = g_rc_box_new0 (Answers);

  answers->server = soup_server_new (NULL, NULL);

  return answers;
}

static void
answers_clear (Answers *answers)
{
  g_object_unref (answers->server);
}

static void
answers_unref (Answers *answers)
{
  g_rc_box_release_full (answers, (GDestroyNotify) answers_clear);
}

static void
answers_unref_closure (gpointer  answers,
                       GClosure *closure)
{
  answers_unref (answers);
}

static gboolean
linger_cb (gpointer user_data)
{
  Answers *answers = user_data;

  answers->timeout = 0;
  soup_server_disconnect (answers->server);

  return G_SOURCE_REMOVE;
}

static void
linger (Answers *answers,
        guint    milliseconds)
{
  g_clear_handle_id (&answers->timeout, g_source_remove);
  answers->timeout = g_timeout_add_full (G_PRIORITY_DEFAULT, milliseconds, linger_cb,
                                         g_rc_box_acquire (answers), (GDestroyNotify) answers_unref);
}

static void
message_finished_cb (SoupServerMessage *message,
                     Answers           *answers)
{
  answers->n_active--;

  /* Not from within the server's own signal. */
  if (answers->n_active == 0 && answers->timeout != 0)
    linger (answers, 0);
}

static void
close_answers (Answers *answers)
{
  soup_server_remove_handler (answers->server, "/");

  if (answers->n_active == 0)
    soup_server_disconnect (answers->server);
  else
    linger (answers, LINGER_SECONDS * 1000);

  answers_unref (answers);
}

static void
set_page (SoupServerMessage *message,
          guint              status,
          gboolean           good,
          const char        *title,
          const char        *body)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  char *page = sluice_answer_page_new (good, title, body);

  soup_server_message_set_status (message, status, NULL);
  soup_message_headers_replace (headers, "Content-Security-Policy", SLUICE_ANSWER_PAGE_POLICY);
  soup_server_message_set_response (message, "text/html; charset=utf-8", SOUP_MEMORY_TAKE, page, strlen (page));
}

static void
set_error_page (SoupServerMessage *message,
                const GError      *error)
{
  g_autoptr(SluiceAdvice) advice = sluice_advice_new_for_error (error);

  set_page (message, SOUP_STATUS_OK, FALSE, advice->title, advice->body);
}

/* Names that resolve to this computer and nowhere else. A page of another site that points its own name at
 * 127.0.0.1 sends that name, and gets nothing. */
static gboolean
is_our_host (SluiceLoopback *self,
             const char     *host)
{
  static const char * const names[] = { "localhost", "127.0.0.1", "[::1]" };

  for (guint i = 0; host != NULL && i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *ours = g_strdup_printf ("%s:%u", names[i], self->port);

      if (g_ascii_strcasecmp (host, ours) == 0)
        return TRUE;
    }

  return FALSE;
}

static gboolean
is_icon (const char *path)
{
  return g_str_equal (path, "/favicon.ico")
      || (g_str_has_prefix (path, "/apple-touch-icon") && g_str_has_suffix (path, ".png"));
}

/* Chromium asks before a public page may lead to a private address. */
static void
answer_preflight (SoupServerMessage *message)
{
  SoupMessageHeaders *request = soup_server_message_get_request_headers (message);
  SoupMessageHeaders *response = soup_server_message_get_response_headers (message);
  const char *origin = soup_message_headers_get_one (request, "Origin");

  soup_server_message_set_status (message, SOUP_STATUS_NO_CONTENT, NULL);
  soup_message_headers_replace (response, "Allow", "GET, HEAD, OPTIONS");

  if (g_strcmp0 (soup_message_headers_get_one (request, "Access-Control-Request-Private-Network"), "true") != 0)
    return;

  soup_message_headers_replace (response, "Access-Control-Allow-Private-Network", "true");
  soup_message_headers_replace (response, "Access-Control-Allow-Methods", "GET");
  soup_message_headers_replace (response, "Access-Control-Allow-Origin", origin != NULL ? origin : "*");
  soup_message_headers_replace (response, "Vary", "Origin");
}

static void
answer_callback (SluiceLoopback    *self,
                 SoupServerMessage *message,
                 const char        *query)
{
  GError *error = NULL;
  char *code;

  if (self->answered)
    {
      set_page (message, SOUP_STATUS_GONE, FALSE, _("Already Used"),
                _("This sign-in has had its answer. Start again in Sluice if it did not work."));
      return;
    }

  if (!sluice_oauth_check_state (query, self->state, NULL))
    {
      set_page (message, SOUP_STATUS_BAD_REQUEST, FALSE, _("Not This Sign-In"),
                _("This answer does not belong to the sign-in that Sluice waits for. Start again in Sluice."));
      return;
    }

  self->answered = TRUE;
  code = sluice_oauth_read_redirect (query, self->state, &error);

  if (code != NULL)
    set_page (message, SOUP_STATUS_OK, TRUE, _("Signed In at Salesforce"),
              _("Sluice now finishes the connection."));
  else
    set_error_page (message, error);

  self->func (code, error, self->user_data);
}

static void
answer (SluiceLoopback    *self,
        SoupServerMessage *message)
{
  GUri *uri = soup_server_message_get_uri (message);
  const char *method = soup_server_message_get_method (message);
  const char *path = g_uri_get_path (uri);

  if (!is_our_host (self, soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Host")))
    soup_server_message_set_status (message, SOUP_STATUS_FORBIDDEN, NULL);
  else if (is_icon (path))
    soup_server_message_set_status (message, SOUP_STATUS_NO_CONTENT, NULL);
  else if (!g_str_equal (path, self->path))
    soup_server_message_set_status (message, SOUP_STATUS_NOT_FOUND, NULL);
  else if (method == SOUP_METHOD_OPTIONS)
    answer_preflight (message);
  else if (method == SOUP_METHOD_HEAD)
    soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  else if (method == SOUP_METHOD_GET)
    answer_callback (self, message, g_uri_get_query (uri));
  else
    {
      soup_message_headers_replace (soup_server_message_get_response_headers (message), "Allow",
                                    "GET, HEAD, OPTIONS");
      soup_server_message_set_status (message, SOUP_STATUS_METHOD_NOT_ALLOWED, NULL);
    }
}

/* Runs when the headers are there: no request has a body that anybody reads. */
static void
request_cb (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  g_autoptr(SluiceLoopback) self = g_object_ref (user_data);
  Answers *answers = self->answers;
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  answers->n_active++;
  g_signal_connect_data (message, "finished", G_CALLBACK (message_finished_cb),
                         g_rc_box_acquire (answers), answers_unref_closure, G_CONNECT_DEFAULT);

  soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
  soup_message_headers_replace (headers, "Connection", "close");
  soup_message_headers_replace (headers, "Cache-Control", "no-store");
  soup_message_headers_replace (headers, "Referrer-Policy", "no-referrer");
  soup_message_headers_replace (headers, "X-Content-Type-Options", "nosniff");
  soup_message_headers_replace (headers, "X-Frame-Options", "DENY");

  answer (self, message);
}

static gboolean
incoming_cb (GSocketService    *service,
             GSocketConnection *connection,
             GObject           *source_object,
             SluiceLoopback    *self)
{
  g_autoptr(GSocketAddress) local = g_socket_connection_get_local_address (connection, NULL);
  g_autoptr(GSocketAddress) remote = g_socket_connection_get_remote_address (connection, NULL);
  g_autoptr(GError) error = NULL;

  if (!soup_server_accept_iostream (self->answers->server, G_IO_STREAM (connection), local, remote, &error))
    g_debug ("A connection was lost: %s", error->message);

  return TRUE;
}

/* Binding */

static BindResult
bind_family (const char  *address,
             guint16      port,
             GSocket    **bound)
{
  g_autoptr(GInetAddress) inet = g_inet_address_new_from_string (address);
  g_autoptr(GSocketAddress) where = g_inet_socket_address_new (inet, port);
  g_autoptr(GSocket) made = NULL;
  g_autoptr(GError) error = NULL;

  made = g_socket_new (g_inet_address_get_family (inet), G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);
  if (made != NULL)
    {
      g_socket_set_listen_backlog (made, BACKLOG);
      if (g_socket_bind (made, where, TRUE, &error) && g_socket_listen (made, &error))
        {
          *bound = g_steal_pointer (&made);
          return BIND_DONE;
        }
    }

  g_debug ("%s, port %u: %s", address, port, error->message);

  /* Anything else: the system has no such addresses, as one without IPv6. */
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED) ? BIND_BUSY : BIND_NO_FAMILY;
}

static guint16
get_socket_port (GSocket *bound)
{
  g_autoptr(GSocketAddress) address = g_socket_get_local_address (bound, NULL);

  return address != NULL ? g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)) : 0;
}

static void
start (SluiceLoopback *self,
       GSocket        *ipv4,
       GSocket        *ipv6)
{
  GSocket *both[] = { ipv4, ipv6 };

  self->answers = answers_new ();
  soup_server_add_early_handler (self->answers->server, "/", request_cb, self, NULL);

  self->service = g_socket_service_new ();
  g_signal_connect (self->service, "incoming", G_CALLBACK (incoming_cb), self);

  for (guint i = 0; i < G_N_ELEMENTS (both); i++)
    {
      if (both[i] == NULL)
        continue;

      g_socket_listener_add_socket (G_SOCKET_LISTENER (self->service), both[i], NULL, NULL);
      self->port = get_socket_port (both[i]);
    }

  self->redirect_uri = g_strdup_printf ("http://localhost:%u%s", self->port, self->path);
}

/* The browser may take localhost for either address: another program's on one of them makes the port useless. */
static BindResult
bind_port (SluiceLoopback *self,
           guint16         port)
{
  g_autoptr(GSocket) ipv4 = NULL;
  g_autoptr(GSocket) ipv6 = NULL;
  BindResult result4, result6;

  result4 = bind_family ("127.0.0.1", port, &ipv4);
  if (result4 == BIND_BUSY)
    return BIND_BUSY;

  result6 = bind_family ("::1", ipv4 != NULL ? get_socket_port (ipv4) : port, &ipv6);
  if (result6 == BIND_BUSY)
    return BIND_BUSY;

  if (result4 == BIND_NO_FAMILY && result6 == BIND_NO_FAMILY)
    return BIND_NO_FAMILY;

  start (self, ipv4, ipv6);

  return BIND_DONE;
}

static BindResult
bind_ports (SluiceLoopback *self,
            const guint16  *ports,
            guint           n_ports)
{
  BindResult result = BIND_BUSY;

  for (guint i = 0; i < n_ports && result == BIND_BUSY; i++)
    {
      guint tries = ports[i] == 0 ? ANY_PORT_TRIES : 1;

      for (guint j = 0; j < tries && result == BIND_BUSY; j++)
        result = bind_port (self, ports[i]);
    }

  return result;
}

static GError *
new_busy_error (const Ports *ports)
{
  g_autoptr(GString) list = g_string_new (NULL);
  g_autofree char *message = NULL;

  for (guint i = 0; i < ports->n_ports; i++)
    {
      g_autofree char *owner = sluice_port_owner_find (ports->ports[i]);

      if (i > 0)
        g_string_append (list, ", ");
      if (owner != NULL)
        /* Translators: a port of this computer and the program that uses it, such as 7717 by “node” */
        g_string_append_printf (list, _("%u by “%s”"), ports->ports[i], owner);
      else
        g_string_append_printf (list, "%u", ports->ports[i]);
    }

  /* Translators: %s lists ports and programs */
  message = g_strdup_printf (_("All ports that the browser could answer on are in use: %s. "
                               "Close one of these programs and try again."), list->str);

  return sluice_error_new_server (SLUICE_ERROR_SIGN_IN, SLUICE_PROBLEM_PORTS_BUSY, NULL, 0, NULL, message);
}

static void
find_owners_thread (GTask        *task,
                    gpointer      source_object,
                    gpointer      task_data,
                    GCancellable *cancellable)
{
  g_task_return_error (task, new_busy_error (task_data));
}

static void
sluice_loopback_dispose (GObject *object)
{
  sluice_loopback_close (SLUICE_LOOPBACK (object));

  G_OBJECT_CLASS (sluice_loopback_parent_class)->dispose (object);
}

static void
sluice_loopback_finalize (GObject *object)
{
  SluiceLoopback *self = SLUICE_LOOPBACK (object);

  g_free (self->path);
  sluice_secret_free (self->state);
  g_free (self->redirect_uri);

  G_OBJECT_CLASS (sluice_loopback_parent_class)->finalize (object);
}

static void
sluice_loopback_class_init (SluiceLoopbackClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = sluice_loopback_dispose;
  object_class->finalize = sluice_loopback_finalize;
}

static void
sluice_loopback_init (SluiceLoopback *self)
{
}

/**
 * sluice_loopback_new:
 * @path: the path of the callback URL
 * @state: the `state` that was sent; only a request that brings it back is read
 * @func: told once, in the main context that listens, while the browser gets its page
 * @user_data: data for @func
 *
 * Makes a listener, which hears nothing yet.
 *
 * Returns: (transfer full): the listener
 */
SluiceLoopback *
sluice_loopback_new (const char         *path,
                     const char         *state,
                     SluiceLoopbackFunc  func,
                     gpointer            user_data)
{
  SluiceLoopback *self;

  g_return_val_if_fail (path != NULL && *path == '/', NULL);
  g_return_val_if_fail (state != NULL && *state != '\0', NULL);
  g_return_val_if_fail (func != NULL, NULL);

  self = g_object_new (SLUICE_TYPE_LOOPBACK, NULL);
  self->path = g_strdup (path);
  self->state = g_strdup (state);
  self->func = func;
  self->user_data = user_data;

  return self;
}

/**
 * sluice_loopback_listen_async:
 * @self: a listener that has not listened yet
 * @ports: (array length=n_ports): registered ports, in the order they are tried; 0 = any, for tests
 * @n_ports: how many
 * @cancellable: (nullable): a cancelled one ends with the error
 * @callback: called once
 * @user_data: data for @callback
 *
 * Binds 127.0.0.1 and ::1 on the first port that both have free; one of the
 * two is enough on a computer that has no other.
 */
void
sluice_loopback_listen_async (SluiceLoopback      *self,
                              const guint16       *ports,
                              guint                n_ports,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Ports *tried;

  g_return_if_fail (SLUICE_IS_LOOPBACK (self));
  g_return_if_fail (ports != NULL && n_ports > 0);
  g_return_if_fail (self->service == NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_loopback_listen_async);

  switch (bind_ports (self, ports, n_ports))
    {
    case BIND_DONE:
      g_task_return_boolean (task, TRUE);
      break;

    case BIND_BUSY:
      tried = g_new0 (Ports, 1);
      tried->ports = g_memdup2 (ports, n_ports * sizeof *ports);
      tried->n_ports = n_ports;
      g_task_set_task_data (task, tried, (GDestroyNotify) ports_free);
      g_task_run_in_thread (task, find_owners_thread);
      break;

    case BIND_NO_FAMILY:
    default:
      g_task_return_error (task, sluice_error_new_server (SLUICE_ERROR_SIGN_IN, SLUICE_PROBLEM_NO_LOOPBACK, NULL, 0,
                                                          NULL, _("This computer has no loopback network, so the "
                                                                  "browser cannot answer.")));
      break;
    }
}

/**
 * sluice_loopback_listen_finish:
 * @self: a listener
 * @result: the result that the callback got
 * @error: return location for an error
 *
 * Returns: whether it listens; %FALSE with %SLUICE_ERROR_SIGN_IN, which names
 *   the programs that use the ports as far as they can be told
 */
gboolean
sluice_loopback_listen_finish (SluiceLoopback  *self,
                               GAsyncResult    *result,
                               GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * sluice_loopback_close:
 * @self: a listener
 *
 * Stops listening at once and for good. A page that is on its way to the
 * browser still arrives. May be called more than once, and from the function
 * that gets the answer.
 */
void
sluice_loopback_close (SluiceLoopback *self)
{
  g_return_if_fail (SLUICE_IS_LOOPBACK (self));

  self->answered = TRUE;

  if (self->service != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->service, self);
      g_socket_service_stop (self->service);
      g_socket_listener_close (G_SOCKET_LISTENER (self->service));
      g_clear_object (&self->service);
    }

  g_clear_pointer (&self->answers, close_answers);
}

/**
 * sluice_loopback_get_redirect_uri:
 * @self: a listener
 *
 * Returns: (nullable): the callback URL, exactly as it must be registered; %NULL before it listens
 */
const char *
sluice_loopback_get_redirect_uri (SluiceLoopback *self)
{
  g_return_val_if_fail (SLUICE_IS_LOOPBACK (self), NULL);

  return self->redirect_uri;
}

/**
 * sluice_loopback_get_port:
 * @self: a listener
 *
 * Returns: the port it listens on, 0 before it does
 */
guint16
sluice_loopback_get_port (SluiceLoopback *self)
{
  g_return_val_if_fail (SLUICE_IS_LOOPBACK (self), 0);

  return self->port;
}
