/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sluice-error.h"
#include "sluice-subscription-file.h"
#include "sluice-subscription-store.h"
#include "test-utils.h"

#define ID_A "11111111-1111-4111-8111-111111111111"
#define ID_B "22222222-2222-4222-8222-222222222222"

typedef struct
{
  char *folder;
  SluiceSubscriptionStore *store;
  SluiceSubscriptionList *list;
} Fixture;

static void
load (SluiceSubscriptionStore *store)
{
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;
  GAsyncResult *result = NULL;

  sluice_subscription_store_load_async (store, NULL, keep_result, &result);
  done = wait_result (&result);
  sluice_subscription_store_load_finish (store, done, &error);
  g_assert_no_error (error);
}

static gboolean
save (SluiceSubscriptionStore  *store,
      SluiceSubscription       *subscription,
      GError                  **error)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  sluice_subscription_store_save_async (store, subscription, NULL, keep_result, &result);
  done = wait_result (&result);

  return sluice_subscription_store_save_finish (store, done, error);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->folder = g_build_filename (g_get_user_config_dir (), "sluice", "subscriptions", NULL);
  g_assert_cmpint (g_mkdir_with_parents (fixture->folder, 0700), ==, 0);
  fixture->store = sluice_subscription_store_new (NULL);
  fixture->list = sluice_subscription_store_get_list (fixture->store);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_assert_finalize_object (fixture->store);
  g_free (fixture->folder);
}

static char *
path_of (Fixture    *fixture,
         const char *id)
{
  g_autofree char *name = g_strconcat (id, ".json", NULL);

  return g_build_filename (fixture->folder, name, NULL);
}

static void
write_file (Fixture    *fixture,
            const char *id,
            const char *text,
            gssize      length)
{
  g_autofree char *path = path_of (fixture, id);

  g_assert_true (g_file_set_contents (path, text, length, NULL));
}

static char *
read_file (Fixture    *fixture,
           const char *id)
{
  g_autofree char *path = path_of (fixture, id);
  char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));

  return text;
}

static SluiceSubscription *
make_subscription (const char *name)
{
  SluiceThrottleSettings settings = { 100, 20, 3, 4, 5 };
  SluiceSubscription *subscription = sluice_subscription_new ();

  sluice_subscription_set_name (subscription, name);
  sluice_subscription_set_api_url (subscription, "https://northpier.my.salesforce.com");
  sluice_subscription_set_consumer_key (subscription, "3MVG9key");
  sluice_subscription_set_throttle_settings (subscription, &settings);
  sluice_subscription_set_budget_reserve (subscription, 1000);
  sluice_subscription_set_sign_in_with (subscription, SLUICE_SIGN_IN_WITH_PRIVATE_WINDOW);
  sluice_subscription_set_look_back_days (subscription, "customer", 30);
  sluice_subscription_set_org_id (subscription, "00D5e000000ABCDEA4");
  sluice_subscription_set_environment (subscription, SLUICE_ENVIRONMENT_SANDBOX);

  return subscription;
}

