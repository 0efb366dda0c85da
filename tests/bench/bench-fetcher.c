/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bench-fetcher: what reading in a thread of its own costs
 *
 * Reads answers with a fetcher, with libsoup alone and with curl, all from the same server: large ones, plain and
 * compressed, for the speed of the body, small ones for what each call costs beside the network. A call may cost 0.3 ms
 * more than libsoup's own, and a plain body may take 1.2 times as long; ends with 1 when that is not so.
 */

#include "config.h"

#include <libsoup/soup.h>
#include <locale.h>
#include <string.h>

#include "gated-store.h"
#include "sluice-fetcher.h"

#define READ_SIZE (256 * 1024)
#define LARGE (64 * 1024 * 1024)
#define SMALL 100
#define N_LARGE 8
#define N_SMALL 2000
#define N_ROUNDS 3
#define MAX_OVERHEAD 300.0
#define MAX_RATIO 1.2

/* Answers as fast as a socket takes them. */
typedef struct
{
  GSocketListener *listener;
  char *url;
  GBytes *large;
  GBytes *packed;
} Server;

typedef struct
{
  SluiceFetcher *fetcher;  /* (nullable): libsoup alone */
  const char *url;
  const char *path;
  guint n;
  gint64 took;             /* µs */
  int done;                /* atomic */
} Work;

/* As a page of results is. */
static GBytes *
new_rows (void)
{
  GString *text = g_string_sized_new (LARGE);
  GRand *random = g_rand_new_with_seed (1);

  while (text->len < LARGE)
    g_string_append_printf (text, "\"001%015u\",\"Company %u\",\"Manufacturing\",\"+49 30 %u\",\"Berlin\",\"%u.0\"\n",
                            (guint) text->len, g_rand_int (random) % 100000, g_rand_int (random),
                            g_rand_int (random) % 1000000);
  g_rand_free (random);

  return g_string_free_to_bytes (text);
}

static GBytes *
pack (GBytes *plain)
{
  g_autoptr(GConverter) gzip = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6));
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr(GOutputStream) stream = g_converter_output_stream_new (memory, gzip);

  g_output_stream_write_all (stream, g_bytes_get_data (plain, NULL), g_bytes_get_size (plain), NULL, NULL, NULL);
  g_output_stream_close (stream, NULL, NULL);

  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

static GBytes *
find_answer (Server     *server,
             const char *request)
{
  if (g_str_has_prefix (request, "GET /services/data/large "))
    return g_bytes_ref (server->large);

  if (g_str_has_prefix (request, "GET /services/data/packed "))
    return g_bytes_ref (server->packed);

  return g_bytes_new_from_bytes (server->large, 0, SMALL);
}

static void
answer (Server        *server,
        GOutputStream *output,
        const char    *request)
{
  g_autoptr(GBytes) body = find_answer (server, request);
  gboolean packed = g_bytes_get_size (body) != SMALL && body != server->large;
  g_autofree char *head = g_strdup_printf ("HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n%sContent-Length: %zu\r\n\r\n",
                                           packed ? "Content-Encoding: gzip\r\n" : "", g_bytes_get_size (body));
  GOutputVector vectors[] = {
    { head, strlen (head) },
    { g_bytes_get_data (body, NULL), g_bytes_get_size (body) },
  };

  g_output_stream_writev_all (output, vectors, G_N_ELEMENTS (vectors), NULL, NULL, NULL);
}

static gpointer
connection_thread (gpointer data)
{
  g_autoptr(GSocketConnection) connection = data;
  Server *server = g_object_get_data (G_OBJECT (connection), "server");
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  char request[4096];
  gsize length = 0;
  gssize n;

  while ((n = g_input_stream_read (input, request + length, sizeof request - 1 - length, NULL, NULL)) > 0)
    {
      length += (gsize) n;
      request[length] = '\0';
      if (g_str_has_suffix (request, "\r\n\r\n"))
        {
          answer (server, output, request);
          length = 0;
        }
    }

  return NULL;
}

static gpointer
server_thread (gpointer data)
{
  Server *server = data;
  GSocketConnection *connection;

  while ((connection = g_socket_listener_accept (server->listener, NULL, NULL, NULL)) != NULL)
    {
      g_socket_set_option (g_socket_connection_get_socket (connection), 6, 1, 1, NULL);
      g_object_set_data (G_OBJECT (connection), "server", server);
      g_thread_unref (g_thread_new ("connection", connection_thread, connection));
    }

  return NULL;
}

static Server *
server_new (void)
{
  Server *server = g_new0 (Server, 1);
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr(GSocketAddress) address = NULL;

  server->large = new_rows ();
  server->packed = pack (server->large);
  server->listener = g_socket_listener_new ();
  g_socket_listener_add_address (server->listener, any, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &address, NULL);
  server->url = g_strdup_printf ("http://127.0.0.1:%u", g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address)));
  g_thread_unref (g_thread_new ("server", server_thread, server));

  return server;
}

static void
read_all (GInputStream *stream)
{
  static __thread char buffer[READ_SIZE];
  gssize n;

  while ((n = g_input_stream_read (stream, buffer, sizeof buffer, NULL, NULL)) > 0)
    ;
  g_assert_cmpint (n, ==, 0);
  g_input_stream_close (stream, NULL, NULL);
}

