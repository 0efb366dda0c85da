/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-address.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-error.h"
#include "sluice-host.h"
#include "sluice-problem.h"

static int
get_port (GUri *uri)
{
  int port = g_uri_get_port (uri);

  if (port != -1)
    return port;

  return g_str_equal (g_uri_get_scheme (uri), "https") ? 443 : 80;
}

static gboolean
has_same_origin (const char *a,
                 const char *b)
{
  g_autoptr(GUri) first = a != NULL ? g_uri_parse (a, G_URI_FLAGS_NONE, NULL) : NULL;
  g_autoptr(GUri) second = b != NULL ? g_uri_parse (b, G_URI_FLAGS_NONE, NULL) : NULL;

  return first != NULL && second != NULL &&
         g_uri_get_host (first) != NULL && g_uri_get_host (second) != NULL &&
         g_str_equal (g_uri_get_scheme (first), g_uri_get_scheme (second)) &&
         g_ascii_strcasecmp (g_uri_get_host (first), g_uri_get_host (second)) == 0 &&
         get_port (first) == get_port (second);
}

/* A demo org's tokens belong on this computer, an org's tokens never do. */
static gboolean
may_have_token (const char *url,
                const char *login_url)
{
  if (!sluice_host_is_trusted (url))
    return FALSE;

  return login_url == NULL || sluice_host_is_loopback (url) == sluice_host_is_loopback (login_url);
}

static char *
refuse (GError **error)
{
  g_propagate_error (error, sluice_error_new_server (SLUICE_ERROR_PROTOCOL, SLUICE_PROBLEM_UNTRUSTED_HOST, NULL, 0, NULL,
                                                     _("The org points to an address that is not its own, "
                                                       "so the access token was not sent there.")));

  return NULL;
}

static char *
resolve_absolute (const char               *url,
                  const SluiceCredentials  *credentials,
                  const char               *login_url,
                  GError                  **error)
{
  gboolean is_own = has_same_origin (url, credentials->instance_url) ||
                    has_same_origin (url, login_url) ||
                    has_same_origin (url, credentials->identity_url);

  if (!is_own || !may_have_token (url, login_url))
    return refuse (error);

  return g_strdup (url);
}

/**
 * sluice_address_resolve:
 * @path: from the root of the org's host with a slash at its start, or below the API version without, or a whole address
 * @credentials: of the org
 * @login_url: (nullable): where one signs in to the org
 * @api_version: (nullable): such as "68.0"
 * @error: %SLUICE_ERROR_PROTOCOL when the token may not go there
 *
 * Finds where a call goes. A token goes to the org's own host, and to the
 * host of its identity service; each of them must be trusted as such.
 *
 * Returns: (transfer full) (nullable): the address
 */
char *
sluice_address_resolve (const char               *path,
                        const SluiceCredentials  *credentials,
                        const char               *login_url,
                        const char               *api_version,
                        GError                  **error)
{
  g_autofree char *root = NULL;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (credentials != NULL, NULL);

  if (strstr (path, "://") != NULL && *path != '/' && strcspn (path, ":") < strcspn (path, "/?"))
    return resolve_absolute (path, credentials, login_url, error);

  if (credentials->instance_url == NULL || !may_have_token (credentials->instance_url, login_url))
    return refuse (error);

  if (*path != '/' && api_version == NULL)
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                           _("The API version of the org is not known yet. Verify the connection first."));
      return NULL;
    }

  root = g_strdup (credentials->instance_url);
  while (g_str_has_suffix (root, "/"))
    root[strlen (root) - 1] = '\0';

  if (*path == '/')
    return g_strconcat (root, path, NULL);

  return g_strconcat (root, "/services/data/v", api_version, "/", path, NULL);
}
