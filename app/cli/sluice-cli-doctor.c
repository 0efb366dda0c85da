/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-cli.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

#include "sluice-advice.h"
#include "sluice-error.h"
#include "sluice-host.h"
#include "sluice-limit.h"

/* A clock that is wrong by this much makes records of the last minutes vanish from a pull; by more, certificates fail. */
#define CLOCK_WARNING 60
#define CLOCK_FAILURE (10 * 60)

#define CERTIFICATE_WARNING (14 * G_TIME_SPAN_DAY)

#define PROXY_TIMEOUT 15

typedef enum
{
  STATE_OK,
  STATE_WARN,
  STATE_FAIL,
} State;

typedef struct
{
  SluiceCli *cli;
  SluiceConnection *connection;
  SluiceSubscription *subscription;
  gboolean json;
  gboolean failed;
} Doctor;

static void
tell (Doctor     *doctor,
      State       state,
      const char *check,
      const char *finding,
      const char *advice)
{
  static const char * const nicks[] = { "ok", "warn", "fail" };

  if (state == STATE_FAIL)
    doctor->failed = TRUE;

  if (doctor->json)
    {
      g_autoptr(JsonBuilder) builder = json_builder_new_immutable ();
      g_autoptr(JsonNode) node = NULL;
      g_autofree char *line = NULL;

      json_builder_begin_object (builder);
      json_builder_set_member_name (builder, "check");
      json_builder_add_string_value (builder, check);
      json_builder_set_member_name (builder, "state");
      json_builder_add_string_value (builder, nicks[state]);
      json_builder_set_member_name (builder, "finding");
      json_builder_add_string_value (builder, finding);
      json_builder_set_member_name (builder, "advice");
      if (advice != NULL)
        json_builder_add_string_value (builder, advice);
      else
        json_builder_add_null_value (builder);
      json_builder_end_object (builder);
      node = json_builder_get_root (builder);
      line = json_to_string (node, FALSE);
      g_print ("%s\n", line);
      return;
    }

  g_print ("%-4s  %-12s  %s\n", nicks[state], check, finding);
  if (advice != NULL)
    g_print ("%-4s  %-12s  → %s\n", "", "", advice);
}

static void
tell_error (Doctor       *doctor,
            State         state,
            const char   *check,
            const GError *error)
{
  g_autoptr(SluiceAdvice) advice = error->domain == SLUICE_ERROR ? sluice_advice_new_for_error (error) : NULL;

  tell (doctor, state, check, error->message, advice != NULL && g_strcmp0 (advice->body, error->message) != 0
                                              ? advice->body : NULL);
}

G_GNUC_PRINTF (3, 4)
static void
tell_ok (Doctor     *doctor,
         const char *check,
         const char *format,
         ...)
{
  g_autofree char *finding = NULL;
  va_list arguments;

  va_start (arguments, format);
  finding = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  tell (doctor, STATE_OK, check, finding, NULL);
}

static void
check_program (Doctor *doctor)
{
  SluiceIntegration *integration;

  integration = sluice_integrations_find (sluice_subscription_get_integration_id (doctor->subscription),
                                          sluice_subscription_get_version (doctor->subscription));
  if (integration == NULL)
    {
      tell (doctor, STATE_FAIL, "version", _("The subscription needs a version that this program does not have."),
            _("Update the program, or choose another version."));
      return;
    }

  tell_ok (doctor, "version",
           /* Translators: program version, GLib version, oldest and newest API version */
           _("Sluice %s, GLib %u.%u.%u, Salesforce API %s to %s"), PACKAGE_VERSION,
           glib_major_version, glib_minor_version, glib_micro_version,
           sluice_integration_get_min_api_version (integration), sluice_integration_get_max_api_version (integration));
}

static void
check_settings (Doctor *doctor)
{
  if (*sluice_subscription_get_consumer_key (doctor->subscription) == '\0')
    tell (doctor, STATE_FAIL, "settings", _("The consumer key is missing, so nobody can sign in."),
          _("Copy it from the app in Salesforce’s Setup."));
  else
    tell_ok (doctor, "settings", "%s", sluice_subscription_get_api_url (doctor->subscription));
}

