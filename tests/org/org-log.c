/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "org-log.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <gio/gio.h>
#include <unistd.h>

#include "org-json.h"

struct _OrgLog
{
  int fd;
};

/**
 * org_log_new:
 * @path: a file; lines are added to it
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): a log, readable by the user only
 */
OrgLog *
org_log_new (const char  *path,
             GError     **error)
{
  int fd = g_open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  OrgLog *self;

  if (fd < 0)
    {
      int number = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (number), "The log “%s” cannot be opened: %s", path,
                   g_strerror (number));
      return NULL;
    }

  self = g_new0 (OrgLog, 1);
  self->fd = fd;

  return self;
}

/**
 * org_log_free:
 * @self: (transfer full): a log
 *
 * Closes the file.
 */
void
org_log_free (OrgLog *self)
{
  close (self->fd);
  g_free (self);
}

static void
append_time (GString    *line,
             const char *name,
             gint64      time)
{
  org_json_append_member (line, name);
  g_string_append_printf (line, "%" G_GINT64_FORMAT ".%03d", time / 1000, (int) (time % 1000));
}

/**
 * org_log_add:
 * @self: a log
 * @entry: a request that is over
 *
 * Adds one line, in one piece, so that whoever reads the file sees whole lines.
 */
void
org_log_add (OrgLog            *self,
             const OrgLogEntry *entry)
{
  g_autoptr(GString) line = g_string_new ("{");
  gssize written;

  append_time (line, "t", entry->started);
  append_time (line, "end", entry->ended);
  org_json_append_text (line, "method", entry->method);
  org_json_append_text (line, "path", entry->path);
  org_json_append_int (line, "status", entry->status);
  org_json_append_text (line, "kind", entry->kind);
  org_json_append_int (line, "bytes", (gint64) entry->bytes);
  g_string_append (line, "}\n");

  do
    written = write (self->fd, line->str, line->len);
  while (written < 0 && errno == EINTR);

  if (written < 0)
    g_printerr ("sluice-demo-org: the log cannot be written: %s\n", g_strerror (errno));
}
