/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-import-undo.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>
#include <yyjson.h>

#include "sluice-error.h"
#include "sluice-import-text.h"
#include "sluice-waiting.h"
#include "sluice-write-error.h"

/* An address and its headers have 16 KB together (wire reference 2.13). */
#define MAX_QUERY 12000
#define MAX_KEYS 1000
/* A page of a query, the records full of long texts */
#define MAX_ANSWER (64 * 1024 * 1024)

#define PATH_NAME "undo-path"
#define SIZE_NAME "undo-size"

struct _SluiceImportUndo
{
  SluiceClient *client;
  SluiceImportLedger *ledger;    /* (unowned) */
  char *object;
  char *key;
  gboolean key_is_text;
  gboolean deletes;
  GPtrArray *fields;             /* (element-type utf8) */
  char *select;                  /* up to the first key */

  char *path;
  int fd;
  goffset size;

  GString *query;
  gsize escaped;                 /* its length in an address, at most */
  guint n_keys;
  guint64 calls;
};

static gboolean
is_text_type (SluiceFieldInfo *field)
{
  static const char * const numbers[] = { "double", "int", "long", "currency", "percent", NULL };

  return !g_strv_contains (numbers, sluice_field_info_get_field_type (field));
}

static void
add_field (SluiceImportUndo *self,
           const char       *name)
{
  if (g_ascii_strcasecmp (name, "Id") != 0 &&
      !g_ptr_array_find_with_equal_func (self->fields, name, g_str_equal, NULL))
    g_ptr_array_add (self->fields, g_strdup (name));
}

/* What an import writes; a lookup by a key of the parent writes the reference. */
static void
add_written_fields (SluiceImportUndo      *self,
                    SluiceImportConverter *converter)
{
  for (guint i = 0; i < sluice_import_converter_get_n_fields (converter); i++)
    {
      SluiceImportTarget *target = sluice_import_converter_get_target (converter, i);

      if ((int) i != sluice_import_converter_get_key (converter))
        add_field (self, sluice_field_info_get_name (sluice_import_target_get_field (target)));
    }
}

/* What a record can be made from again. */
static void
add_createable_fields (SluiceImportUndo     *self,
                       SluiceObjectDescribe *describe)
{
  GListModel *fields = sluice_object_describe_get_fields (describe);

  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr(SluiceFieldInfo) field = g_list_model_get_item (fields, i);

      if (sluice_field_info_has (field, SLUICE_FIELD_CREATEABLE) &&
          strcmp (sluice_field_info_get_field_type (field), "base64") != 0)
        add_field (self, sluice_field_info_get_name (field));
    }
}

static char *
dup_select (SluiceImportUndo *self)
{
  GString *select = g_string_new ("SELECT Id");

  for (guint i = 0; i < self->fields->len; i++)
    g_string_append_printf (select, ",%s", (const char *) g_ptr_array_index (self->fields, i));
  g_string_append_printf (select, " FROM %s WHERE %s IN (", self->object, self->key);

  return g_string_free (select, FALSE);
}

static gboolean
fail_errno (SluiceImportUndo  *self,
            int                code,
            GError           **error)
{
  sluice_write_error_set_errno (error, self->path, code);

  return FALSE;
}

static gboolean
write_all (SluiceImportUndo  *self,
           const GString     *text,
           GError           **error)
{
  gsize written = 0;

  while (written < text->len)
    {
      gssize n = write (self->fd, text->str + written, text->len - written);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return fail_errno (self, errno, error);
      written += (gsize) n;
    }
  self->size += (goffset) text->len;

  return TRUE;
}

