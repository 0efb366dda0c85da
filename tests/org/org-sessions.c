/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who is logged in with which browser, and what they are about to allow. */

#include "org-sessions.h"

#include "org-secret.h"

#define MAX_SESSIONS 1000

struct _OrgSessions
{
  char *key;                 /* signs what forms send back */
  GHashTable *people;        /* hash of a session's cookie → OrgPerson */
  GHashTable *requests;      /* source → OrgAuthorize */
  GHashTable *named;         /* keys of apps that were named once */
};

/**
 * org_authorize_free:
 * @request: (transfer full): a request
 *
 * Frees @request.
 */
void
org_authorize_free (OrgAuthorize *request)
{
  g_free (request->scope);
  g_free (request->redirect_uri);
  g_free (request->state);
  g_free (request->challenge);
  g_free (request->nonce);
  g_free (request->login_hint);
  g_free (request);
}

/**
 * org_sessions_new:
 *
 * Returns: (transfer full): nobody logged in
 */
OrgSessions *
org_sessions_new (void)
{
  OrgSessions *self = g_new0 (OrgSessions, 1);

  self->key = org_secret_random ("", 43);
  self->people = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->requests = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) org_authorize_free);
  self->named = g_hash_table_new (g_str_hash, g_str_equal);

  return self;
}

/**
 * org_sessions_free:
 * @self: (transfer full): sessions
 *
 * Logs everybody out.
 */
void
org_sessions_free (OrgSessions *self)
{
  g_free (self->key);
  g_hash_table_unref (self->people);
  g_hash_table_unref (self->requests);
  g_hash_table_unref (self->named);
  g_free (self);
}

/**
 * org_sessions_open:
 * @self: sessions
 * @person: who logged in
 *
 * Returns: (transfer full): the session's cookie
 */
char *
org_sessions_open (OrgSessions     *self,
                   const OrgPerson *person)
{
  char *sid = org_secret_random ("", 43);

  if (g_hash_table_size (self->people) >= MAX_SESSIONS)
    g_hash_table_remove_all (self->people);
  g_hash_table_insert (self->people, org_secret_hash (sid), (gpointer) person);

  return sid;
}

/**
 * org_sessions_find:
 * @self: sessions
 * @sid: (nullable): a session's cookie
 *
 * Returns: (nullable): who is logged in
 */
const OrgPerson *
org_sessions_find (OrgSessions *self,
                   const char  *sid)
{
  g_autofree char *hash = sid != NULL ? org_secret_hash (sid) : NULL;

  return hash != NULL ? g_hash_table_lookup (self->people, hash) : NULL;
}

/**
 * org_sessions_close:
 * @self: sessions
 * @sid: (nullable): a session's cookie
 *
 * Logs somebody out.
 */
void
org_sessions_close (OrgSessions *self,
                    const char  *sid)
{
  g_autofree char *hash = sid != NULL ? org_secret_hash (sid) : NULL;

  if (hash != NULL)
    g_hash_table_remove (self->people, hash);
}

/**
 * org_sessions_dup_proof:
 * @self: sessions
 * @browser: what tells the browser from others
 * @purpose: which form
 *
 * Returns: (transfer full): what a form of this browser must send, and no other page can know
 */
char *
org_sessions_dup_proof (OrgSessions *self,
                        const char  *browser,
                        const char  *purpose)
{
  g_autofree char *text = g_strconcat (browser, "\n", purpose, NULL);

  return org_secret_sign (self->key, text);
}

/**
 * org_sessions_add_request:
 * @self: sessions
 * @request: (transfer full): a request
 *
 * Returns: (transfer none): its name in addresses
 */
const char *
org_sessions_add_request (OrgSessions  *self,
                          OrgAuthorize *request)
{
  char *source = org_secret_random ("CAAAA", 40);

  if (g_hash_table_size (self->requests) >= MAX_SESSIONS)
    g_hash_table_remove_all (self->requests);
  g_hash_table_insert (self->requests, source, request);

  return source;
}

/**
 * org_sessions_get_request:
 * @self: sessions
 * @source: (nullable): a request's name
 *
 * Returns: (transfer none) (nullable): the request
 */
OrgAuthorize *
org_sessions_get_request (OrgSessions *self,
                          const char  *source)
{
  return source != NULL ? g_hash_table_lookup (self->requests, source) : NULL;
}

/**
 * org_sessions_end_request:
 * @self: sessions
 * @source: a request's name
 *
 * Forgets a request that was answered.
 */
void
org_sessions_end_request (OrgSessions *self,
                          const char  *source)
{
  g_hash_table_remove (self->requests, source);
}

/**
 * org_sessions_is_young:
 * @self: sessions
 * @app: an app that was named
 *
 * Returns: whether the app has just been made, so that the org does not know it yet
 */
gboolean
org_sessions_is_young (OrgSessions  *self,
                       const OrgApp *app)
{
  return (app->flags & ORG_APP_YOUNG) != 0 && g_hash_table_add (self->named, (gpointer) app->key);
}
