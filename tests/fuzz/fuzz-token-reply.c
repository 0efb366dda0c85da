/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "fuzz-driver.h"

#include "sluice-error.h"
#include "sluice-host.h"
#include "sluice-oauth.h"

static void
check_credentials (const SluiceCredentials *credentials)
{
  g_assert_cmpstr (credentials->access_token, !=, "");
  g_assert_true (sluice_host_is_trusted (credentials->instance_url));
  g_assert_cmpint (credentials->issued_at, >=, 0);

  for (const char *at = credentials->access_token; *at != '\0'; at++)
    g_assert_true (g_ascii_isgraph (*at));
}

/* The first byte chooses the status, the second the type, the rest is the body. Any answer ends in credentials that
 * can be used, or in an error that can be shown; trouble of the server never costs the refresh token. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  static const guint statuses[] = { 200, 400, 401, 302, 500, 503 };
  static const char * const types[] = { "application/json;charset=UTF-8", "text/html", NULL };
  guint status = statuses[size > 0 ? data[0] % G_N_ELEMENTS (statuses) : 0];
  const char *type = types[size > 1 ? data[1] % G_N_ELEMENTS (types) : 0];
  g_autoptr(GBytes) body = g_bytes_new_static (size > 2 ? data + 2 : data, size > 2 ? size - 2 : 0);
  g_autoptr(SluiceCredentials) credentials = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) revoke_error = NULL;

  credentials = sluice_oauth_parse_token_reply (status, type, body, NULL, &error);
  g_assert_true ((credentials == NULL) == (error != NULL));

  if (credentials != NULL)
    check_credentials (credentials);

  if (error != NULL)
    {
      g_assert_true (error->domain == SLUICE_ERROR);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_false (status >= 500 && sluice_oauth_error_is_dead_token (error));
    }

  g_assert_true (sluice_oauth_parse_revoke_reply (status, type, body, &revoke_error) == (revoke_error == NULL));

  return 0;
}
