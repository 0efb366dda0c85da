/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "org-fixture.h"

#include "test-utils.h"

static void
visited_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  OrgFixture *self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *page = demo_browser_visit_finish (result, &error);

  g_assert_no_error (error);
  self->browsing = FALSE;
}

static void
open_uri_cb (SluiceSignIn *sign_in,
             const char   *url,
             OrgFixture   *self)
{
  self->browsing = TRUE;
  demo_browser_visit_async (url, self->username, self->decision, visited_cb, self);
}

static void
sign_in_changed_cb (OrgFixture *self)
{
  SluiceSignIn *sign_in = sluice_connection_get_sign_in (self->connection);

  if (sign_in != NULL)
    g_signal_connect (sign_in, "open-uri", G_CALLBACK (open_uri_cb), self);
}

void
org_fixture_set_up (OrgFixture    *self,
                    gconstpointer  option)
{
  self->org = demo_process_new (option, NULL);
  self->store = memory_store_new ();
  self->username = ORG_FIXTURE_ADMIN;
  self->decision = "allow";

  self->subscription = sluice_subscription_new_with_id (ORG_FIXTURE_ID);
  sluice_subscription_set_name (self->subscription, "Demo");
  sluice_subscription_set_version (self->subscription, "1.0");
  sluice_subscription_set_consumer_key (self->subscription, "demo");
  sluice_subscription_set_api_url (self->subscription, self->org->url);

  self->connection = sluice_connection_new (self->subscription, SLUICE_CREDENTIAL_STORE (self->store), NULL);
  g_signal_connect_swapped (self->connection, "notify::sign-in", G_CALLBACK (sign_in_changed_cb), self);
}

void
org_fixture_tear_down (OrgFixture    *self,
                       gconstpointer  unused)
{
  wait_for (!self->browsing);
  /* What threads gave up is let go of in the main loop. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (self->connection);
  g_assert_finalize_object (self->subscription);
  g_assert_finalize_object (self->store);
  g_clear_pointer (&self->org, demo_process_free);
}

void
org_fixture_authenticate (OrgFixture  *self,
                          GError     **error)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  sluice_connection_authenticate_async (self->connection, NULL, keep_result, &result);
  done = wait_result (&result);
  g_assert_cmpint (sluice_connection_authenticate_finish (self->connection, done, error), ==, *error == NULL);
}

void
org_fixture_sign_in (OrgFixture *self)
{
  g_autoptr(GError) error = NULL;

  org_fixture_authenticate (self, &error);
  g_assert_no_error (error);
}
