/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "fuzz-driver.h"

#include "sluice-describe-reader.h"
#include "sluice-error.h"

static void
check_error (const GError *error)
{
  g_assert_true (error->domain == SLUICE_ERROR);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

/* What is shown is UTF-8, whatever came. */
static void
check_field (SluiceFieldInfo *field)
{
  g_autofree char *type = sluice_field_info_dup_type_text (field);
  g_auto(GStrv) marks = sluice_field_info_dup_marks (field);

  g_assert_cmpstr (sluice_field_info_get_name (field), !=, "");
  g_assert_true (g_utf8_validate (sluice_field_info_get_label (field), -1, NULL));
  g_assert_true (g_utf8_validate (type, -1, NULL));
  g_assert_nonnull (marks);
  for (guint i = 0; i < sluice_field_info_get_n_picklist (field); i++)
    {
      const SluicePicklistValue *value = sluice_field_info_get_picklist (field, i);

      g_assert_nonnull (sluice_field_info_find_picklist (field, value->value));
      g_assert_true (g_utf8_validate (value->label, -1, NULL));
    }
}

static void
check_describe (SluiceObjectDescribe *describe)
{
  GListModel *fields = sluice_object_describe_get_fields (describe);
  g_autofree char *query = sluice_object_describe_dup_query (describe, 1);

  g_assert_true (g_str_has_prefix (query, "SELECT "));
  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr(SluiceFieldInfo) field = g_list_model_get_item (fields, i);

      check_field (field);
      g_assert_nonnull (sluice_object_describe_find_field (describe, sluice_field_info_get_name (field)));
    }
  for (guint i = 0; i < sluice_object_describe_get_n_children (describe); i++)
    g_assert_nonnull (sluice_object_describe_get_child (describe, i)->object);
}

/* Any answer ends in what can be shown, or in an error that can be shown. */
int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  g_autoptr(GBytes) answer = g_bytes_new_static (data, size);
  g_autoptr(SluiceObjectDescribe) describe = NULL;
  g_autoptr(GListModel) list = NULL;
  g_autoptr(GError) describe_error = NULL;
  g_autoptr(GError) list_error = NULL;

  describe = sluice_describe_read_object (answer, &describe_error);
  if (describe != NULL)
    check_describe (describe);
  else
    check_error (describe_error);

  list = sluice_describe_read_list (answer, &list_error);
  if (list == NULL)
    check_error (list_error);

  return 0;
}
