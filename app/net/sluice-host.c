/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-host.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-error.h"

/* Hosts that take tokens: what Salesforce's own tools allow. */
static const char * const trusted_suffixes[] = {
  ".cloudforce.com",
  ".crmforce.mil",
  ".force.com",
  ".my-salesforce.com",
  ".salesforce.com",
  ".salesforce.mil",
  ".salesforceliveagent.com",
  ".sfcrmproducts.cn",
};

/* Hosts of an org where one signs in. */
static const char * const login_suffixes[] = {
  ".my-salesforce.com",
  ".my.salesforce.com",
  ".my.salesforce.mil",
  ".my.sfcrmproducts.cn",
};

/* Pages of an org, and where the same org signs in. */
static const struct
{
  const char *pasted;
  const char *login;
} page_suffixes[] = {
  { ".lightning.crmforce.mil", ".my.salesforce.mil" },
  { ".lightning.force.com", ".my.salesforce.com" },
  { ".lightning.sfcrmapps.cn", ".my.sfcrmproducts.cn" },
  { ".my-lightning.com", ".my-salesforce.com" },
  { ".my.salesforce-setup.com", ".my.salesforce.com" },
};

/* Sites and file servers, whose names only hint at the org. */
static const char * const vague_suffixes[] = {
  ".builder.salesforce-experience.com",
  ".content.force.com",
  ".documentforce.com",
  ".file.force.com",
  ".my.salesforce-scrt.com",
  ".my.site.com",
  ".vf.force.com",
  ".visual.force.com",
  ".visualforce.com",
};

static const char * const partitions[] = {
  "demo", "develop", "free", "patch", "sandbox", "scratch", "trailblaze", NULL,
};

static const char * const websites[] = {
  "admin", "appexchange", "developer", "help", "status", "trailhead", "trust", "www", NULL,
};

static const char * const setup_paths[] = {
  [SLUICE_SETUP_EXTERNAL_CLIENT_APPS] = "ManageExternalClientApplication",
  [SLUICE_SETUP_EXTERNAL_CLIENT_APPS_USAGE] = "ExternalClientApplicationOauthUsage",
  [SLUICE_SETUP_EXTERNAL_CLIENT_APP_SETTINGS] = "ExternalClientApplicationSettings",
  [SLUICE_SETUP_CONNECTED_APPS_USAGE] = "ConnectedAppsUsage",
  [SLUICE_SETUP_MANAGE_CONNECTED_APPS] = "ConnectedApplication",
  [SLUICE_SETUP_APP_MANAGER] = "NavigationMenus",
  [SLUICE_SETUP_OAUTH_SETTINGS] = "OauthOidcSettings",
  [SLUICE_SETUP_API_ACCESS_CONTROL] = "ApiAccessControl",
  [SLUICE_SETUP_PERMISSION_SETS] = "PermSets",
  [SLUICE_SETUP_PROFILES] = "EnhancedProfiles",
  [SLUICE_SETUP_SESSION_SETTINGS] = "SecuritySession",
  [SLUICE_SETUP_MY_DOMAIN] = "OrgDomain",
  [SLUICE_SETUP_COMPANY_INFORMATION] = "CompanyProfileInfo",
  [SLUICE_SETUP_LOGIN_HISTORY] = "OrgLoginHistory",
};

/* What precedes @suffix in @host, NULL when @host does not end with it or nothing precedes. */
static char *
strip_suffix (const char *host,
              const char *suffix)
{
  gsize length = strlen (host);

  if (!g_str_has_suffix (host, suffix) || length == strlen (suffix))
    return NULL;

  return g_strndup (host, length - strlen (suffix));
}

static gboolean
has_suffix_of (const char         *host,
               const char * const *suffixes,
               gsize               n_suffixes)
{
  for (gsize i = 0; i < n_suffixes; i++)
    {
      if (g_str_has_suffix (host, suffixes[i]))
        return TRUE;
    }

  return FALSE;
}

