/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who allowed what to whom. Of codes and tokens only the hashes are kept, so
 * that neither the memory of the server nor its state file gives one away. */

#include "org-grants.h"

#include <string.h>

#include "org-id.h"
#include "org-secret.h"

#define CODE_LIFETIME 120
#define MAX_GRANTS 5
#define MAX_DEAD 50
#define DEFAULT_LIFETIME 7200

#define ACCESS_PREFIX "AQcA"
#define REFRESH_PREFIX "5Aep861"
#define CODE_PREFIX "aPrx"

typedef struct
{
  char *hash;
  gint64 issued;
  gint64 used;
  guint calls;
} Token;

/* One approval. It lives as long as its refresh token, or its last access token. */
typedef struct
{
  const OrgApp *app;
  const OrgPerson *person;
  char *scope;
  char *refresh;             /* (nullable) hash */
  GPtrArray *dead;           /* hashes of the refresh tokens before */
  GPtrArray *tokens;         /* (element-type Token) access tokens */
  gint64 created;
  gint64 used;
} Grant;

typedef struct
{
  const OrgApp *app;
  const OrgPerson *person;
  char *hash;
  char *scope;
  char *redirect_uri;
  char *challenge;           /* (nullable) */
  char *nonce;               /* (nullable) */
  gint64 issued;
  gboolean used;
} Code;

struct _OrgGrants
{
  OrgClock *clock;           /* (unowned) */
  char prefix[ORG_ID_SIZE];  /* of access tokens: the org's id and a `!` */
  GPtrArray *grants;         /* the oldest first */
  GPtrArray *codes;
  guint lifetime;
  guint calls;
};

static const OrgFailure bad_code = { "invalid_grant", "invalid authorization code" };
static const OrgFailure old_code = { "invalid_grant", "expired authorization code" };
static const OrgFailure bad_verifier = { "invalid_grant", "invalid code verifier" };
static const OrgFailure bad_redirect = { "redirect_uri_mismatch", "redirect_uri must match configuration" };
static const OrgFailure old_token = { "invalid_grant", "expired access/refresh token" };
static const OrgFailure inactive_user = { "invalid_grant", "inactive user" };

static void
token_free (gpointer data)
{
  Token *token = data;

  g_free (token->hash);
  g_free (token);
}

static void
grant_free (gpointer data)
{
  Grant *grant = data;

  g_free (grant->scope);
  g_free (grant->refresh);
  g_ptr_array_unref (grant->dead);
  g_ptr_array_unref (grant->tokens);
  g_free (grant);
}

static void
code_free (gpointer data)
{
  Code *code = data;

  g_free (code->hash);
  g_free (code->scope);
  g_free (code->redirect_uri);
  g_free (code->challenge);
  g_free (code->nonce);
  g_free (code);
}

/**
 * org_tokens_clear:
 * @tokens: an answer
 *
 * Frees what @tokens owns.
 */
void
org_tokens_clear (OrgTokens *tokens)
{
  g_clear_pointer (&tokens->access, g_free);
  g_clear_pointer (&tokens->refresh, g_free);
  g_clear_pointer (&tokens->scope, g_free);
  g_clear_pointer (&tokens->nonce, g_free);
}

/**
 * org_scope_contains:
 * @scope: scopes, separated by blanks
 * @word: one scope
 *
 * Returns: whether @word is among them
 */
gboolean
org_scope_contains (const char *scope,
                    const char *word)
{
  g_auto(GStrv) words = g_strsplit (scope, " ", -1);

  return g_strv_contains ((const char * const *) words, word);
}

/**
 * org_grants_new:
 * @clock: what tells the time; must live longer
 * @organization_id: the org's id; access tokens begin with its first 15 characters
 *
 * Returns: (transfer full): no grants
 */
