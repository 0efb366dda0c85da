/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-problem.h"

static const char *
skip_joints (const char *code)
{
  while (*code == '_' || *code == '-')
    code++;

  return code;
}

/**
 * sluice_problem_code_equal:
 * @a: a code, such as `access_denied`
 * @b: another, such as `access-denied` or `AccessDenied`
 *
 * Compares two codes as Salesforce writes them: in upper, lower and camel
 * case, with `_`, `-` or nothing between the words (wire reference 1.5, 3.2).
 *
 * Returns: whether they mean the same
 */
gboolean
sluice_problem_code_equal (const char *a,
                           const char *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  do
    {
      a = skip_joints (a);
      b = skip_joints (b);

      if (g_ascii_tolower (*a) != g_ascii_tolower (*b))
        return FALSE;
    }
  while (*a++ != '\0' && *b++ != '\0');

  return TRUE;
}
