/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-subscription-scan.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-error.h"
#include "sluice-members.h"
#include "sluice-subscription-file.h"

/* What can still be told of a file that cannot be used. */
static char *
guess_name (const char *text,
            gsize       length,
            const char *stem)
{
  g_autoptr(JsonObject) root = NULL;
  const char *name = NULL;

  if (text != NULL)
    root = sluice_members_parse (text, length, NULL);
  if (root != NULL)
    sluice_members_get_string (root, "name", &name, NULL);

  return name != NULL && *name != '\0' ? g_strdup (name) : g_filename_display_name (stem);
}

static SluiceSubscription *
scan_file (const char *path,
           const char *stem)
{
  SluiceSubscription *subscription = NULL;
  g_autofree char *text = NULL;
  g_autofree char *name = NULL;
  g_autofree char *id = NULL;
  g_autoptr(GError) error = NULL;
  gsize length = 0;

  text = sluice_subscription_file_read (path, &length, &error);

  if (text != NULL && !g_uuid_string_is_valid (stem))
    g_set_error_literal (&error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                         _("The name of the file is not an id. Import the file instead of copying it here."));
  else if (text != NULL)
    subscription = sluice_subscription_file_parse (stem, text, length, &error);

  if (subscription != NULL)
    {
      sluice_subscription_set_path (subscription, path);
      return subscription;
    }

  name = guess_name (text, length, stem);
  id = g_filename_display_name (stem);

  return sluice_subscription_new_damaged (id, path, name, error->message);
}

static int
compare_ids (gconstpointer a,
             gconstpointer b)
{
  return strcmp (sluice_subscription_get_id (*(SluiceSubscription * const *) a),
                 sluice_subscription_get_id (*(SluiceSubscription * const *) b));
}

/**
 * sluice_subscription_scan:
 * @folder: a folder with the files of subscriptions
 * @error: %SLUICE_ERROR_STORAGE when the folder cannot be read
 *
 * Reads all files of a folder that end in `.json`; each that cannot be used becomes a
 * damaged subscription. Files that an interrupted writer left behind have
 * other names. Blocks; call it from a worker thread.
 *
 * Returns: (transfer full) (element-type SluiceSubscription) (nullable): what is there, by id
 */
GPtrArray *
sluice_subscription_scan (const char  *folder,
                          GError     **error)
{
  g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GDir) dir = g_dir_open (folder, 0, &local_error);
  const char *name;

  if (dir == NULL && g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    return g_steal_pointer (&found);

  if (dir == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      sluice_storage_error_explain (error, folder);
      return NULL;
    }

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *stem = NULL;

      if (*name == '.' || !g_str_has_suffix (name, ".json"))
        continue;

      stem = g_strndup (name, strlen (name) - strlen (".json"));
      g_ptr_array_add (found, scan_file (path, stem));
    }

  g_ptr_array_sort (found, compare_ids);

  return g_steal_pointer (&found);
}
