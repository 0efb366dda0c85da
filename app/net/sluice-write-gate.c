/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The one place that every request passes before it is queued, and again before it is sent. What may change records in
 * an org goes on only with a permit for just that. Whatever is not known to be a question counts as a change. */

#include "config.h"

#include "sluice-write-gate.h"

#include <glib/gi18n.h>
#include <string.h>
#include <yyjson.h>

#include "sluice-error.h"

#define DATA_ROOT "/services/data/v"
#define MAX_PARTS 6

/* A path below the API version, in its parts. */
typedef struct
{
  GStrv parts;
  guint n_parts;
  const char *query; /* (nullable) */
} Place;

static void
place_clear (Place *place)
{
  g_strfreev (place->parts);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Place, place_clear)

static gboolean
is (const Place *place,
    guint        i,
    const char  *name)
{
  return i < place->n_parts && strcmp (place->parts[i], name) == 0;
}

/* A path of another kind has no parts, and so fits nothing. */
static void
place_init (Place      *place,
            const char *path)
{
  g_autofree char *whole = NULL;

  place->query = strchr (path, '?');

  if (g_str_has_prefix (path, DATA_ROOT))
    {
      path = strchr (path + strlen (DATA_ROOT), '/');
      path = path != NULL ? path + 1 : "";
    }

  whole = g_strndup (path, strcspn (path, "?"));
  place->parts = g_strsplit (*path == '/' || strstr (whole, "://") != NULL ? "" : whole, "/", MAX_PARTS);
  place->n_parts = g_strv_length (place->parts);
}

/* A composite call changes nothing when all of its parts only read. */
static gboolean
only_reads (GBytes     *body,
            const char *member)
{
  gsize size = 0;
  const char *text = body != NULL ? g_bytes_get_data (body, &size) : NULL;
  yyjson_doc *document = text != NULL ? yyjson_read (text, size, 0) : NULL;
  yyjson_val *list = document != NULL ? yyjson_obj_get (yyjson_doc_get_root (document), member) : NULL;
  gboolean reads = yyjson_arr_size (list) > 0;
  yyjson_val *item;
  yyjson_arr_iter iter;

  yyjson_arr_iter_init (list, &iter);
  while ((item = yyjson_arr_iter_next (&iter)) != NULL)
    reads = reads && yyjson_equals_str (yyjson_obj_get (item, "method"), "GET");

  yyjson_doc_free (document);

  return reads;
}

static gboolean
is_question (const SluiceRequest *request,
             const Place         *place)
{
  const char *method = request->method;
  gboolean is_post = strcmp (method, "POST") == 0;

  /* With it one method stands for another. */
  if (place->query != NULL && strstr (place->query, "HttpMethod") != NULL)
    return FALSE;

  if (strcmp (method, "GET") == 0 || strcmp (method, "HEAD") == 0)
    return TRUE;

  if (is (place, 0, "jobs") && is (place, 1, "query"))
    return (is_post && place->n_parts == 2) ||
           (place->n_parts == 3 && (strcmp (method, "PATCH") == 0 || strcmp (method, "DELETE") == 0));

  if (!is_post || !is (place, 0, "composite"))
    return FALSE;

  /* Reads many records by their ids (wire reference 2.7). */
  if (place->n_parts == 3 && is (place, 1, "sobjects"))
    return TRUE;

  return (place->n_parts == 1 && only_reads (request->body, "compositeRequest")) ||
         (place->n_parts == 2 && is (place, 1, "batch") && only_reads (request->body, "batchRequests"));
}

static gboolean
fail_unknown (const SluiceRequest  *request,
              GError              **error)
{
  g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
               /* Translators: an HTTP method such as POST */
               _("A request that changes records (%s) is not what it claims to be. Nothing was sent."), request->method);

  return FALSE;
}

static gboolean
is_delete (const SluiceWrite *write)
{
  return sluice_write_verb_is_delete (write->verb);
}

/* Counts what the body carries instead of believing it. */
static gboolean
check_records (const SluiceRequest *request)
{
  const SluiceWrite *write = request->write;
  gsize size = 0;
  const char *text = request->body != NULL ? g_bytes_get_data (request->body, &size) : NULL;
  yyjson_doc *document = text != NULL ? yyjson_read (text, size, 0) : NULL;
  yyjson_val *list = document != NULL ? yyjson_obj_get (yyjson_doc_get_root (document), "records") : NULL;
  gboolean fits = list != NULL && yyjson_arr_size (list) == write->records;
  yyjson_val *record;
  yyjson_arr_iter iter;

  yyjson_arr_iter_init (list, &iter);
  while (fits && (record = yyjson_arr_iter_next (&iter)) != NULL)
    {
      const char *type = yyjson_get_str (yyjson_obj_get (yyjson_obj_get (record, "attributes"), "type"));

      fits = type != NULL && g_ascii_strcasecmp (type, write->object) == 0;
    }

  yyjson_doc_free (document);

  return fits;
}

static gboolean
check_ids (const SluiceRequest *request,
           const Place         *place)
{
  const char *ids = place->query != NULL ? strstr (place->query, "ids=") : NULL;
  g_autofree char *list = ids != NULL ? g_strndup (ids + 4, strcspn (ids + 4, "&")) : NULL;
  g_auto(GStrv) parts = list != NULL ? g_strsplit (list, ",", -1) : NULL;

  return parts != NULL && g_strv_length (parts) == request->write->records;
}

