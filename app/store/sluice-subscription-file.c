/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-subscription-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sluice-error.h"
#include "sluice-members.h"

#define FORMAT 1

/* Mapping collections will be here too; still no honest file comes near. */
#define MAX_SIZE (4 * 1024 * 1024)

static gboolean
read_throttle (JsonObject          *root,
               SluiceSubscription  *subscription,
               GError             **error)
{
  SluiceThrottleSettings settings = { .limit = 500, .seconds = 60, .concurrent = 10 };
  JsonObject *throttle = NULL;

  if (!sluice_members_get_object (root, "throttle", &throttle, error))
    return FALSE;

  if (throttle != NULL &&
      (!sluice_members_get_uint (throttle, "limit", &settings.limit, error) ||
       !sluice_members_get_uint (throttle, "seconds", &settings.seconds, error) ||
       !sluice_members_get_uint (throttle, "hub_limit", &settings.hub_limit, error) ||
       !sluice_members_get_uint (throttle, "hub_seconds", &settings.hub_seconds, error) ||
       !sluice_members_get_uint (throttle, "concurrent", &settings.concurrent, error)))
    return FALSE;

  sluice_subscription_set_throttle_settings (subscription, &settings);
  return TRUE;
}

static gboolean
read_look_back (JsonObject          *root,
                SluiceSubscription  *subscription,
                GError             **error)
{
  JsonObject *look_back = NULL;
  JsonObjectIter iter;
  const char *name;

  if (!sluice_members_get_object (root, "look_back_days", &look_back, error))
    return FALSE;
  if (look_back == NULL)
    return TRUE;

  json_object_iter_init (&iter, look_back);
  while (json_object_iter_next (&iter, &name, NULL))
    {
      guint days = 0;

      if (!sluice_members_get_uint (look_back, name, &days, error))
        return FALSE;
      sluice_subscription_set_look_back_days (subscription, name, days);
    }

  return TRUE;
}

static gboolean
read_org (JsonObject          *root,
          SluiceSubscription  *subscription,
          GError             **error)
{
  const char *id = NULL, *environment = NULL;
  JsonObject *org = NULL;

  if (!sluice_members_get_object (root, "org", &org, error))
    return FALSE;
  if (org == NULL)
    return TRUE;
  if (!sluice_members_get_string (org, "id", &id, error) ||
      !sluice_members_get_string (org, "environment", &environment, error))
    return FALSE;

  sluice_subscription_set_org_id (subscription, id);
  sluice_subscription_set_environment (subscription, sluice_environment_from_nick (environment));
  return TRUE;
}

static gboolean
check_format (JsonObject  *root,
              GError     **error)
{
  gint64 format = 0;

  if (!sluice_members_need (root, "format", error) ||
      !sluice_members_get_int64 (root, "format", &format, error))
    return FALSE;

  if (format > FORMAT)
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                           _("The file was written by a newer version of Sluice. Update Sluice to use it."));
      return FALSE;
    }

  if (format < 1)
    {
      g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                   _("“%s” has a value of the wrong kind."), "format");
      return FALSE;
    }

  return TRUE;
}

static gboolean
check_name (const char  *name,
            GError     **error)
{
  g_autofree char *stripped = g_strstrip (g_strdup (name));

  if (*stripped != '\0')
    return TRUE;

  g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID, _("The name is missing."));
  return FALSE;
}

/**
 * sluice_subscription_file_parse:
 * @id: the id, as the name of the file says it
 * @text: the text of the file
 * @length: its length in bytes, or -1
 * @error: %SLUICE_ERROR_INVALID and what is wrong in it
 *
 * Reads a subscription from a text that nobody vouches for.
 *
 * Returns: (transfer full) (nullable): the subscription, with @text as its document
 */
