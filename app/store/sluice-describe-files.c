/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-describe-files.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

/* ROOT/FOLDER/VERSION/NAME, where a folder is of one org and one of its users. ROOT/FOLDER/used-by/OWNER says which
 * subscriptions need the folder, also those of other programs of the user: the last one that goes takes it away. */

#define MAGIC "sluice-describe 1"
#define OWNERS "used-by"
#define NO_DATE "-"
#define MAX_HEADER 256
#define MAX_FILE_BYTES (32 * 1024 * 1024)
#define MAX_FOLDER_BYTES (64 * 1024 * 1024)

/* What is written after its folder was taken away would stay for ever. */
static GMutex lock;

/**
 * sluice_describe_file_free:
 * @self: (transfer full): an answer
 *
 * Frees it.
 */
void
sluice_describe_file_free (SluiceDescribeFile *self)
{
  g_bytes_unref (self->answer);
  g_free (self->modified);
  g_free (self);
}

/* Files */

/* Returns: (nullable): the answer, when the file is whole */
static SluiceDescribeFile *
read_file (const char *path)
{
  g_autoptr(SluiceDescribeFile) file = NULL;
  g_autofree char *contents = NULL;
  g_autofree char *header = NULL;
  g_autofree char *sum = NULL;
  g_auto(GStrv) words = NULL;
  const char *line_end;
  GStatBuf info;
  gsize length, start;

  if (g_lstat (path, &info) != 0 || !S_ISREG (info.st_mode) || info.st_size > MAX_FILE_BYTES + MAX_HEADER ||
      !g_file_get_contents (path, &contents, &length, NULL))
    return NULL;

  line_end = memchr (contents, '\n', MIN (length, MAX_HEADER));
  if (line_end == NULL || !g_str_has_prefix (contents, MAGIC " "))
    return NULL;

  start = (gsize) (line_end - contents) + 1;
  header = g_strndup (contents, start - 1);
  words = g_strsplit (header + strlen (MAGIC " "), " ", 2);
  sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) contents + start, length - start);
  if (g_strv_length (words) != 2 || !g_str_equal (words[0], sum))
    return NULL;

  file = g_new0 (SluiceDescribeFile, 1);
  file->answer = g_bytes_new (contents + start, length - start);
  file->modified = g_str_equal (words[1], NO_DATE) ? NULL : g_strdup (words[1]);
  file->checked_at = info.st_mtim.tv_sec;

  return g_steal_pointer (&file);
}

static void
set_time (const char *path,
          gint64      seconds)
{
  const struct timespec times[2] = { { .tv_sec = seconds }, { .tv_sec = seconds } };

  utimensat (AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW);
}

static gboolean
is_one_line (const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    {
      if (!g_ascii_isprint (*p))
        return FALSE;
    }

  return strlen (text) <= 64;
}

static gboolean
write_file (const char  *path,
            GBytes      *answer,
            const char  *modified,
            gint64       checked_at,
            GError     **error)
{
  g_autofree char *sum = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, answer);
  g_autoptr(GString) contents = g_string_new (NULL);
  gconstpointer data;
  gsize size;

  data = g_bytes_get_data (answer, &size);
  g_string_append_printf (contents, MAGIC " %s %s\n", sum,
                          modified != NULL && is_one_line (modified) ? modified : NO_DATE);
  g_string_append_len (contents, data, (gssize) size);

  if (!g_file_set_contents_full (path, contents->str, (gssize) contents->len, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error))
    return FALSE;

  set_time (path, checked_at);

  return TRUE;
}

/* Folders */

static GPtrArray *
list_names (const char *path)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));

  return g_steal_pointer (&names);
}

/* Two levels, which is all that there are. */
static void
remove_folder (const char *path)
{
  g_autoptr(GPtrArray) names = list_names (path);

  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *inner = g_build_filename (path, g_ptr_array_index (names, i), NULL);
      g_autoptr(GPtrArray) files = NULL;

      if (g_unlink (inner) == 0)
        continue;

      files = list_names (inner);
      for (guint j = 0; j < files->len; j++)
        {
          g_autofree char *file = g_build_filename (inner, g_ptr_array_index (files, j), NULL);

          g_unlink (file);
        }
      g_rmdir (inner);
    }

  g_rmdir (path);
}

static char *
build_owner_path (const char *root,
                  const char *folder,
                  const char *owner)
{
  return g_build_filename (root, folder, OWNERS, owner, NULL);
}