static void
test_round_trip (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autoptr(SluiceSubscription) subscription = make_subscription ("North Pier “é”");
  g_autoptr(SluiceSubscriptionStore) other = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = path_of (fixture, sluice_subscription_get_id (subscription));
  SluiceSubscription *read;
  struct stat info;

  g_assert_true (save (fixture->store, subscription, &error));
  g_assert_no_error (error);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  g_assert_true (sluice_subscription_list_find_by_name (fixture->list, "north pier “é”") == subscription);

  other = sluice_subscription_store_new (fixture->folder);
  load (other);
  read = sluice_subscription_list_find_by_id (sluice_subscription_store_get_list (other),
                                              sluice_subscription_get_id (subscription));
  g_assert_nonnull (read);
  g_assert_cmpstr (sluice_subscription_get_name (read), ==, "North Pier “é”");
  g_assert_cmpstr (sluice_subscription_get_api_url (read), ==, "https://northpier.my.salesforce.com");
  g_assert_cmpstr (sluice_subscription_get_consumer_key (read), ==, "3MVG9key");
  g_assert_cmpuint (sluice_subscription_get_throttle_settings (read)->hub_seconds, ==, 4);
  g_assert_cmpuint (sluice_subscription_get_budget_reserve (read), ==, 1000);
  g_assert_cmpint (sluice_subscription_get_sign_in_with (read), ==, SLUICE_SIGN_IN_WITH_PRIVATE_WINDOW);
  g_assert_cmpuint (sluice_subscription_get_look_back_days (read, "customer"), ==, 30);
  g_assert_cmpstr (sluice_subscription_get_org_id (read), ==, "00D5e000000ABCDEA4");
  g_assert_cmpint (sluice_subscription_get_environment (read), ==, SLUICE_ENVIRONMENT_SANDBOX);
  g_assert_cmpint (sluice_subscription_get_status (read), ==, SLUICE_STATUS_SIGNED_OUT);
}

static void
test_keeps_unknown_members (Fixture       *fixture,
                            gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  SluiceSubscription *subscription;
  const char *name, *future, *key;

  write_file (fixture, ID_A, "{\"name\":\"A\",\"future\":{\"deep\":[1,2.50,null]},\"format\":1,"
              "\"throttle\":{\"burst\":7,\"limit\":9},\"consumer_key\":\"k\"}", -1);
  load (fixture->store);
  subscription = sluice_subscription_list_find_by_id (fixture->list, ID_A);
  sluice_subscription_set_consumer_key (subscription, "changed");
  g_assert_true (save (fixture->store, subscription, &error));

  text = read_file (fixture, ID_A);
  g_assert_nonnull (strstr (text, "\"deep\""));
  g_assert_nonnull (strstr (text, "\"burst\" : 7"));
  g_assert_nonnull (strstr (text, "\"limit\" : 9"));

  name = strstr (text, "\"name\"");
  future = strstr (text, "\"future\"");
  key = strstr (text, "\"consumer_key\" : \"changed\"");
  g_assert_true (name != NULL && name < future && future < key);
}

static void
test_change_is_one_line (Fixture       *fixture,
                         gconstpointer  unused)
{
  g_autoptr(SluiceSubscription) subscription = make_subscription ("A");
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_auto(GStrv) old_lines = NULL;
  g_auto(GStrv) new_lines = NULL;
  guint n_changed = 0;

  g_assert_true (save (fixture->store, subscription, NULL));
  before = read_file (fixture, sluice_subscription_get_id (subscription));
  sluice_subscription_set_name (subscription, "B");
  g_assert_true (save (fixture->store, subscription, NULL));
  after = read_file (fixture, sluice_subscription_get_id (subscription));

  old_lines = g_strsplit (before, "\n", -1);
  new_lines = g_strsplit (after, "\n", -1);
  g_assert_cmpuint (g_strv_length (old_lines), >, 15);
  g_assert_cmpuint (g_strv_length (old_lines), ==, g_strv_length (new_lines));
  for (guint i = 0; old_lines[i] != NULL; i++)
    n_changed += strcmp (old_lines[i], new_lines[i]) != 0;
  g_assert_cmpuint (n_changed, ==, 1);
}

static const char * const damaged_texts[] = {
  "",
  "{\"format\":1,\"name\":\"half",
  "{\"format\":2,\"name\":\"Newer\"}",
  "{\"format\":\"1\",\"name\":\"A\"}",
  "{\"format\":0,\"name\":\"A\"}",
  "{\"name\":\"No format\"}",
  "{\"format\":1,\"name\":\"  \"}",
  "{\"format\":1,\"name\":7}",
  "{\"format\":1,\"name\":\"A\",\"throttle\":{\"limit\":-5}}",
  "{\"format\":1,\"name\":\"A\",\"throttle\":{\"limit\":99999999999}}",
  "{\"format\":1,\"name\":\"A\",\"throttle\":[]}",
  "{\"format\":1,\"name\":\"A\",\"look_back_days\":{\"customer\":\"x\"}}",
  "{\"format\":1,\"name\":\"A\",\"org\":\"x\"}",
  "{\"format\":1,\"name\":\"\xff\xfe\"}",
  "[1,2,3]",
  "null",
  "not json at all",
};