OrgGrants *
org_grants_new (OrgClock   *clock,
                const char *organization_id)
{
  OrgGrants *self = g_new0 (OrgGrants, 1);

  self->clock = clock;
  g_snprintf (self->prefix, sizeof self->prefix, "%.15s!", organization_id);
  self->grants = g_ptr_array_new_with_free_func (grant_free);
  self->codes = g_ptr_array_new_with_free_func (code_free);
  self->lifetime = DEFAULT_LIFETIME;

  return self;
}

/**
 * org_grants_free:
 * @self: (transfer full): grants
 *
 * Forgets all.
 */
void
org_grants_free (OrgGrants *self)
{
  g_ptr_array_unref (self->grants);
  g_ptr_array_unref (self->codes);
  g_free (self);
}

/**
 * org_grants_set_lifetime:
 * @self: grants
 * @seconds: access tokens expire when unused for so long
 * @calls: access tokens expire after so many calls; 0 for no such limit
 *
 * Sets the session policy; it acts on tokens that exist already.
 */
void
org_grants_set_lifetime (OrgGrants *self,
                         guint      seconds,
                         guint      calls)
{
  self->lifetime = seconds;
  self->calls = calls;
}

/**
 * org_grants_add_code:
 * @self: grants
 * @request: what was allowed
 *
 * Returns: (transfer full): an authorization code
 */
char *
org_grants_add_code (OrgGrants            *self,
                     const OrgCodeRequest *request)
{
  g_autofree char *random = org_secret_random (CODE_PREFIX, 76);
  char *text = g_strconcat (random, "==", NULL);
  Code *code = g_new0 (Code, 1);

  code->app = request->app;
  code->person = request->person;
  code->hash = org_secret_hash (text);
  code->scope = g_strdup (request->scope);
  code->redirect_uri = g_strdup (request->redirect_uri);
  code->challenge = g_strdup (request->challenge);
  code->nonce = g_strdup (request->nonce);
  code->issued = org_clock_seconds (self->clock);
  g_ptr_array_add (self->codes, code);

  return text;
}

static guint
token_calls (OrgGrants   *self,
             const Grant *grant)
{
  return grant->app->calls > 0 ? grant->app->calls : self->calls;
}

static gboolean
token_is_alive (OrgGrants   *self,
                const Grant *grant,
                const Token *token)
{
  guint calls = token_calls (self, grant);

  return org_clock_seconds (self->clock) - token->used < self->lifetime && (calls == 0 || token->calls < calls);
}

static gboolean
refresh_is_alive (OrgGrants   *self,
                  const Grant *grant)
{
  return grant->refresh != NULL
         && (grant->app->idle == 0 || org_clock_seconds (self->clock) - grant->used < grant->app->idle);
}

/* Lets go of access tokens that ended, and of grants that nothing can use any more. */
static void
prune (OrgGrants *self)
{
  for (guint i = self->grants->len; i > 0; i--)
    {
      Grant *grant = g_ptr_array_index (self->grants, i - 1);

      for (guint j = grant->tokens->len; j > 0; j--)
        {
          if (!token_is_alive (self, grant, g_ptr_array_index (grant->tokens, j - 1)))
            g_ptr_array_remove_index (grant->tokens, j - 1);
        }

      if (grant->tokens->len == 0 && !refresh_is_alive (self, grant))
        g_ptr_array_remove_index (self->grants, i - 1);
    }
}

static Grant *
add_grant (OrgGrants       *self,
           const OrgApp    *app,
           const OrgPerson *person,
           const char      *scope)
{
  Grant *grant = g_new0 (Grant, 1);

  prune (self);
  grant->app = app;
  grant->person = person;
  grant->scope = g_strdup (scope);
  grant->dead = g_ptr_array_new_with_free_func (g_free);
  grant->tokens = g_ptr_array_new_with_free_func (token_free);
  grant->created = org_clock_seconds (self->clock);
  grant->used = grant->created;
  g_ptr_array_add (self->grants, grant);

  return grant;
}

static void
remove_oldest (OrgGrants *self,
               Grant     *newest)
{
  guint n = 0;

  for (guint i = self->grants->len; i > 0; i--)
    {
      Grant *grant = g_ptr_array_index (self->grants, i - 1);

      if (grant->refresh == NULL || grant->app != newest->app || grant->person != newest->person)
        continue;
      if (++n > MAX_GRANTS)
        g_ptr_array_remove_index (self->grants, i - 1);
    }
}

