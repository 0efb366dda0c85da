/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-result-file"

#include "config.h"

#include "sluice-result-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "sluice-error.h"

struct _SluiceResultFile
{
  char *folder;
  int fd;
};

/* Where there is no such thing as a file without a name, it loses its name at once. */
static int
open_in (const char *folder)
{
  g_autofree char *path = NULL;
  int fd = open (folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

  if (fd >= 0)
    return fd;

  path = g_build_filename (folder, ".results-XXXXXX", NULL);
  fd = g_mkstemp_full (path, O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0)
    g_unlink (path);

  return fd;
}

static void
set_error (const SluiceResultFile  *self,
           int                      code,
           GError                 **error)
{
  if (code == ENOSPC || code == EDQUOT || code == EFBIG)
    /* Translators: %s is a folder */
    g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE,
                 _("There is no room for more rows in “%s”. Make some room there and run the query again."),
                 self->folder);
  else
    /* Translators: a folder, and what is wrong */
    g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE,
                 _("The rows in “%s” cannot be read or written: %s"), self->folder, g_strerror (code));
}

/**
 * sluice_result_file_new:
 * @folder: where, made when it is missing
 * @error: why it cannot be made there
 *
 * Returns: (transfer full): an empty file that only this user can read
 */
SluiceResultFile *
sluice_result_file_new (const char  *folder,
                        GError     **error)
{
  SluiceResultFile *self;
  int fd = -1;

  g_return_val_if_fail (folder != NULL, NULL);

  if (g_mkdir_with_parents (folder, 0700) == 0)
    fd = open_in (folder);

  if (fd < 0)
    {
      int code = errno;

      /* Translators: a folder, and what is wrong */
      g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE,
                   _("No rows can be kept in “%s”: %s"), folder, g_strerror (code));
      return NULL;
    }

  self = g_new0 (SluiceResultFile, 1);
  self->folder = g_strdup (folder);
  self->fd = fd;

  return self;
}

/**
 * sluice_result_file_free:
 * @self: (transfer full): a file
 *
 * Closes it, which frees its place on the disk.
 */
void
sluice_result_file_free (SluiceResultFile *self)
{
  g_return_if_fail (self != NULL);

  close (self->fd);
  g_free (self->folder);
  g_free (self);
}

/**
 * sluice_result_file_write:
 * @self: a file
 * @data: (array length=size) (element-type guint8): what
 * @size: how much
 * @offset: where
 * @error: why not all of it is there
 *
 * Returns: whether all of it is there
 */
gboolean
sluice_result_file_write (const SluiceResultFile  *self,
                          gconstpointer            data,
                          gsize                    size,
                          guint64                  offset,
                          GError                 **error)
{
  const char *bytes = data;

  while (size > 0)
    {
      gssize written = pwrite (self->fd, bytes, size, (off_t) offset);

      if (written < 0 && errno == EINTR)
        continue;
      if (written <= 0)
        {
          set_error (self, written < 0 ? errno : EIO, error);
          return FALSE;
        }

      bytes += written;
      size -= (gsize) written;
      offset += (guint64) written;
    }

  return TRUE;
}

/**
 * sluice_result_file_read:
 * @self: a file
 * @data: (array length=size) (element-type guint8) (out caller-allocates): where it goes
 * @size: how much, no more than there is
 * @offset: from where
 * @error: why it cannot be read
 *
 * Returns: whether all of it was read
 */
gboolean
sluice_result_file_read (const SluiceResultFile  *self,
                         gpointer                 data,
                         gsize                    size,
                         guint64                  offset,
                         GError                 **error)
{
  char *bytes = data;

  while (size > 0)
    {
      gssize got = pread (self->fd, bytes, size, (off_t) offset);

      if (got < 0 && errno == EINTR)
        continue;
      if (got <= 0)
        {
          set_error (self, got < 0 ? errno : EIO, error);
          return FALSE;
        }

      bytes += got;
      size -= (gsize) got;
      offset += (guint64) got;
    }

  return TRUE;
}