static void
test_damaged (Fixture       *fixture,
              gconstpointer  unused)
{
  for (guint i = 0; i < G_N_ELEMENTS (damaged_texts); i++)
    {
      g_autofree char *kept = NULL;
      g_autoptr(GError) error = NULL;
      SluiceSubscription *damaged;

      write_file (fixture, ID_A, damaged_texts[i], -1);
      write_file (fixture, ID_B, "{\"format\":1,\"name\":\"Healthy\"}", -1);
      load (fixture->store);

      damaged = sluice_subscription_list_find_by_id (fixture->list, ID_A);
      g_assert_nonnull (damaged);
      g_assert_cmpint (sluice_subscription_get_status (damaged), ==, SLUICE_STATUS_DAMAGED);
      g_assert_nonnull (sluice_subscription_get_damage (damaged));
      g_assert_null (sluice_subscription_get_damage (sluice_subscription_list_find_by_id (fixture->list, ID_B)));

      g_assert_false (save (fixture->store, damaged, &error));
      g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
      kept = read_file (fixture, ID_A);
      g_assert_cmpstr (kept, ==, damaged_texts[i]);
    }
}

static void
test_hostile_sizes (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autofree char *deep = g_strnfill (1000000, '[');
  g_autofree char *huge = g_strnfill (5 * 1024 * 1024, ' ');

  write_file (fixture, ID_A, deep, -1);
  write_file (fixture, ID_B, huge, -1);
  load (fixture->store);

  g_assert_nonnull (sluice_subscription_get_damage (sluice_subscription_list_find_by_id (fixture->list, ID_A)));
  g_assert_nonnull (sluice_subscription_get_damage (sluice_subscription_list_find_by_id (fixture->list, ID_B)));
}

static void
test_not_a_file (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autofree char *folder = path_of (fixture, ID_A);
  g_autofree char *link = path_of (fixture, ID_B);
  g_autofree char *pipe = path_of (fixture, "33333333-3333-4333-8333-333333333333");
  g_autofree char *other = path_of (fixture, "copy of mine");

  write_file (fixture, "../target", "{\"format\":1,\"name\":\"Linked\"}", -1);
  write_file (fixture, "copy of mine", "{\"format\":1,\"name\":\"Copied\"}", -1);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_cmpint (symlink ("../target.json", link), ==, 0);
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  load (fixture->store);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->list)), ==, 4);
  for (guint i = 0; i < 4; i++)
    {
      g_autoptr(SluiceSubscription) item = g_list_model_get_item (G_LIST_MODEL (fixture->list), i);

      g_assert_nonnull (sluice_subscription_get_damage (item));
    }
}

static void
test_ignores_leftovers (Fixture       *fixture,
                        gconstpointer  unused)
{
  g_autofree char *leftover = g_build_filename (fixture->folder, ID_A ".json.4X7Q2P", NULL);
  g_autofree char *hidden = g_build_filename (fixture->folder, "." ID_A ".json", NULL);

  g_assert_true (g_file_set_contents (leftover, "half", -1, NULL));
  g_assert_true (g_file_set_contents (hidden, "half", -1, NULL));
  load (fixture->store);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->list)), ==, 0);
}

