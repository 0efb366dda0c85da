/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-secrets.h"

#include <glib/gstdio.h>

#include "test-utils.h"

/* libsecret's own encrypted file, as it is used in a sandbox. It needs no bus. */
static char *
set_up_file (const char *password)
{
  char *path = g_build_filename (g_get_user_data_dir (), "keyrings", "default.keyring", NULL);
  g_autofree char *folder = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_setenv ("SECRET_BACKEND", "file", TRUE);
  g_setenv ("SECRET_FILE_TEST_PATH", path, TRUE);
  g_setenv ("SECRET_FILE_TEST_PASSWORD", password, TRUE);

  return path;
}

static SluiceCredentials *
load (SluiceCredentialStore  *store,
      GError                **error)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  sluice_credential_store_load_async (store, "a", NULL, keep_result, &result);
  done = wait_result (&result);

  return sluice_credential_store_load_finish (store, done, error);
}

static gboolean
save (SluiceCredentialStore    *store,
      const SluiceCredentials  *credentials,
      GError                  **error)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  sluice_credential_store_save_async (store, "a", "Sluice: North Pier", credentials, NULL, keep_result, &result);
  done = wait_result (&result);

  return sluice_credential_store_save_finish (store, done, error);
}

static gboolean
clear (SluiceCredentialStore  *store,
       GError                **error)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  sluice_credential_store_clear_async (store, "a", NULL, keep_result, &result);
  done = wait_result (&result);

  return sluice_credential_store_clear_finish (store, done, error);
}

static void
lock_once (SluiceCredentialStore *store)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  sluice_credential_store_lock_async (store, "a", keep_result, &result);
  done = wait_result (&result);
  sluice_credential_store_lock_finish (store, done);
  sluice_credential_store_unlock (store, "a");
}

static gint64
get_time (const char *path)
{
  GStatBuf status;

  g_assert_cmpint (g_stat (path, &status), ==, 0);

  return (gint64) status.st_mtime;
}

static void
test_round_trip (void)
{
  g_autofree char *path = set_up_file ("test");
  g_autofree char *lock = g_build_filename (g_get_user_state_dir (), "sluice", "a.lock", NULL);
  g_autoptr(SluiceCredentialStore) store = SLUICE_CREDENTIAL_STORE (sluice_secrets_new ());
  g_autoptr(SluiceCredentials) credentials = sluice_credentials_new ();
  g_autoptr(SluiceCredentials) read = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *bytes = NULL;
  gint64 written;
  gsize length;

  credentials->access_token = g_strdup ("00D5e000000ABCD!plaintext");

  g_assert_null (load (store, &error));
  g_assert_no_error (error);
  save (store, credentials, &error);
  g_assert_no_error (error);
  read = load (store, &error);
  g_assert_no_error (error);
  g_assert_true (sluice_credentials_equal (read, credentials));

  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  g_assert_null (g_strstr_len (bytes, length, "plaintext"));

  /* Another program sees what was written by the file's time, in whole seconds. */
  written = get_time (path);
  g_set_str (&credentials->access_token, "00D5e000000ABCD!next");
  g_assert_true (save (store, credentials, &error));
  g_assert_cmpint (get_time (path), >, written);
  written = get_time (path);

  /* What is locked for a refresh leaves nothing behind once the tokens are gone. */
  lock_once (store);
  g_assert_true (g_file_test (lock, G_FILE_TEST_EXISTS));
  g_assert_true (clear (store, &error));
  g_assert_cmpint (get_time (path), >, written);
  g_assert_false (g_file_test (lock, G_FILE_TEST_EXISTS));
  g_assert_null (load (store, &error));
  g_assert_no_error (error);
}

static void
test_place (void)
{
  g_autofree char *path = set_up_file ("test");
  g_autoptr(SluiceSecrets) secrets = sluice_secrets_new ();
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;
  g_autoptr(GError) error = NULL;
  SluiceSecretPlace place;

  sluice_secrets_find_place_async (secrets, NULL, keep_result, &result);
  done = wait_result (&result);
  g_assert_true (sluice_secrets_find_place_finish (secrets, done, &place, &error));
  g_assert_no_error (error);
  g_assert_cmpint (place, ==, SLUICE_SECRET_PLACE_FILE);
}

static void
test_lock (void)
{
  g_autoptr(SluiceCredentialStore) ours = SLUICE_CREDENTIAL_STORE (sluice_secrets_new ());
  g_autoptr(SluiceCredentialStore) theirs = SLUICE_CREDENTIAL_STORE (sluice_secrets_new ());
  g_autoptr(GAsyncResult) first_done = NULL;
  g_autoptr(GAsyncResult) other_done = NULL;
  g_autoptr(GAsyncResult) second_done = NULL;
  GAsyncResult *first = NULL;
  GAsyncResult *second = NULL;
  GAsyncResult *other = NULL;

  sluice_credential_store_lock_async (ours, "a", keep_result, &first);
  first_done = wait_result (&first);
  sluice_credential_store_lock_finish (ours, first_done);

  /* Another subscription does not wait, the same one does. */
  sluice_credential_store_lock_async (theirs, "a", keep_result, &second);
  sluice_credential_store_lock_async (theirs, "b", keep_result, &other);
  other_done = wait_result (&other);
  sluice_credential_store_lock_finish (theirs, other_done);
  g_assert_null (second);

  sluice_credential_store_unlock (ours, "a");
  second_done = wait_result (&second);
  sluice_credential_store_lock_finish (theirs, second_done);
  sluice_credential_store_unlock (theirs, "a");
  sluice_credential_store_unlock (theirs, "b");
}

static void
test_lock_in_memory (void)
{
  g_autoptr(SluiceCredentialStore) ours = SLUICE_CREDENTIAL_STORE (sluice_secrets_new ());
  g_autoptr(SluiceCredentialStore) theirs = SLUICE_CREDENTIAL_STORE (sluice_secrets_new ());
  SluiceCredentialStore * const stores[] = { ours, theirs };

  sluice_credential_store_set_session_only (ours, "a", TRUE);

  for (guint i = 0; i < G_N_ELEMENTS (stores); i++)
    {
      g_autoptr(GAsyncResult) done = NULL;
      GAsyncResult *result = NULL;

      sluice_credential_store_lock_async (stores[i], "a", keep_result, &result);
      done = wait_result (&result);
      sluice_credential_store_lock_finish (stores[i], done);
    }

  sluice_credential_store_unlock (ours, "a");
  sluice_credential_store_unlock (theirs, "a");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/store/secrets-file/round-trip", test_round_trip);
  g_test_add_func ("/store/secrets-file/place", test_place);
  g_test_add_func ("/store/secrets-file/lock", test_lock);
  g_test_add_func ("/store/secrets-file/lock-in-memory", test_lock_in_memory);

  return g_test_run ();
}
