/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#define G_LOG_DOMAIN "sluice-http"

#include "sluice-session.h"

#include <glib/gi18n.h>

#include "sluice-error.h"
#include "sluice-host.h"

/* A query may take two minutes before its first byte. */
#define TIMEOUT_SECONDS 150
#define IDLE_SECONDS 60
#define MAX_CONNECTIONS 64
/* Beside the calls that the throttle counts: sign-in and revoking. */
#define SPARE_CONNECTIONS 2

#define HIDDEN "[hidden]"

#define SECRET_NAMES \
  "access_token|api_key|assertion|authorization_code|client_secret|code|code_challenge|code_verifier|" \
  "consumer_secret|id_token|password|refresh_token|secret|session_id|sessionid|sid|signature|state|token|verifier"

typedef struct
{
  GRegex *regex;
  const char *replacement;
} Redaction;

static const Redaction *
get_redactions (void)
{
  static const struct
  {
    const char *pattern;
    const char *replacement;
  } sources[] = {
    { "^(\\W*(?:proxy-)?(?:authorization|authenticate|cookie2?|set-cookie2?)\\s*:).*$", "\\1 " HIDDEN },
    { "(?<![\\w-])((?:" SECRET_NAMES ")=)[^&\\s\"'<>#;]+", "\\1" HIDDEN },
    { "(\"(?:" SECRET_NAMES ")\"\\s*:\\s*)(?:\"(?:[^\"\\\\]|\\\\.)*\"?|[^\",}\\]\\s]+)", "\\1\"" HIDDEN "\"" },
    { "\\b(Bearer|Basic|OAuth)\\s+[\\w!.%+/=~-]+", "\\1 " HIDDEN },
    { "\\b00D\\w{12}(?:\\w{3})?(?:!|%21)[\\w.%-]+", HIDDEN },
  };
  static Redaction redactions[G_N_ELEMENTS (sources) + 1];
  static gsize ready;

  if (g_once_init_enter (&ready))
    {
      for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
        {
          redactions[i].regex = g_regex_new (sources[i].pattern,
                                             G_REGEX_CASELESS | G_REGEX_MULTILINE | G_REGEX_OPTIMIZE, 0, NULL);
          redactions[i].replacement = sources[i].replacement;
          g_assert (redactions[i].regex != NULL);
        }
      g_once_init_leave (&ready, 1);
    }

  return redactions;
}

static void
print_cb (SoupLogger         *logger,
          SoupLoggerLogLevel  level,
          char                direction,
          const char         *data,
          gpointer            user_data)
{
  g_autofree char *redacted = sluice_session_redact (data);

  g_debug ("%c %s", direction, redacted);
}

/* Only when somebody listens, and never bodies: they hold the customers' data. */
static void
add_logger (SoupSession *session)
{
  g_autoptr(SoupLogger) logger = NULL;

  if (g_log_writer_default_would_drop (G_LOG_LEVEL_DEBUG, G_LOG_DOMAIN))
    return;

  logger = soup_logger_new (SOUP_LOGGER_LOG_HEADERS);
  soup_logger_set_printer (logger, print_cb, NULL, NULL);
  soup_session_add_feature (session, SOUP_SESSION_FEATURE (logger));
}

/**
 * sluice_session_new:
 * @concurrent_limit: calls that may be in flight at once, 0 = no limit
 *
 * Makes the HTTP session that everything which talks to Salesforce uses: our
 * user agent with our version, compressed answers, the desktop's proxy and
 * certificate authorities, pooled connections, no cookies. A certificate that
 * does not hold up ends the call; there is no way round it.
 *
 * With debug messages of the domain `sluice-http` on, requests and answers
 * are logged without bodies and without the values of secrets.
 *
 * Returns: (transfer full): the new session; its messages come from
 *   sluice_session_new_message()
 */