/* What came after the last commit belongs to rows that were not sent. */
static gboolean
open_file (SluiceImportUndo  *self,
           GError           **error)
{
  g_autofree char *size = sluice_import_ledger_dup_text (self->ledger, SIZE_NAME);
  g_autoptr(GString) header = NULL;

  self->size = size != NULL ? g_ascii_strtoll (size, NULL, 10) : 0;
  self->fd = g_open (self->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (self->fd < 0 || ftruncate (self->fd, self->size) != 0 || lseek (self->fd, self->size, SEEK_SET) < 0)
    return fail_errno (self, errno, error);

  if (self->size > 0)
    return TRUE;

  header = g_string_new (NULL);
  sluice_import_text_append_csv (header, self->deletes ? "sf__Id" : "Id", self->deletes ? 6 : 2, TRUE);
  for (guint i = 0; i < self->fields->len; i++)
    {
      const char *name = g_ptr_array_index (self->fields, i);

      sluice_import_text_append_csv (header, name, strlen (name), FALSE);
    }
  g_string_append_c (header, '\n');

  return write_all (self, header, error);
}

static gboolean
find_path (SluiceImportUndo  *self,
           const char        *base,
           GError           **error)
{
  self->path = sluice_import_ledger_dup_text (self->ledger, PATH_NAME);
  if (self->path != NULL)
    return TRUE;

  self->path = sluice_import_text_dup_free_path (base, self->deletes ? "undo-insert" : "undo-update");

  return sluice_import_ledger_set_text (self->ledger, PATH_NAME, self->path, error);
}

/**
 * sluice_import_undo_open:
 * @client: whose org it is
 * @ledger: the import's memory; it must live as long
 * @converter: what is written
 * @describe: the object
 * @verb: what is done; not insert, for there is nothing to keep
 * @key: the field that tells records apart
 * @base: (nullable): what the file's name begins with; %NULL opens no file, only to know
 *   sluice_import_undo_get_keys_per_call()
 * @error: %SLUICE_ERROR_STORAGE
 *
 * Opens the file, or takes up the one of an import that was interrupted.
 *
 * Returns: (transfer full) (nullable): the keeper
 */
SluiceImportUndo *
sluice_import_undo_open (SluiceClient           *client,
                         SluiceImportLedger     *ledger,
                         SluiceImportConverter  *converter,
                         SluiceObjectDescribe   *describe,
                         SluiceWriteVerb         verb,
                         const char             *key,
                         const char             *base,
                         GError                **error)
{
  g_autoptr(SluiceImportUndo) self = g_new0 (SluiceImportUndo, 1);
  SluiceFieldInfo *key_field = sluice_object_describe_find_field (describe, key);

  self->client = g_object_ref (client);
  self->ledger = ledger;
  self->object = g_strdup (sluice_object_describe_get_name (describe));
  self->key = g_strdup (key);
  self->key_is_text = key_field == NULL || is_text_type (key_field);
  self->deletes = sluice_write_verb_is_delete (verb);
  self->fields = g_ptr_array_new_with_free_func (g_free);
  self->fd = -1;

  if (self->deletes)
    add_createable_fields (self, describe);
  else
    add_written_fields (self, converter);

  self->select = dup_select (self);
  self->query = g_string_new (NULL);

  if (base != NULL && (!find_path (self, base, error) || !open_file (self, error)))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * sluice_import_undo_free:
 * @self: (transfer full): a keeper
 *
 * Closes the file.
 */
void
sluice_import_undo_free (SluiceImportUndo *self)
{
  g_clear_object (&self->client);
  if (self->fd >= 0)
    close (self->fd);
  g_free (self->object);
  g_free (self->key);
  g_free (self->select);
  g_free (self->path);
  g_ptr_array_unref (self->fields);
  g_string_free (self->query, TRUE);
  g_free (self);
}

/**
 * sluice_import_undo_get_path:
 * @self: a keeper
 *
 * Returns: (nullable): the file
 */
const char *
sluice_import_undo_get_path (SluiceImportUndo *self)
{
  return self->path;
}

/**
 * sluice_import_undo_get_calls:
 * @self: a keeper
 *
 * Returns: how many calls it made
 */
guint64
sluice_import_undo_get_calls (SluiceImportUndo *self)
{
  return self->calls;
}

/**
 * sluice_import_undo_get_keys_per_call:
 * @self: a keeper
 *
 * Returns: about how many records one call reads
 */
guint
sluice_import_undo_get_keys_per_call (SluiceImportUndo *self)
{
  gsize taken = MIN (strlen (self->select), MAX_QUERY - 100);

  /* An id of 18 characters, two quotes and a comma. */
  return MIN ((guint) ((MAX_QUERY - taken) / 21), MAX_KEYS);
}

static const char *
get_value (yyjson_val *record,
           const char *name,
           gsize      *length)
{
  yyjson_val *value = yyjson_obj_get (record, name);

  if (yyjson_is_str (value) || yyjson_is_raw (value))
    {
      *length = yyjson_get_len (value);
      return yyjson_is_str (value) ? yyjson_get_str (value) : yyjson_get_raw (value);
    }

  if (yyjson_is_bool (value))
    {
      *length = yyjson_is_true (value) ? 4 : 5;
      return yyjson_is_true (value) ? "true" : "false";
    }

  *length = 0;

  return NULL;
}

static gboolean
keep_record (SluiceImportUndo  *self,
             yyjson_val        *record,
             GString           *text,
             GError           **error)
{
  gsize length;
  const char *id = get_value (record, "Id", &length);
  gboolean is_new;

  if (id == NULL)
    return TRUE;
  if (!sluice_import_ledger_note_id (self->ledger, id, &is_new, error))
    return FALSE;
  if (!is_new)
    return TRUE;

  sluice_import_text_append_csv (text, id, length, TRUE);
  for (guint i = 0; i < self->fields->len; i++)
    {
      const char *value = get_value (record, g_ptr_array_index (self->fields, i), &length);

      /* To be empty again it has to be said. */
      if (length == 0 && !self->deletes)
        sluice_import_text_append_csv (text, SLUICE_IMPORT_CLEAR, strlen (SLUICE_IMPORT_CLEAR), FALSE);
      else
        sluice_import_text_append_csv (text, value, length, FALSE);
    }
  g_string_append_c (text, '\n');

  return TRUE;
}

static gboolean
keep_page (SluiceImportUndo  *self,
           GBytes            *body,
           char             **next,
           GError           **error)
{
  g_autoptr(GString) text = g_string_new (NULL);
  gsize size = 0;
  const char *json = body != NULL ? g_bytes_get_data (body, &size) : NULL;
  yyjson_doc *document = json != NULL ? yyjson_read (json, size, YYJSON_READ_NUMBER_AS_RAW) : NULL;
  yyjson_val *root = document != NULL ? yyjson_doc_get_root (document) : NULL;
  yyjson_val *records = yyjson_obj_get (root, "records");
  yyjson_val *record;
  yyjson_arr_iter iter;
  gboolean success = TRUE;

  if (!yyjson_is_arr (records))
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL,
                           _("The org did not tell what the records hold now, so they were not changed. Try again."));
      yyjson_doc_free (document);
      return FALSE;
    }

  yyjson_arr_iter_init (records, &iter);
  while (success && (record = yyjson_arr_iter_next (&iter)) != NULL)
    success = keep_record (self, record, text, error);

  *next = g_strdup (yyjson_get_str (yyjson_obj_get (root, "nextRecordsUrl")));
  yyjson_doc_free (document);

  return success && write_all (self, text, error);
}