static void
test_duplicate_names (Fixture       *fixture,
                      gconstpointer  unused)
{
  write_file (fixture, ID_A, "{\"format\":1,\"name\":\"Same\"}", -1);
  write_file (fixture, ID_B, "{\"format\":1,\"name\":\"SAME\"}", -1);
  load (fixture->store);

  g_assert_null (sluice_subscription_get_damage (sluice_subscription_list_find_by_id (fixture->list, ID_A)));
  g_assert_nonnull (sluice_subscription_get_damage (sluice_subscription_list_find_by_id (fixture->list, ID_B)));

  write_file (fixture, ID_A, "{\"format\":1,\"name\":\"Different\"}", -1);
  wait_for (sluice_subscription_get_damage (sluice_subscription_list_find_by_id (fixture->list, ID_B)) == NULL);
  g_assert_cmpstr (sluice_subscription_get_name (sluice_subscription_list_find_by_id (fixture->list, ID_A)), ==,
                   "Different");
}

/* An older file does not say it; a newer one may know a third. */
static void
test_signs_in_with_browser (Fixture       *fixture,
                            gconstpointer  unused)
{
  write_file (fixture, ID_A, "{\"format\":1,\"name\":\"A\"}", -1);
  write_file (fixture, ID_B, "{\"format\":1,\"name\":\"B\",\"sign_in_with\":\"telepathy\"}", -1);
  load (fixture->store);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->list)), ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(SluiceSubscription) read = g_list_model_get_item (G_LIST_MODEL (fixture->list), i);

      g_assert_null (sluice_subscription_get_damage (read));
      g_assert_cmpint (sluice_subscription_get_sign_in_with (read), ==, SLUICE_SIGN_IN_WITH_DEFAULT_BROWSER);
    }
}

static void
test_refuses_names (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(SluiceSubscription) one = make_subscription ("One");
  g_autoptr(SluiceSubscription) other = make_subscription (" one ");
  g_autoptr(GError) error = NULL;

  g_assert_true (save (fixture->store, one, NULL));
  g_assert_false (save (fixture->store, other, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);

  g_clear_error (&error);
  sluice_subscription_set_name (other, "   ");
  g_assert_false (save (fixture->store, other, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
}

static void
test_never_overwrites_newer (Fixture       *fixture,
                             gconstpointer  unused)
{
  g_autoptr(SluiceSubscription) subscription = make_subscription ("A");
  g_autoptr(GError) error = NULL;
  g_autofree char *kept = NULL;

  g_assert_true (save (fixture->store, subscription, NULL));
  write_file (fixture, sluice_subscription_get_id (subscription), "{\"format\":2,\"name\":\"Newer\"}", -1);

  g_assert_false (save (fixture->store, subscription, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE);
  kept = read_file (fixture, sluice_subscription_get_id (subscription));
  g_assert_cmpstr (kept, ==, "{\"format\":2,\"name\":\"Newer\"}");
}

static guint
count_files (Fixture *fixture)
{
  g_autoptr(GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  guint n_files = 0;

  while (g_dir_read_name (dir) != NULL)
    n_files++;

  return n_files;
}

/* The file system says stop half-way: the old text stays and nothing is left behind. */
static void
test_write_fails (Fixture       *fixture,
                  gconstpointer  unused)
{
  g_autoptr(SluiceSubscription) subscription = make_subscription ("A");
  g_autoptr(GError) error = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  struct rlimit old_limit, limit;

  g_assert_true (save (fixture->store, subscription, NULL));
  before = read_file (fixture, sluice_subscription_get_id (subscription));

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &old_limit), ==, 0);
  limit = old_limit;
  limit.rlim_cur = 100;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  sluice_subscription_set_name (subscription, "B");
  g_assert_false (save (fixture->store, subscription, &error));
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &old_limit), ==, 0);

  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE);
  after = read_file (fixture, sluice_subscription_get_id (subscription));
  g_assert_cmpstr (before, ==, after);
  g_assert_cmpuint (count_files (fixture), ==, 1);
}