static void
issue_access (OrgGrants *self,
              Grant     *grant,
              OrgTokens *tokens)
{
  g_autofree char *head = g_strconcat (self->prefix, ACCESS_PREFIX, NULL);
  Token *token = g_new0 (Token, 1);
  gint64 now = org_clock_now (self->clock);

  tokens->app = grant->app;
  tokens->person = grant->person;
  tokens->access = org_secret_random (head, 92);
  tokens->scope = g_strdup (grant->scope);
  tokens->issued = now / 1000;

  token->hash = org_secret_hash (tokens->access);
  token->issued = now / G_USEC_PER_SEC;
  token->used = token->issued;
  g_ptr_array_add (grant->tokens, token);
}

static void
issue_refresh (Grant     *grant,
               OrgTokens *tokens)
{
  tokens->refresh = org_secret_random (REFRESH_PREFIX, 80);
  g_free (grant->refresh);
  grant->refresh = org_secret_hash (tokens->refresh);
}

/**
 * org_grants_issue:
 * @self: grants
 * @app: who asks
 * @person: who allowed it
 * @scope: the scopes, separated by blanks
 * @tokens: (out caller-allocates): the answer
 *
 * Makes a grant at once. Without the scope `refresh_token` it ends with its access token.
 */
void
org_grants_issue (OrgGrants       *self,
                  const OrgApp    *app,
                  const OrgPerson *person,
                  const char      *scope,
                  OrgTokens       *tokens)
{
  Grant *grant = add_grant (self, app, person, scope);

  memset (tokens, 0, sizeof *tokens);
  issue_access (self, grant, tokens);
  if (!org_scope_contains (scope, "refresh_token"))
    return;

  issue_refresh (grant, tokens);
  remove_oldest (self, grant);
}

static Code *
find_code (OrgGrants  *self,
           const char *text)
{
  g_autofree char *hash = org_secret_hash (text);

  for (guint i = 0; i < self->codes->len; i++)
    {
      Code *code = g_ptr_array_index (self->codes, i);

      if (strcmp (code->hash, hash) == 0)
        return code;
    }

  return NULL;
}

/* Longer verifiers than the 128 characters of RFC 7636 are taken, as the true service does. */
static gboolean
verifier_matches (const char *challenge,
                  const char *verifier)
{
  g_autofree char *made = NULL;

  if (challenge == NULL || verifier == NULL)
    return challenge == NULL && verifier == NULL;

  made = org_secret_challenge (verifier);

  return org_secret_equal (made, challenge);
}

static const OrgFailure *
check_code (OrgGrants    *self,
            Code         *code,
            const OrgApp *app,
            const char   *redirect_uri,
            const char   *verifier)
{
  if (code == NULL || code->app != app)
    return &bad_code;
  if (code->used || org_clock_seconds (self->clock) - code->issued >= CODE_LIFETIME)
    return &old_code;
  if (g_strcmp0 (code->redirect_uri, redirect_uri) != 0)
    return &bad_redirect;

  /* From here on the code is gone, or a verifier could be guessed. */
  code->used = TRUE;

  return verifier_matches (code->challenge, verifier) ? NULL : &bad_verifier;
}

/**
 * org_grants_redeem:
 * @self: grants
 * @app: who asks
 * @code: an authorization code
 * @redirect_uri: (nullable): where it was sent
 * @verifier: (nullable): the PKCE verifier
 * @tokens: (out caller-allocates): the answer
 *
 * Exchanges a code for tokens.
 *
 * Returns: (nullable): why it is refused
 */
