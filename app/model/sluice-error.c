/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-error.h"

/* What the server said, carried along with the sentence that the user reads. */
typedef struct
{
  char *server_code;
  char *server_text;
  char *request_id;
  guint http_status;
} SluiceErrorPrivate;

static void
sluice_error_private_init (SluiceErrorPrivate *priv)
{
}

static void
sluice_error_private_copy (const SluiceErrorPrivate *source,
                           SluiceErrorPrivate       *copy)
{
  copy->server_code = g_strdup (source->server_code);
  copy->server_text = g_strdup (source->server_text);
  copy->request_id = g_strdup (source->request_id);
  copy->http_status = source->http_status;
}

static void
sluice_error_private_clear (SluiceErrorPrivate *priv)
{
  g_free (priv->server_code);
  g_free (priv->server_text);
  g_free (priv->request_id);
}

G_DEFINE_EXTENDED_ERROR (SluiceError, sluice_error)

static const SluiceErrorPrivate *
peek_private (const GError *error)
{
  if (error == NULL || error->domain != SLUICE_ERROR)
    return NULL;

  return sluice_error_get_private (error);
}

/**
 * sluice_error_new_server:
 * @code: what the caller will do about it
 * @server_code: (nullable): the server's own code, such as `INVALID_SESSION_ID` or `invalid_grant`
 * @server_text: (nullable): the server's own text, without the echoed query
 * @http_status: the status of the answer, 0 when there was none
 * @request_id: (nullable): the `x-sfdc-request-id` of the answer
 * @message: a translated sentence for the user
 *
 * Makes an error that remembers what the server said, so that the layer
 * which shows it can find advice.
 *
 * Returns: (transfer full): the new error
 */
GError *
sluice_error_new_server (SluiceError  code,
                         const char  *server_code,
                         const char  *server_text,
                         guint        http_status,
                         const char  *request_id,
                         const char  *message)
{
  GError *error;
  SluiceErrorPrivate *priv;

  g_return_val_if_fail (message != NULL, NULL);

  error = g_error_new_literal (SLUICE_ERROR, code, message);
  priv = sluice_error_get_private (error);
  priv->server_code = g_strdup (server_code);
  priv->server_text = g_strdup (server_text);
  priv->request_id = g_strdup (request_id);
  priv->http_status = http_status;

  return error;
}

/**
 * sluice_error_get_server_code:
 * @error: (nullable): any error
 *
 * Returns: (nullable): the server's own code, %NULL when there is none
 */
const char *
sluice_error_get_server_code (const GError *error)
{
  const SluiceErrorPrivate *priv = peek_private (error);

  return priv != NULL ? priv->server_code : NULL;
}

/**
 * sluice_error_get_server_text:
 * @error: (nullable): any error
 *
 * Returns: (nullable): the server's own text, %NULL when there is none
 */
const char *
sluice_error_get_server_text (const GError *error)
{
  const SluiceErrorPrivate *priv = peek_private (error);

  return priv != NULL ? priv->server_text : NULL;
}

/**
 * sluice_error_get_http_status:
 * @error: (nullable): any error
 *
 * Returns: the HTTP status of the answer, 0 when there was none
 */
guint
sluice_error_get_http_status (const GError *error)
{
  const SluiceErrorPrivate *priv = peek_private (error);

  return priv != NULL ? priv->http_status : 0;
}

/**
 * sluice_error_get_request_id:
 * @error: (nullable): any error
 *
 * Returns: (nullable): the server's id of the request, to quote to Salesforce's support
 */
const char *
sluice_error_get_request_id (const GError *error)
{
  const SluiceErrorPrivate *priv = peek_private (error);

  return priv != NULL ? priv->request_id : NULL;
}