static GInputStream *
open_stream (const Work  *work,
             SoupSession *session)
{
  SluiceRequest request = { .method = "GET", .path = work->path };
  g_autofree char *url = g_strconcat (work->url, work->path, NULL);
  g_autoptr(SoupMessage) message = NULL;

  if (work->fetcher != NULL)
    return sluice_fetcher_open (work->fetcher, &request, NULL, NULL, NULL);

  message = soup_message_new ("GET", url);

  return soup_session_send (session, message, NULL, NULL);
}

static gpointer
work_thread (gpointer data)
{
  Work *work = data;
  g_autoptr(GMainContext) context = g_main_context_new ();
  g_autoptr(SoupSession) session = NULL;
  gint64 start;

  g_main_context_push_thread_default (context);
  session = soup_session_new ();
  start = g_get_monotonic_time ();

  for (guint i = 0; i < work->n; i++)
    {
      g_autoptr(GInputStream) stream = open_stream (work, session);

      g_assert_nonnull (stream);
      read_all (stream);
    }

  work->took = g_get_monotonic_time () - start;
  g_clear_object (&session);
  g_main_context_pop_thread_default (context);
  g_atomic_int_set (&work->done, TRUE);
  g_main_context_wakeup (NULL);

  return NULL;
}

static double
run_work (Work *work)
{
  GThread *thread = g_thread_new ("work", work_thread, work);

  while (!g_atomic_int_get (&work->done))
    g_main_context_iteration (NULL, TRUE);
  g_thread_join (thread);

  return (double) work->took / work->n;
}

static double
run_curl (const Work *work)
{
  g_autofree char *url = g_strconcat (work->url, work->path, NULL);
  g_autoptr(GPtrArray) words = g_ptr_array_new ();
  g_autoptr(GSubprocess) process = NULL;
  gint64 start = g_get_monotonic_time ();

  g_ptr_array_add (words, (char *) "curl");
  g_ptr_array_add (words, (char *) "--silent");
  g_ptr_array_add (words, (char *) "--compressed");
  for (guint i = 0; i < work->n; i++)
    {
      g_ptr_array_add (words, (char *) "--output");
      g_ptr_array_add (words, (char *) "/dev/null");
      g_ptr_array_add (words, url);
    }
  g_ptr_array_add (words, NULL);

  process = g_subprocess_newv ((const char * const *) words->pdata, G_SUBPROCESS_FLAGS_NONE, NULL);
  if (process == NULL || !g_subprocess_wait_check (process, NULL, NULL))
    return 0;

  return (double) (g_get_monotonic_time () - start) / work->n;
}

/* The best of some rounds, in µs for one answer. */
static double
measure (SluiceClient *client, /* (nullable): libsoup alone */
         const Server *server,
         const char   *path,
         guint         n,
         gboolean      curl)
{
  double best = G_MAXDOUBLE;

  for (guint i = 0; i < N_ROUNDS; i++)
    {
      g_autoptr(SluiceFetcher) fetcher = client != NULL ? sluice_client_new_fetcher (client, SLUICE_PRIORITY_BACKGROUND)
                                                        : NULL;
      Work work = { .fetcher = fetcher, .url = server->url, .path = path, .n = n };
      double took = curl ? run_curl (&work) : run_work (&work);

      best = MIN (best, took);
    }

  return best;
}

static SluiceClient *
new_client (const Server *server)
{
  SluiceClock *clock = sluice_clock_get_system ();
  g_autoptr(SluiceThrottle) throttle = sluice_throttle_new (clock);
  g_autoptr(GatedStore) store = gated_store_new ();
  g_autoptr(SluiceCallList) calls = sluice_call_list_new (1000);
  g_autoptr(SluiceCredentials) credentials = sluice_credentials_new ();
  SluiceClient *client = sluice_client_new ("s1", throttle, SLUICE_CREDENTIAL_STORE (store), calls, clock);

  credentials->access_token = g_strdup ("access");
  credentials->instance_url = g_strdup (server->url);
  gated_store_put (store, credentials);

  return client;
}

int
main (void)
{
  Server *server = server_new ();
  SluiceClient *client = new_client (server);
  double small, small_soup;
  double large, large_soup, large_curl;
  double packed, packed_soup, packed_curl;

  setlocale (LC_ALL, "C.UTF-8");
  small = measure (client, server, "/services/data/small", N_SMALL, FALSE);
  small_soup = measure (NULL, server, "/services/data/small", N_SMALL, FALSE);
  large = measure (client, server, "/services/data/large", N_LARGE, FALSE);
  large_soup = measure (NULL, server, "/services/data/large", N_LARGE, FALSE);
  large_curl = measure (NULL, server, "/services/data/large", N_LARGE, TRUE);
  packed = measure (client, server, "/services/data/packed", N_LARGE, FALSE);
  packed_soup = measure (NULL, server, "/services/data/packed", N_LARGE, FALSE);
  packed_curl = measure (NULL, server, "/services/data/packed", N_LARGE, TRUE);

  g_print ("a call: %.0f µs, libsoup %.0f µs\n", small, small_soup);
  g_print ("64 MB: %.1f ms, libsoup %.1f ms, curl %.1f ms\n", large / 1000, large_soup / 1000, large_curl / 1000);
  g_print ("64 MB compressed: %.1f ms, libsoup %.1f ms, curl %.1f ms\n", packed / 1000, packed_soup / 1000,
           packed_curl / 1000);

  g_object_unref (client);

  return small - small_soup <= MAX_OVERHEAD && large <= large_soup * MAX_RATIO ? 0 : 1;
}