const OrgFailure *
org_grants_redeem (OrgGrants    *self,
                   const OrgApp *app,
                   const char   *code,
                   const char   *redirect_uri,
                   const char   *verifier,
                   OrgTokens    *tokens)
{
  Code *found = find_code (self, code);
  const OrgFailure *failure = check_code (self, found, app, redirect_uri, verifier);

  memset (tokens, 0, sizeof *tokens);
  if (failure != NULL)
    return failure;

  org_grants_issue (self, app, found->person, found->scope, tokens);
  tokens->nonce = g_strdup (found->nonce);

  return NULL;
}

static gboolean
is_dead (const Grant *grant,
         const char  *hash)
{
  for (guint i = 0; i < grant->dead->len; i++)
    {
      if (strcmp (g_ptr_array_index (grant->dead, i), hash) == 0)
        return TRUE;
    }

  return FALSE;
}

/* Tells with @dead whether the token was valid once. */
static Grant *
find_refresh (OrgGrants  *self,
              const char *refresh,
              gboolean   *dead)
{
  g_autofree char *hash = org_secret_hash (refresh);

  for (guint i = 0; i < self->grants->len; i++)
    {
      Grant *grant = g_ptr_array_index (self->grants, i);

      *dead = is_dead (grant, hash);
      if (*dead || g_strcmp0 (grant->refresh, hash) == 0)
        return grant;
    }

  return NULL;
}

static void
bury_refresh (Grant *grant)
{
  g_ptr_array_add (grant->dead, g_steal_pointer (&grant->refresh));
  if (grant->dead->len > MAX_DEAD)
    g_ptr_array_remove_index (grant->dead, 0);
}

/**
 * org_grants_refresh:
 * @self: grants
 * @app: who asks
 * @refresh: a refresh token
 * @tokens: (out caller-allocates): the answer
 *
 * Exchanges a refresh token for an access token, and for a new refresh token
 * where the app rotates them. One that was exchanged before has been stolen
 * from somebody: then the whole grant ends.
 *
 * Returns: (nullable): why it is refused
 */
const OrgFailure *
org_grants_refresh (OrgGrants    *self,
                    const OrgApp *app,
                    const char   *refresh,
                    OrgTokens    *tokens)
{
  gboolean dead;
  Grant *grant = find_refresh (self, refresh, &dead);

  memset (tokens, 0, sizeof *tokens);

  if (grant == NULL || grant->app != app)
    return &old_token;
  if (dead && (app->flags & ORG_APP_ROTATES) != 0)
    g_ptr_array_remove (self->grants, grant);
  if (dead || !refresh_is_alive (self, grant))
    return &old_token;
  if ((grant->person->flags & ORG_PERSON_INACTIVE) != 0)
    return &inactive_user;

  grant->used = org_clock_seconds (self->clock);
  issue_access (self, grant, tokens);
  if ((app->flags & (ORG_APP_ROTATES | ORG_APP_ONE_USE)) != 0)
    bury_refresh (grant);
  if ((app->flags & ORG_APP_ROTATES) != 0)
    issue_refresh (grant, tokens);

  return NULL;
}

static Token *
find_access (OrgGrants   *self,
             const char  *text,
             Grant      **owner)
{
  g_autofree char *hash = org_secret_hash (text);

  for (guint i = 0; i < self->grants->len; i++)
    {
      Grant *grant = g_ptr_array_index (self->grants, i);

      for (guint j = 0; j < grant->tokens->len; j++)
        {
          Token *token = g_ptr_array_index (grant->tokens, j);

          if (strcmp (token->hash, hash) == 0)
            {
              *owner = grant;
              return token_is_alive (self, grant, token) ? token : NULL;
            }
        }
    }

  return NULL;
}

/**
 * org_grants_revoke:
 * @self: grants
 * @token: an access or a refresh token
 *
 * Ends an access token, or with a refresh token the grant and all its access tokens.
 *
 * Returns: whether there was such a token
 */
gboolean
org_grants_revoke (OrgGrants  *self,
                   const char *token)
{
  gboolean dead;
  Grant *grant = find_refresh (self, token, &dead);
  Token *access;

  if (grant != NULL)
    {
      if (!dead)
        g_ptr_array_remove (self->grants, grant);
      return !dead;
    }

  access = find_access (self, token, &grant);
  if (access == NULL)
    return FALSE;

  g_ptr_array_remove (grant->tokens, access);

  return TRUE;
}