/* Only creating the job says what it does; afterwards the id stands for that. */
static gboolean
check_job (const SluiceRequest *request)
{
  gsize size = 0;
  const char *text = request->body != NULL ? g_bytes_get_data (request->body, &size) : NULL;
  yyjson_doc *document = text != NULL ? yyjson_read (text, size, 0) : NULL;
  yyjson_val *root = document != NULL ? yyjson_doc_get_root (document) : NULL;
  const char *object = yyjson_get_str (yyjson_obj_get (root, "object"));
  gboolean fits = object != NULL && g_ascii_strcasecmp (object, request->write->object) == 0 &&
                  yyjson_equals_str (yyjson_obj_get (root, "operation"), sluice_write_verb_get_nick (request->write->verb));

  yyjson_doc_free (document);

  return fits;
}

static gboolean
fits_ingest (const SluiceRequest *request,
             const Place         *place)
{
  const char *method = request->method;

  switch (place->n_parts)
    {
    case 2:
      return strcmp (method, "POST") == 0 && check_job (request);

    case 3:
      return strcmp (method, "PATCH") == 0 || strcmp (method, "DELETE") == 0;

    case 4:
      return strcmp (method, "PUT") == 0 && is (place, 3, "batches");

    default:
      return FALSE;
    }
}

static gboolean
fits_collection (const SluiceRequest *request,
                 const Place         *place)
{
  const SluiceWrite *write = request->write;
  const char *method = request->method;

  if (place->n_parts == 4)
    return strcmp (method, "PATCH") == 0 && write->verb == SLUICE_WRITE_UPSERT &&
           g_ascii_strcasecmp (place->parts[2], write->object) == 0 && check_records (request);

  if (place->n_parts != 2)
    return FALSE;

  if (strcmp (method, "DELETE") == 0)
    return write->verb == SLUICE_WRITE_DELETE && check_ids (request, place);

  return check_records (request) &&
         ((strcmp (method, "POST") == 0 && write->verb == SLUICE_WRITE_INSERT) ||
          (strcmp (method, "PATCH") == 0 && write->verb == SLUICE_WRITE_UPDATE));
}

static gboolean
fits_record (const SluiceRequest *request,
             const Place         *place)
{
  const SluiceWrite *write = request->write;
  const char *method = request->method;

  if (place->n_parts < 2 || g_ascii_strcasecmp (place->parts[1], write->object) != 0 || write->records != 1)
    return FALSE;

  switch (place->n_parts)
    {
    case 2:
      return strcmp (method, "POST") == 0 && write->verb == SLUICE_WRITE_INSERT;

    case 3:
      return (strcmp (method, "PATCH") == 0 && write->verb == SLUICE_WRITE_UPDATE) ||
             (strcmp (method, "DELETE") == 0 && is_delete (write));

    case 4:
      return strcmp (method, "PATCH") == 0 && write->verb == SLUICE_WRITE_UPSERT;

    default:
      return FALSE;
    }
}

static gboolean
fits_claim (const SluiceRequest *request,
            const Place         *place)
{
  if (place->query != NULL && strstr (place->query, "HttpMethod") != NULL)
    return FALSE;

  if (is (place, 0, "jobs") && is (place, 1, "ingest"))
    return fits_ingest (request, place);

  if (is (place, 0, "composite") && is (place, 1, "sobjects"))
    return fits_collection (request, place);

  return is (place, 0, "sobjects") && fits_record (request, place);
}

/**
 * sluice_write_gate_pass:
 * @request: a request that is about to be queued
 * @error: %SLUICE_ERROR_INVALID when it changes something without leave
 *
 * Lets a request pass. One that changes records passes only with a permit
 * that is valid, for its verb, its object, and as many records as it carries,
 * which then count. A request without any permit is a programming error, and
 * is told as one too.
 *
 * Returns: whether the request may go on
 */
gboolean
sluice_write_gate_pass (const SluiceRequest  *request,
                        GError              **error)
{
  const SluiceWrite *write = request->write;
  g_auto(Place) place = { 0 };

  place_init (&place, request->path);

  if (is_question (request, &place))
    return TRUE;

  if (write == NULL || write->permit == NULL)
    {
      g_critical ("A request that changes records has no permit: %s", request->method);
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                           _("Nobody has confirmed that records may be changed. Nothing was sent."));
      return FALSE;
    }

  if (!sluice_write_permit_check (write->permit, write->verb, write->object, error))
    return FALSE;

  if (write->repeated > write->records || !fits_claim (request, &place))
    return fail_unknown (request, error);

  return sluice_write_permit_take (write->permit, write->records - write->repeated, error);
}

/* As in `https://login.salesforce.com/id/00D…/005…`. */
static char *
dup_organization_id (const SluiceCredentials *credentials)
{
  const char *found = credentials->identity_url != NULL ? strstr (credentials->identity_url, "/id/") : NULL;

  return found != NULL ? g_strndup (found + 4, strcspn (found + 4, "/?")) : NULL;
}

/**
 * sluice_write_gate_check_sending:
 * @permit: what allowed a request when it was queued
 * @credentials: what it is about to be sent with
 * @error: %SLUICE_ERROR_OTHER_ORG, or %SLUICE_ERROR_INVALID when the run is over
 *
 * Looks once more when the request leaves: it may have waited long, and
 * somebody may have signed in to another org meanwhile.
 *
 * Returns: whether the request goes to the org that was confirmed
 */
gboolean
sluice_write_gate_check_sending (SluiceWritePermit        *permit,
                                 const SluiceCredentials  *credentials,
                                 GError                  **error)
{
  g_autofree char *organization_id = dup_organization_id (credentials);

  return sluice_write_permit_check_organization (permit, organization_id, error) &&
         sluice_write_permit_check (permit, sluice_write_permit_get_verb (permit),
                                    sluice_write_permit_get_object (permit), error);
}