/* Returns: (nullable): the folder that @owner used last */
static char *
find_folder (const char *root,
             const char *owner)
{
  g_autoptr(GPtrArray) folders = list_names (root);

  for (guint i = 0; i < folders->len; i++)
    {
      const char *folder = g_ptr_array_index (folders, i);
      g_autofree char *path = build_owner_path (root, folder, owner);

      if (g_file_test (path, G_FILE_TEST_EXISTS))
        return g_strdup (folder);
    }

  return NULL;
}

/* All but @keep (nullable) lose @owner, and go when it was their last. */
static void
leave_folders (const char *root,
               const char *owner,
               const char *keep)
{
  g_autoptr(GPtrArray) folders = list_names (root);

  for (guint i = 0; i < folders->len; i++)
    {
      const char *folder = g_ptr_array_index (folders, i);
      g_autofree char *path = NULL;
      g_autofree char *owners_path = NULL;
      g_autofree char *folder_path = NULL;
      g_autoptr(GPtrArray) owners = NULL;

      if (g_strcmp0 (folder, keep) == 0)
        continue;

      path = build_owner_path (root, folder, owner);
      if (g_unlink (path) != 0)
        continue;

      owners_path = g_path_get_dirname (path);
      owners = list_names (owners_path);
      folder_path = g_path_get_dirname (owners_path);
      if (owners->len == 0)
        remove_folder (folder_path);
    }
}

static gboolean
make_folder (const char  *path,
             GError     **error)
{
  int number;

  if (g_mkdir_with_parents (path, 0700) == 0)
    return TRUE;

  number = errno;
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (number), "%s: %s", path, g_strerror (number));

  return FALSE;
}

static gboolean
enter_folder (const char  *root,
              const char  *folder,
              const char  *owner,
              GError     **error)
{
  g_autofree char *path = build_owner_path (root, folder, owner);
  g_autofree char *owners_path = g_path_get_dirname (path);

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;

  leave_folders (root, owner, folder);

  return make_folder (owners_path, error) && g_file_set_contents_full (path, "", 0, G_FILE_SET_CONTENTS_NONE, 0600, error);
}

typedef struct
{
  char *path;
  gint64 time;
  gint64 size;
} Kept;

static void
kept_free (gpointer data)
{
  Kept *kept = data;

  g_free (kept->path);
  g_free (kept);
}

static int
compare_newest_first (gconstpointer a,
                      gconstpointer b)
{
  const Kept *first = *(const Kept * const *) a;
  const Kept *second = *(const Kept * const *) b;

  return first->time == second->time ? 0 : first->time > second->time ? -1 : 1;
}

static void
add_kept (GPtrArray  *all,
          const char *folder_path)
{
  g_autoptr(GPtrArray) names = list_names (folder_path);

  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *path = g_build_filename (folder_path, g_ptr_array_index (names, i), NULL);
      GStatBuf info;
      Kept *kept;

      if (g_lstat (path, &info) != 0)
        continue;

      kept = g_new0 (Kept, 1);
      kept->path = g_steal_pointer (&path);
      kept->time = info.st_mtim.tv_sec;
      kept->size = info.st_size;
      g_ptr_array_add (all, kept);
    }
}

/* What was not needed for longest goes first. */
static void
bound_folder (const char *root,
              const char *folder)
{
  g_autofree char *folder_path = g_build_filename (root, folder, NULL);
  g_autoptr(GPtrArray) versions = list_names (folder_path);
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func (kept_free);
  gint64 total = 0;

  for (guint i = 0; i < versions->len; i++)
    {
      g_autofree char *version_path = g_build_filename (folder_path, g_ptr_array_index (versions, i), NULL);

      if (!g_str_equal (g_ptr_array_index (versions, i), OWNERS))
        add_kept (all, version_path);
    }

  g_ptr_array_sort (all, compare_newest_first);
  for (guint i = 0; i < all->len; i++)
    {
      const Kept *kept = g_ptr_array_index (all, i);

      total += kept->size;
      if (total > MAX_FOLDER_BYTES)
        g_unlink (kept->path);
    }
}

static int
compare_versions (gconstpointer a,
                  gconstpointer b)
{
  double first = g_ascii_strtod (*(const char * const *) a, NULL);
  double second = g_ascii_strtod (*(const char * const *) b, NULL);

  return first == second ? 0 : first > second ? -1 : 1;
}