static void
describe_access (OrgGrants   *self,
                 const Grant *grant,
                 const Token *token,
                 OrgAccess   *access)
{
  access->app = grant->app;
  access->person = grant->person;
  access->scope = grant->scope;
  access->issued = token->issued;
  access->expires = token->used + self->lifetime;
  access->refreshes = FALSE;
}

/**
 * org_grants_look_up:
 * @self: grants
 * @token: an access or a refresh token
 * @access: (out caller-allocates): what it stands for
 *
 * Looks at a token without using it.
 *
 * Returns: whether it is valid
 */
gboolean
org_grants_look_up (OrgGrants  *self,
                    const char *token,
                    OrgAccess  *access)
{
  Grant *grant;
  Token *found = find_access (self, token, &grant);
  gboolean dead = FALSE;

  if (found != NULL)
    {
      describe_access (self, grant, found, access);
      return TRUE;
    }

  grant = find_refresh (self, token, &dead);
  if (grant == NULL || dead || !refresh_is_alive (self, grant))
    return FALSE;

  *access = (OrgAccess) { grant->app, grant->person, grant->scope, grant->created,
                          grant->app->idle > 0 ? grant->used + grant->app->idle : 0, TRUE };

  return TRUE;
}

/**
 * org_grants_use:
 * @self: grants
 * @token: an access token
 * @access: (out caller-allocates): what it stands for
 *
 * Uses a token for a call, which prolongs its life.
 *
 * Returns: whether it is valid
 */
gboolean
org_grants_use (OrgGrants  *self,
                const char *token,
                OrgAccess  *access)
{
  Grant *grant;
  Token *found = find_access (self, token, &grant);

  if (found == NULL)
    return FALSE;

  found->used = org_clock_seconds (self->clock);
  found->calls++;
  describe_access (self, grant, found, access);

  return TRUE;
}

/**
 * org_grants_is_approved:
 * @self: grants
 * @app: who asks
 * @person: who would have to allow it
 * @scope: the scopes asked for
 *
 * Returns: whether a living grant covers the request, so that nobody need be asked
 */
gboolean
org_grants_is_approved (OrgGrants       *self,
                        const OrgApp    *app,
                        const OrgPerson *person,
                        const char      *scope)
{
  g_auto(GStrv) words = g_strsplit (scope, " ", -1);

  for (guint i = 0; i < self->grants->len; i++)
    {
      Grant *grant = g_ptr_array_index (self->grants, i);
      gboolean covered = grant->app == app && grant->person == person && refresh_is_alive (self, grant);

      for (guint j = 0; covered && words[j] != NULL; j++)
        covered = org_scope_contains (grant->scope, words[j]);

      if (covered)
        return TRUE;
    }

  return FALSE;
}

/**
 * org_grants_expire:
 * @self: grants
 * @refresh: whether refresh tokens end as well
 *
 * Ends all access tokens at once.
 */
void
org_grants_expire (OrgGrants *self,
                   gboolean   refresh)
{
  for (guint i = 0; i < self->grants->len; i++)
    {
      Grant *grant = g_ptr_array_index (self->grants, i);

      g_ptr_array_set_size (grant->tokens, 0);
    }

  if (refresh)
    g_ptr_array_set_size (self->grants, 0);
}

/**
 * org_grants_count:
 * @self: grants
 *
 * Returns: how many grants live
 */
guint
org_grants_count (OrgGrants *self)
{
  prune (self);

  return self->grants->len;
}