/* The browser may take localhost for either address, so neither may be another program's. */
static gboolean
can_bind (guint16 port)
{
  static const GSocketFamily families[] = { G_SOCKET_FAMILY_IPV4, G_SOCKET_FAMILY_IPV6 };
  guint n_bound = 0;

  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    {
      g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback (families[i]);
      g_autoptr(GSocketAddress) address = g_inet_socket_address_new (loopback, port);
      g_autoptr(GSocketListener) listener = g_socket_listener_new ();
      g_autoptr(GError) error = NULL;

      if (g_socket_listener_add_address (listener, address, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, NULL, &error))
        n_bound++;
      else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE) ||
               g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
        return FALSE;
    }

  return n_bound > 0;
}

static void
check_ports (Doctor *doctor)
{
  SluiceIntegration *integration;
  g_autoptr(GString) free_ports = g_string_new (NULL);
  const guint16 *ports;
  guint n_ports;

  integration = sluice_integrations_find (sluice_subscription_get_integration_id (doctor->subscription),
                                          sluice_subscription_get_version (doctor->subscription));
  if (integration == NULL)
    return;

  ports = sluice_integration_get_callback_ports (integration, &n_ports);
  for (guint i = 0; i < n_ports; i++)
    {
      if (can_bind (ports[i]))
        g_string_append_printf (free_ports, "%s%u", free_ports->len > 0 ? ", " : "", ports[i]);
    }

  if (free_ports->len == 0)
    tell (doctor, STATE_FAIL, "ports", _("Other programs use all ports that signing in may listen on."),
          _("Close them, then sign in."));
  else
    tell_ok (doctor, "ports", /* Translators: port numbers */ _("Signing in can listen on %s"), free_ports->str);
}

static SluiceSecretPlace
find_place (Doctor *doctor)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;
  SluiceSecretPlace place = SLUICE_SECRET_PLACE_KEYRING;

  sluice_secrets_find_place_async (SLUICE_SECRETS (doctor->cli->secrets), doctor->cli->cancellable,
                                   sluice_cli_keep, &result);
  done = sluice_cli_wait (&result);
  sluice_secrets_find_place_finish (SLUICE_SECRETS (doctor->cli->secrets), done, &place, NULL);

  return place;
}

static void
check_keyring (Doctor *doctor)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;
  g_autoptr(GError) error = NULL;

  sluice_secrets_check_async (SLUICE_SECRETS (doctor->cli->secrets), doctor->cli->cancellable, sluice_cli_keep, &result);
  done = sluice_cli_wait (&result);

  if (sluice_secrets_check_finish (SLUICE_SECRETS (doctor->cli->secrets), done, &error))
    tell_ok (doctor, "keyring", "%s",
             find_place (doctor) == SLUICE_SECRET_PLACE_FILE ? _("The encrypted file of the application can be used")
                                                             : _("The keyring can be used"));
  else
    tell_error (doctor, STATE_FAIL, "keyring", error);
}

static gboolean
check_tokens (Doctor *doctor)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;
  g_autoptr(GError) error = NULL;
  gboolean access, refresh;

  sluice_connection_load_async (doctor->connection, doctor->cli->cancellable, sluice_cli_keep, &result);
  done = sluice_cli_wait (&result);

  if (!sluice_connection_load_finish (doctor->connection, done, &error))
    {
      tell_error (doctor, STATE_FAIL, "tokens", error);
      return FALSE;
    }

  access = sluice_subscription_get_has_access_token (doctor->subscription);
  refresh = sluice_subscription_get_has_refresh_token (doctor->subscription);

  if (!access && !refresh)
    tell (doctor, STATE_WARN, "tokens", _("Nobody is signed in, so the org cannot be asked."),
          _("Run “sluicectl authenticate”."));
  else if (!refresh)
    tell (doctor, STATE_WARN, "tokens", _("There is no refresh token, so the connection ends with the access token."),
          _("Authenticate again, with an app that may ask for “refresh_token”."));
  else
    tell_ok (doctor, "tokens", "%s", access ? _("Access and refresh token are stored")
                                                  : _("A refresh token is stored"));

  return access || refresh;
}

/* A proxy's address may hold a password. */
static char *
dup_harmless (const char *address)
{
  g_autoptr(GUri) uri = g_uri_parse (address, G_URI_FLAGS_HAS_PASSWORD, NULL);

  if (uri == NULL)
    return g_strdup (_("an address that is not valid"));

  return g_uri_to_string_partial (uri, G_URI_HIDE_USERINFO);
}

