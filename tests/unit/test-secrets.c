/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <libsecret/secret.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "sluice-error.h"
#include "sluice-secrets.h"
#include "test-utils.h"

#define DAEMON "gnome-keyring-daemon"

static const SecretSchema schema = {
  "io.github.sluice.Sluice.Subscription",
  SECRET_SCHEMA_NONE,
  { { "subscription", SECRET_SCHEMA_ATTRIBUTE_STRING }, { NULL, 0 } },
};

/* One private bus for all: libsecret keeps connections, so the bus cannot be another one for each. */
static GTestDBus *test_bus;

/* A private home, and a real keyring daemon on the private bus. */
typedef struct
{
  char *home;
  GSubprocess *daemon; /* (nullable) */
  SluiceCredentialStore *store;
} Fixture;

static gboolean
is_service_there (void)
{
  g_autoptr(GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr(GVariant) reply = NULL;
  gboolean owned = FALSE;

  reply = g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                       "NameHasOwner", g_variant_new ("(s)", "org.freedesktop.secrets"),
                                       G_VARIANT_TYPE ("(b)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
  g_variant_get (reply, "(b)", &owned);

  return owned;
}

static gboolean
tick_cb (gpointer unused)
{
  return G_SOURCE_CONTINUE;
}

static void
wait_service (gboolean there)
{
  guint tick = g_timeout_add (20, tick_cb, NULL);

  wait_for (is_service_there () == there);
  g_source_remove (tick);
}

static void
start_daemon (Fixture    *fixture,
              const char *password)
{
  g_autoptr(GSubprocessLauncher) launcher = NULL;
  g_autoptr(GError) error = NULL;
  const char *unlock = password != NULL ? "--unlock" : NULL;
  g_autofree char *data = g_build_filename (fixture->home, "data", NULL);

  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE |
                                        G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_subprocess_launcher_setenv (launcher, "HOME", fixture->home, TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_DATA_HOME", data, TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_RUNTIME_DIR", fixture->home, TRUE);
  g_subprocess_launcher_setenv (launcher, "DBUS_SESSION_BUS_ADDRESS",
                                g_test_dbus_get_bus_address (test_bus), TRUE);
  g_subprocess_launcher_unsetenv (launcher, "G_DEBUG");
  fixture->daemon = g_subprocess_launcher_spawn (launcher, &error, DAEMON, "--foreground",
                                                 "--components=secrets", unlock, NULL);
  g_assert_no_error (error);

  if (password != NULL)
    {
      GOutputStream *input = g_subprocess_get_stdin_pipe (fixture->daemon);

      g_assert_true (g_output_stream_write_all (input, password, strlen (password), NULL, NULL, &error));
      g_assert_true (g_output_stream_close (input, NULL, &error));
    }

  wait_service (TRUE);
}

static void
kill_daemon (Fixture *fixture)
{
  if (fixture->daemon == NULL)
    return;

  g_subprocess_force_exit (fixture->daemon);
  g_subprocess_wait (fixture->daemon, NULL, NULL);
  g_clear_object (&fixture->daemon);
  wait_service (FALSE);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  password)
{
  g_autoptr(GError) error = NULL;

  g_unsetenv ("SECRET_BACKEND");
  g_unsetenv ("DISPLAY");
  g_unsetenv ("WAYLAND_DISPLAY");
  fixture->home = g_dir_make_tmp ("keyring-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->store = SLUICE_CREDENTIAL_STORE (sluice_secrets_new ());
  if (password != NULL)
    start_daemon (fixture, password);
}

static void
remove_tree (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        remove_tree (child);
      else
        g_unlink (child);
    }

  g_rmdir (path);
}

/* A worker may be the last to let go, a moment after its result arrived. */
static void
wait_finalized (gpointer object)
{
  guint tick = g_timeout_add (5, tick_cb, NULL);
  GWeakRef weak;
  gpointer alive;

  g_weak_ref_init (&weak, object);
  g_object_unref (object);
  while ((alive = g_weak_ref_get (&weak)) != NULL)
    {
      g_object_unref (alive);
      g_main_context_iteration (NULL, TRUE);
    }
  g_weak_ref_clear (&weak);
  g_source_remove (tick);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  kill_daemon (fixture);
  wait_finalized (fixture->store);
  secret_service_disconnect ();
  remove_tree (fixture->home);
  g_free (fixture->home);
}

static SluiceCredentials *
load (Fixture     *fixture,
      const char  *id,
      GError     **error)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  sluice_credential_store_load_async (fixture->store, id, NULL, keep_result, &result);
  done = wait_result (&result);

  return sluice_credential_store_load_finish (fixture->store, done, error);
}

static gboolean
save (Fixture                 *fixture,
      const char              *id,
      const SluiceCredentials *credentials,
      GError                 **error)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  sluice_credential_store_save_async (fixture->store, id, "Sluice: North Pier", credentials, NULL, keep_result, &result);
  done = wait_result (&result);

  return sluice_credential_store_save_finish (fixture->store, done, error);
}

