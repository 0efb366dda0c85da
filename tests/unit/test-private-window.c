/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-private-window.h"

#include <glib/gstdio.h>
#include <string.h>

#include "log-catcher.h"
#include "manual-clock.h"
#include "raw-browser.h"
#include "sluice-error.h"
#include "test-utils.h"

#define PATH "/OauthRedirect"
#define PARENT "handle-of-the-parent"
#define ERROR_PAGE "http://127.0.0.1:1/setup/secur/RemoteAccessErrorPage.apexp?error=OAUTH_APP_BLOCKED"

typedef struct
{
  ManualClock *clock;
  SluiceSignIn *sign_in;
  SluicePrivateWindow *window;
  GCancellable *cancellable;
  GAsyncResult *signed_in;
  GAsyncResult *result;

  gboolean ended;
  char *folder;
  char *program;
  char *redirect_uri;
  char *state;
} Fixture;

/* What no message may hold, gathered from all tests. */
static GPtrArray *secrets;

static void
open_uri_cb (SluiceSignIn *sign_in,
             const char   *url,
             Fixture      *fixture)
{
  g_autoptr(GUri) uri = g_uri_parse (url, G_URI_FLAGS_ENCODED_QUERY, NULL);
  g_autoptr(GHashTable) query = g_uri_parse_params (g_uri_get_query (uri), -1, "&", G_URI_PARAMS_WWW_FORM, NULL);

  g_set_str (&fixture->redirect_uri, g_hash_table_lookup (query, "redirect_uri"));
  g_set_str (&fixture->state, g_hash_table_lookup (query, "state"));
  g_ptr_array_add (secrets, g_strdup (fixture->state));
}

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  const char * const scopes[] = { "api", NULL };
  const guint16 any = 0;

  fixture->folder = g_dir_make_tmp ("sluice-private-window-XXXXXX", NULL);
  fixture->program = g_build_filename (fixture->folder, "program", NULL);
  fixture->clock = manual_clock_new ();
  fixture->cancellable = g_cancellable_new ();
  fixture->sign_in = g_object_new (SLUICE_TYPE_SIGN_IN,
                                   /* Nobody is there */
                                   "api-url", "http://127.0.0.1:1",
                                   "consumer-key", "3MVG9invented",
                                   "scopes", scopes,
                                   "clock", fixture->clock,
                                   "with", SLUICE_SIGN_IN_WITH_PRIVATE_WINDOW,
                                   NULL);
  sluice_sign_in_set_ports (fixture->sign_in, &any, 1);
  g_signal_connect (fixture->sign_in, "open-uri", G_CALLBACK (open_uri_cb), fixture);
  sluice_sign_in_run_async (fixture->sign_in, NULL, keep_result, &fixture->signed_in);
  wait_for (fixture->state != NULL);
}

/* Once, by the test or after it. */
static void
end_sign_in (Fixture  *fixture,
             GError  **error)
{
  g_autoptr(GAsyncResult) done = NULL;

  if (fixture->ended)
    return;

  fixture->ended = TRUE;
  done = wait_result (&fixture->signed_in);
  g_assert_null (sluice_sign_in_run_finish (fixture->sign_in, done, error));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  sluice_sign_in_cancel (fixture->sign_in);
  end_sign_in (fixture, &error);
  g_clear_object (&fixture->result);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  if (fixture->window != NULL)
    g_assert_finalize_object (fixture->window);
  g_assert_finalize_object (fixture->sign_in);
  g_assert_finalize_object (fixture->clock);
  g_object_unref (fixture->cancellable);

  g_unlink (fixture->program);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_free (fixture->program);
  g_free (fixture->redirect_uri);
  g_free (fixture->state);
}

/* What the program does, as a shell script in a folder of its own. */
static void
start (Fixture    *fixture,
       const char *script)
{
  g_autofree char *text = g_strdup_printf ("#!/bin/sh\ncd '%s'\n%s\n", fixture->folder, script);
  g_autoptr(GError) error = NULL;

  g_assert_true (g_file_set_contents_full (fixture->program, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0700, &error));
  g_assert_no_error (error);

  fixture->window = sluice_private_window_new (fixture->sign_in, fixture->program);
  sluice_private_window_run_async (fixture->window, PARENT, fixture->cancellable, keep_result, &fixture->result);
}