SluiceSubscription *
sluice_subscription_file_parse (const char  *id,
                                const char  *text,
                                gssize       length,
                                GError     **error)
{
  g_autoptr(SluiceSubscription) subscription = NULL;
  g_autoptr(JsonObject) root = NULL;
  g_autofree char *document = NULL;
  const char *integration = "salesforce", *name = "", *version = "1.0";
  const char *api_url = "", *api_key = "", *consumer_key = "", *sign_in_with = NULL;
  SluiceSignInWith with;
  guint reserve = 0;

  root = sluice_members_parse (text, length, error);
  if (root == NULL || !check_format (root, error) ||
      !sluice_members_get_string (root, "name", &name, error) ||
      !check_name (name, error) ||
      !sluice_members_get_string (root, "integration", &integration, error) ||
      !sluice_members_get_string (root, "version", &version, error) ||
      !sluice_members_get_string (root, "api_url", &api_url, error) ||
      !sluice_members_get_string (root, "api_key", &api_key, error) ||
      !sluice_members_get_string (root, "consumer_key", &consumer_key, error) ||
      !sluice_members_get_string (root, "sign_in_with", &sign_in_with, error) ||
      !sluice_members_get_uint (root, "budget_reserve", &reserve, error))
    return NULL;

  subscription = g_object_new (SLUICE_TYPE_SUBSCRIPTION, "id", id, "integration-id", integration, NULL);
  if (!read_throttle (root, subscription, error) ||
      !read_look_back (root, subscription, error) ||
      !read_org (root, subscription, error))
    return NULL;

  sluice_subscription_set_name (subscription, name);
  sluice_subscription_set_version (subscription, version);
  sluice_subscription_set_api_url (subscription, api_url);
  sluice_subscription_set_api_key (subscription, api_key);
  sluice_subscription_set_consumer_key (subscription, consumer_key);
  sluice_sign_in_with_from_nick (sign_in_with, &with);
  sluice_subscription_set_sign_in_with (subscription, with);
  sluice_subscription_set_budget_reserve (subscription, reserve);

  document = length < 0 ? g_strdup (text) : g_strndup (text, length);
  sluice_subscription_set_document (subscription, document);

  return g_steal_pointer (&subscription);
}

/* Nothing of this belongs in a file, whoever put it there. */
static void
remove_secrets (JsonNode *node)
{
  static const char * const secrets[] = {
    "access_token", "refresh_token", "id_token", "consumer_secret", "client_secret", "password", "secret",
  };
  g_autoptr(GList) children = NULL;

  if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObject *object = json_node_get_object (node);

      for (guint i = 0; i < G_N_ELEMENTS (secrets); i++)
        {
          if (json_object_has_member (object, secrets[i]))
            json_object_remove_member (object, secrets[i]);
        }
      children = json_object_get_values (object);
    }
  else if (JSON_NODE_HOLDS_ARRAY (node))
    {
      children = json_array_get_elements (json_node_get_array (node));
    }

  for (GList *link = children; link != NULL; link = link->next)
    remove_secrets (link->data);
}

static JsonObject *
dup_child (JsonObject *root,
           const char *name)
{
  JsonObject *child = NULL;

  if (sluice_members_get_object (root, name, &child, NULL) && child != NULL)
    return json_object_ref (child);

  return json_object_new ();
}

static void
write_throttle (JsonObject         *root,
                SluiceSubscription *subscription)
{
  const SluiceThrottleSettings *settings = sluice_subscription_get_throttle_settings (subscription);
  JsonObject *throttle = dup_child (root, "throttle");

  json_object_set_int_member (throttle, "limit", settings->limit);
  json_object_set_int_member (throttle, "seconds", settings->seconds);
  json_object_set_int_member (throttle, "hub_limit", settings->hub_limit);
  json_object_set_int_member (throttle, "hub_seconds", settings->hub_seconds);
  json_object_set_int_member (throttle, "concurrent", settings->concurrent);
  json_object_set_object_member (root, "throttle", throttle);
}

static void
write_look_back (JsonObject         *root,
                 SluiceSubscription *subscription)
{
  g_autofree const char **names = sluice_subscription_list_look_back_types (subscription);
  JsonObject *look_back = dup_child (root, "look_back_days");

  for (guint i = 0; names[i] != NULL; i++)
    json_object_set_int_member (look_back, names[i], sluice_subscription_get_look_back_days (subscription, names[i]));
  json_object_set_object_member (root, "look_back_days", look_back);
}

