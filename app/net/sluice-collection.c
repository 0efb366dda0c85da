/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Up to 200 records in one call, each with a result of its own (wire reference 2.7). */

#include "config.h"

#include "sluice-collection.h"

#include <glib/gi18n.h>
#include <string.h>
#include <yyjson.h>

#include "sluice-error.h"
#include "sluice-waiting.h"

/* One result is some hundred bytes, unless somebody has a lot to say. */
#define MAX_ANSWER (8 * 1024 * 1024)

/**
 * sluice_write_result_free:
 * @self: (transfer full): a result
 *
 * Frees the result.
 */
void
sluice_write_result_free (SluiceWriteResult *self)
{
  g_free (self->id);
  g_free (self->problem);
  g_free (self);
}

static void
append_error (GString    *problem,
              yyjson_val *item)
{
  yyjson_val *fields = yyjson_obj_get (item, "fields");
  const char *message = yyjson_get_str (yyjson_obj_get (item, "message"));
  const char *code = yyjson_get_str (yyjson_obj_get (item, "statusCode"));
  yyjson_val *field;
  yyjson_arr_iter iter;
  gboolean first = TRUE;

  /* A record's errors have the one, a request's the other. */
  if (code == NULL)
    code = yyjson_get_str (yyjson_obj_get (item, "errorCode"));

  if (problem->len > 0)
    g_string_append (problem, "; ");
  g_string_append_printf (problem, "%s: %s", code != NULL ? code : "UNKNOWN", message != NULL ? message : "");

  yyjson_arr_iter_init (fields, &iter);
  while ((field = yyjson_arr_iter_next (&iter)) != NULL)
    {
      if (yyjson_get_str (field) == NULL)
        continue;
      g_string_append_printf (problem, "%s%s", first ? " [" : ", ", yyjson_get_str (field));
      first = FALSE;
    }
  if (!first)
    g_string_append_c (problem, ']');
}

static SluiceWriteResult *
read_result (yyjson_val *item)
{
  SluiceWriteResult *result = g_new0 (SluiceWriteResult, 1);
  g_autoptr(GString) problem = NULL;
  yyjson_val *error;
  yyjson_arr_iter iter;

  result->id = g_strdup (yyjson_get_str (yyjson_obj_get (item, "id")));
  result->created = yyjson_get_bool (yyjson_obj_get (item, "created"));

  if (yyjson_get_bool (yyjson_obj_get (item, "success")))
    return result;

  problem = g_string_new (NULL);
  yyjson_arr_iter_init (yyjson_obj_get (item, "errors"), &iter);
  while ((error = yyjson_arr_iter_next (&iter)) != NULL)
    append_error (problem, error);
  if (problem->len == 0)
    g_string_append (problem, "UNKNOWN: ");

  result->problem = g_string_free (g_steal_pointer (&problem), FALSE);

  return result;
}

static GPtrArray *
read_results (GBytes  *body,
              guint    n_records,
              GError **error)
{
  g_autoptr(GPtrArray) results = g_ptr_array_new_with_free_func ((GDestroyNotify) sluice_write_result_free);
  gsize size = 0;
  const char *text = body != NULL ? g_bytes_get_data (body, &size) : NULL;
  yyjson_doc *document = text != NULL ? yyjson_read (text, size, 0) : NULL;
  yyjson_val *root = document != NULL ? yyjson_doc_get_root (document) : NULL;
  yyjson_val *item;
  yyjson_arr_iter iter;

  yyjson_arr_iter_init (root, &iter);
  while ((item = yyjson_arr_iter_next (&iter)) != NULL)
    g_ptr_array_add (results, read_result (item));
  yyjson_doc_free (document);

  if (results->len == n_records)
    return g_steal_pointer (&results);

  g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL,
                       _("The org did not tell what became of each record. Look at the records in the org before you "
                         "send them again."));

  return NULL;
}

