/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-file-sink.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sluice-error.h"
#include "sluice-members.h"
#include "sluice-write-error.h"

#define JOURNAL_VERSION 1
#define WRITE_BACK_SIZE (8 * 1024 * 1024)

struct _SluiceFileSink
{
  SluiceSink parent_instance;

  char *path;
  char *partial;
  char *journal;
  SluiceRowTextOptions options;

  int fd;
  SluiceRowText *text;
  goffset written;   /* bytes in the file */
  goffset pushed;    /* bytes that the disk was asked to take */
  goffset committed; /* -1 when nothing is taken up */
};

G_DEFINE_FINAL_TYPE (SluiceFileSink, sluice_file_sink, SLUICE_TYPE_SINK)

/* A link stays a link, so what it points to is replaced. */
static char *
dup_target (const char *path)
{
  g_autofree char *resolved = realpath (path, NULL);

  return g_strdup (resolved != NULL ? resolved : path);
}

static gboolean
fail_errno (const char  *path,
            GError     **error)
{
  sluice_write_error_set_errno (error, path, errno);

  return FALSE;
}

static gboolean
fail_journal (SluiceFileSink  *self,
              GError         **error)
{
  g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
               /* Translators: the paths of two files */
               _("“%s” and “%s” do not belong together, so the interrupted run cannot be taken up. Start again without "
                 "resuming; they are replaced then."), self->partial, self->journal);

  return FALSE;
}

static void
close_file (SluiceFileSink *self)
{
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

/* Two runs into the same file would destroy each other's records. */
static gboolean
open_partial (SluiceFileSink  *self,
              GError         **error)
{
  struct stat existing;
  gboolean exists;

  if (self->fd >= 0)
    return TRUE;

  /* Taking the name of a device or a folder would destroy it. */
  exists = stat (self->path, &existing) == 0;
  if (exists && !S_ISREG (existing.st_mode))
    {
      g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE,
                   /* Translators: the path of a file */
                   _("“%s” is not a file that could be replaced. Choose another file."), self->path);
      return FALSE;
    }

  self->fd = open (self->partial, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (self->fd < 0)
    return fail_errno (self->partial, error);

  if (flock (self->fd, LOCK_EX | LOCK_NB) != 0)
    {
      g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE,
                   /* Translators: the path of a file */
                   _("Another run writes “%s” just now. Wait until it ends, or choose another file."), self->path);
      close_file (self);
      return FALSE;
    }

  /* With the rights of the file that is replaced. */
  if (exists && fchmod (self->fd, existing.st_mode & 07777) != 0)
    return fail_errno (self->partial, error);

  return TRUE;
}

static gboolean
write_all (SluiceFileSink  *self,
           const char      *text,
           gsize            length,
           GError         **error)
{
  while (length > 0)
    {
      gssize n = write (self->fd, text, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return fail_errno (self->partial, error);

      text += n;
      length -= (gsize) n;
      self->written += n;
    }

  return TRUE;
}

/* The disk begins while more records come, so that the last flush has little left to wait for. Only a hint: where it is
 * not possible nothing is lost. */
static void
write_back (SluiceFileSink *self)
{
  if (self->written - self->pushed < WRITE_BACK_SIZE)
    return;

  if (sync_file_range (self->fd, self->pushed, self->written - self->pushed, SYNC_FILE_RANGE_WRITE) != 0)
    g_debug ("Writing back early is not possible: %s", g_strerror (errno));
  self->pushed = self->written;
}

static gboolean
flush (SluiceFileSink  *self,
       GError         **error)
{
  gsize length;
  const char *text = sluice_row_text_peek (self->text, &length);

  if (!write_all (self, text, length, error))
    return FALSE;
  sluice_row_text_clear (self->text);
  write_back (self);

  return TRUE;
}

/* The journal */

static char *
make_journal (SluiceFileSink *self,
              const char     *state)
{
  g_autoptr(JsonBuilder) builder = json_builder_new_immutable ();
  g_autoptr(JsonNode) root = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "version");
  json_builder_add_int_value (builder, JOURNAL_VERSION);
  json_builder_set_member_name (builder, "format");
  json_builder_add_int_value (builder, self->options.format);
  json_builder_set_member_name (builder, "byte_order_mark");
  json_builder_add_boolean_value (builder, self->options.byte_order_mark);
  json_builder_set_member_name (builder, "formula_guard");
  json_builder_add_boolean_value (builder, self->options.formula_guard);
  json_builder_set_member_name (builder, "size");
  json_builder_add_int_value (builder, self->written);
  json_builder_set_member_name (builder, "state");
  json_builder_add_string_value (builder, state);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);

  return json_to_string (root, FALSE);
}

