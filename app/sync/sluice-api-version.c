/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-verification.h"

#include <errno.h>
#include <glib/gi18n.h>

#include "sluice-error.h"
#include "sluice-members.h"

/* "68.0" as 680; 0 when it is no version. */
static guint
parse_version (const char *text)
{
  char *end;
  guint64 major;

  if (text == NULL || !g_ascii_isdigit (*text))
    return 0;

  errno = 0;
  major = g_ascii_strtoull (text, &end, 10);
  if (errno != 0 || major > 9999 || end[0] != '.' || !g_ascii_isdigit (end[1]) || end[2] != '\0')
    return 0;

  return (guint) major * 10 + (guint) (end[1] - '0');
}

static gboolean
read_versions (JsonNode *versions,
               guint    *oldest,
               guint    *newest)
{
  JsonArray *array;

  *oldest = *newest = 0;
  if (versions == NULL || !JSON_NODE_HOLDS_ARRAY (versions))
    return FALSE;

  array = json_node_get_array (versions);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      const char *text = NULL;
      guint version;

      if (!JSON_NODE_HOLDS_OBJECT (element))
        continue;

      sluice_members_get_string (json_node_get_object (element), "version", &text, NULL);
      version = parse_version (text);
      if (version == 0)
        continue;

      *newest = MAX (*newest, version);
      *oldest = *oldest == 0 ? version : MIN (*oldest, version);
    }

  return *newest != 0;
}

/**
 * sluice_api_version_choose:
 * @versions: (nullable): what `/services/data` answered
 * @minimum: the oldest version that this application works with, such as "60.0"
 * @maximum: the newest that it was tested with
 * @error: %SLUICE_ERROR_PROTOCOL when the answer is no list of versions,
 *   %SLUICE_ERROR_REJECTED when the org is too old or too new
 *
 * Chooses the API version to work with: the org's newest, but none newer than
 * @maximum.
 *
 * Returns: (transfer full) (nullable): the version
 */
char *
sluice_api_version_choose (JsonNode    *versions,
                           const char  *minimum,
                           const char  *maximum,
                           GError     **error)
{
  guint oldest, newest, chosen;

  g_return_val_if_fail (minimum != NULL, NULL);
  g_return_val_if_fail (maximum != NULL, NULL);

  if (!read_versions (versions, &oldest, &newest))
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL,
                           _("The server does not list its API versions, so it may not be a Salesforce org. "
                             "Check the API URL."));
      return NULL;
    }

  if (newest < parse_version (minimum))
    {
      g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_REJECTED,
                   /* Translators: both are API versions, such as 58.0 */
                   _("The org offers API versions up to %u.%u, but %s is the oldest that can be used. "
                     "Ask its administrator for a newer release."), newest / 10, newest % 10, minimum);
      return NULL;
    }

  chosen = MIN (newest, parse_version (maximum));
  if (chosen < oldest)
    {
      g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_REJECTED,
                   /* Translators: both are API versions, such as 68.0 */
                   _("The org no longer offers API version %s; its oldest is %u.%u. Update this application."),
                   maximum, oldest / 10, oldest % 10);
      return NULL;
    }

  return g_strdup_printf ("%u.%u", chosen / 10, chosen % 10);
}