static void
add_text (JsonBuilder *builder,
          const char  *name,
          const char  *value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void
add_number (JsonBuilder *builder,
            const char  *name,
            gint64       value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

static void
save_token (JsonBuilder *builder,
            const Token *token)
{
  json_builder_begin_object (builder);
  add_text (builder, "hash", token->hash);
  add_number (builder, "issued", token->issued);
  add_number (builder, "used", token->used);
  add_number (builder, "calls", token->calls);
  json_builder_end_object (builder);
}

static void
save_grant (JsonBuilder *builder,
            const Grant *grant)
{
  json_builder_begin_object (builder);
  add_text (builder, "app", grant->app->key);
  add_text (builder, "user", grant->person->username);
  add_text (builder, "scope", grant->scope);
  if (grant->refresh != NULL)
    add_text (builder, "refresh", grant->refresh);
  add_number (builder, "created", grant->created);
  add_number (builder, "used", grant->used);

  json_builder_set_member_name (builder, "dead");
  json_builder_begin_array (builder);
  for (guint i = 0; i < grant->dead->len; i++)
    json_builder_add_string_value (builder, g_ptr_array_index (grant->dead, i));
  json_builder_end_array (builder);

  json_builder_set_member_name (builder, "tokens");
  json_builder_begin_array (builder);
  for (guint i = 0; i < grant->tokens->len; i++)
    save_token (builder, g_ptr_array_index (grant->tokens, i));
  json_builder_end_array (builder);

  json_builder_end_object (builder);
}

/**
 * org_grants_save:
 * @self: grants
 * @builder: where an array is expected
 *
 * Adds the living grants; codes are too short-lived to be kept.
 */
void
org_grants_save (OrgGrants   *self,
                 JsonBuilder *builder)
{
  prune (self);
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->grants->len; i++)
    save_grant (builder, g_ptr_array_index (self->grants, i));
  json_builder_end_array (builder);
}

static JsonArray *
get_array (JsonObject *object,
           const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static const char *
get_text (JsonObject *object,
          const char *name)
{
  return json_object_get_string_member_with_default (object, name, NULL);
}

static void
restore_dead (JsonArray *array,
              guint      index,
              JsonNode  *node,
              gpointer   user_data)
{
  Grant *grant = user_data;

  if (json_node_get_value_type (node) == G_TYPE_STRING)
    g_ptr_array_add (grant->dead, json_node_dup_string (node));
}

static void
restore_token (JsonArray *array,
               guint      index,
               JsonNode  *node,
               gpointer   user_data)
{
  Grant *grant = user_data;
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  Token *token;

  if (object == NULL || get_text (object, "hash") == NULL)
    return;

  token = g_new0 (Token, 1);
  token->hash = g_strdup (get_text (object, "hash"));
  token->issued = json_object_get_int_member_with_default (object, "issued", 0);
  token->used = json_object_get_int_member_with_default (object, "used", 0);
  token->calls = (guint) json_object_get_int_member_with_default (object, "calls", 0);
  g_ptr_array_add (grant->tokens, token);
}

static void
restore_grant (JsonArray *array,
               guint      index,
               JsonNode  *node,
               gpointer   user_data)
{
  OrgGrants *self = user_data;
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const OrgApp *app = object != NULL ? org_apps_find (get_text (object, "app")) : NULL;
  const OrgPerson *person = object != NULL ? org_people_find (get_text (object, "user")) : NULL;
  Grant *grant;

  if (app == NULL || person == NULL || get_text (object, "scope") == NULL)
    return;

  grant = add_grant (self, app, person, get_text (object, "scope"));
  grant->refresh = g_strdup (get_text (object, "refresh"));
  grant->created = json_object_get_int_member_with_default (object, "created", 0);
  grant->used = json_object_get_int_member_with_default (object, "used", 0);
  if (get_array (object, "dead") != NULL)
    json_array_foreach_element (get_array (object, "dead"), restore_dead, grant);
  if (get_array (object, "tokens") != NULL)
    json_array_foreach_element (get_array (object, "tokens"), restore_token, grant);
}

/**
 * org_grants_restore:
 * @self: grants
 * @grants: what org_grants_save() added; anything else in it is left out
 *
 * Takes over the grants of an earlier run.
 */
void
org_grants_restore (OrgGrants *self,
                    JsonArray *grants)
{
  json_array_foreach_element (grants, restore_grant, self);
}