static GPtrArray *
send (SluiceClient       *client,
      SluiceWritePermit  *permit,
      SluiceRequest      *request,
      guint               n_records,
      guint               n_repeated,
      GCancellable       *cancellable,
      GError            **error)
{
  const SluiceWrite write = {
    .permit = permit,
    .verb = sluice_write_permit_get_verb (permit),
    .object = sluice_write_permit_get_object (permit),
    .records = n_records,
    .repeated = n_repeated,
  };
  g_autoptr(SluiceReply) reply = NULL;

  request->write = &write;
  request->raw = TRUE;
  request->max_bytes = MAX_ANSWER;
  reply = sluice_waiting_send (client, request, cancellable, error);

  return reply != NULL ? read_results (reply->body, n_records, error) : NULL;
}

/**
 * sluice_collection_write:
 * @client: whose org it is
 * @permit: what allows it; it says what is done: insert, update or upsert
 * @key: (nullable): the external id field of an upsert
 * @records: the records, each a JSON object with its `attributes`, with commas between them
 * @n_records: how many, at most %SLUICE_COLLECTION_SIZE
 * @n_repeated: how many of them were sent in this run before
 * @priority: who goes first
 * @cancellable: (nullable): ends the call
 * @error: a #SluiceError; when the answer was lost, nobody knows which records were written
 *
 * Writes some records, each for itself. Blocks; for worker threads.
 *
 * Returns: (transfer full) (nullable) (element-type SluiceWriteResult): what became of each, in their order
 */
GPtrArray *
sluice_collection_write (SluiceClient       *client,
                         SluiceWritePermit  *permit,
                         const char         *key,
                         const char         *records,
                         guint               n_records,
                         guint               n_repeated,
                         SluicePriority      priority,
                         GCancellable       *cancellable,
                         GError            **error)
{
  g_autofree char *path = NULL;
  g_autoptr(GBytes) body = NULL;
  SluiceWriteVerb verb;
  char *text;

  g_return_val_if_fail (SLUICE_IS_WRITE_PERMIT (permit), NULL);
  g_return_val_if_fail (n_records > 0 && n_records <= SLUICE_COLLECTION_SIZE, NULL);

  verb = sluice_write_permit_get_verb (permit);
  text = g_strconcat ("{\"allOrNone\":false,\"records\":[", records, "]}", NULL);
  body = g_bytes_new_take (text, strlen (text));
  path = verb == SLUICE_WRITE_UPSERT && key != NULL
         ? g_strdup_printf ("composite/sobjects/%s/%s", sluice_write_permit_get_object (permit), key)
         : g_strdup ("composite/sobjects");

  return send (client, permit,
               &(SluiceRequest) {
                 .method = verb == SLUICE_WRITE_INSERT ? "POST" : "PATCH",
                 .path = path,
                 .body = body,
                 .summary = _("Write records"),
                 .priority = priority,
               },
               n_records, n_repeated, cancellable, error);
}

/**
 * sluice_collection_delete:
 * @client: whose org it is
 * @permit: what allows it
 * @ids: (array zero-terminated=1): the records, at most %SLUICE_COLLECTION_SIZE
 * @n_repeated: how many of them were sent in this run before
 * @priority: who goes first
 * @cancellable: (nullable): ends the call
 * @error: a #SluiceError; when the answer was lost, nobody knows which records were deleted
 *
 * Deletes some records, each for itself. Blocks; for worker threads.
 *
 * Returns: (transfer full) (nullable) (element-type SluiceWriteResult): what became of each, in their order
 */
GPtrArray *
sluice_collection_delete (SluiceClient        *client,
                          SluiceWritePermit   *permit,
                          const char * const  *ids,
                          guint                n_repeated,
                          SluicePriority       priority,
                          GCancellable        *cancellable,
                          GError             **error)
{
  g_autoptr(GString) path = g_string_new ("composite/sobjects?ids=");
  guint n = 0;

  g_return_val_if_fail (SLUICE_IS_WRITE_PERMIT (permit), NULL);
  g_return_val_if_fail (ids != NULL && ids[0] != NULL, NULL);

  for (; ids[n] != NULL; n++)
    {
      if (n > 0)
        g_string_append_c (path, ',');
      g_string_append_uri_escaped (path, ids[n], NULL, FALSE);
    }
  g_string_append (path, "&allOrNone=false");

  return send (client, permit,
               &(SluiceRequest) {
                 .method = "DELETE",
                 .path = path->str,
                 .summary = _("Delete records"),
                 .priority = priority,
               },
               n, n_repeated, cancellable, error);
}
