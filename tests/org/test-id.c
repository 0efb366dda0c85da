/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include "org-id.h"

static const char *vectors[] = {
  "0017e00001W4GYRAA3", "0015500001QdQWaAAN", "0035500001H9cakAAB", "0037e00001WZ30rAAD", "0057e00000RmwSWAAZ",
  "750P0000006HoSQIA0", "003q000000KvQ2DAAV", "a00D0000008pQRGIA2", "00QdL00000UNS3xUAH", "000000000000000AAA",
  "ABCDEABCDEABCDE555", "aB1Zz00000000zZKAQ", "801Hs00000QwErTIAV", "00D5e000000ABCDEA4",
};

static void
test_vectors (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      g_autofree char *case_sensitive = g_strndup (vectors[i], 15);
      char id[ORG_ID_SIZE];

      g_assert_true (org_id_normalize (case_sensitive, id));
      g_assert_cmpstr (id, ==, vectors[i]);
      g_assert_true (org_id_normalize (vectors[i], id));
      g_assert_cmpstr (id, ==, vectors[i]);
    }
}

static void
test_refused (void)
{
  static const char *wrong[] = {
    "00D5e000000ABCDEAW", "", "001", "0017e00001W4GYRAA", "0017e00001W4GYRAA33", "0017e00001W4GY-",
    "0017e00001W4GY\xc3\xa5", "0017e00001w4gyrAA3",
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      char id[ORG_ID_SIZE];

      g_assert_false (org_id_normalize (wrong[i], id));
    }
}

static void
test_make (void)
{
  static const guint64 serials[] = { 1, 61, 62, 3843, 1000000, G_GUINT64_CONSTANT (839299365868340223) };
  char before[ORG_ID_SIZE] = "";

  for (guint i = 0; i < G_N_ELEMENTS (serials); i++)
    {
      char id[ORG_ID_SIZE];
      char again[ORG_ID_SIZE];
      guint64 serial;

      org_id_make (id, "001", "5e", serials[i]);
      g_assert_true (org_id_normalize (id, again));
      g_assert_true (org_id_serial (id, &serial));
      g_assert_cmpuint (serial, ==, serials[i]);
      g_assert_cmpstr (before, <, id);
      memcpy (before, id, sizeof id);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/org/id/vectors", test_vectors);
  g_test_add_func ("/org/id/refused", test_refused);
  g_test_add_func ("/org/id/make", test_make);

  return g_test_run ();
}
