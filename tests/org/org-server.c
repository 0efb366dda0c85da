/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "org-server.h"

#include <string.h>

#include "org-api.h"
#include "org-authorize.h"
#include "org-control.h"
#include "org-identity.h"
#include "org-oauth.h"
#include "org-pages.h"
#include "org-raw.h"
#include "org-signer.h"
#include "org-state.h"
#include "org-worker.h"

struct _OrgServer
{
  SoupServer *server;
  OrgService service;
};

static void
show_setup (OrgCall *call)
{
  org_pages_message (call, 200, "Salesforce would show this page", call->path);
}

static const struct
{
  const char *path;
  gboolean below;            /* whether all paths that begin like this are meant */
  OrgCallKind kind;
  void (*handle) (OrgCall *call);
} routes[] = {
  { "/services/data", TRUE, ORG_CALL_API, org_api_handle },
  { "/services/oauth2/authorize", FALSE, ORG_CALL_OAUTH, org_authorize_start },
  { "/services/oauth2/token", FALSE, ORG_CALL_OAUTH, org_oauth_token },
  { "/services/oauth2/revoke", FALSE, ORG_CALL_OAUTH, org_oauth_revoke },
  { "/services/oauth2/introspect", FALSE, ORG_CALL_OAUTH, org_oauth_introspect },
  { "/services/oauth2/userinfo", FALSE, ORG_CALL_OAUTH, org_identity_user_info },
  { "/services/oauth2/pkce/generator", FALSE, ORG_CALL_OAUTH, org_oauth_generate },
  { "/.well-known/openid-configuration", FALSE, ORG_CALL_OAUTH, org_identity_discovery },
  { "/id/keys", FALSE, ORG_CALL_OAUTH, org_signer_keys },
  { "/id", TRUE, ORG_CALL_OAUTH, org_identity_show },
  { "/", FALSE, ORG_CALL_PAGE, org_authorize_login },
  { "/setup/secur/RemoteAccessAuthorizationPage.apexp", FALSE, ORG_CALL_PAGE, org_authorize_consent },
  { "/setup/secur/RemoteAccessErrorPage.apexp", FALSE, ORG_CALL_PAGE, org_authorize_error },
  { "/secur/logout.jsp", FALSE, ORG_CALL_PAGE, org_authorize_logout },
  { "/lightning", TRUE, ORG_CALL_PAGE, show_setup },
  { ORG_CONTROL, TRUE, ORG_CALL_CONTROL, org_control_handle },
};

static gboolean
route_matches (guint       i,
               const char *path)
{
  gsize length = strlen (routes[i].path);

  if (!routes[i].below)
    return strcmp (path, routes[i].path) == 0;

  return g_str_has_prefix (path, routes[i].path)
         && (path[length] == '\0' || path[length] == '/' || routes[i].path[length - 1] == '/');
}

static int
find_route (const char *path)
{
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    {
      if (route_matches (i, path))
        return (int) i;
    }

  return -1;
}

static void
refuse_path (OrgCall *call)
{
  if (g_str_has_prefix (call->path, "/services/"))
    org_call_error (call, 404, "NOT_FOUND", "The requested resource does not exist");
  else
    org_pages_message (call, 404, "URL No Longer Exists", "This page does not exist.");
}

static void
reply_oauth_fault (OrgCall *call)
{
  g_auto(GStrv) parts = g_strsplit (call->fault.text != NULL ? call->fault.text : "server_error", "/", 2);
  g_autofree char *body = g_strdup_printf ("{\"error\":\"%s\",\"error_description\":\"%s\"}", parts[0],
                                           parts[1] != NULL ? parts[1] : parts[0]);

  org_call_reply_text (call, call->fault.status, ORG_JSON, body);
}