static gboolean
finish (Fixture  *fixture,
        GError  **error)
{
  g_autoptr(GAsyncResult) done = wait_result (&fixture->result);

  return sluice_private_window_run_finish (fixture->window, done, error);
}

static void
check_done (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (finish (fixture, &error));
  g_assert_no_error (error);
}

static void
check_waits (Fixture *fixture)
{
  g_assert_cmpint (sluice_sign_in_get_state (fixture->sign_in), ==, SLUICE_SIGN_IN_WAITING);
}

static void
check_signed_in_error (Fixture *fixture,
                       GQuark   domain,
                       int      code)
{
  g_autoptr(GError) error = NULL;

  end_sign_in (fixture, &error);
  g_assert_error (error, domain, code);
}

static gboolean
exists (Fixture    *fixture,
        const char *name)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static char *
take_file (Fixture    *fixture,
           const char *name)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_unlink (path);

  return text;
}

static void
test_input (Fixture       *fixture,
            gconstpointer  unused)
{
  g_autofree char *input = NULL;
  g_autofree char *arguments = NULL;
  g_autofree char *expected = NULL;

  expected = g_strdup_printf ("%s\n%s\n" PARENT "\n", sluice_sign_in_get_url (fixture->sign_in), fixture->redirect_uri);
  start (fixture, "echo $# >arguments; cat >input");
  sluice_sign_in_cancel (fixture->sign_in);
  check_done (fixture);

  input = take_file (fixture, "input");
  arguments = take_file (fixture, "arguments");
  g_assert_cmpstr (arguments, ==, "0\n");
  g_assert_cmpstr (input, ==, expected);
}

static void
test_error_page (Fixture       *fixture,
                 gconstpointer  unused)
{
  start (fixture, "echo 'error-page " ERROR_PAGE "'; cat >/dev/null");

  check_done (fixture);
  check_signed_in_error (fixture, SLUICE_ERROR, SLUICE_ERROR_FORBIDDEN);
}

/* The lines that tell nothing are over when the last one ends the sign-in. */
static void
test_useless_lines (Fixture       *fixture,
                    gconstpointer  unused)
{
  start (fixture,
         "echo; echo hello; echo error-page; echo 'error-page '; echo 'error-page https://example.com/?error=x'\n"
         "printf 'error-page \\377\\376\\n'; head -c 300000 /dev/zero | tr '\\0' x; echo\n"
         "echo 'error-page " ERROR_PAGE "'; cat >/dev/null");

  check_done (fixture);
  check_signed_in_error (fixture, SLUICE_ERROR, SLUICE_ERROR_FORBIDDEN);
}