static gboolean
check_proxy (Doctor *doctor)
{
  const char *url = sluice_subscription_get_api_url (doctor->subscription);
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *proxy = NULL;
  g_auto(GStrv) proxies = NULL;

  g_proxy_resolver_lookup_async (g_proxy_resolver_get_default (), url, doctor->cli->cancellable, sluice_cli_keep, &result);
  done = sluice_cli_wait (&result);
  proxies = g_proxy_resolver_lookup_finish (g_proxy_resolver_get_default (), done, &error);

  if (proxies == NULL)
    {
      tell (doctor, STATE_WARN, "proxy", error->message, _("Check the proxy settings of the desktop."));
      return FALSE;
    }

  if (g_str_has_prefix (proxies[0], "direct://"))
    {
      tell_ok (doctor, "proxy", "%s", _("None is used"));
      return FALSE;
    }

  proxy = dup_harmless (proxies[0]);
  tell_ok (doctor, "proxy", "%s", proxy);

  return TRUE;
}

static void
check_dns (Doctor     *doctor,
           const char *host,
           gboolean    has_proxy)
{
  g_autoptr(GResolver) resolver = g_resolver_get_default ();
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *first = NULL;
  GList *addresses;

  g_resolver_lookup_by_name_async (resolver, host, doctor->cli->cancellable, sluice_cli_keep, &result);
  done = sluice_cli_wait (&result);
  addresses = g_resolver_lookup_by_name_finish (resolver, done, &error);

  if (addresses == NULL)
    {
      /* Behind a proxy, names outside are often not known inside. */
      tell (doctor, has_proxy ? STATE_WARN : STATE_FAIL, "dns", error->message,
            has_proxy ? NULL : _("Check the API URL and the network."));
      return;
    }

  first = g_inet_address_to_string (addresses->data);
  tell_ok (doctor, "dns", ngettext ("%s has %u address, %s", "%s has %u addresses, the first is %s",
                                           g_list_length (addresses)), host, g_list_length (addresses), first);
  g_resolver_free_addresses (addresses);
}

static GSocketConnection *
connect_to (Doctor      *doctor,
            const char  *url,
            gboolean     use_tls,
            GError     **error)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  g_socket_client_set_timeout (client, PROXY_TIMEOUT);
  g_socket_client_set_tls (client, use_tls);
  g_socket_client_connect_to_uri_async (client, url, use_tls ? 443 : 80, doctor->cli->cancellable, sluice_cli_keep, &result);
  done = sluice_cli_wait (&result);

  return g_socket_client_connect_to_uri_finish (client, done, error);
}

static void
tell_tls (Doctor            *doctor,
          GSocketConnection *connection)
{
  GIOStream *base = g_tcp_wrapper_connection_get_base_io_stream (G_TCP_WRAPPER_CONNECTION (connection));
  GTlsCertificate *certificate = g_tls_connection_get_peer_certificate (G_TLS_CONNECTION (base));
  g_autofree char *cipher = g_tls_connection_get_ciphersuite_name (G_TLS_CONNECTION (base));
  g_autoptr(GDateTime) end = certificate != NULL ? g_tls_certificate_get_not_valid_after (certificate) : NULL;
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *text = end != NULL ? g_date_time_format (end, "%x") : NULL;

  if (end != NULL && g_date_time_difference (end, now) < CERTIFICATE_WARNING)
    {
      g_autofree char *finding = g_strdup_printf (_("The certificate is valid until %s only"), text);

      tell (doctor, STATE_WARN, "tls", finding, NULL);
      return;
    }

  /* Translators: names of ciphers, a date */
  tell_ok (doctor, "tls", _("%s, certificate valid until %s"), cipher != NULL ? cipher : "TLS",
           text != NULL ? text : "?");
}

static void
check_connection (Doctor     *doctor,
                  const char *url)
{
  gboolean use_tls = g_str_has_prefix (url, "https:");
  g_autoptr(GSocketConnection) connection = NULL;
  g_autoptr(GError) error = NULL;

  connection = connect_to (doctor, url, use_tls, &error);
  if (connection == NULL && error->domain == G_TLS_ERROR)
    {
      tell (doctor, STATE_FAIL, "tls", error->message,
            _("A certificate that the system does not trust often comes from a firewall: its authority must be "
              "installed in the system. A wrong clock does this too."));
      return;
    }
  if (connection == NULL)
    {
      tell (doctor, STATE_FAIL, "network", error->message, _("Check the API URL, the network, firewall and proxy."));
      return;
    }

  tell_ok (doctor, "network", /* Translators: an address */ _("%s answers"), url);
  if (use_tls)
    tell_tls (doctor, connection);
  else
    tell_ok (doctor, "tls", "%s", _("Not used on this computer itself"));
}