static gboolean
is_label (const char *label)
{
  gsize length = strlen (label);

  /* No org has a name beyond ASCII, but a look-alike may. */
  if (length == 0 || length > 63 || label[0] == '-' || label[length - 1] == '-' || g_str_has_prefix (label, "xn--"))
    return FALSE;

  for (const char *p = label; *p != '\0'; p++)
    {
      if (!g_ascii_isalnum (*p) && *p != '-')
        return FALSE;
    }

  return TRUE;
}

static gboolean
is_host_name (const char *host)
{
  g_auto(GStrv) labels = g_strsplit (host, ".", -1);

  for (guint i = 0; labels[i] != NULL; i++)
    {
      if (!is_label (labels[i]))
        return FALSE;
    }

  return strlen (host) <= 253;
}

static gboolean
is_loopback_host (const char *host)
{
  g_autoptr(GInetAddress) address = NULL;

  if (g_ascii_strcasecmp (host, "localhost") == 0)
    return TRUE;

  address = g_inet_address_new_from_string (host);

  return address != NULL && g_inet_address_get_is_loopback (address);
}

static gboolean
is_trusted_host (const char *host)
{
  g_autofree char *lower = g_ascii_strdown (host, -1);

  return is_host_name (lower) && has_suffix_of (lower, trusted_suffixes, G_N_ELEMENTS (trusted_suffixes));
}

/* NULL when the address makes no sense or has a user part, which only serves to deceive. */
static GUri *
parse (const char *url)
{
  g_autoptr(GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  if (host == NULL || *host == '\0' || g_uri_get_userinfo (uri) != NULL)
    return NULL;

  return g_steal_pointer (&uri);
}

/* `na123`, `eu5`, `cs12`: a server that many orgs share, not an org. */
static gboolean
is_instance (const char *label)
{
  static const char * const prefixes[] = { "ap", "cs", "eu", "gs", "na", "um" };

  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
    {
      const char *digits = label + 2;

      if (!g_str_has_prefix (label, prefixes[i]) || !g_ascii_isdigit (*digits))
        continue;

      while (g_ascii_isdigit (*digits))
        digits++;

      if (*digits == '\0' || strcmp (digits, "-api") == 0)
        return TRUE;
    }

  return FALSE;
}

static char *
login_of_instance (const char *label)
{
  return g_strdup (g_str_has_prefix (label, "cs") ? "test.salesforce.com" : "login.salesforce.com");
}

/* `northpier--c.vf.force.com` belongs to `northpier`, most likely. */
static char *
guess_login (const char *left)
{
  g_auto(GStrv) labels = g_strsplit (left, ".", -1);
  const char *partition = NULL;
  char *tail;

  for (guint i = 1; labels[0] != NULL && labels[i] != NULL; i++)
    {
      if (g_strv_contains (partitions, labels[i]))
        partition = labels[i];
      else if (is_instance (labels[i]) && strstr (labels[0], "--") == NULL)
        return login_of_instance (labels[i]);
    }

  tail = g_strrstr (labels[0], "--");

  /* A sandbox carries its own name after the first two hyphens. */
  if (tail != NULL && (g_strcmp0 (partition, "sandbox") != 0 || strstr (labels[0], "--") != tail))
    *tail = '\0';

  if (partition != NULL)
    return g_strdup_printf ("%s.%s.my.salesforce.com", labels[0], partition);

  return g_strdup_printf ("%s.my.salesforce.com", labels[0]);
}

static char *
login_of_word (const char *word,
               gboolean   *needs_confirmation)
{
  if (g_str_equal (word, "login") || g_str_equal (word, "test"))
    return g_strdup_printf ("%s.salesforce.com", word);

  if (is_instance (word))
    return login_of_instance (word);

  if (!g_ascii_isalpha (*word))
    return NULL;

  if (strstr (word, "--") == NULL)
    return g_strdup_printf ("%s.my.salesforce.com", word);

  *needs_confirmation = TRUE;

  return g_strdup_printf ("%s.sandbox.my.salesforce.com", word);
}

/* The host where the org of @host signs in, NULL when @host is not Salesforce's. */
static char *
map_host (const char *host,
          gboolean   *needs_confirmation)
{
  g_autofree char *instance = strip_suffix (host, ".salesforce.com");

  if (strchr (host, '.') == NULL)
    return login_of_word (host, needs_confirmation);

  if (g_str_equal (host, "login.salesforce.com") || g_str_equal (host, "test.salesforce.com"))
    return g_strdup (host);

  if (instance != NULL && is_instance (instance))
    return login_of_instance (instance);

  for (guint i = 0; i < G_N_ELEMENTS (page_suffixes); i++)
    {
      g_autofree char *left = strip_suffix (host, page_suffixes[i].pasted);

      if (left != NULL && is_instance (left))
        return login_of_instance (left);
      if (left != NULL)
        return g_strconcat (left, page_suffixes[i].login, NULL);
    }

  for (guint i = 0; i < G_N_ELEMENTS (vague_suffixes); i++)
    {
      g_autofree char *left = strip_suffix (host, vague_suffixes[i]);

      if (left != NULL)
        {
          *needs_confirmation = TRUE;
          return guess_login (left);
        }
    }

  if (has_suffix_of (host, login_suffixes, G_N_ELEMENTS (login_suffixes)))
    return g_strdup (host);

  if (!is_trusted_host (host))
    return NULL;

  *needs_confirmation = TRUE;

  return g_strdup (host);
}

static void
set_malformed (GError **error)
{
  g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                       _("This is not a web address. Enter one such as “northpier.my.salesforce.com”."));
}

