/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-api-usage.h"

#include <string.h>

static gboolean
read_number (const char **text,
             guint64     *number)
{
  guint64 value = 0;
  const char *p = *text;

  for (; g_ascii_isdigit (*p); p++)
    {
      if (!g_uint64_checked_mul (&value, value, 10) ||
          !g_uint64_checked_add (&value, value, (guint64) (*p - '0')))
        return FALSE;
    }

  if (p == *text || value > G_MAXINT64)
    return FALSE;

  *number = value;
  *text = p;
  return TRUE;
}

static gboolean
read_pair (const char *text,
           guint64    *used,
           guint64    *limit)
{
  guint64 first;
  guint64 second;

  if (!read_number (&text, &first) || *text++ != '/' || !read_number (&text, &second))
    return FALSE;

  if (*text != '\0' && strchr (";,( \t", *text) == NULL)
    return FALSE;

  *used = first;
  *limit = second;
  return TRUE;
}

/**
 * sluice_api_usage_parse:
 * @header: (nullable): value of a `Sforce-Limit-Info` header
 * @usage: (out caller-allocates): where the numbers go
 *
 * Reads what an org says about its calls of the day, alone or with the quota
 * of one application behind it, separated by a semicolon or a comma. Whatever
 * cannot be understood is passed over.
 *
 * Returns: whether the org's numbers were there; if not, @usage is all zero
 */
gboolean
sluice_api_usage_parse (const char     *header,
                        SluiceApiUsage *usage)
{
  static const char org[] = "api-usage=";
  static const char app[] = "per-app-api-usage=";
  g_auto(GStrv) parts = NULL;
  gboolean found = FALSE;

  g_return_val_if_fail (usage != NULL, FALSE);

  *usage = (SluiceApiUsage) { 0 };

  if (header == NULL)
    return FALSE;

  parts = g_strsplit_set (header, ";,", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      const char *part = g_strchug (parts[i]);

      if (!found && g_str_has_prefix (part, org))
        found = read_pair (part + strlen (org), &usage->used, &usage->limit);
      else if (usage->app_limit == 0 && g_str_has_prefix (part, app))
        read_pair (part + strlen (app), &usage->app_used, &usage->app_limit);
    }

  if (!found)
    *usage = (SluiceApiUsage) { 0 };

  return found;
}