static SluiceDescribeFile *
load_newest (const char *root,
             const char *folder,
             const char *name)
{
  g_autofree char *folder_path = g_build_filename (root, folder, NULL);
  g_autoptr(GPtrArray) versions = list_names (folder_path);

  g_ptr_array_sort (versions, compare_versions);
  for (guint i = 0; i < versions->len; i++)
    {
      g_autofree char *path = g_build_filename (folder_path, g_ptr_array_index (versions, i), name, NULL);
      SluiceDescribeFile *file = read_file (path);

      if (file != NULL)
        return file;
    }

  return NULL;
}

/**
 * sluice_describe_files_load:
 * @root: where all answers are kept
 * @folder: (nullable): of the org and its user, %NULL for the one that @owner used last
 * @owner: whose answers: the id of a subscription
 * @version: (nullable): of the API, %NULL for the newest
 * @name: of the answer
 *
 * Reads a kept answer. One that is damaged is as good as none.
 *
 * Returns: (transfer full) (nullable): the answer
 */
SluiceDescribeFile *
sluice_describe_files_load (const char *root,
                            const char *folder,
                            const char *owner,
                            const char *version,
                            const char *name)
{
  g_autofree char *last = NULL;
  g_autofree char *path = NULL;

  if (folder == NULL)
    folder = last = find_folder (root, owner);
  if (folder == NULL)
    return NULL;

  if (version == NULL)
    return load_newest (root, folder, name);

  path = g_build_filename (root, folder, version, name, NULL);

  return read_file (path);
}

/**
 * sluice_describe_files_save:
 * @root: where all answers are kept
 * @folder: of the org and its user
 * @owner: whose answers: the id of a subscription
 * @version: of the API
 * @name: of the answer
 * @answer: what the org said
 * @modified: (nullable): since when it is so
 * @checked_at: when it was said, in seconds since 1970
 * @cancellable: when cancelled, nothing is kept
 * @error: a file error
 *
 * Keeps an answer for @owner, in place of an older one. What @owner kept of
 * another org or user goes, unless somebody else needs it. A folder has at
 * most 64 MB; of more, what was not asked for longest goes.
 *
 * Returns: whether it is kept
 */
gboolean
sluice_describe_files_save (const char    *root,
                            const char    *folder,
                            const char    *owner,
                            const char    *version,
                            const char    *name,
                            GBytes        *answer,
                            const char    *modified,
                            gint64         checked_at,
                            GCancellable  *cancellable,
                            GError       **error)
{
  g_autoptr(GMutexLocker) locker = NULL;
  g_autofree char *version_path = g_build_filename (root, folder, version, NULL);
  g_autofree char *path = g_build_filename (version_path, name, NULL);

  locker = g_mutex_locker_new (&lock);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;

  if (!enter_folder (root, folder, owner, error) ||
      !make_folder (version_path, error) ||
      !write_file (path, answer, modified, checked_at, error))
    return FALSE;

  bound_folder (root, folder);

  return TRUE;
}

/**
 * sluice_describe_files_touch:
 * @root: where all answers are kept
 * @folder: of the org and its user
 * @version: of the API
 * @name: of the answer
 * @checked_at: when the org said that it is still so, in seconds since 1970
 *
 * Notes that a kept answer still holds.
 */
void
sluice_describe_files_touch (const char *root,
                             const char *folder,
                             const char *version,
                             const char *name,
                             gint64      checked_at)
{
  g_autofree char *path = g_build_filename (root, folder, version, name, NULL);

  set_time (path, checked_at);
}

/**
 * sluice_describe_files_remove:
 * @root: where all answers are kept
 * @folder: of the org and its user
 * @version: of the API
 * @name: of the answer
 *
 * Removes an answer that no longer holds.
 */
void
sluice_describe_files_remove (const char *root,
                              const char *folder,
                              const char *version,
                              const char *name)
{
  g_autofree char *path = g_build_filename (root, folder, version, name, NULL);

  g_unlink (path);
}

/**
 * sluice_describe_files_forget:
 * @root: where all answers are kept
 * @owner: the id of a subscription that lost its tokens or was deleted
 *
 * Removes what was kept for @owner and nobody else needs.
 */
void
sluice_describe_files_forget (const char *root,
                              const char *owner)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&lock);

  leave_folders (root, owner, NULL);
}