static void
test_closed (Fixture       *fixture,
             gconstpointer  unused)
{
  start (fixture, "exit 0");

  check_done (fixture);
  check_signed_in_error (fixture, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_crashed (Fixture       *fixture,
              gconstpointer  script)
{
  g_autoptr(GError) error = NULL;

  start (fixture, script);

  g_assert_false (finish (fixture, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_SIGN_IN);
  g_assert_null (strstr (error->message, fixture->state));
  check_waits (fixture);
}

static void
test_missing (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  fixture->window = sluice_private_window_new (fixture->sign_in, "/nonexistent/program");
  sluice_private_window_run_async (fixture->window, NULL, NULL, keep_result, &fixture->result);

  g_assert_false (finish (fixture, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_SIGN_IN);
  check_waits (fixture);
}

static void
test_sign_in_ends (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autofree char *told = NULL;

  start (fixture, "cat >/dev/null; touch told");
  sluice_sign_in_cancel (fixture->sign_in);

  check_done (fixture);
  told = take_file (fixture, "told");
}

/* The code is there: what happens next needs no window, nor does its end cancel anything. */
static void
test_redirected (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autoptr(GUri) uri = g_uri_parse (fixture->redirect_uri, G_URI_FLAGS_NONE, NULL);
  g_autofree char *request = NULL;
  g_autofree char *answer = NULL;
  RawBrowser *browser;

  request = g_strdup_printf ("GET " PATH "?code=c&state=%s HTTP/1.1\r\nHost: localhost:%d\r\n\r\n",
                             fixture->state, g_uri_get_port (uri));
  start (fixture, "cat >/dev/null");
  browser = raw_browser_start ("127.0.0.1", (guint16) g_uri_get_port (uri), request);

  check_done (fixture);
  check_signed_in_error (fixture, SLUICE_ERROR, SLUICE_ERROR_OFFLINE);
  wait_for (raw_browser_is_done (browser));
  answer = raw_browser_finish (browser);
}

static void
test_browser_instead (Fixture       *fixture,
                      gconstpointer  unused)
{
  start (fixture, "cat >/dev/null");
  sluice_sign_in_set_with (fixture->sign_in, SLUICE_SIGN_IN_WITH_DEFAULT_BROWSER);

  check_done (fixture);
  check_waits (fixture);
}

static void
test_cancelled (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  start (fixture, "cat >/dev/null");
  g_cancellable_cancel (fixture->cancellable);

  g_assert_false (finish (fixture, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  check_waits (fixture);
}

static void
test_stubborn (Fixture       *fixture,
               gconstpointer  unused)
{
  start (fixture, "exec sleep 600");
  sluice_sign_in_cancel (fixture->sign_in);
  manual_clock_advance (fixture->clock, 4 * G_USEC_PER_SEC);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (fixture->result);
  manual_clock_advance (fixture->clock, G_USEC_PER_SEC);

  check_done (fixture);
}

static void
test_not_wanted (Fixture       *fixture,
                 gconstpointer  unused)
{
  sluice_sign_in_set_with (fixture->sign_in, SLUICE_SIGN_IN_WITH_DEFAULT_BROWSER);
  start (fixture, "touch shown");

  check_done (fixture);
  g_assert_false (exists (fixture, "shown"));
  check_waits (fixture);
}

static void
test_available (void)
{
  g_setenv ("SLUICE_SIGN_IN_WINDOW", "/nonexistent/program", TRUE);
  g_assert_false (sluice_private_window_is_available ());

  g_setenv ("SLUICE_SIGN_IN_WINDOW", "/bin/sh", TRUE);
  g_assert_cmpint (sluice_private_window_is_available (), ==, HAVE_SIGN_IN_WINDOW);

  g_unsetenv ("SLUICE_SIGN_IN_WINDOW");
}

static void
test_nothing_logged (void)
{
  for (guint i = 0; i < secrets->len; i++)
    g_assert_false (log_catcher_contains (g_ptr_array_index (secrets, i)));
}

static void
add (const char     *path,
     gconstpointer   data,
     void          (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, data, set_up, test, tear_down);
}

int
main (int   argc,
      char *argv[])
{
  int status;

  secrets = g_ptr_array_new_with_free_func (g_free);
  log_catcher_install ();
  g_test_init (&argc, &argv, NULL);

  add ("/sync/private-window/input", NULL, test_input);
  add ("/sync/private-window/error-page", NULL, test_error_page);
  add ("/sync/private-window/useless-lines", NULL, test_useless_lines);
  add ("/sync/private-window/closed", NULL, test_closed);
  add ("/sync/private-window/crashed", "kill -9 $$", test_crashed);
  add ("/sync/private-window/crashed-later", "head -n 1 >/dev/null; kill -11 $$", test_crashed);
  add ("/sync/private-window/no-display", "exit 1", test_crashed);
  add ("/sync/private-window/missing", NULL, test_missing);
  add ("/sync/private-window/sign-in-ends", NULL, test_sign_in_ends);
  add ("/sync/private-window/redirected", NULL, test_redirected);
  add ("/sync/private-window/browser-instead", NULL, test_browser_instead);
  add ("/sync/private-window/cancelled", NULL, test_cancelled);
  add ("/sync/private-window/stubborn", NULL, test_stubborn);
  add ("/sync/private-window/not-wanted", NULL, test_not_wanted);
  g_test_add_func ("/sync/private-window/available", test_available);
  g_test_add_func ("/sync/private-window/nothing-logged", test_nothing_logged);

  status = g_test_run ();
  g_ptr_array_unref (secrets);

  return status;
}
