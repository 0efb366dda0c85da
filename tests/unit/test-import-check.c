/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "import-describe.h"
#include "sluice-error.h"
#include "sluice-import-check.h"
#include "sluice-import-map-file.h"
#include "sluice-table-preview.h"
#include "test-utils.h"

typedef struct
{
  char *path;
  GFile *file;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  int fd = g_file_open_tmp ("sluice-import-XXXXXX", &fixture->path, NULL);

  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  fixture->file = g_file_new_for_path (fixture->path);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_remove (fixture->path);
  g_free (fixture->path);
  g_object_unref (fixture->file);
}

static void
write_file (Fixture    *fixture,
            const char *text)
{
  g_assert_true (g_file_set_contents (fixture->path, text, -1, NULL));
}

static gboolean
run (SluiceImportCheck  *check,
     GCancellable       *cancellable,
     GError            **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  sluice_import_check_run_async (check, cancellable, keep_result, &result);
  wait_for (result != NULL);

  return sluice_import_check_run_finish (check, result, error);
}

static void
test_good (Fixture       *fixture,
           gconstpointer  unused)
{
  g_autoptr(SluiceImportMapping) mapping = import_describe_mapping ("LastName|Active|x", SLUICE_WRITE_INSERT);
  g_autoptr(SluiceImportCheck) check = NULL;
  g_autoptr(GError) error = NULL;
  char **sample;

  write_file (fixture, "LastName;Active;x\nA;1;\nB;0;\nC;;y\nD;yes;\n");
  check = sluice_import_check_new (fixture->file, NULL, mapping);

  g_assert_true (run (check, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (sluice_import_check_get_rows (check), ==, 4);
  g_assert_cmpuint (sluice_import_check_get_bad_rows (check), ==, 0);
  g_assert_cmpfloat (sluice_import_check_get_fraction (check), ==, 1);
  g_assert_cmpuint (sluice_import_check_get_findings (check)->len, ==, 0);
  g_assert_cmpuint (sluice_import_check_get_samples (check)->len, ==, 3);
  sample = g_ptr_array_index (sluice_import_check_get_samples (check), 0);
  g_assert_cmpstrv (sample, ((const char *[]) { "A", "true", NULL }));
  g_assert_cmpstrv (sluice_import_check_get_fields (check), ((const char *[]) { "LastName", "Active__c", NULL }));
}

static void
test_findings (Fixture       *fixture,
               gconstpointer  unused)
{
  g_autoptr(SluiceImportMapping) mapping = import_describe_mapping ("LastName|Active|Birthdate", SLUICE_WRITE_INSERT);
  g_autoptr(GString) text = g_string_new ("LastName,Active,Birthdate\n");
  g_autoptr(SluiceImportCheck) check = NULL;
  g_autoptr(GError) error = NULL;
  const SluiceImportFinding *finding;

  g_string_append (text, "A,1,2026-01-01\nB,perhaps,\nC\n");
  for (guint i = 0; i < 20; i++)
    g_string_append (text, "D,,1.2.2026\n");
  write_file (fixture, text->str);
  check = sluice_import_check_new (fixture->file, NULL, mapping);

  g_assert_true (run (check, NULL, &error));
  g_assert_cmpuint (sluice_import_check_get_rows (check), ==, 23);
  g_assert_cmpuint (sluice_import_check_get_bad_rows (check), ==, 22);
  g_assert_cmpuint (sluice_import_check_get_findings (check)->len, ==, 3);
  finding = g_ptr_array_index (sluice_import_check_get_findings (check), 0);
  g_assert_cmpint (finding->kind, ==, SLUICE_IMPORT_ISSUE_DATE);
  g_assert_cmpuint (finding->count, ==, 20);
  g_assert_cmpuint (finding->examples->len, ==, 5);
  g_assert_true (g_str_has_prefix (g_ptr_array_index (finding->examples, 0), "Row 5: Birthdate: “1.2.2026” is no date"));
}

static void
test_damaged (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autoptr(SluiceImportMapping) mapping = import_describe_mapping ("LastName|Active", SLUICE_WRITE_INSERT);
  g_autoptr(SluiceImportCheck) check = NULL;
  g_autoptr(GError) error = NULL;

  write_file (fixture, "LastName,Active\nA,1\nB,\"1\nC,0\n");
  check = sluice_import_check_new (fixture->file, NULL, mapping);

  g_assert_false (run (check, NULL, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
  g_assert_nonnull (strstr (error->message, "row 3"));
  g_assert_cmpuint (sluice_import_check_get_rows (check), ==, 1);
}

static void
test_other_columns (Fixture       *fixture,
                    gconstpointer  unused)
{
  g_autoptr(SluiceImportMapping) mapping = import_describe_mapping ("LastName|Active", SLUICE_WRITE_INSERT);
  g_autoptr(SluiceImportCheck) check = NULL;
  g_autoptr(GError) error = NULL;

  write_file (fixture, "Active,LastName\n1,A\n");
  check = sluice_import_check_new (fixture->file, NULL, mapping);

  g_assert_false (run (check, NULL, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
}

static void
test_cancelled (Fixture       *fixture,
                gconstpointer  unused)
{
  g_autoptr(SluiceImportMapping) mapping = import_describe_mapping ("LastName|Active", SLUICE_WRITE_INSERT);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(SluiceImportCheck) check = NULL;
  g_autoptr(GError) error = NULL;

  write_file (fixture, "LastName,Active\nA,1\n");
  check = sluice_import_check_new (fixture->file, NULL, mapping);
  g_cancellable_cancel (cancellable);

  g_assert_false (run (check, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_preview (Fixture       *fixture,
              gconstpointer  unused)
{
  SluiceTableFormat latin = { .encoding = SLUICE_ENCODING_LATIN_1 };
  g_autoptr(SluiceTablePreview) preview = NULL;
  g_autoptr(SluiceTablePreview) again = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  write_file (fixture, "a;b\n1;ä\n2\n3;\n");
  sluice_table_preview_load_async (fixture->file, NULL, 5, NULL, keep_result, &result);
  wait_for (result != NULL);
  preview = sluice_table_preview_load_finish (result, &error);

  g_assert_no_error (error);
  g_assert_cmpstrv (preview->columns, ((const char *[]) { "a", "b", NULL }));
  g_assert_cmpuint (preview->rows->len, ==, 1);
  g_assert_cmpstrv ((char **) preview->rows->pdata[0], ((const char *[]) { "1", "ä", NULL }));
  g_assert_error (preview->problem, SLUICE_ERROR, SLUICE_ERROR_INVALID);

  g_clear_object (&result);
  sluice_table_preview_load_async (fixture->file, &latin, 1, NULL, keep_result, &result);
  wait_for (result != NULL);
  again = sluice_table_preview_load_finish (result, &error);

  g_assert_no_error (again->problem);
  g_assert_cmpstrv ((char **) again->rows->pdata[0], ((const char *[]) { "1", "Ã¤", NULL }));
}

static void
test_map (Fixture       *fixture,
          gconstpointer  unused)
{
  g_autoptr(SluiceImportMapping) mapping = import_describe_mapping ("a|b|LastName", SLUICE_WRITE_UPSERT);
  g_autoptr(SluiceImportMapping) other = import_describe_mapping ("a|LastName|b", SLUICE_WRITE_INSERT);
  g_autofree char *text = NULL;
  g_autofree char *again = NULL;
  g_autoptr(GError) error = NULL;

  sluice_import_mapping_send (mapping, "a", "Account.External__c", NULL);
  sluice_import_mapping_send (mapping, "LastName", NULL, NULL);
  sluice_import_mapping_set_key (mapping, "Number__c", NULL);
  sluice_import_mapping_set_dates (mapping, SLUICE_DATE_ORDER_DAY_MONTH_YEAR);
  sluice_import_mapping_set_decimal (mapping, SLUICE_DECIMAL_MARK_COMMA);
  sluice_import_mapping_set_time_zone (mapping, "UTC", NULL);
  sluice_import_mapping_set_clear_empty (mapping, TRUE);
  text = sluice_import_map_to_text (mapping);

  g_assert_true (sluice_import_map_apply (other, text, -1, &error));
  g_assert_no_error (error);
  g_assert_cmpint (sluice_import_mapping_get_verb (other), ==, SLUICE_WRITE_UPSERT);
  g_assert_cmpstr (sluice_import_mapping_get_key (other), ==, "Number__c");
  g_assert_cmpint (sluice_import_mapping_get_dates (other), ==, SLUICE_DATE_ORDER_DAY_MONTH_YEAR);
  g_assert_cmpint (sluice_import_mapping_get_decimal (other), ==, SLUICE_DECIMAL_MARK_COMMA);
  g_assert_cmpstr (sluice_import_mapping_get_time_zone (other), ==, "UTC");
  g_assert_true (sluice_import_mapping_get_clear_empty (other));
  g_assert_cmpstr (sluice_import_target_get_name (sluice_import_mapping_get_target (other, 0)), ==,
                   "Account.External__c");
  g_assert_null (sluice_import_mapping_get_target (other, 1));
}

static void
test_sdl (Fixture       *fixture,
          gconstpointer  unused)
{
  const char *text = "#Mapping values\r\n#Tue Nov 24\r\nFamily\\ name=LastName\r\nparent=Account\\:External__c\r\nnote=\r\n";
  g_autoptr(SluiceImportMapping) mapping = import_describe_mapping ("Family name|parent|note", SLUICE_WRITE_INSERT);
  g_autoptr(GError) error = NULL;

  g_assert_true (sluice_import_map_apply (mapping, text, -1, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (sluice_import_target_get_name (sluice_import_mapping_get_target (mapping, 0)), ==, "LastName");
  g_assert_cmpstr (sluice_import_target_get_name (sluice_import_mapping_get_target (mapping, 1)), ==,
                   "Account.External__c");
  g_assert_null (sluice_import_mapping_get_target (mapping, 2));
}

static void
test_bad_maps (Fixture       *fixture,
               gconstpointer  unused)
{
  static const char *const texts[] = {
    "",
    "no map",
    "\xff",
    "{",
    "{}",
    "{\"format\":\"sluice-import-map\",\"version\":2}",
    "{\"format\":\"sluice-import-map\",\"version\":1}",
    "{\"format\":\"sluice-import-map\",\"version\":1,\"object\":\"Account\",\"columns\":{}}",
    "{\"format\":\"sluice-import-map\",\"version\":1,\"columns\":{\"a\":7}}",
    "{\"format\":\"sluice-import-map\",\"version\":1,\"columns\":{\"z\":\"LastName\"}}",
    "{\"format\":\"sluice-import-map\",\"version\":1,\"columns\":{\"a\":\"Nothing\"}}",
    "{\"format\":\"sluice-import-map\",\"version\":1,\"columns\":{},\"operation\":\"eat\"}",
    "{\"format\":\"sluice-import-map\",\"version\":1,\"columns\":{},\"key\":\"LastName\"}",
    "{\"format\":\"sluice-import-map\",\"version\":1,\"columns\":{},\"dates\":\"guess\"}",
    "{\"format\":\"sluice-import-map\",\"version\":1,\"columns\":{},\"time-zone\":\"No/Where\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(SluiceImportMapping) mapping = import_describe_mapping ("a|b", SLUICE_WRITE_INSERT);
      g_autoptr(GError) error = NULL;

      g_assert_false (sluice_import_map_apply (mapping, texts[i], -1, &error));
      g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
    }
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("/sync/import-check/good", test_good);
  ADD ("/sync/import-check/findings", test_findings);
  ADD ("/sync/import-check/damaged", test_damaged);
  ADD ("/sync/import-check/other-columns", test_other_columns);
  ADD ("/sync/import-check/cancelled", test_cancelled);
  ADD ("/sync/table-preview/load", test_preview);
  ADD ("/sync/import-map-file/round-trip", test_map);
  ADD ("/sync/import-map-file/sdl", test_sdl);
  ADD ("/sync/import-map-file/bad", test_bad_maps);

  return g_test_run ();
}