static void
test_explains_full_disk (Fixture       *fixture,
                         gconstpointer  unused)
{
  GError *error = g_error_new_literal (G_FILE_ERROR, G_FILE_ERROR_NOSPC, "x");

  sluice_storage_error_explain (&error, "/somewhere");
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE);
  g_assert_nonnull (strstr (error->message, "disk is full"));
  g_clear_error (&error);

  error = g_error_new_literal (G_FILE_ERROR, G_FILE_ERROR_ROFS, "x");
  sluice_storage_error_explain (&error, "/somewhere");
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE);
  g_assert_nonnull (strstr (error->message, "permissions"));
  g_clear_error (&error);
}

static void
test_unusable_folder (Fixture       *fixture,
                      gconstpointer  unused)
{
  g_autofree char *file = g_build_filename (g_get_user_config_dir (), "file", NULL);
  g_autofree char *folder = g_build_filename (file, "subscriptions", NULL);
  g_autoptr(SluiceSubscriptionStore) store = sluice_subscription_store_new (folder);
  g_autoptr(SluiceSubscription) subscription = make_subscription ("A");
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;
  GAsyncResult *result = NULL;

  g_assert_true (g_file_set_contents (file, "x", -1, NULL));
  g_assert_false (save (store, subscription, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE);

  g_clear_error (&error);
  sluice_subscription_store_load_async (store, NULL, keep_result, &result);
  done = wait_result (&result);
  g_assert_false (sluice_subscription_store_load_finish (store, done, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE);
}

static void
test_read_only_folder (Fixture       *fixture,
                       gconstpointer  unused)
{
  g_autoptr(SluiceSubscription) subscription = make_subscription ("A");
  g_autoptr(GError) error = NULL;

  if (geteuid () == 0)
    {
      g_test_skip ("root may write everywhere");
      return;
    }

  g_assert_cmpint (g_chmod (fixture->folder, 0500), ==, 0);
  g_assert_false (save (fixture->store, subscription, &error));
  g_assert_cmpint (g_chmod (fixture->folder, 0700), ==, 0);
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE);
}

static void
test_follows_other_programs (Fixture       *fixture,
                             gconstpointer  unused)
{
  g_autoptr(SluiceSubscriptionStore) other = sluice_subscription_store_new (NULL);
  SluiceSubscriptionList *list = sluice_subscription_store_get_list (other);
  g_autoptr(SluiceSubscription) subscription = make_subscription ("A");
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;
  const char *id = sluice_subscription_get_id (subscription);
  SluiceSubscription *mirror;

  load (other);
  g_assert_true (save (fixture->store, subscription, NULL));
  wait_for (sluice_subscription_list_find_by_id (list, id) != NULL);
  mirror = sluice_subscription_list_find_by_id (list, id);

  sluice_subscription_set_status (mirror, SLUICE_STATUS_CONNECTED);
  sluice_subscription_set_name (subscription, "B");
  g_assert_true (save (fixture->store, subscription, NULL));
  wait_for (g_strcmp0 (sluice_subscription_get_name (mirror), "B") == 0);
  g_assert_cmpint (sluice_subscription_get_status (mirror), ==, SLUICE_STATUS_CONNECTED);

  sluice_subscription_store_delete_async (fixture->store, subscription, NULL, keep_result, &result);
  done = wait_result (&result);
  g_assert_true (sluice_subscription_store_delete_finish (fixture->store, done, NULL));
  wait_for (g_list_model_get_n_items (G_LIST_MODEL (list)) == 0);
}

static void
count_notify_cb (GObject    *object,
                 GParamSpec *pspec,
                 guint      *count)
{
  (*count)++;
}

/* What the program writes itself does not come back as a change. */
static void
test_own_writes_are_quiet (Fixture       *fixture,
                           gconstpointer  unused)
{
  g_autoptr(SluiceSubscription) subscription = make_subscription ("A");
  guint count = 0;

  load (fixture->store);
  g_assert_true (save (fixture->store, subscription, NULL));
  g_signal_connect (subscription, "notify", G_CALLBACK (count_notify_cb), &count);
  sluice_subscription_set_consumer_key (subscription, "unsaved");

  /* Another file tells when the watcher has read the folder. */
  write_file (fixture, ID_B, "{\"format\":1,\"name\":\"Signal\"}", -1);
  wait_for (sluice_subscription_list_find_by_id (fixture->list, ID_B) != NULL);

  g_assert_cmpstr (sluice_subscription_get_consumer_key (subscription), ==, "unsaved");
  g_assert_cmpuint (count, ==, 1);
}

static GFile *
export (Fixture            *fixture,
        SluiceSubscription *subscription)
{
  g_autofree char *path = g_build_filename (g_get_user_config_dir (), "exported.json", NULL);
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;
  GAsyncResult *result = NULL;

  sluice_subscription_store_export_async (fixture->store, subscription, file, NULL, keep_result, &result);
  done = wait_result (&result);
  sluice_subscription_store_export_finish (fixture->store, done, &error);
  g_assert_no_error (error);

  return g_steal_pointer (&file);
}

static SluiceSubscription *
import (Fixture  *fixture,
        GFile    *file,
        GError  **error)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  sluice_subscription_store_import_async (fixture->store, file, NULL, keep_result, &result);
  done = wait_result (&result);

  return sluice_subscription_store_import_finish (fixture->store, done, error);
}

