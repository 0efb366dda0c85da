/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who may call the REST API, how often, and in which version. */

#include "org-api.h"

#include <string.h>

#include "org-json.h"
#include "org-state.h"
#include "org-worker.h"

#define ROOT "/services/data"
#define OLDEST 20
#define OLDEST_SERVED 31
#define MAX_URI 16384

static char *
make_label (guint version)
{
  static const char *seasons[] = { "Winter", "Spring", "Summer" };
  guint step = version - OLDEST;

  /* Version 20.0 was Winter '11, and three come each year. */
  return g_strdup_printf ("%s '%02u", seasons[step % 3], 11 + step / 3);
}

static void
list_versions (OrgCall *call)
{
  GString *json = g_string_new ("[");

  for (guint version = OLDEST_SERVED; version <= call->service->newest; version++)
    {
      g_autofree char *label = make_label (version);
      g_autofree char *url = g_strdup_printf (ROOT "/v%u.0", version);

      g_string_append (json, version > OLDEST_SERVED ? ",{" : "{");
      org_json_append_text (json, "label", label);
      org_json_append_text (json, "url", url);
      org_json_append_text (json, "version", url + strlen (ROOT "/v"));
      g_string_append_c (json, '}');
    }
  g_string_append_c (json, ']');
  org_call_reply (call, 200, ORG_JSON, json);
}

static void
refuse_path (OrgCall *call)
{
  org_call_error (call, 404, "NOT_FOUND", "The requested resource does not exist");
}

/* Reads `v68.0`; 0 if it is something else. */
static guint
parse_version (const char *text)
{
  guint64 version;
  const char *dot = strchr (text, '.');
  g_autofree char *number = *text == 'v' && dot != NULL ? g_strndup (text + 1, (gsize) (dot - text - 1)) : NULL;

  if (number == NULL || strcmp (dot, ".0") != 0
      || !g_ascii_string_to_unsigned (number, 10, 1, G_MAXUINT16, &version, NULL))
    return 0;

  return (guint) version;
}

static gboolean
check_version (OrgCall *call,
               guint    version)
{
  if (version >= OLDEST_SERVED && version <= call->service->newest)
    return TRUE;

  if (version >= OLDEST && version < OLDEST_SERVED)
    org_call_error (call, 410, "UNSUPPORTED_API_VERSION", "The requested API version is no longer supported");
  else
    refuse_path (call);

  return FALSE;
}

static gboolean
check_session (OrgCall   *call,
               OrgAccess *access)
{
  const char *header = org_call_get_header (call, "Authorization");
  g_autofree char *token = org_call_dup_token (call);

  if (header != NULL && token == NULL)
    org_call_error (call, 401, "INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE");
  else if (token == NULL || !org_grants_use (call->service->grants, token, access))
    org_call_error (call, 401, "INVALID_SESSION_ID", "Session expired or invalid");
  else if ((access->app->flags & ORG_APP_NO_REST) != 0
           || (!org_scope_contains (access->scope, "api") && !org_scope_contains (access->scope, "full")))
    org_call_error (call, 401, "INVALID_SESSION_ID", "This session is not valid for use with the REST API");
  else
    return TRUE;

  return FALSE;
}

/* Those that began before this one, long enough ago. */
static guint
count_long_calls (OrgCall *call)
{
  gint64 newest = g_get_monotonic_time () - (gint64) call->service->long_call * G_USEC_PER_SEC;
  guint n = 0;

  for (GList *link = call->service->calls.head; link != NULL && link->data != call; link = link->next)
    {
      const OrgCall *running = link->data;

      if (running->started > newest)
        break;
      n++;
    }

  return n;
}

