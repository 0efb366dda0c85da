/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-sign-in-policy.h"

#include <string.h>

struct _SluiceSignInPolicy
{
  GHashTable *hosts; /* (element-type utf8 utf8): those that signing in has led to, as `host:port` */
  char *login; /* scheme, host and port of a login host on loopback, which needs no HTTPS; else NULL */
  char *redirect_uri;
};

static gboolean
is_loopback (const char *host)
{
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string (host);

  if (address != NULL)
    return g_inet_address_get_is_loopback (address);

  return g_ascii_strcasecmp (host, "localhost") == 0;
}

static GUri *
parse_web_address (const char *address)
{
  g_autoptr(GUri) uri = g_uri_parse (address, G_URI_FLAGS_ENCODED | G_URI_FLAGS_SCHEME_NORMALIZE, NULL);

  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    return NULL;

  return g_steal_pointer (&uri);
}

static char *
dup_host (GUri *uri)
{
  g_autofree char *host = g_ascii_strdown (g_uri_get_host (uri), -1);

  return g_strdup_printf ("%s:%d", host, g_uri_get_port (uri));
}

static char *
dup_origin (GUri *uri)
{
  g_autofree char *host = dup_host (uri);

  return g_strdup_printf ("%s://%s", g_uri_get_scheme (uri), host);
}

/**
 * sluice_sign_in_policy_new:
 * @authorize_url: where signing in begins
 * @redirect_uri: where it ends, without the query
 * @error: why the addresses cannot be used
 *
 * Returns: (transfer full) (nullable): the rules for one sign-in
 */
SluiceSignInPolicy *
sluice_sign_in_policy_new (const char  *authorize_url,
                           const char  *redirect_uri,
                           GError     **error)
{
  g_autoptr(GUri) login = NULL;
  g_autoptr(GUri) redirect = NULL;
  SluiceSignInPolicy *self;

  g_return_val_if_fail (authorize_url != NULL, NULL);
  g_return_val_if_fail (redirect_uri != NULL, NULL);

  login = parse_web_address (authorize_url);
  redirect = parse_web_address (redirect_uri);

  if (login == NULL || !(strcmp (g_uri_get_scheme (login), "https") == 0 || is_loopback (g_uri_get_host (login))) ||
      redirect == NULL || !is_loopback (g_uri_get_host (redirect)))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "These addresses are not for signing in");
      return NULL;
    }

  self = g_new0 (SluiceSignInPolicy, 1);
  self->hosts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->redirect_uri = g_strdup (redirect_uri);
  g_hash_table_add (self->hosts, dup_host (login));
  if (strcmp (g_uri_get_scheme (login), "https") != 0)
    self->login = dup_origin (login);

  return self;
}

/**
 * sluice_sign_in_policy_free:
 * @self: (transfer full): the rules
 *
 * Frees the rules.
 */
void
sluice_sign_in_policy_free (SluiceSignInPolicy *self)
{
  g_hash_table_unref (self->hosts);
  g_free (self->login);
  g_free (self->redirect_uri);
  g_free (self);
}

/**
 * sluice_sign_in_policy_is_redirect:
 * @self: the rules
 * @address: where a page wants to go
 *
 * Returns: whether @address ends the sign-in
 */
gboolean
sluice_sign_in_policy_is_redirect (SluiceSignInPolicy *self,
                                   const char         *address)
{
  gsize length = strlen (self->redirect_uri);

  return strncmp (address, self->redirect_uri, length) == 0 && (address[length] == '\0' || address[length] == '?');
}

/**
 * sluice_sign_in_policy_judge:
 * @self: the rules
 * @address: where a page wants to go
 * @link_clicked: whether somebody pressed a link, rather than the page redirecting or posting a form
 *
 * Decides on an address. A host that signing in leads to is a known one from then on.
 *
 * Returns: what is done with it
 */
SluiceSignInVerdict
sluice_sign_in_policy_judge (SluiceSignInPolicy *self,
                             const char         *address,
                             gboolean            link_clicked)
{
  g_autoptr(GUri) uri = NULL;
  g_autofree char *origin = NULL;
  char *host;

  if (strcmp (address, "about:blank") == 0 || sluice_sign_in_policy_is_redirect (self, address))
    return SLUICE_SIGN_IN_ALLOW;

  uri = parse_web_address (address);
  if (uri == NULL)
    return SLUICE_SIGN_IN_REFUSE;

  origin = dup_origin (uri);
  if (self->login != NULL && strcmp (origin, self->login) == 0)
    return SLUICE_SIGN_IN_ALLOW;

  if (strcmp (g_uri_get_scheme (uri), "https") != 0)
    return SLUICE_SIGN_IN_REFUSE;

  host = dup_host (uri);
  if (link_clicked && !g_hash_table_contains (self->hosts, host))
    {
      g_free (host);
      return SLUICE_SIGN_IN_OUTSIDE;
    }

  g_hash_table_add (self->hosts, host);

  return SLUICE_SIGN_IN_ALLOW;
}

/**
 * sluice_sign_in_policy_is_error_page:
 * @self: the rules
 * @address: the page that is shown
 *
 * Some errors never reach the redirect: the org shows a page of its own whose
 * address holds the reason (`RemoteAccessErrorPage`).
 *
 * Returns: whether @address is such a page
 */
gboolean
sluice_sign_in_policy_is_error_page (SluiceSignInPolicy *self,
                                     const char         *address)
{
  g_autoptr(GUri) uri = parse_web_address (address);

  return uri != NULL && !sluice_sign_in_policy_is_redirect (self, address) &&
         g_str_has_suffix (g_uri_get_path (uri), "/setup/secur/RemoteAccessErrorPage.apexp");
}