static void
write_org (JsonObject         *root,
           SluiceSubscription *subscription)
{
  const char *id = sluice_subscription_get_org_id (subscription);
  JsonObject *org;

  if (id == NULL)
    {
      json_object_remove_member (root, "org");
      return;
    }

  org = dup_child (root, "org");
  json_object_set_string_member (org, "id", id);
  json_object_set_string_member (org, "environment",
                                 sluice_environment_get_nick (sluice_subscription_get_environment (subscription)));
  json_object_set_object_member (root, "org", org);
}

/* Members keep the place they had, new ones come last: a change of one value is a diff of one line. */
static JsonNode *
make_document (SluiceSubscription *subscription,
               const char         *previous)
{
  JsonObject *root = previous != NULL ? sluice_members_parse (previous, -1, NULL) : NULL;
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  if (root == NULL)
    root = json_object_new ();

  json_object_set_int_member (root, "format", FORMAT);
  json_object_set_string_member (root, "id", sluice_subscription_get_id (subscription));
  json_object_set_string_member (root, "name", sluice_subscription_get_name (subscription));
  json_object_set_string_member (root, "integration", sluice_subscription_get_integration_id (subscription));
  json_object_set_string_member (root, "version", sluice_subscription_get_version (subscription));
  json_object_set_string_member (root, "api_url", sluice_subscription_get_api_url (subscription));
  json_object_set_string_member (root, "api_key", sluice_subscription_get_api_key (subscription));
  json_object_set_string_member (root, "consumer_key", sluice_subscription_get_consumer_key (subscription));
  json_object_set_string_member (root, "sign_in_with",
                                 sluice_sign_in_with_get_nick (sluice_subscription_get_sign_in_with (subscription)));
  write_throttle (root, subscription);
  json_object_set_int_member (root, "budget_reserve", sluice_subscription_get_budget_reserve (subscription));
  write_look_back (root, subscription);
  write_org (root, subscription);

  json_node_take_object (node, root);
  remove_secrets (node);

  return node;
}

static char *
print_document (JsonNode *node)
{
  g_autoptr(JsonGenerator) generator = json_generator_new ();
  g_autofree char *text = NULL;

  json_generator_set_root (generator, node);
  json_generator_set_pretty (generator, TRUE);
  json_generator_set_indent (generator, 2);
  text = json_generator_to_data (generator, NULL);

  return g_strconcat (text, "\n", NULL);
}

/**
 * sluice_subscription_file_serialise:
 * @subscription: what to write
 * @previous: (nullable): the text that is replaced
 *
 * Makes the text of a subscription's file. Members of @previous that this
 * version does not know are kept, and all keep their order.
 *
 * Returns: (transfer full): the text
 */
char *
sluice_subscription_file_serialise (SluiceSubscription *subscription,
                                    const char         *previous)
{
  g_autoptr(JsonNode) node = make_document (subscription, previous);

  return print_document (node);
}

/**
 * sluice_subscription_file_export:
 * @subscription: what to hand on
 *
 * Makes the text of a file for other people: the settings, but not the id,
 * what is known of the org, or anything that could be a secret.
 *
 * Returns: (transfer full): the text
 */
char *
sluice_subscription_file_export (SluiceSubscription *subscription)
{
  g_autoptr(JsonNode) node = make_document (subscription, sluice_subscription_get_document (subscription));
  JsonObject *root = json_node_get_object (node);

  json_object_remove_member (root, "id");
  json_object_remove_member (root, "api_key");
  if (json_object_has_member (root, "org"))
    json_object_remove_member (root, "org");

  return print_document (node);
}

/**
 * sluice_storage_error_explain:
 * @error: (inout): an error of reading or writing
 * @path: the file or folder
 *
 * Replaces a technical error by %SLUICE_ERROR_STORAGE and a sentence that
 * says what to do.
 */
