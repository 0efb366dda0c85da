/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>

#include "sluice-demo-org.h"
#include "sluice-error.h"

#include "test-utils.h"

typedef struct
{
  char *folder;
  char *program;
  char *state_file;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = g_dir_make_tmp ("sluice-demo-org-XXXXXX", NULL);
  fixture->program = g_build_filename (fixture->folder, "program", NULL);
  fixture->state_file = g_build_filename (fixture->folder, "data", "state", NULL);
}

static void
remove_file (Fixture    *fixture,
             const char *name)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

  g_remove (path);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  remove_file (fixture, "data/state");
  remove_file (fixture, "data");
  remove_file (fixture, "program");
  remove_file (fixture, "started");
  remove_file (fixture, "ended");
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->program);
  g_free (fixture->state_file);
}

/* A program that runs @script in the folder of the test. */
static SluiceDemoOrg *
create_org (Fixture    *fixture,
            const char *script)
{
  g_autofree char *text = g_strdup_printf ("#!/bin/sh\ncd '%s'\n%s\n", fixture->folder, script);
  g_autoptr(GError) error = NULL;

  g_file_set_contents (fixture->program, text, -1, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_chmod (fixture->program, 0700), ==, 0);

  return sluice_demo_org_new (fixture->program, fixture->state_file);
}

static char *
start (SluiceDemoOrg  *org,
       const char     *address,
       GError        **error)
{
  GAsyncResult *place = NULL;
  g_autoptr(GAsyncResult) result = NULL;

  sluice_demo_org_start_async (org, address, NULL, keep_result, &place);
  result = wait_result (&place);

  return sluice_demo_org_start_finish (org, result, error);
}

static gboolean
has_file (Fixture    *fixture,
          const char *name)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
test_tells_its_address (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autoptr(SluiceDemoOrg) org = create_org (fixture, "echo Listening at http://localhost:4711/; cat");
  g_autofree char *address = NULL;
  g_autoptr(GError) error = NULL;

  address = start (org, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (address, ==, "http://localhost:4711");
}

static void
test_starts_once (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(SluiceDemoOrg) org = create_org (fixture, "[ -e started ] && exit 1\n"
                                                         "touch started\n"
                                                         "echo http://localhost:4711; cat");
  g_autoptr(GAsyncResult) first = NULL;
  g_autoptr(GAsyncResult) second = NULL;
  g_autofree char *first_address = NULL;
  g_autofree char *second_address = NULL;
  g_autofree char *third_address = NULL;

  sluice_demo_org_start_async (org, NULL, NULL, keep_result, &first);
  sluice_demo_org_start_async (org, NULL, NULL, keep_result, &second);
  wait_for (first != NULL && second != NULL);
  first_address = sluice_demo_org_start_finish (org, first, NULL);
  second_address = sluice_demo_org_start_finish (org, second, NULL);
  third_address = start (org, NULL, NULL);

  g_assert_cmpstr (first_address, ==, "http://localhost:4711");
  g_assert_cmpstr (second_address, ==, first_address);
  g_assert_cmpstr (third_address, ==, first_address);
}

static gboolean
wake_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static void
test_ends_with_us (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(SluiceDemoOrg) org = create_org (fixture, "echo http://localhost:4711; cat; touch ended");
  g_autofree char *address = start (org, NULL, NULL);
  guint waker;

  g_assert_cmpstr (address, ==, "http://localhost:4711");
  g_clear_object (&org);

  /* Nothing tells the main loop of a file. */
  waker = g_timeout_add (10, wake_cb, NULL);
  wait_for (has_file (fixture, "ended"));
  g_source_remove (waker);
}

static void
test_is_not_installed (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr(SluiceDemoOrg) org = sluice_demo_org_new (fixture->program, fixture->state_file);
  g_autofree char *address = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_false (sluice_demo_org_is_available (org));

  address = start (org, NULL, &error);
  g_assert_null (address);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_OFFLINE);
}

static void
test_ends_at_once (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(SluiceDemoOrg) org = create_org (fixture, "exit 1");
  g_autofree char *address = NULL;
  g_autoptr(GError) error = NULL;

  address = start (org, NULL, &error);
  g_assert_null (address);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_OFFLINE);
}

static void
test_tells_no_address (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr(SluiceDemoOrg) org = create_org (fixture, "echo http://elsewhere.example:80; cat");
  g_autofree char *address = NULL;
  g_autoptr(GError) error = NULL;

  address = start (org, NULL, &error);
  g_assert_null (address);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_OFFLINE);
}

static void
test_leaves_a_running_one_alone (Fixture       *fixture,
                                 gconstpointer  data)
{
  g_autoptr(SluiceDemoOrg) org = create_org (fixture, "touch started; exit 1");
  g_autoptr(GSocketService) service = g_socket_service_new ();
  g_autofree char *wanted = NULL;
  g_autofree char *address = NULL;
  g_autoptr(GError) error = NULL;
  guint16 port;

  port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, &error);
  g_assert_no_error (error);
  wanted = g_strdup_printf ("http://localhost:%u", port);

  address = start (org, wanted, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (address, ==, wanted);
  g_assert_false (has_file (fixture, "started"));
}

static void
test_subscription (void)
{
  g_autoptr(SluiceSubscription) demo = sluice_demo_org_new_subscription ("http://localhost:4711");
  g_autoptr(SluiceSubscription) real = sluice_subscription_new ();

  sluice_subscription_set_api_url (real, "https://login.salesforce.com");
  sluice_subscription_set_consumer_key (real, "demo");

  g_assert_cmpstr (sluice_subscription_get_name (demo), !=, "");
  g_assert_cmpuint (sluice_subscription_get_throttle_settings (demo)->limit, >, 0);
  g_assert_true (sluice_demo_org_is_for (demo));
  g_assert_false (sluice_demo_org_is_for (real));
}

#if HAVE_DEMO_ORG
static void
test_real_one (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(SluiceDemoOrg) org = sluice_demo_org_new (NULL, fixture->state_file);
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GSocketConnection) connection = NULL;
  g_autofree char *address = NULL;
  g_autoptr(GError) error = NULL;

  address = start (org, NULL, &error);
  g_assert_no_error (error);

  connection = g_socket_client_connect_to_uri (client, address, 80, NULL, &error);
  g_assert_no_error (error);
}
#endif

#define add(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("/sync/demo-org/tells-its-address", test_tells_its_address);
  add ("/sync/demo-org/starts-once", test_starts_once);
  add ("/sync/demo-org/ends-with-us", test_ends_with_us);
  add ("/sync/demo-org/is-not-installed", test_is_not_installed);
  add ("/sync/demo-org/ends-at-once", test_ends_at_once);
  add ("/sync/demo-org/tells-no-address", test_tells_no_address);
  add ("/sync/demo-org/leaves-a-running-one-alone", test_leaves_a_running_one_alone);
  g_test_add_func ("/sync/demo-org/subscription", test_subscription);
#if HAVE_DEMO_ORG
  add ("/sync/demo-org/real-one", test_real_one);
#endif

  return g_test_run ();
}