static gboolean
clear (Fixture     *fixture,
       const char  *id,
       GError     **error)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  sluice_credential_store_clear_async (fixture->store, id, NULL, keep_result, &result);
  done = wait_result (&result);

  return sluice_credential_store_clear_finish (fixture->store, done, error);
}

static gboolean
check (Fixture  *fixture,
       GError  **error)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  sluice_secrets_check_async (SLUICE_SECRETS (fixture->store), NULL, keep_result, &result);
  done = wait_result (&result);

  return sluice_secrets_check_finish (SLUICE_SECRETS (fixture->store), done, error);
}

static gboolean
unlock (Fixture  *fixture,
        GError  **error)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  sluice_secrets_unlock_async (SLUICE_SECRETS (fixture->store), NULL, keep_result, &result);
  done = wait_result (&result);

  return sluice_secrets_unlock_finish (SLUICE_SECRETS (fixture->store), done, error);
}

static SluiceCredentials *
make_credentials (void)
{
  SluiceCredentials *credentials = sluice_credentials_new ();

  credentials->access_token = g_strdup ("00D5e000000ABCD!AQ.invented");
  credentials->refresh_token = g_strdup ("5Aep861 \"quoted\"\nand a line");
  credentials->login_url = g_strdup ("https://login.salesforce.com");
  credentials->instance_url = g_strdup ("https://northpier.my.salesforce.com");
  credentials->scope = g_strdup ("api refresh_token");
  credentials->issued_at = 1795437845123;

  return credentials;
}

static void
test_round_trip (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autoptr(SluiceCredentials) credentials = make_credentials ();
  g_autoptr(SluiceCredentials) read = NULL;
  g_autoptr(SluiceCredentials) gone = NULL;
  g_autoptr(GError) error = NULL;
  char *text;

  g_assert_null (load (fixture, "a", &error));
  g_assert_no_error (error);
  g_assert_true (check (fixture, &error));

  save (fixture, "a", credentials, &error);
  g_assert_no_error (error);
  read = load (fixture, "a", &error);
  g_assert_no_error (error);
  g_assert_true (sluice_credentials_equal (read, credentials));

  text = secret_password_lookup_sync (&schema, NULL, &error, "subscription", "a", NULL);
  g_assert_no_error (error);
  g_assert_null (strchr (text, '\n'));
  secret_password_free (text);

  g_assert_true (clear (fixture, "a", &error));
  gone = load (fixture, "a", &error);
  g_assert_no_error (error);
  g_assert_null (gone);
  g_assert_true (clear (fixture, "a", &error));
}

static void
test_saves_nothing_as_none (Fixture       *fixture,
                            gconstpointer  unused)
{
  g_autoptr(SluiceCredentials) credentials = make_credentials ();
  g_autoptr(SluiceCredentials) empty = sluice_credentials_new ();
  g_autoptr(GError) error = NULL;

  g_assert_true (save (fixture, "a", credentials, &error));
  g_assert_true (save (fixture, "a", empty, &error));
  g_assert_null (load (fixture, "a", &error));
  g_assert_no_error (error);
}

static void
lock_default (void)
{
  g_autoptr(SecretService) service = NULL;
  g_autoptr(SecretCollection) collection = NULL;
  g_autoptr(GError) error = NULL;
  GList objects = { NULL, };

  service = secret_service_open_sync (SECRET_TYPE_SERVICE, NULL, SECRET_SERVICE_NONE, NULL, &error);
  g_assert_no_error (error);
  collection = secret_collection_for_alias_sync (service, "default", SECRET_COLLECTION_NONE, NULL, &error);
  g_assert_no_error (error);
  objects.data = collection;
  g_assert_cmpint (secret_service_lock_sync (service, &objects, NULL, NULL, &error), ==, 1);
}

