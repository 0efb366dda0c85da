/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "client-fixture.h"

#include "test-utils.h"

typedef struct
{
  GThreadFunc func;
  gpointer data;
  int done; /* atomic */
} Run;

void
client_fixture_set_up (ClientFixture *self)
{
  g_autoptr(SluiceCredentials) credentials = sluice_credentials_new ();

  self->server = mock_server_new ();
  self->clock = manual_clock_new ();
  self->store = gated_store_new ();
  self->throttle = sluice_throttle_new (SLUICE_CLOCK (self->clock));
  self->budget = sluice_budget_new (SLUICE_CLOCK (self->clock));
  sluice_throttle_set_budget (self->throttle, self->budget);
  self->calls = sluice_call_list_new (1000);
  self->client = sluice_client_new ("s1", self->throttle, SLUICE_CREDENTIAL_STORE (self->store), self->calls,
                                    SLUICE_CLOCK (self->clock));
  sluice_client_set_login_url (self->client, mock_server_get_url (self->server));
  sluice_client_set_consumer_key (self->client, "demo");
  sluice_client_set_api_version (self->client, "68.0");

  credentials->access_token = g_strdup ("access-1");
  credentials->refresh_token = g_strdup ("refresh-1");
  credentials->instance_url = g_strdup (mock_server_get_url (self->server));
  credentials->identity_url = g_strconcat (mock_server_get_url (self->server), "/id/00D/005", NULL);
  gated_store_put (self->store, credentials);
}

void
client_fixture_tear_down (ClientFixture *self)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (sluice_throttle_get_in_flight (self->throttle), ==, 0);
  g_assert_cmpuint (sluice_throttle_get_waiting (self->throttle), ==, 0);

  g_assert_finalize_object (self->client);
  g_assert_finalize_object (self->throttle);
  g_assert_finalize_object (self->budget);
  g_assert_finalize_object (self->calls);
  g_assert_finalize_object (self->store);
  g_assert_finalize_object (self->clock);
  mock_server_free (self->server);
}

void
client_fixture_queue_tokens (ClientFixture *self,
                             const char    *access_token)
{
  const char *url = mock_server_get_url (self->server);
  g_autofree char *body = g_strdup_printf ("{\"access_token\":\"%s\",\"instance_url\":\"%s\",\"id\":\"%s/id/00D/005\","
                                           "\"token_type\":\"Bearer\",\"issued_at\":\"1795437845123\"}",
                                           access_token, url, url);

  mock_server_queue_json (self->server, TOKEN_PATH, 200, body);
}

SluiceCallState
client_fixture_get_state (ClientFixture *self,
                          guint          n)
{
  g_autoptr(SluiceCall) call = g_list_model_get_item (G_LIST_MODEL (self->calls), n);

  return call != NULL ? sluice_call_get_state (call) : SLUICE_CALL_DONE;
}

void
client_fixture_assert_token (ClientFixture *self,
                             guint          i,
                             const char    *token)
{
  g_autoptr(MockRequest) request = mock_server_dup_request (self->server, i);
  g_autofree char *expected = g_strconcat ("Bearer ", token, NULL);

  g_assert_cmpstr (mock_request_get_header (request, "Authorization"), ==, expected);
}

static gpointer
run_thread (gpointer data)
{
  Run *run = data;
  gpointer result = run->func (run->data);

  g_atomic_int_set (&run->done, TRUE);
  g_main_context_wakeup (NULL);

  return result;
}

void
client_fixture_run (ClientFixture *self,
                    GThreadFunc    func,
                    gpointer       data)
{
  Run run = { .func = func, .data = data };
  GThread *thread = g_thread_new ("worker", run_thread, &run);

  while (!g_atomic_int_get (&run.done))
    {
      wait_for (g_atomic_int_get (&run.done) || client_fixture_get_state (self, 0) == SLUICE_CALL_WAITING);
      manual_clock_advance (self->clock, 10 * G_USEC_PER_SEC);
    }

  g_thread_join (thread);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}