static void
reply_fault (OrgCall *call)
{
  OrgFault *fault = &call->fault;

  if (fault->status == 302)
    {
      org_call_redirect (call, fault->text != NULL ? fault->text : "https://demo-org.invalid/services/data");
      return;
    }

  if (fault->number > 0)
    {
      g_autofree char *seconds = g_strdup_printf ("%u", fault->number);

      org_call_set_header (call, "Retry-After", seconds);
    }

  if (fault->body != NULL)
    org_call_reply_text (call, fault->status, fault->type, fault->body);
  else
    reply_oauth_fault (call);
}

static void
dispatch (OrgCall *call)
{
  int route = find_route (call->path);

  if (call->fault.kind == ORG_FAULT_DROP)
    org_raw_drop (call);
  else if (call->fault.kind == ORG_FAULT_HANG)
    org_raw_hang (call);
  else if (call->fault.kind == ORG_FAULT_REPLY)
    reply_fault (call);
  else if (route >= 0)
    routes[route].handle (call);
  else
    refuse_path (call);
}

static void
due_cb (gpointer user_data)
{
  g_autoptr(OrgCall) call = user_data;

  dispatch (call);
}

/* `//services/data//` is the same as `/services/data/`. */
static char *
collapse_slashes (const char *path)
{
  GString *collapsed = g_string_new (NULL);

  for (const char *c = path; *c != '\0'; c++)
    {
      if (*c != '/' || collapsed->len == 0 || collapsed->str[collapsed->len - 1] != '/')
        g_string_append_c (collapsed, *c);
    }

  return g_string_free (collapsed, FALSE);
}

/* Names that lead to this computer only; others come from a page that rebinds its own. */
static gboolean
host_is_local (SoupServerMessage *message)
{
  const char *host = g_uri_get_host (soup_server_message_get_uri (message));

  return host != NULL
         && (g_ascii_strcasecmp (host, "localhost") == 0 || g_str_has_suffix (host, ".localhost")
             || g_hostname_is_ip_address (host));
}

static void
request_cb (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  OrgService *service = user_data;
  static const char *kinds[] = { "api", "oauth", "page" };
  g_autofree char *plain = collapse_slashes (path);
  int route = find_route (plain);
  OrgCallKind kind = route >= 0 ? routes[route].kind : ORG_CALL_PAGE;
  g_autoptr(OrgCall) call = org_call_new (service, message, kind, plain, query);
  guint delay = kind != ORG_CALL_CONTROL ? service->latency : 0;

  if (!host_is_local (message))
    {
      org_call_reply_text (call, 421, "text/plain;charset=UTF-8", "Not here");
      return;
    }

  if (kind == ORG_CALL_API)
    {
      call->open = TRUE;
      g_queue_push_tail (&service->calls, call);
    }

  if (kind != ORG_CALL_CONTROL)
    org_faults_take (service->faults, kinds[kind], plain, &call->fault);
  if (call->fault.kind == ORG_FAULT_DELAY)
    delay += call->fault.number;

  /* Also without a delay not from in here: the library must not lose a connection while it reads. */
  g_timeout_add_once (delay, due_cb, g_steal_pointer (&call));
}

static char *
dup_organization_name (OrgData *data)
{
  sqlite3_stmt *statement = NULL;
  char *name = NULL;

  if (sqlite3_prepare_v2 (org_data_get_database (data), "SELECT Name FROM Organization", -1, &statement, NULL)
      == SQLITE_OK && sqlite3_step (statement) == SQLITE_ROW)
    name = g_strdup ((const char *) sqlite3_column_text (statement, 0));
  sqlite3_finalize (statement);

  return name;
}

static GHashTable *
find_users (OrgData *data)
{
  GHashTable *ids = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  guint n_people;
  const OrgPerson *people = org_people_get (&n_people);

  for (guint i = 0; i < n_people; i++)
    g_hash_table_insert (ids, (gpointer) people[i].username, org_data_dup_user_id (data, people[i].username));

  return ids;
}