static gboolean
has_same_options (SluiceFileSink *self,
                  JsonObject     *object)
{
  gboolean byte_order_mark = FALSE;
  gboolean formula_guard = FALSE;
  gint64 format = -1;

  return sluice_members_get_int64 (object, "format", &format, NULL) &&
         sluice_members_get_boolean (object, "byte_order_mark", &byte_order_mark, NULL) &&
         sluice_members_get_boolean (object, "formula_guard", &formula_guard, NULL) &&
         format == self->options.format &&
         byte_order_mark == self->options.byte_order_mark &&
         formula_guard == self->options.formula_guard;
}

static gboolean
read_journal (SluiceFileSink  *self,
              const char      *text,
              gsize            length,
              char           **state,
              GError         **error)
{
  g_autoptr(JsonObject) object = sluice_members_parse (text, (gssize) length, NULL);
  const char *found = NULL;
  gint64 version = 0;
  gint64 size = -1;

  if (object == NULL ||
      !sluice_members_get_int64 (object, "version", &version, NULL) || version != JOURNAL_VERSION ||
      !sluice_members_get_int64 (object, "size", &size, NULL) || size < 0 ||
      !sluice_members_get_string (object, "state", &found, NULL) || found == NULL)
    return fail_journal (self, error);

  if (!has_same_options (self, object))
    {
      g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                   /* Translators: the path of a file */
                   _("The interrupted run into “%s” wrote another format. Resume it with the same options, or start "
                     "again without resuming."), self->path);
      return FALSE;
    }

  self->committed = size;
  *state = g_strdup (found);

  return TRUE;
}

static gboolean
take_up_partial (SluiceFileSink  *self,
                 GError         **error)
{
  struct stat existing;

  if (!open_partial (self, error))
    return FALSE;
  if (fstat (self->fd, &existing) != 0)
    return fail_errno (self->partial, error);
  if (existing.st_size < self->committed)
    return fail_journal (self, error);
  if (ftruncate (self->fd, self->committed) != 0 || lseek (self->fd, self->committed, SEEK_SET) < 0)
    return fail_errno (self->partial, error);
  self->written = self->committed;

  return TRUE;
}

static gboolean
sluice_file_sink_restore (SluiceSink  *sink,
                          char       **state,
                          GError     **error)
{
  SluiceFileSink *self = SLUICE_FILE_SINK (sink);
  g_autoptr(GError) problem = NULL;
  g_autofree char *text = NULL;
  g_autofree char *found = NULL;
  gsize length;

  if (!g_file_get_contents (self->journal, &text, &length, &problem))
    {
      if (g_error_matches (problem, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        return TRUE;
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE, problem->message);
      return FALSE;
    }

  /* Killed between the file's new name and the journal's removal: nothing is left to take up. */
  if (access (self->partial, F_OK) != 0 && errno == ENOENT)
    return TRUE;

  if (!read_journal (self, text, length, &found, error) || !take_up_partial (self, error))
    return FALSE;

  *state = g_steal_pointer (&found);

  return TRUE;
}

static gboolean
sluice_file_sink_begin (SluiceSink          *sink,
                        const char * const  *columns,
                        guint                n_columns,
                        GError             **error)
{
  SluiceFileSink *self = SLUICE_FILE_SINK (sink);

  if (self->committed < 0)
    {
      if (!open_partial (self, error))
        return FALSE;
      /* The journal of an older run must not be taken for this one's. */
      if (g_unlink (self->journal) != 0 && errno != ENOENT)
        return fail_errno (self->journal, error);
      if (ftruncate (self->fd, 0) != 0)
        return fail_errno (self->partial, error);
    }

  sluice_row_text_begin (self->text, columns, n_columns, self->committed >= 0);

  return TRUE;
}

static gboolean
sluice_file_sink_add (SluiceSink            *sink,
                      const SluiceRowBatch  *batch,
                      GError               **error)
{
  SluiceFileSink *self = SLUICE_FILE_SINK (sink);
  guint row = sluice_row_text_add (self->text, batch, 0);

  while (row < batch->n_rows)
    {
      if (!flush (self, error))
        return FALSE;
      row = sluice_row_text_add (self->text, batch, row);
    }

  return TRUE;
}

/* The records first: a journal must never promise what is not there, not even after the power went. */
static gboolean
sluice_file_sink_checkpoint (SluiceSink  *sink,
                             const char  *state,
                             GError     **error)
{
  SluiceFileSink *self = SLUICE_FILE_SINK (sink);
  g_autoptr(GError) problem = NULL;
  g_autofree char *journal = NULL;

  if (!flush (self, error))
    return FALSE;
  if (fdatasync (self->fd) != 0)
    return fail_errno (self->partial, error);

  journal = make_journal (self, state);
  if (!g_file_set_contents_full (self->journal, journal, -1,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, &problem))
    {
      if (g_error_matches (problem, G_FILE_ERROR, G_FILE_ERROR_NOSPC))
        sluice_write_error_set_errno (error, self->journal, ENOSPC);
      else
        g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_STORAGE, problem->message);
      return FALSE;
    }
  self->committed = self->written;

  return TRUE;
}

