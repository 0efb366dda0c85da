/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Stands in for libFuzzer where there is none: runs the corpus, one file or
 * directory per argument, and a bounded number of mutations of it. */

#include "fuzz-driver.h"

#include <gio/gio.h>
#include <string.h>

#define N_MUTATIONS 20000
#define MAX_SIZE 4096

static void
load_inputs (const char *path,
             GPtrArray  *inputs)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_build_filename (path, name, NULL));

  /* The order of a directory differs between machines. */
  g_ptr_array_sort_values (names, (GCompareFunc) strcmp);

  for (guint i = 0; i < names->len; i++)
    {
      char *text;
      gsize size;

      if (g_file_get_contents (g_ptr_array_index (names, i), &text, &size, NULL))
        g_ptr_array_add (inputs, g_bytes_new_take (text, size));
    }
}

static void
mutate (GByteArray *input,
        GPtrArray  *inputs,
        GRand      *random)
{
  guint at = (guint) g_rand_int_range (random, 0, (gint32) input->len + 1);
  GBytes *other = g_ptr_array_index (inputs, (guint) g_rand_int_range (random, 0, (gint32) inputs->len));
  gsize size;
  const guint8 *data = g_bytes_get_data (other, &size);
  guint from = (guint) g_rand_int_range (random, 0, (gint32) size + 1);

  switch (g_rand_int_range (random, 0, 4))
    {
    case 0:
      if (at < input->len)
        input->data[at] = (guint8) g_rand_int (random);
      break;

    case 1:
      g_byte_array_set_size (input, at);
      break;

    case 2:
      if (at < input->len)
        g_byte_array_remove_range (input, at, (guint) g_rand_int_range (random, 0, (gint32) (input->len - at) + 1));
      break;

    case 3:
    default:
      g_byte_array_set_size (input, at);
      g_byte_array_append (input, data + from, (guint) size - from);
      break;
    }

  if (input->len > MAX_SIZE)
    g_byte_array_set_size (input, MAX_SIZE);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GPtrArray) inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr(GRand) random = g_rand_new_with_seed (20261124);

  for (int i = 1; i < argc; i++)
    load_inputs (argv[i], inputs);

  g_print ("TAP version 14\n1..2\n");
  if (inputs->len == 0)
    {
      g_print ("not ok 1 - corpus found\n");
      return 1;
    }

  for (guint i = 0; i < inputs->len; i++)
    {
      gsize size;
      const guint8 *data = g_bytes_get_data (g_ptr_array_index (inputs, i), &size);

      LLVMFuzzerTestOneInput (data, size);
    }
  g_print ("ok 1 - corpus\n");

  for (guint i = 0; i < N_MUTATIONS; i++)
    {
      GBytes *source = g_ptr_array_index (inputs, i % inputs->len);
      g_autoptr(GByteArray) input = g_byte_array_new ();
      gint32 n = g_rand_int_range (random, 1, 6);

      g_byte_array_append (input, g_bytes_get_data (source, NULL), (guint) g_bytes_get_size (source));
      for (gint32 j = 0; j < n; j++)
        mutate (input, inputs, random);

      LLVMFuzzerTestOneInput (input->data, input->len);
    }
  g_print ("ok 2 - mutations\n");

  return 0;
}