static void
test_locked (Fixture       *fixture,
             gconstpointer  unused)
{
  g_autoptr(SluiceCredentials) credentials = make_credentials ();
  g_autoptr(GError) error = NULL;

  g_assert_true (save (fixture, "a", credentials, &error));
  lock_default ();

  g_assert_null (load (fixture, "a", &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_LOCKED);
  g_clear_error (&error);
  g_assert_null (load (fixture, "never stored", &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_LOCKED);
  g_clear_error (&error);
  g_assert_false (check (fixture, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_LOCKED);
  g_clear_error (&error);
  g_assert_false (save (fixture, "a", credentials, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_LOCKED);
  g_clear_error (&error);
  g_assert_false (clear (fixture, "a", &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_LOCKED);
  g_clear_error (&error);
  g_assert_false (unlock (fixture, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_LOCKED);
}

/* Stands in for the desktop's password dialog, and closes it without an answer. */
static const char prompter_xml[] =
  "<node><interface name='org.gnome.keyring.internal.Prompter'>"
  "<method name='BeginPrompting'><arg type='o' direction='in'/></method>"
  "<method name='PerformPrompt'><arg type='o' direction='in'/><arg type='s' direction='in'/>"
  "<arg type='a{sv}' direction='in'/><arg type='s' direction='in'/></method>"
  "<method name='StopPrompting'><arg type='o' direction='in'/></method>"
  "</interface></node>";

static void
prompter_called_cb (GDBusConnection       *bus,
                    const char            *sender,
                    const char            *object_path,
                    const char            *interface_name,
                    const char            *method_name,
                    GVariant              *parameters,
                    GDBusMethodInvocation *invocation,
                    gpointer               user_data)
{
  guint *n_prompts = user_data;
  g_autofree char *callback = NULL;
  g_autofree char *client = g_strdup (sender);

  g_variant_get_child (parameters, 0, "o", &callback);
  g_dbus_method_invocation_return_value (invocation, NULL);

  if (strcmp (method_name, "BeginPrompting") == 0)
    {
      (*n_prompts)++;
      g_dbus_connection_call (bus, client, callback, "org.gnome.keyring.internal.Prompter.Callback", "PromptDone",
                              NULL, NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL, NULL);
    }
}

static void
test_dismissed (Fixture       *fixture,
                gconstpointer  unused)
{
  static const GDBusInterfaceVTable vtable = { .method_call = prompter_called_cb };
  g_autoptr(GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (prompter_xml, NULL);
  g_autoptr(GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr(SluiceCredentials) credentials = make_credentials ();
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GError) error = NULL;
  guint n_prompts = 0;
  guint registration;

  g_assert_true (save (fixture, "a", credentials, &error));
  lock_default ();

  registration = g_dbus_connection_register_object (bus, "/org/gnome/keyring/Prompter", node->interfaces[0], &vtable,
                                                    &n_prompts, NULL, &error);
  g_assert_no_error (error);
  reply = g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                       "RequestName", g_variant_new ("(su)", "org.gnome.keyring.SystemPrompter", 4),
                                       NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);

  g_assert_null (load (fixture, "a", &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_LOCKED);
  g_assert_cmpuint (n_prompts, ==, 0);
  g_clear_error (&error);

  g_assert_false (unlock (fixture, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_DISMISSED);
  g_assert_cmpuint (n_prompts, ==, 1);
  g_clear_error (&error);

  g_assert_false (save (fixture, "a", credentials, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_DISMISSED);
  g_assert_cmpuint (n_prompts, ==, 2);

  g_clear_pointer (&reply, g_variant_unref);
  reply = g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                       "ReleaseName", g_variant_new ("(s)", "org.gnome.keyring.SystemPrompter"),
                                       NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
  g_dbus_connection_unregister_object (bus, registration);
}

static void
test_no_service (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autoptr(SluiceCredentials) credentials = make_credentials ();
  g_autoptr(GError) error = NULL;

  g_assert_null (load (fixture, "a", &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_UNAVAILABLE);
  g_clear_error (&error);
  g_assert_false (save (fixture, "a", credentials, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_UNAVAILABLE);
  g_clear_error (&error);
  g_assert_false (check (fixture, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_UNAVAILABLE);
}

static void
test_session_only (Fixture       *fixture,
                   gconstpointer  unused)
{
  g_autoptr(SluiceCredentials) credentials = make_credentials ();
  g_autoptr(SluiceCredentials) read = NULL;
  g_autoptr(GError) error = NULL;

  sluice_secrets_set_session_only (SLUICE_SECRETS (fixture->store), "a", TRUE);
  g_assert_true (sluice_secrets_get_session_only (SLUICE_SECRETS (fixture->store), "a"));
  g_assert_true (save (fixture, "a", credentials, &error));
  read = load (fixture, "a", &error);
  g_assert_no_error (error);
  g_assert_true (sluice_credentials_equal (read, credentials));

  g_assert_true (clear (fixture, "a", &error));
  g_assert_null (load (fixture, "a", &error));
  g_assert_no_error (error);

  sluice_secrets_set_session_only (SLUICE_SECRETS (fixture->store), "a", FALSE);
  g_assert_null (load (fixture, "a", &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_UNAVAILABLE);
}

static void
test_restarted (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autoptr(SluiceCredentials) credentials = make_credentials ();
  g_autoptr(SluiceCredentials) read = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (save (fixture, "a", credentials, &error));
  kill_daemon (fixture);
  g_assert_null (load (fixture, "a", &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_UNAVAILABLE);
  g_clear_error (&error);

  start_daemon (fixture, NULL);
  g_assert_null (load (fixture, "a", &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_LOCKED);
  g_clear_error (&error);
  kill_daemon (fixture);

  start_daemon (fixture, "test");
  read = load (fixture, "a", &error);
  g_assert_no_error (error);
  g_assert_true (sluice_credentials_equal (read, credentials));
}

static void
test_fresh_home (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autoptr(SluiceCredentials) credentials = make_credentials ();
  g_autoptr(GError) error = NULL;

  start_daemon (fixture, NULL);
  g_assert_null (load (fixture, "a", &error));
  g_assert_no_error (error);
  g_assert_false (save (fixture, "a", credentials, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_UNAVAILABLE);
  g_assert_nonnull (strstr (error->message, "created"));
}

/* As on a full disk: the daemon can read its file and cannot write it. */
static void
test_unwritable (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autoptr(SluiceCredentials) credentials = make_credentials ();
  g_autoptr(SluiceCredentials) read = NULL;
  g_autoptr(GError) error = NULL;
  struct rlimit limit = { 16, 16 };
  pid_t pid = atoi (g_subprocess_get_identifier (fixture->daemon));

  g_assert_true (save (fixture, "a", credentials, &error));
  if (prlimit (pid, RLIMIT_FSIZE, &limit, NULL) != 0)
    {
      g_test_skip ("the daemon's limits may not be changed");
      return;
    }

  g_assert_false (save (fixture, "b", credentials, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_FAILED);
  g_clear_error (&error);

  read = load (fixture, "a", &error);
  g_assert_no_error (error);
  g_assert_true (sluice_credentials_equal (read, credentials));
}

static void
test_broken_item (Fixture       *fixture,
                  gconstpointer  unused)
{
  static const char * const broken[] = { "", "{", "[]", "{\"access_token\":7}", "{\"issued_at\":\"x\"}", "\xff\xfe" };
  g_autoptr(SluiceCredentials) credentials = make_credentials ();
  g_autoptr(GError) error = NULL;

  g_assert_true (save (fixture, "good", credentials, &error));

  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autoptr(SluiceCredentials) read = NULL;

      secret_password_store_sync (&schema, SECRET_COLLECTION_DEFAULT, "broken", broken[i], NULL, &error,
                                  "subscription", "bad", NULL);
      g_assert_no_error (error);

      g_assert_null (load (fixture, "bad", &error));
      g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_BROKEN);
      g_clear_error (&error);

      read = load (fixture, "good", &error);
      g_assert_no_error (error);
      g_assert_true (sluice_credentials_equal (read, credentials));
    }

  g_assert_true (save (fixture, "bad", credentials, &error));
  g_assert_true (clear (fixture, "bad", &error));
}

/* The first test: afterwards there is a bus. */
static void
test_no_bus (void)
{
  Fixture fixture = { .store = SLUICE_CREDENTIAL_STORE (sluice_secrets_new ()) };
  g_autoptr(GError) error = NULL;

  g_unsetenv ("SECRET_BACKEND");
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
  g_assert_null (load (&fixture, "a", &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_SECRETS_UNAVAILABLE);
  g_unsetenv ("DBUS_SESSION_BUS_ADDRESS");
  wait_finalized (fixture.store);
}

static void
test_bus_starts (void)
{
  test_bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (test_bus);
  g_assert_false (is_service_there ());
}

static void
test_cancelled (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;
  GAsyncResult *result = NULL;

  g_cancellable_cancel (cancellable);
  sluice_credential_store_load_async (fixture->store, "a", cancellable, keep_result, &result);
  done = wait_result (&result);
  g_assert_null (sluice_credential_store_load_finish (fixture->store, done, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
check_place (Fixture           *fixture,
             SluiceSecretPlace  expected)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;
  SluiceSecretPlace place = SLUICE_SECRET_PLACE_MEMORY;
  g_autoptr(GError) error = NULL;

  sluice_secrets_find_place_async (SLUICE_SECRETS (fixture->store), NULL, keep_result, &result);
  done = wait_result (&result);
  g_assert_true (sluice_secrets_find_place_finish (SLUICE_SECRETS (fixture->store), done, &place, &error));
  g_assert_no_error (error);
  g_assert_cmpint (place, ==, expected);
}

static GVariant *
portal_version_cb (GDBusConnection  *bus,
                   const char       *sender,
                   const char       *path,
                   const char       *interface,
                   const char       *name,
                   GError          **error,
                   gpointer          unused)
{
  return g_variant_new_uint32 (1);
}

static guint
register_portal (GDBusConnection *bus)
{
  static const GDBusInterfaceVTable vtable = { .get_property = portal_version_cb };
  g_autoptr(GDBusNodeInfo) node = NULL;
  guint id;

  node = g_dbus_node_info_new_for_xml ("<node><interface name='org.freedesktop.portal.Secret'>"
                                       "<property name='version' type='u' access='read'/></interface></node>", NULL);
  id = g_dbus_connection_register_object (bus, "/org/freedesktop/portal/desktop", node->interfaces[0], &vtable,
                                          NULL, NULL, NULL);
  g_assert_cmpuint (id, !=, 0);

  return id;
}

static void
call_bus (GDBusConnection *bus,
          const char      *method,
          GVariant        *arguments)
{
  g_autoptr(GVariant) reply = NULL;
  g_autoptr(GError) error = NULL;

  reply = g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                       method, arguments, NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
}

static void
test_place (Fixture       *fixture,
            gconstpointer  unused)
{
  g_autoptr(GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  guint portal;

  check_place (fixture, SLUICE_SECRET_PLACE_KEYRING);

  /* In a sandbox, for which a snap does as well as a Flatpak, the desktop decides. */
  g_setenv ("SNAP_NAME", "test", TRUE);
  check_place (fixture, SLUICE_SECRET_PLACE_KEYRING);

  portal = register_portal (bus);
  call_bus (bus, "RequestName", g_variant_new ("(su)", "org.freedesktop.portal.Desktop", 0));
  check_place (fixture, SLUICE_SECRET_PLACE_FILE);

  call_bus (bus, "ReleaseName", g_variant_new ("(s)", "org.freedesktop.portal.Desktop"));
  g_dbus_connection_unregister_object (bus, portal);
  g_unsetenv ("SNAP_NAME");
}

#define ADD(name, password, function) g_test_add ("/store/secrets/" name, Fixture, password, set_up, function, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_autofree char *keyring = g_find_program_in_path (DAEMON);
  g_autofree char *bus = g_find_program_in_path ("dbus-daemon");
  int status;

  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  /* Inherited by the daemon, so that a limit is an error for it and not its end. */
  signal (SIGXFSZ, SIG_IGN);

  g_test_add_func ("/store/secrets/no-bus", test_no_bus);

  if (bus != NULL)
    {
      g_test_add_func ("/store/secrets/bus-starts", test_bus_starts);
      ADD ("no-service", NULL, test_no_service);
      ADD ("session-only", NULL, test_session_only);
      ADD ("place", NULL, test_place);
      ADD ("cancelled", NULL, test_cancelled);
    }

  if (bus != NULL && keyring != NULL)
    {
      ADD ("round-trip", "test", test_round_trip);
      ADD ("saves-nothing-as-none", "test", test_saves_nothing_as_none);
      ADD ("locked", "test", test_locked);
      ADD ("dismissed", "test", test_dismissed);
      ADD ("restarted", "test", test_restarted);
      ADD ("fresh-home", NULL, test_fresh_home);
      ADD ("unwritable", "test", test_unwritable);
      ADD ("broken-item", "test", test_broken_item);
    }

  status = g_test_run ();
  /* Not unreferenced: that would wait for connections that libsecret keeps for ever. */
  if (test_bus != NULL)
    g_test_dbus_stop (test_bus);

  return status;
}