static void
test_export_import (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(SluiceSubscription) subscription = make_subscription ("A");
  g_autoptr(SluiceSubscription) imported = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GFile) file = NULL;

  g_assert_true (save (fixture->store, subscription, NULL));
  file = export (fixture, subscription);
  imported = import (fixture, file, &error);
  g_assert_no_error (error);

  g_assert_cmpstr (sluice_subscription_get_name (imported), ==, "A (2)");
  g_assert_cmpstr (sluice_subscription_get_id (imported), !=, sluice_subscription_get_id (subscription));
  g_assert_cmpstr (sluice_subscription_get_consumer_key (imported), ==, "3MVG9key");
  g_assert_cmpint (sluice_subscription_get_sign_in_with (imported), ==, SLUICE_SIGN_IN_WITH_PRIVATE_WINDOW);
  g_assert_null (sluice_subscription_get_org_id (imported));
  g_assert_true (sluice_subscription_list_find_by_name (fixture->list, "A (2)") == imported);
  g_assert_cmpuint (count_files (fixture), ==, 2);
}

static void
test_import_refused (Fixture       *fixture,
                     gconstpointer  unused)
{
  for (guint i = 0; i < G_N_ELEMENTS (damaged_texts); i++)
    {
      g_autofree char *path = g_build_filename (g_get_user_config_dir (), "bad.json", NULL);
      g_autoptr(GFile) file = g_file_new_for_path (path);
      g_autoptr(GError) error = NULL;

      g_assert_true (g_file_set_contents (path, damaged_texts[i], -1, NULL));
      g_assert_null (import (fixture, file, &error));
      g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
    }

  g_assert_cmpuint (count_files (fixture), ==, 0);
}

/* Secrets that somebody put into a file do not spread. */
static void
test_never_secrets (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autofree char *path = g_build_filename (g_get_user_config_dir (), "in.json", NULL);
  g_autoptr(GFile) source = g_file_new_for_path (path);
  g_autoptr(SluiceSubscription) imported = NULL;
  g_autoptr(GFile) exported = NULL;
  g_autofree char *saved = NULL;
  g_autofree char *text = NULL;

  g_assert_true (g_file_set_contents (path, "{\"format\":1,\"name\":\"A\",\"access_token\":\"00D!leaked\","
                                      "\"more\":[{\"refresh_token\":\"leaked\",\"client_secret\":\"leaked\"}],"
                                      "\"api_key\":\"leaked-key\"}", -1, NULL));
  imported = import (fixture, source, NULL);
  g_assert_nonnull (imported);
  sluice_subscription_set_token_state (imported, TRUE, TRUE, 1795437845123);
  g_assert_true (save (fixture->store, imported, NULL));

  saved = read_file (fixture, sluice_subscription_get_id (imported));
  g_assert_null (strstr (saved, "token"));
  g_assert_null (strstr (saved, "secret"));
  g_assert_null (strstr (saved, "\"leaked\""));

  exported = export (fixture, imported);
  g_assert_true (g_file_load_contents (exported, NULL, &text, NULL, NULL, NULL));
  g_assert_null (strstr (text, "leaked"));
}

