/* SPDX-License-Identifier: GPL-3.0-or-later */

/* How fast the demo org hands out records: a million accounts of eight fields
 * over HTTP on loopback, page by page, to a client that throws them away. */

#include <libsoup/soup.h>
#include <string.h>

#include "org-rest.h"

#define DEFAULT_RECORDS "1000000"
#define BASE "/services/data/v68.0"
#define NEXT "\"nextRecordsUrl\":\""
#define QUERY \
  BASE "/query?q=SELECT+Id,Name,Type,Phone,BillingCity,AnnualRevenue,NumberOfEmployees,SystemModstamp+FROM+Account"

typedef struct
{
  OrgData *data;
  OrgRest *rest;
  SoupServer *server;
  GMainContext *context;
  GMainLoop *loop;
  char *root;
  GMutex mutex;
  GCond ready;
} Service;

static void
request_cb (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  Service *service = user_data;
  OrgRestRequest request = { "GET", path + strlen (BASE), BASE, query };
  OrgRestReply reply;
  gsize size;

  org_rest_handle (service->rest, &request, &reply);
  size = reply.body->len;
  soup_server_message_set_status (message, reply.status, NULL);
  soup_server_message_set_response (message, "application/json;charset=UTF-8", SOUP_MEMORY_TAKE,
                                    g_string_free (g_steal_pointer (&reply.body), FALSE), size);
  org_rest_reply_clear (&reply);
}

static gpointer
serve (gpointer user_data)
{
  Service *service = user_data;
  g_autoptr(GError) error = NULL;
  GSList *uris;

  g_main_context_push_thread_default (service->context);
  service->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (service->server, NULL, request_cb, service, NULL);
  if (!soup_server_listen_local (service->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error))
    g_error ("%s", error->message);

  uris = soup_server_get_uris (service->server);
  g_mutex_lock (&service->mutex);
  service->root = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_cond_signal (&service->ready);
  g_mutex_unlock (&service->mutex);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);

  g_main_loop_run (service->loop);
  g_clear_object (&service->server);
  g_main_context_pop_thread_default (service->context);

  return NULL;
}

static char *
find_next (GBytes *body)
{
  gsize size;
  const char *text = g_bytes_get_data (body, &size);
  const char *next = g_strstr_len (text, (gssize) MIN (size, 300), NEXT);

  if (next == NULL)
    return NULL;
  next += strlen (NEXT);

  return g_strndup (next, strcspn (next, "\""));
}

static guint
count_records (GBytes *body)
{
  gsize size;
  const char *text = g_bytes_get_data (body, &size);
  const char *end = text + size;
  guint n = 0;

  while ((text = memmem (text, (gsize) (end - text), "{\"attributes\"", 13)) != NULL)
    {
      n++;
      text += 13;
    }

  return n;
}

static guint64
read_pages (const char *root,
            guint64    *n_bytes)
{
  g_autoptr(SoupSession) session = soup_session_new ();
  g_autofree char *next = g_strdup (QUERY);
  guint64 n_records = 0;

  while (next != NULL)
    {
      g_autofree char *url = g_strconcat (root, next, NULL);
      g_autoptr(SoupMessage) message = soup_message_new (SOUP_METHOD_GET, url);
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) body = soup_session_send_and_read (session, message, NULL, &error);

      if (body == NULL || soup_message_get_status (message) != SOUP_STATUS_OK)
        g_error ("%s: %s", url, error != NULL ? error->message : soup_message_get_reason_phrase (message));

      *n_bytes += g_bytes_get_size (body);
      n_records += count_records (body);
      g_free (next);
      next = find_next (body);
    }

  return n_records;
}

int
main (int   argc,
      char *argv[])
{
  const char *source = argc > 1 ? argv[1] : DEFAULT_RECORDS;
  Service service = { 0 };
  g_autoptr(GError) error = NULL;
  GThread *thread;
  gint64 start = g_get_monotonic_time ();
  gint64 made;
  gint64 end;
  guint64 n_bytes = 0;
  guint64 n_records;

  service.data = org_data_new (source, ORG_KIND_PRODUCTION, &error);
  if (service.data == NULL)
    g_error ("%s", error->message);

  made = g_get_monotonic_time ();
  service.rest = org_rest_new (service.data);
  service.context = g_main_context_new ();
  service.loop = g_main_loop_new (service.context, FALSE);
  thread = g_thread_new ("org", serve, &service);

  g_mutex_lock (&service.mutex);
  while (service.root == NULL)
    g_cond_wait (&service.ready, &service.mutex);
  g_mutex_unlock (&service.mutex);

  n_records = read_pages (service.root, &n_bytes);
  end = g_get_monotonic_time ();

  g_print ("start-up %.0f ms\n", (double) (made - start) / 1000);
  g_print ("%" G_GUINT64_FORMAT " records, %.1f MB in %.2f s: %.0f rows/s, %.1f MB/s\n", n_records,
           (double) n_bytes / 1e6, (double) (end - made) / G_USEC_PER_SEC,
           (double) n_records * G_USEC_PER_SEC / (double) (end - made), (double) n_bytes / (double) (end - made));

  g_main_loop_quit (service.loop);
  g_thread_join (thread);
  org_rest_free (service.rest);
  org_data_free (service.data);
  g_main_loop_unref (service.loop);
  g_main_context_unref (service.context);
  g_free (service.root);

  return n_records == g_ascii_strtoull (source, NULL, 10) ? 0 : 1;
}