static GUri *
parse_pasted (const char  *text,
              GError     **error)
{
  g_autofree char *with_scheme = NULL;
  g_autoptr(GUri) uri = NULL;

  if (*text == '\0')
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                           _("Enter the address of the org, such as “northpier.my.salesforce.com”."));
      return NULL;
    }

  if (strstr (text, "://") == NULL)
    with_scheme = g_strconcat ("https://", g_str_has_prefix (text, "//") ? text + 2 : text, NULL);

  uri = g_uri_parse (with_scheme != NULL ? with_scheme : text, G_URI_FLAGS_PARSE_RELAXED, NULL);

  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    {
      set_malformed (error);
      return NULL;
    }

  if (!g_str_equal (g_uri_get_scheme (uri), "https") && !g_str_equal (g_uri_get_scheme (uri), "http"))
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                           _("The address must begin with “https://”."));
      return NULL;
    }

  if (g_uri_get_userinfo (uri) != NULL)
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                           _("The address contains a user name. Leave out everything up to the “@”."));
      return NULL;
    }

  return g_steal_pointer (&uri);
}

static char *
normalise_loopback (GUri       *uri,
                    const char *text)
{
  gboolean has_scheme = strstr (text, "://") != NULL;
  g_autofree char *host = g_ascii_strdown (g_uri_get_host (uri), -1);

  return g_uri_join (G_URI_FLAGS_NONE, has_scheme ? g_uri_get_scheme (uri) : "http", NULL, host,
                     g_uri_get_port (uri), "", NULL, NULL);
}

static gboolean
is_website (const char *host)
{
  g_autofree char *left = strip_suffix (host, ".salesforce.com");

  return g_str_equal (host, "salesforce.com") || (left != NULL && g_strv_contains (websites, left));
}

static void
set_foreign (const char  *host,
             GError     **error)
{
  if (is_website (host))
    g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                 /* Translators: the placeholder is a host name */
                 _("“%s” is a website of Salesforce, not an org. Use the address that the browser shows "
                   "after signing in to the org."), host);
  else if (strstr (host, "salesforce") != NULL || strstr (host, "force.com") != NULL)
    g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                 /* Translators: the placeholder is a host name */
                 _("“%s” looks like an address of Salesforce, but does not belong to Salesforce. "
                   "Do not sign in there."), host);
  else
    g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                 /* Translators: the placeholder is a host name */
                 _("“%s” does not belong to Salesforce. Use the address that the browser shows "
                   "after signing in to the org."), host);
}

