/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "result-rows.h"

#include <glib/gstdio.h>
#include <string.h>

char *
result_folder_new (void)
{
  g_autoptr(GError) error = NULL;
  char *folder = g_dir_make_tmp ("sluice-results-XXXXXX", &error);

  g_assert_no_error (error);

  return folder;
}

/* Nothing with a name was left there. */
void
result_folder_free (char *folder)
{
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_free (folder);
}

SluiceResultStore *
result_store_new (const char         *folder,
                  const char * const *columns)
{
  SluiceResultStore *store = sluice_result_store_new (folder);
  g_autoptr(GError) error = NULL;

  sluice_sink_begin (SLUICE_SINK (store), columns, g_strv_length ((char **) columns), &error);
  g_assert_no_error (error);

  return store;
}

void
result_object_free (gpointer object)
{
  while (g_atomic_int_get (&G_OBJECT (object)->ref_count) > 1)
    {
      g_main_context_iteration (NULL, FALSE);
      g_thread_yield ();
    }

  g_assert_finalize_object (object);
}

static SluiceCell
make_cell (const char *text)
{
  SluiceCell cell = { .text = text, .length = (guint32) strlen (text), .kind = SLUICE_CELL_TEXT };

  if (strcmp (text, "null") == 0)
    return (SluiceCell) { .kind = SLUICE_CELL_NULL };

  if (*text == '[' || *text == '{')
    cell.kind = SLUICE_CELL_JSON;
  else if (*text == '#')
    cell = (SluiceCell) { .text = text + 1, .length = cell.length - 1, .kind = SLUICE_CELL_NUMBER };

  return cell;
}

gboolean
result_store_add (SluiceResultStore  *store,
                  const char * const *cells,
                  guint               n_rows,
                  GError            **error)
{
  SluiceRowBatch batch = { .n_rows = n_rows };
  g_autofree SluiceCell *all = NULL;

  sluice_result_store_get_columns (store, &batch.n_columns);
  all = g_new (SluiceCell, (gsize) n_rows * batch.n_columns);
  for (guint i = 0; i < n_rows * batch.n_columns; i++)
    all[i] = make_cell (cells[i]);
  batch.cells = all;

  return sluice_sink_add (SLUICE_SINK (store), &batch, error);
}

void
result_store_add_many (SluiceResultStore *store,
                       guint              first,
                       guint              n_rows)
{
  for (guint i = 0; i < n_rows; i++)
    {
      g_autofree char *number = g_strdup_printf ("%u", first + i);
      g_autofree char *text = g_strdup_printf ("Row %u of many", first + i);
      const char *cells[] = { number, text };
      g_autoptr(GError) error = NULL;

      result_store_add (store, cells, 1, &error);
      g_assert_no_error (error);
    }
}