/* So that the new name, too, is there after the power went. Not all file systems can. */
static void
sync_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    return;
  if (fsync (fd) != 0)
    g_debug ("The folder of “%s” cannot be flushed: %s", path, g_strerror (errno));
  close (fd);
}

static gboolean
sluice_file_sink_finish (SluiceSink  *sink,
                         GError     **error)
{
  SluiceFileSink *self = SLUICE_FILE_SINK (sink);

  if (!flush (self, error))
    return FALSE;
  if (fsync (self->fd) != 0)
    return fail_errno (self->partial, error);
  if (g_rename (self->partial, self->path) != 0)
    return fail_errno (self->path, error);

  close_file (self);
  g_unlink (self->journal);
  sync_folder (self->path);

  return TRUE;
}

/* A partial file without a journal serves nobody. */
static void
sluice_file_sink_abandon (SluiceSink *sink)
{
  SluiceFileSink *self = SLUICE_FILE_SINK (sink);

  if (self->fd >= 0 && self->committed < 0)
    g_unlink (self->partial);
  close_file (self);
}

static void
sluice_file_sink_finalize (GObject *object)
{
  SluiceFileSink *self = SLUICE_FILE_SINK (object);

  close_file (self);
  g_clear_pointer (&self->text, sluice_row_text_free);
  g_free (self->path);
  g_free (self->partial);
  g_free (self->journal);

  G_OBJECT_CLASS (sluice_file_sink_parent_class)->finalize (object);
}

static void
sluice_file_sink_class_init (SluiceFileSinkClass *klass)
{
  SluiceSinkClass *sink_class = SLUICE_SINK_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = sluice_file_sink_finalize;

  sink_class->restore = sluice_file_sink_restore;
  sink_class->begin = sluice_file_sink_begin;
  sink_class->add = sluice_file_sink_add;
  sink_class->checkpoint = sluice_file_sink_checkpoint;
  sink_class->finish = sluice_file_sink_finish;
  sink_class->abandon = sluice_file_sink_abandon;
}

static void
sluice_file_sink_init (SluiceFileSink *self)
{
  self->fd = -1;
  self->committed = -1;
}

/**
 * sluice_file_sink_new:
 * @path: a regular file, there or not
 * @options: how to write
 *
 * Returns: (transfer full): a sink that has not touched anything yet
 */
SluiceSink *
sluice_file_sink_new (const char                 *path,
                      const SluiceRowTextOptions *options)
{
  SluiceFileSink *self;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (options != NULL, NULL);

  self = g_object_new (SLUICE_TYPE_FILE_SINK, NULL);
  self->path = dup_target (path);
  self->partial = g_strconcat (self->path, ".part", NULL);
  self->journal = g_strconcat (self->partial, ".json", NULL);
  self->options = *options;
  self->text = sluice_row_text_new (options);

  return SLUICE_SINK (self);
}

/**
 * sluice_file_sink_discard:
 * @self: a sink that was abandoned
 *
 * Removes what an interrupted run has left.
 */
void
sluice_file_sink_discard (SluiceFileSink *self)
{
  g_return_if_fail (SLUICE_IS_FILE_SINK (self));

  g_unlink (self->partial);
  g_unlink (self->journal);
}