/**
 * sluice_host_normalise:
 * @text: what the user typed or pasted: a host, the address of any page of the org, or the org's name alone
 * @needs_confirmation: (out) (optional): whether the answer is a guess that the user should confirm
 * @error: %SLUICE_ERROR_INVALID and a reason in words
 *
 * Finds the address where an org signs in.
 *
 * Only the host counts: path, query and port are dropped, because a pasted
 * address may carry a session. Loopback addresses, where a demo org listens,
 * keep their scheme and port. Everything that is not Salesforce's own is
 * refused. The rules are those of Salesforce's command line client
 * (`sfdcUrl.ts` in sfdx-core) and of the page addresses that orgs use.
 *
 * Returns: (transfer full) (nullable): scheme and host, such as
 *   `https://northpier.my.salesforce.com`
 */
char *
sluice_host_normalise (const char  *text,
                       gboolean    *needs_confirmation,
                       GError     **error)
{
  g_autofree char *stripped = NULL;
  g_autofree char *host = NULL;
  g_autofree char *mapped = NULL;
  g_autoptr(GUri) uri = NULL;
  gboolean guessed = FALSE;

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (needs_confirmation != NULL)
    *needs_confirmation = FALSE;

  stripped = g_strstrip (g_strdup (text));
  uri = parse_pasted (stripped, error);

  if (uri == NULL)
    return NULL;

  if (is_loopback_host (g_uri_get_host (uri)))
    return normalise_loopback (uri, stripped);

  host = g_ascii_strdown (g_uri_get_host (uri), -1);
  if (g_str_has_suffix (host, "."))
    host[strlen (host) - 1] = '\0';

  if (!is_host_name (host))
    {
      set_malformed (error);
      return NULL;
    }

  if (!is_website (host))
    mapped = map_host (host, &guessed);

  if (mapped == NULL || !is_host_name (mapped))
    {
      set_foreign (host, error);
      return NULL;
    }

  if (needs_confirmation != NULL)
    *needs_confirmation = guessed;

  return g_strconcat ("https://", mapped, NULL);
}

/**
 * sluice_host_is_loopback:
 * @url: (nullable): an address
 *
 * Tells whether @url leads to this computer, whatever its scheme.
 *
 * Returns: whether it does
 */
gboolean
sluice_host_is_loopback (const char *url)
{
  g_autoptr(GUri) uri = url != NULL ? parse (url) : NULL;

  return uri != NULL && is_loopback_host (g_uri_get_host (uri));
}

/**
 * sluice_host_is_trusted:
 * @url: (nullable): an address
 *
 * Tells whether a token may be sent to @url at all: over HTTPS to a host of
 * Salesforce, or to a demo org on this computer. The token's own host is
 * narrower still; that is for the caller to compare.
 *
 * Returns: whether it may
 */
gboolean
sluice_host_is_trusted (const char *url)
{
  g_autoptr(GUri) uri = url != NULL ? parse (url) : NULL;
  const char *scheme = uri != NULL ? g_uri_get_scheme (uri) : NULL;

  if (uri == NULL)
    return FALSE;

  if (is_loopback_host (g_uri_get_host (uri)))
    return g_str_equal (scheme, "http") || g_str_equal (scheme, "https");

  return g_str_equal (scheme, "https") &&
         (g_uri_get_port (uri) == -1 || g_uri_get_port (uri) == 443) &&
         is_trusted_host (g_uri_get_host (uri));
}

/**
 * sluice_host_dup_setup_link:
 * @instance_url: (nullable): address of the org, which leads on to its Setup host
 * @page: where in Setup
 *
 * Makes the address of a page in the org's Setup.
 *
 * Returns: (transfer full) (nullable): the address, %NULL when the org is not known or there is no page
 */
char *
sluice_host_dup_setup_link (const char      *instance_url,
                            SluiceSetupPage  page)
{
  g_autoptr(GUri) uri = NULL;
  g_autofree char *path = NULL;

  if (page <= SLUICE_SETUP_NONE || page >= G_N_ELEMENTS (setup_paths) || !sluice_host_is_trusted (instance_url))
    return NULL;

  uri = parse (instance_url);
  path = g_strdup_printf ("/lightning/setup/%s/home", setup_paths[page]);

  return g_uri_join (G_URI_FLAGS_NONE, g_uri_get_scheme (uri), NULL, g_uri_get_host (uri), g_uri_get_port (uri),
                     path, NULL, NULL);
}