static gboolean
service_init (OrgService              *service,
              const OrgServerOptions  *options,
              GError                 **error)
{
  OrgData *data = org_data_new (options->source, options->kind, error);

  if (data == NULL)
    return FALSE;

  service->kind = options->kind;
  service->newest = options->newest;
  service->latency = options->latency;
  service->concurrent = options->concurrent;
  service->long_call = options->long_call;
  service->instance = g_strdup (options->instance);
  service->name = dup_organization_name (data);
  service->organization_id = g_strdup (org_data_get_organization_id (data));
  service->user_ids = find_users (data);
  service->clock = org_clock_new ();
  service->usage = org_usage_new (service->clock, options->limit);
  service->grants = org_grants_new (service->clock, service->organization_id);
  service->faults = org_faults_new ();
  service->sessions = org_sessions_new ();
  service->signer = org_signer_new ();
  g_queue_init (&service->calls);
  org_data_set_clock (data, org_clock_now, service->clock);
  service->worker = org_worker_new (data, options->short_pages, options->child_limit);
  org_switches_set (org_worker_get_switches (service->worker), ORG_SWITCH_BULK_DELAY, options->bulk_delay);
  org_switches_set (org_worker_get_switches (service->worker), ORG_SWITCH_BULK_PAGE, options->bulk_page);
  org_grants_set_lifetime (service->grants, options->session, options->session_calls);

  if (options->faults != NULL && !org_faults_set (service->faults, options->faults, error))
    return FALSE;

  if (options->log != NULL)
    {
      service->log = org_log_new (options->log, error);
      if (service->log == NULL)
        return FALSE;
    }

  if (options->state != NULL)
    service->state = org_state_new (options->state, service);

  return TRUE;
}

static void
service_clear (OrgService *service)
{
  g_clear_pointer (&service->worker, org_worker_free);
  g_clear_pointer (&service->state, org_state_free);
  g_clear_pointer (&service->log, org_log_free);
  g_clear_pointer (&service->signer, org_signer_free);
  g_clear_pointer (&service->sessions, org_sessions_free);
  g_clear_pointer (&service->faults, org_faults_free);
  g_clear_pointer (&service->grants, org_grants_free);
  g_clear_pointer (&service->usage, org_usage_free);
  g_clear_pointer (&service->clock, org_clock_free);
  g_clear_pointer (&service->user_ids, g_hash_table_unref);
  g_free (service->address);
  g_free (service->instance);
  g_free (service->name);
  g_free (service->organization_id);
}

static gboolean
listen_on_loopback (OrgServer  *self,
                    guint       port,
                    GError    **error)
{
  GSList *uris;

  self->server = soup_server_new ("server-header", "sfdcedge", NULL);
  soup_server_add_handler (self->server, NULL, request_cb, &self->service, NULL);
  if (!soup_server_listen_local (self->server, port, 0, error))
    return FALSE;

  uris = soup_server_get_uris (self->server);
  self->service.address = g_strdup_printf ("http://localhost:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);

  return TRUE;
}

/**
 * org_server_new:
 * @options: how to serve
 * @error: return location for an error
 *
 * Makes the data and listens, on loopback addresses only.
 *
 * Returns: (transfer full) (nullable): the demo org
 */
OrgServer *
org_server_new (const OrgServerOptions  *options,
                GError                 **error)
{
  g_autoptr(OrgServer) self = g_new0 (OrgServer, 1);

  if (!service_init (&self->service, options, error) || !listen_on_loopback (self, options->port, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * org_server_free:
 * @self: (transfer full): the demo org
 *
 * Closes all connections and saves the state.
 */
void
org_server_free (OrgServer *self)
{
  if (self->server != NULL)
    soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  service_clear (&self->service);
  g_free (self);
}

/**
 * org_server_get_address:
 * @self: the demo org
 *
 * Returns: where it is reached, such as `http://localhost:8080`
 */
const char *
org_server_get_address (OrgServer *self)
{
  return self->service.address;
}