/**
 * sluice_import_undo_flush:
 * @self: a keeper
 * @cancellable: (nullable): ends the calls
 * @error: a #SluiceError: nothing may be changed then
 *
 * Reads the records whose keys were added, and makes sure that what they hold
 * is on the disk. How long the file is goes into the ledger, and is kept when
 * the ledger commits. API: `GET /query`.
 *
 * Returns: whether they may be changed now
 */
gboolean
sluice_import_undo_flush (SluiceImportUndo  *self,
                          GCancellable      *cancellable,
                          GError           **error)
{
  g_autofree char *path = NULL;
  g_autofree char *size = NULL;
  g_autofree char *escaped = NULL;

  if (self->n_keys == 0)
    return TRUE;

  g_string_append_c (self->query, ')');
  escaped = g_uri_escape_string (self->query->str, "(),'", FALSE);
  path = g_strconcat ("query?q=", escaped, NULL);
  g_string_truncate (self->query, 0);
  self->n_keys = 0;

  while (path != NULL)
    {
      g_autoptr(SluiceReply) reply = NULL;
      SluiceRequest request = {
        .method = "GET",
        .path = path,
        .summary = _("Read records before they are changed"),
        .priority = SLUICE_PRIORITY_BACKGROUND,
        .max_bytes = MAX_ANSWER,
        .raw = TRUE,
      };
      char *next = NULL;

      self->calls++;
      reply = sluice_waiting_send (self->client, &request, cancellable, error);
      if (reply == NULL || !keep_page (self, reply->body, &next, error))
        return FALSE;

      g_free (path);
      path = next;
    }

  if (fdatasync (self->fd) != 0)
    return fail_errno (self, errno, error);

  size = g_strdup_printf ("%" G_GINT64_FORMAT, (gint64) self->size);

  return sluice_import_ledger_set_text (self->ledger, SIZE_NAME, size, error);
}

static void
append_key (SluiceImportUndo *self,
            const char       *key,
            gsize             length)
{
  if (!self->key_is_text)
    {
      g_string_append_len (self->query, key, (gssize) length);
      return;
    }

  g_string_append_c (self->query, '\'');
  for (gsize i = 0; i < length; i++)
    {
      if (key[i] == '\'' || key[i] == '\\')
        g_string_append_c (self->query, '\\');
      g_string_append_c (self->query, key[i]);
    }
  g_string_append_c (self->query, '\'');
}

/* What is not plain takes three characters in an address, and perhaps a backslash, which takes three too. */
static gsize
get_escaped_length (const char *key,
                    gsize       length)
{
  gsize escaped = 0;

  for (gsize i = 0; i < length; i++)
    escaped += g_ascii_isalnum (key[i]) ? 1 : 6;

  return escaped;
}

/**
 * sluice_import_undo_add:
 * @self: a keeper
 * @key: (array length=length): of a record that is about to be changed
 * @length: how long
 * @cancellable: (nullable): ends the calls
 * @error: as for sluice_import_undo_flush()
 *
 * Takes a key, and reads the records of those before when they are enough
 * for a call.
 *
 * Returns: whether all went well
 */
gboolean
sluice_import_undo_add (SluiceImportUndo  *self,
                        const char        *key,
                        gsize              length,
                        GCancellable      *cancellable,
                        GError           **error)
{
  gsize needed;

  if (length == 0)
    return TRUE;

  needed = get_escaped_length (key, length) + strlen ("','");

  if (self->n_keys >= MAX_KEYS || (self->n_keys > 0 && self->escaped + needed > MAX_QUERY))
    {
      if (!sluice_import_undo_flush (self, cancellable, error))
        return FALSE;
    }

  if (self->n_keys == 0)
    {
      g_string_assign (self->query, self->select);
      self->escaped = get_escaped_length (self->select, strlen (self->select));
    }
  else
    {
      g_string_append_c (self->query, ',');
    }

  self->escaped += needed;
  append_key (self, key, length);
  self->n_keys++;

  return TRUE;
}
