/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-write-error.h"

#include <errno.h>
#include <glib/gi18n.h>

#include "sluice-error.h"

static void
set_disk_full (GError **error)
{
  g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE,
                       _("The records cannot be written because the disk is full. Free some space, then try again."));
}

/**
 * sluice_write_error_explain:
 * @error: (inout): what a stream said
 *
 * Says what to do when records cannot be written. Cancellation and a pipe that
 * nobody reads any more stay what they are.
 */
void
sluice_write_error_explain (GError **error)
{
  g_autoptr(GError) cause = g_steal_pointer (error);

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE))
    *error = g_steal_pointer (&cause);
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NO_SPACE))
    set_disk_full (error);
  else
    g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE,
                 /* Translators: the placeholder is the system's own text */
                 _("The records cannot be written: %s"), cause->message);
}

/**
 * sluice_write_error_set_errno:
 * @error: (out): what to set
 * @path: the file
 * @code: what the system said
 *
 * Says what to do when a file cannot be written.
 */
void
sluice_write_error_set_errno (GError     **error,
                              const char  *path,
                              int          code)
{
  if (code == ENOSPC || code == EDQUOT)
    set_disk_full (error);
  else if (code == EFBIG)
    g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE,
                 /* Translators: the path of a file */
                 _("“%s” has become as large as a file may be here. Write to another disk, or raise the limit "
                   "(see “ulimit -f”)."), path);
  else
    g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE, "%s: %s", path, g_strerror (code));
}
