/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "fuzz-driver.h"

#include <string.h>

#include "sluice-error.h"
#include "sluice-oauth.h"
#include "sluice-problem.h"

#define STATE "u8RkIFxhyZ7CUq3vQ2K9pQbWm1Xo5sT4dNaLgHeYcJw"

static void
check_code (const char *code)
{
  g_assert_cmpstr (code, !=, "");

  for (; *code != '\0'; code++)
    g_assert_true (g_ascii_isgraph (*code));
}

static void
check_error (const GError *error)
{
  const char *text = sluice_error_get_server_text (error);

  g_assert_true (error->domain == SLUICE_ERROR);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_true (text == NULL || g_utf8_validate (text, -1, NULL));
  g_assert_false (sluice_oauth_error_is_dead_token (error) && sluice_error_get_server_code (error) == NULL);
}

/* Any query ends in a code that can be sent, or in an error that can be shown; without the state, in nothing else. */
int
LLVMFuzzerTestOneInput (const uint8_t *bytes,
                        size_t         size)
{
  g_autofree char *query = g_strndup ((const char *) bytes, size);
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) told = NULL;
  char *code = sluice_oauth_read_redirect (query, STATE, &error);

  g_assert_true ((code == NULL) == (error != NULL));

  if (code != NULL)
    check_code (code);
  if (error != NULL)
    check_error (error);

  if (sluice_oauth_check_state (query, STATE, NULL))
    g_assert_nonnull (strstr (query, "state="));
  else
    g_assert_cmpstr (sluice_error_get_server_code (error), ==, SLUICE_PROBLEM_WRONG_STATE);

  told = sluice_oauth_read_error_query (query);
  if (told != NULL)
    check_error (told);

  sluice_secret_free (code);

  return 0;
}