static void
test_cancelled_before (Fixture       *fixture,
                       gconstpointer  unused)
{
  g_autoptr(SluiceSubscription) subscription = make_subscription ("A");
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) done = NULL;
  g_autoptr(GError) error = NULL;
  GAsyncResult *result = NULL;

  g_cancellable_cancel (cancellable);
  sluice_subscription_store_save_async (fixture->store, subscription, cancellable, keep_result, &result);
  done = wait_result (&result);
  g_assert_false (sluice_subscription_store_save_finish (fixture->store, done, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (count_files (fixture), ==, 0);
}

/* Each writing has the settings of the moment it was asked for, and they keep their order. */
static void
test_two_saves (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autoptr(SluiceSubscription) subscription = make_subscription ("First");
  g_autoptr(GAsyncResult) first_done = NULL;
  g_autoptr(GAsyncResult) second_done = NULL;
  GAsyncResult *first = NULL, *second = NULL;
  g_autofree char *text = NULL;

  load (fixture->store);
  sluice_subscription_store_save_async (fixture->store, subscription, NULL, keep_result, &first);
  sluice_subscription_set_name (subscription, "Second");
  sluice_subscription_store_save_async (fixture->store, subscription, NULL, keep_result, &second);

  first_done = wait_result (&first);
  g_assert_true (sluice_subscription_store_save_finish (fixture->store, first_done, NULL));
  second_done = wait_result (&second);
  g_assert_true (sluice_subscription_store_save_finish (fixture->store, second_done, NULL));

  text = read_file (fixture, sluice_subscription_get_id (subscription));
  g_assert_nonnull (strstr (text, "\"Second\""));
  g_assert_cmpstr (sluice_subscription_get_name (subscription), ==, "Second");
  g_assert_cmpuint (count_files (fixture), ==, 1);
}

#define ADD(name, function) g_test_add ("/store/subscription-store/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("round-trip", test_round_trip);
  ADD ("keeps-unknown-members", test_keeps_unknown_members);
  ADD ("change-is-one-line", test_change_is_one_line);
  ADD ("damaged", test_damaged);
  ADD ("hostile-sizes", test_hostile_sizes);
  ADD ("not-a-file", test_not_a_file);
  ADD ("ignores-leftovers", test_ignores_leftovers);
  ADD ("duplicate-names", test_duplicate_names);
  ADD ("signs-in-with-browser", test_signs_in_with_browser);
  ADD ("refuses-names", test_refuses_names);
  ADD ("never-overwrites-newer", test_never_overwrites_newer);
  ADD ("write-fails", test_write_fails);
  ADD ("explains-full-disk", test_explains_full_disk);
  ADD ("unusable-folder", test_unusable_folder);
  ADD ("read-only-folder", test_read_only_folder);
  ADD ("follows-other-programs", test_follows_other_programs);
  ADD ("own-writes-are-quiet", test_own_writes_are_quiet);
  ADD ("export-import", test_export_import);
  ADD ("import-refused", test_import_refused);
  ADD ("never-secrets", test_never_secrets);
  ADD ("cancelled-before", test_cancelled_before);
  ADD ("two-saves", test_two_saves);

  return g_test_run ();
}
