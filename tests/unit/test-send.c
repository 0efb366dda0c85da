/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "mock-server.h"
#include "sluice-send.h"
#include "sluice-session.h"
#include "test-utils.h"

#define N_ROUNDS 60

static void
sent_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GInputStream) stream = sluice_send_finish (result, &error);
  guint *n_waiting = user_data;

  if (stream == NULL)
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  (*n_waiting)--;
}

/* Two requests on a session that already has a connection, cancelled after so many turns of the main loop. */
static void
cancel_after (MockServer *server,
              guint       n_turns)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  SoupSession *session = sluice_session_new (4);
  g_autofree char *url = g_strconcat (mock_server_get_url (server), "/", NULL);
  guint n_waiting = 1;

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(SoupMessage) message = sluice_session_new_message ("GET", url, NULL);

      mock_server_queue_json (server, "/", 200, "[]");
      sluice_send_async (session, message, i > 0 ? cancellable : NULL, sent_cb, &n_waiting);
      if (i == 0)
        wait_for (n_waiting == 0);
      else
        n_waiting++;
    }

  for (guint i = 0; i < n_turns; i++)
    g_main_context_iteration (NULL, FALSE);

  g_cancellable_cancel (cancellable);
  wait_for (n_waiting == 0);

  /* A request that was cancelled holds it until it ends by itself. */
  g_object_add_weak_pointer (G_OBJECT (session), (gpointer *) &session);
  g_object_unref (session);
  wait_for (session == NULL);
}

static void
test_cancel_any_time (void)
{
  MockServer *server = mock_server_new ();

  for (guint i = 0; i < N_ROUNDS; i++)
    cancel_after (server, i);

  mock_server_free (server);
}

static void
test_cancelled_before (void)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(SoupSession) session = sluice_session_new (4);
  g_autoptr(SoupMessage) message = sluice_session_new_message ("GET", "http://127.0.0.1:9/", NULL);
  guint n_waiting = 1;

  g_cancellable_cancel (cancellable);
  sluice_send_async (session, message, cancellable, sent_cb, &n_waiting);
  wait_for (n_waiting == 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/net/send/cancel-any-time", test_cancel_any_time);
  g_test_add_func ("/net/send/cancelled-before", test_cancelled_before);

  return g_test_run ();
}