/* Counts the call where it is let in. A refused one is not counted. */
static gboolean
check_limits (OrgCall         *call,
              const OrgAccess *access)
{
  OrgService *service = call->service;
  g_autofree char *info = NULL;
  gboolean left = org_usage_take (service->usage);

  info = org_usage_dup_info (service->usage);
  org_call_set_header (call, "Sforce-Limit-Info", info);
  if (service->state != NULL)
    org_state_save_soon (service->state);

  if (!left)
    org_call_error (call, 403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.");
  else if (count_long_calls (call) >= service->concurrent)
    org_call_error (call, 403, "REQUEST_LIMIT_EXCEEDED",
                    "ConcurrentRequests (Concurrent API Requests) Limit exceeded.");
  else if ((access->person->flags & ORG_PERSON_NO_API) != 0)
    org_call_error (call, 403, "API_CURRENTLY_DISABLED", "API is disabled for this User");
  else
    return TRUE;

  return FALSE;
}

static void
list_resources (OrgCall         *call,
                const char      *base,
                const OrgPerson *person)
{
  static const char *resources[] = { "composite", "jobs", "limits", "query", "queryAll", "sobjects" };
  g_autofree char *id = org_service_dup_identity (call->service, person);
  GString *json = g_string_new ("{");

  org_json_append_text (json, "identity", id);
  for (guint i = 0; i < G_N_ELEMENTS (resources); i++)
    {
      g_autofree char *path = g_strconcat (base, "/", resources[i], NULL);

      org_json_append_text (json, resources[i], path);
    }
  g_string_append_c (json, '}');
  org_call_reply (call, 200, ORG_JSON, json);
}

static void
list_limits (OrgCall *call)
{
  GString *json = g_string_new (NULL);

  org_usage_write (call->service->usage, json);
  org_call_reply (call, 200, ORG_JSON, json);
}

static void
refuse_method (OrgCall *call)
{
  g_autofree char *message = g_strdup_printf ("HTTP Method '%s' not allowed. Allowed are HEAD,GET", call->method);

  org_call_set_header (call, "Allow", "HEAD,GET");
  org_call_error (call, 405, "METHOD_NOT_ALLOWED", message);
}

static void
handle_resource (OrgCall         *call,
                 const char      *base,
                 const char      *path,
                 const OrgPerson *person)
{
  OrgService *service = call->service;
  gboolean root = *path == '\0' || strcmp (path, "/") == 0;
  gboolean limits = strcmp (path, "/limits") == 0 || strcmp (path, "/limits/") == 0;

  if ((root || limits) && !org_call_is (call, "GET"))
    refuse_method (call);
  else if (root)
    list_resources (call, base, person);
  else if (limits)
    list_limits (call);
  else
    org_worker_push (service->worker, call, base, path, org_service_get_user_id (service, person));
}

static void
add_header_size_cb (const char *name,
                    const char *value,
                    gpointer    user_data)
{
  gsize *size = user_data;

  *size += strlen (name) + strlen (value) + strlen (": \r\n");
}

static gboolean
check_size (OrgCall *call)
{
  GUri *uri = soup_server_message_get_uri (call->message);
  const char *query = g_uri_get_query (uri);
  gsize size = strlen (g_uri_get_path (uri)) + (query != NULL ? strlen (query) + 1 : 0);

  if (size > MAX_URI)
    {
      org_call_error (call, 414, "URI_TOO_LONG", "The URI of the request is too long");
      return FALSE;
    }

  soup_message_headers_foreach (soup_server_message_get_request_headers (call->message), add_header_size_cb, &size);
  if (size > MAX_URI)
    {
      org_call_error (call, 431, "REQUEST_HEADER_FIELDS_TOO_LARGE", "The URI and the headers together are too long");
      return FALSE;
    }

  return TRUE;
}

/**
 * org_api_handle:
 * @call: a call of a path below `/services/data`
 *
 * Lets the call in or refuses it; what is about records goes to the worker.
 */
void
org_api_handle (OrgCall *call)
{
  g_auto(GStrv) parts = g_strsplit (call->path + strlen (ROOT), "/", 3);
  g_autofree char *base = NULL;
  const char *path;
  OrgAccess access;

  if (parts[0] == NULL || parts[1] == NULL || *parts[1] == '\0')
    {
      list_versions (call);
      return;
    }

  base = g_strconcat (ROOT "/", parts[1], NULL);
  path = call->path + strlen (base);
  if (check_size (call) && check_version (call, parse_version (parts[1])) && check_session (call, &access)
      && check_limits (call, &access))
    handle_resource (call, base, path, access.person);
}
