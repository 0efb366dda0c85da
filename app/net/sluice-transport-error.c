/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#define G_LOG_DOMAIN "sluice-http"

#include "sluice-transport-error.h"

#include <glib/gi18n.h>

#include "sluice-error.h"
#include "sluice-problem.h"

typedef struct
{
  const char *problem;
  const char *message;
} Cause;

static const Cause dns = {
  SLUICE_PROBLEM_DNS, N_("The server’s name was not found. Check the network and the API URL.")
};
static const Cause timeout = {
  SLUICE_PROBLEM_TIMEOUT, N_("The server did not answer in time.")
};
static const Cause proxy = {
  SLUICE_PROBLEM_PROXY, N_("The network proxy did not let the call through.")
};
static const Cause certificate = {
  SLUICE_PROBLEM_CERTIFICATE, N_("The server’s certificate is not trusted, so nothing was sent.")
};
static const Cause tls = {
  SLUICE_PROBLEM_TLS, N_("No secure connection to the server could be made.")
};
static const Cause network = {
  SLUICE_PROBLEM_NETWORK, N_("The server cannot be reached. Check the network.")
};

static const Cause *
sort_io_error (int code)
{
  switch (code)
    {
    case G_IO_ERROR_TIMED_OUT:
      return &timeout;

    case G_IO_ERROR_HOST_NOT_FOUND:
      return &dns;

    case G_IO_ERROR_PROXY_FAILED:
    case G_IO_ERROR_PROXY_AUTH_FAILED:
    case G_IO_ERROR_PROXY_NEED_AUTH:
    case G_IO_ERROR_PROXY_NOT_ALLOWED:
      return &proxy;

    default:
      return &network;
    }
}

static const Cause *
find_cause (const GError *error)
{
  if (error->domain == G_RESOLVER_ERROR)
    return &dns;

  if (error->domain == G_TLS_ERROR)
    return error->code == G_TLS_ERROR_BAD_CERTIFICATE ? &certificate : &tls;

  if (error->domain == G_IO_ERROR)
    return sort_io_error (error->code);

  return &network;
}

/**
 * sluice_transport_error_new:
 * @error: what GIO or libsoup said about a call that got no answer
 *
 * Turns it into a sentence for the user. A cancelled call stays
 * %G_IO_ERROR_CANCELLED, and a #SluiceError stays as it is.
 *
 * Returns: (transfer full): %SLUICE_ERROR_OFFLINE, with the cause among the
 *   `SLUICE_PROBLEM_…` as its server code
 */
GError *
sluice_transport_error_new (const GError *error)
{
  const Cause *cause;

  g_return_val_if_fail (error != NULL, NULL);

  if (error->domain == SLUICE_ERROR || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_error_copy (error);

  cause = find_cause (error);
  g_debug ("No answer: %s", error->message);

  return sluice_error_new_server (SLUICE_ERROR_OFFLINE, cause->problem, NULL, 0, NULL, _(cause->message));
}

/**
 * sluice_transport_error_is_loss:
 * @error: what GIO or libsoup said about a call
 *
 * Returns: whether the connection was lost or its data damaged on the way: the
 *   server may not have seen the call, and asking again may help
 */
gboolean
sluice_transport_error_is_loss (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
}

/**
 * sluice_transport_error_new_broken:
 * @error: what GIO or libsoup said while the body was read
 * @status: the HTTP status of the answer
 * @request_id: (nullable): of the call
 *
 * The same for an answer that began, but did not arrive whole.
 *
 * Returns: (transfer full): %SLUICE_ERROR_OFFLINE or %SLUICE_ERROR_PROTOCOL
 */
GError *
sluice_transport_error_new_broken (const GError *error,
                                   guint         status,
                                   const char   *request_id)
{
  g_return_val_if_fail (error != NULL, NULL);

  if (!sluice_transport_error_is_loss (error))
    return sluice_transport_error_new (error);

  g_debug ("No whole answer: %s", error->message);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA))
    return sluice_error_new_server (SLUICE_ERROR_PROTOCOL, SLUICE_PROBLEM_DAMAGED, NULL, status, request_id,
                                    _("The server’s answer is damaged: its compression is wrong. Try again."));

  return sluice_error_new_server (SLUICE_ERROR_OFFLINE, SLUICE_PROBLEM_NETWORK, NULL, status, request_id,
                                  _("The connection was lost in the middle of the answer. Try again."));
}
