/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-cli-output.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixoutputstream.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sluice-error.h"

struct _SluiceCliOutput
{
  GOutputStream *stream;
  int fd;
  char *path;    /* (nullable), where it will appear */
  char *partial; /* (nullable), where it is now */
};

static void
take_errno (const char  *path,
            GError     **error)
{
  int code = errno;

  g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE, "%s: %s", path, g_strerror (code));
}

/* A link stays a link, so what it points to is replaced. */
static char *
dup_target (const char *path)
{
  g_autofree char *resolved = realpath (path, NULL);

  return g_strdup (resolved != NULL ? resolved : path);
}

static gboolean
open_beside (SluiceCliOutput    *self,
             const char         *path,
             const struct stat  *existing, /* (nullable) */
             GError            **error)
{
  self->path = dup_target (path);
  self->partial = g_strdup_printf ("%s.XXXXXX", self->path);

  /* With the rights that any new file gets, or those of the file that is replaced. */
  self->fd = g_mkstemp_full (self->partial, O_WRONLY | O_CLOEXEC, 0666);
  if (self->fd < 0)
    {
      take_errno (path, error);
      g_clear_pointer (&self->partial, g_free);
      return FALSE;
    }

  if (existing != NULL && fchmod (self->fd, existing->st_mode & 07777) != 0)
    {
      take_errno (path, error);
      return FALSE;
    }

  return TRUE;
}

static gboolean
open_path (SluiceCliOutput  *self,
           const char       *path,
           GError          **error)
{
  struct stat existing;

  if (stat (path, &existing) != 0)
    return open_beside (self, path, NULL, error);

  if (S_ISREG (existing.st_mode))
    return open_beside (self, path, &existing, error);

  /* A pipe or a device cannot be replaced. */
  self->fd = open (path, O_WRONLY | O_CLOEXEC);
  if (self->fd < 0)
    {
      take_errno (path, error);
      return FALSE;
    }

  return TRUE;
}

/**
 * sluice_cli_output_open:
 * @path: (nullable): a file, %NULL or `-` for standard output
 * @error: why it cannot be written
 *
 * Begins to write. A file is written beside the place where it will appear.
 *
 * Returns: (transfer full) (nullable): the output
 */
SluiceCliOutput *
sluice_cli_output_open (const char  *path,
                        GError     **error)
{
  g_autoptr(SluiceCliOutput) self = g_new0 (SluiceCliOutput, 1);
  gboolean is_file = path != NULL && !g_str_equal (path, "-");

  self->fd = STDOUT_FILENO;
  if (is_file && !open_path (self, path, error))
    return NULL;

  self->stream = g_unix_output_stream_new (self->fd, FALSE);

  return g_steal_pointer (&self);
}

/**
 * sluice_cli_output_get_stream:
 * @self: an output
 *
 * Returns: (transfer none): where the data goes
 */
GOutputStream *
sluice_cli_output_get_stream (SluiceCliOutput *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->stream;
}

/**
 * sluice_cli_output_commit:
 * @self: an output
 * @error: why the file is not there
 *
 * Ends writing. The file is on the disk, and now has its name.
 *
 * Returns: whether all is written
 */
gboolean
sluice_cli_output_commit (SluiceCliOutput  *self,
                          GError          **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (self->partial == NULL)
    return TRUE;

  if (fsync (self->fd) != 0 || g_rename (self->partial, self->path) != 0)
    {
      take_errno (self->path, error);
      return FALSE;
    }

  g_clear_pointer (&self->partial, g_free);

  return TRUE;
}

/**
 * sluice_cli_output_free:
 * @self: (nullable) (transfer full): an output
 *
 * Ends it; what was not committed is removed, and a file that was there before
 * is as it was.
 */
void
sluice_cli_output_free (SluiceCliOutput *self)
{
  if (self == NULL)
    return;

  g_clear_object (&self->stream);
  if (self->partial != NULL)
    g_unlink (self->partial);
  if (self->fd > STDERR_FILENO)
    close (self->fd);
  g_free (self->partial);
  g_free (self->path);
  g_free (self);
}