static void
check_network (Doctor *doctor)
{
  const char *url = sluice_subscription_get_api_url (doctor->subscription);
  g_autoptr(GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  gboolean has_proxy;

  if (uri == NULL || !sluice_host_is_trusted (url))
    {
      tell (doctor, STATE_FAIL, "network", _("The API URL is not an address of Salesforce."), _("Correct the API URL."));
      return;
    }

  has_proxy = check_proxy (doctor);
  check_dns (doctor, g_uri_get_host (uri), has_proxy);
  check_connection (doctor, url);
}

static void
check_clock (Doctor             *doctor,
             SluiceOrganization *organization)
{
  g_autofree char *finding = NULL;
  g_autofree char *number = NULL;
  gint64 offset;

  g_object_get (organization, "server-time-offset", &offset, NULL);
  if (ABS (offset) < CLOCK_WARNING)
    {
      tell_ok (doctor, "clock", "%s", _("As the org’s, within a minute"));
      return;
    }

  number = sluice_cli_format_number (ABS (offset));
  if (offset > 0)
    /* Translators: a number of seconds */
    finding = g_strdup_printf (_("%s seconds behind the org’s"), number);
  else
    /* Translators: a number of seconds */
    finding = g_strdup_printf (_("%s seconds ahead of the org’s"), number);
  tell (doctor, ABS (offset) < CLOCK_FAILURE ? STATE_WARN : STATE_FAIL, "clock", finding,
        _("Set this computer’s clock, best by the network."));
}

static void
check_limits (Doctor *doctor)
{
  GListModel *limits = sluice_connection_get_limits (doctor->connection);

  if (g_list_model_get_n_items (limits) == 0)
    {
      tell (doctor, STATE_WARN, "limits", _("This user may not read the org’s limits."),
            _("Calls are counted from the answers instead; nothing needs to be done."));
      return;
    }

  for (guint i = 0; i < g_list_model_get_n_items (limits); i++)
    {
      g_autoptr(SluiceLimit) limit = g_list_model_get_item (limits, i);
      double fraction = sluice_limit_get_fraction (limit);
      g_autofree char *left = sluice_cli_format_limit (limit);
      g_autofree char *finding = NULL;

      /* All is well with most, and they are many. */
      if (fraction < 0.8 && i > 0)
        continue;

      /* Translators: a limit, what is left of it */
      finding = g_strdup_printf (_("%s: %s"), sluice_limit_get_label (limit), left);
      tell (doctor, fraction < 0.8 || sluice_limit_get_max (limit) == 0 ? STATE_OK : fraction < 0.95 ? STATE_WARN : STATE_FAIL,
            "limits", finding, NULL);
    }
}

static void
check_org (Doctor *doctor)
{
  g_autoptr(GError) error = NULL;
  SluiceOrganization *organization;

  if (!sluice_cli_verify (doctor->cli, doctor->connection, &error))
    {
      tell_error (doctor, STATE_FAIL, "org", error);
      return;
    }

  organization = sluice_subscription_get_organization (doctor->subscription);
  tell_ok (doctor, "org",
           /* Translators: user, name of an org, kind of org, its id, API version */
           _("%s in “%s”, %s, %s, API %s"),
           sluice_organization_get_username (organization) != NULL ? sluice_organization_get_username (organization) : "?",
           sluice_organization_get_name (organization),
           sluice_environment_get_label (sluice_organization_get_environment (organization)),
           sluice_organization_get_id (organization), sluice_organization_get_api_version (organization));
  check_clock (doctor, organization);
  check_limits (doctor);
}

gboolean
sluice_cli_doctor (SluiceCli  *cli,
                   int         argc,
                   char       *argv[],
                   GError    **error)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print one JSON object a line"), NULL },
    G_OPTION_ENTRY_NULL
  };
  g_auto(GStrv) rest = sluice_cli_parse (argc, argv, entries, "NAME", 1, error);
  SluiceConnection *connection = rest != NULL ? sluice_cli_connect (cli, rest[0], error) : NULL;
  Doctor doctor = { .cli = cli, .connection = connection, .json = json };

  if (connection == NULL)
    return FALSE;

  doctor.subscription = sluice_connection_get_subscription (connection);

  check_program (&doctor);
  check_settings (&doctor);
  check_ports (&doctor);
  check_keyring (&doctor);
  check_network (&doctor);
  if (check_tokens (&doctor))
    check_org (&doctor);

  if (g_cancellable_set_error_if_cancelled (cli->cancellable, error))
    return FALSE;

  if (doctor.failed)
    g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID, _("Something needs to be mended."));

  return !doctor.failed;
}
