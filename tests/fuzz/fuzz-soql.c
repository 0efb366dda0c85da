/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "fuzz-driver.h"

#include "org-cursor.h"

/* Any bytes end in an error with text, or in a page of valid UTF-8. */
int
LLVMFuzzerTestOneInput (const uint8_t *bytes,
                        size_t         size)
{
  static OrgData *data;
  g_autofree char *source = g_strndup ((const char *) bytes, size);
  g_autoptr(GError) error = NULL;
  g_autoptr(OrgPlan) plan = NULL;

  if (data == NULL)
    data = org_data_new ("20", ORG_KIND_PRODUCTION, NULL);

  plan = org_plan_new (data, source, FALSE, FALSE, &error);
  g_assert_true ((plan == NULL) == (error != NULL));

  if (plan != NULL)
    {
      g_autoptr(OrgCursors) cursors = org_cursors_new (data);
      g_autoptr(GString) json = g_string_new (NULL);

      if (org_cursors_query (cursors, plan, "/services/data/v68.0", ORG_BATCH_MIN, json, &error))
        g_assert_true (g_utf8_validate_len (json->str, json->len, NULL));
      else
        g_assert_nonnull (error);
    }

  if (error != NULL)
    {
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_nonnull (org_soql_error_get_code (error));
    }

  return 0;
}