void
sluice_storage_error_explain (GError     **error,
                              const char  *path)
{
  g_autoptr(GError) cause = g_steal_pointer (error);
  g_autofree char *shown = g_filename_display_name (path);

  g_debug ("%s: %s", shown, cause->message);

  if (g_error_matches (cause, G_FILE_ERROR, G_FILE_ERROR_NOSPC) ||
      g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE,
                 _("“%s” cannot be written because the disk is full. Free some space, then save again."), shown);
  else if (g_error_matches (cause, G_FILE_ERROR, G_FILE_ERROR_ACCES) ||
           g_error_matches (cause, G_FILE_ERROR, G_FILE_ERROR_PERM) ||
           g_error_matches (cause, G_FILE_ERROR, G_FILE_ERROR_ROFS) ||
           g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED) ||
           g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_READ_ONLY))
    g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE,
                 _("“%s” may not be read or written. Check the permissions of the folder."), shown);
  else
    g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE,
                 /* Translators: a file and the system's own words about what is wrong */
                 _("“%s” cannot be read or written: %s"), shown, cause->message);
}

static gboolean
set_errno_error (GError     **error,
                 const char  *path,
                 int          number)
{
  g_set_error_literal (error, G_FILE_ERROR, g_file_error_from_errno (number), g_strerror (number));
  sluice_storage_error_explain (error, path);
  return FALSE;
}

/* A link or a pipe in the folder is no file of ours, and must not make us wait or write elsewhere. */
static int
open_regular (const char  *path,
              GError     **error)
{
  int fd = g_open (path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0);
  struct stat info = { 0, };

  if (fd < 0 && errno != ELOOP)
    {
      set_errno_error (error, path, errno);
      return -1;
    }

  if (fd >= 0 && fstat (fd, &info) == 0 && S_ISREG (info.st_mode) && info.st_size <= MAX_SIZE)
    return fd;

  if (fd >= 0 && S_ISREG (info.st_mode))
    g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID, _("The file is too large to be a subscription."));
  else
    g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID, _("It is not an ordinary file."));

  if (fd >= 0)
    close (fd);
  return -1;
}

/**
 * sluice_subscription_file_read:
 * @path: the file
 * @length: (out): the length of the text
 * @error: why it cannot be read
 *
 * Reads a file of bounded size. Blocks; call it from a worker thread.
 *
 * Returns: (transfer full) (nullable): the text, with a nul byte behind it
 */
char *
sluice_subscription_file_read (const char  *path,
                               gsize       *length,
                               GError     **error)
{
  g_autoptr(GString) text = g_string_new (NULL);
  int fd = open_regular (path, error);
  gssize n_read;

  if (fd < 0)
    return NULL;

  do
    {
      char buffer[16384];

      n_read = read (fd, buffer, sizeof buffer);
      if (n_read > 0)
        g_string_append_len (text, buffer, n_read);
    }
  while ((n_read > 0 && text->len <= MAX_SIZE) || (n_read < 0 && errno == EINTR));

  if (n_read < 0)
    {
      set_errno_error (error, path, errno);
      close (fd);
      return NULL;
    }

  close (fd);
  *length = text->len;

  return g_string_free_and_steal (g_steal_pointer (&text));
}

static void
sync_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);

  if (fd < 0)
    return;

  /* Some file systems refuse this; the file itself is safe already. */
  if (fsync (fd) != 0)
    g_debug ("%s: %s", folder, g_strerror (errno));
  close (fd);
}

/**
 * sluice_subscription_file_write:
 * @path: the file
 * @text: its new text
 * @error: %SLUICE_ERROR_STORAGE and what to do
 *
 * Replaces a file as a whole: after a crash there is the old text or the new
 * one. Only the user may read it. Blocks; call it from a worker thread.
 *
 * Returns: whether the text is on the disk
 */
gboolean
sluice_subscription_file_write (const char  *path,
                                const char  *text,
                                GError     **error)
{
  g_autofree char *folder = g_path_get_dirname (path);

  if (g_mkdir_with_parents (folder, 0700) != 0)
    return set_errno_error (error, folder, errno);

  if (!g_file_set_contents_full (path, text, -1,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                 0600, error))
    {
      sluice_storage_error_explain (error, path);
      return FALSE;
    }

  sync_folder (path);

  return TRUE;
}