SoupSession *
sluice_session_new (guint concurrent_limit)
{
  guint connections = concurrent_limit == 0 ? MAX_CONNECTIONS : MIN (concurrent_limit, MAX_CONNECTIONS);
  SoupSession *session;

  session = soup_session_new_with_options ("user-agent", "Sluice/" PACKAGE_VERSION,
                                           "timeout", TIMEOUT_SECONDS,
                                           "idle-timeout", IDLE_SECONDS,
                                           "max-conns", (int) (connections + SPARE_CONNECTIONS),
                                           "max-conns-per-host", (int) (connections + SPARE_CONNECTIONS),
                                           NULL);
  add_logger (session);

  return session;
}

/**
 * sluice_session_new_message:
 * @method: the HTTP method
 * @url: a whole address
 * @error: %SLUICE_ERROR_PROTOCOL when @url is no address or would be sent in the clear
 *
 * Makes a request. It goes over HTTPS, or over plain HTTP to this computer
 * only, and follows no redirect: an `Authorization` header would go along.
 *
 * Returns: (transfer full) (nullable): the request
 */
SoupMessage *
sluice_session_new_message (const char  *method,
                            const char  *url,
                            GError     **error)
{
  g_autoptr(GUri) uri = NULL;
  SoupMessage *message;

  g_return_val_if_fail (method != NULL, NULL);
  g_return_val_if_fail (url != NULL, NULL);

  uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);

  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0' ||
      g_uri_get_userinfo (uri) != NULL)
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL,
                           _("The address of the server makes no sense. Check the API URL in the settings."));
      return NULL;
    }

  if (!g_str_equal (g_uri_get_scheme (uri), "https") &&
      !(g_str_equal (g_uri_get_scheme (uri), "http") && sluice_host_is_loopback (url)))
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL,
                           _("The server’s address does not use HTTPS, so nothing was sent."));
      return NULL;
    }

  message = soup_message_new_from_uri (method, uri);
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_DO_NOT_USE_AUTH_CACHE |
                                   SOUP_MESSAGE_COLLECT_METRICS);

  return message;
}

/**
 * sluice_session_check_length:
 * @message: from sluice_session_new_message(), its body read to the end
 * @error: %G_IO_ERROR_PARTIAL_INPUT
 *
 * Checks that the body is as long as the server announced. libsoup takes a
 * connection that closes too early for the end of the body.
 *
 * Returns: whether all of the body is there
 */
gboolean
sluice_session_check_length (SoupMessage  *message,
                             GError      **error)
{
  SoupMessageMetrics *metrics = soup_message_get_metrics (message);
  const char *header = soup_message_headers_get_one (soup_message_get_response_headers (message), "Content-Length");
  guint64 length;

  /* Some answers have no body whatever they announce. */
  if (metrics == NULL || header == NULL || soup_message_get_method (message) == SOUP_METHOD_HEAD ||
      soup_message_get_status (message) == SOUP_STATUS_NOT_MODIFIED ||
      soup_message_get_status (message) == SOUP_STATUS_NO_CONTENT ||
      !g_ascii_string_to_unsigned (header, 10, 0, G_MAXUINT64, &length, NULL) ||
      soup_message_metrics_get_response_body_bytes_received (metrics) >= length)
    return TRUE;

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT, "The body is shorter than announced");

  return FALSE;
}

/**
 * sluice_session_redact:
 * @text: lines of a request or an answer, in any form
 *
 * Hides the values of everything that is secret: `Authorization` and cookie
 * headers, tokens, codes, verifiers, secrets and passwords in forms, addresses
 * and JSON.
 *
 * Returns: (transfer full): the text for a log
 */
char *
sluice_session_redact (const char *text)
{
  g_autofree char *redacted = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  redacted = g_utf8_make_valid (text, -1);

  for (const Redaction *redaction = get_redactions (); redaction->regex != NULL; redaction++)
    {
      char *next = g_regex_replace (redaction->regex, redacted, -1, 0, redaction->replacement, 0, NULL);

      /* A line that the expressions cannot cope with is not worth the risk. */
      if (next == NULL)
        return g_strdup (HIDDEN);

      g_free (redacted);
      redacted = next;
    }

  return g_steal_pointer (&redacted);
}
