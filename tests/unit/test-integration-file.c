/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "sluice-error.h"
#include "sluice-integration-file.h"

static void
test_shipped (void)
{
  SluiceIntegration *integration = sluice_integrations_find ("salesforce", "1.0");
  const SluiceThrottleSettings *throttle;
  const guint16 *ports;
  SluiceDataType *customer;
  guint n_ports;

  g_assert_nonnull (integration);
  g_assert_true (integration == sluice_integrations_find ("salesforce", NULL));
  g_assert_cmpuint (g_list_model_get_n_items (sluice_integrations_get_shipped ()), ==, 1);

  g_assert_cmpstr (sluice_integration_get_label (integration), ==, "Salesforce 1.0");
  g_assert_cmpstr (sluice_integration_get_callback_path (integration), ==, "/OauthRedirect");
  g_assert_true (g_strv_contains (sluice_integration_get_scopes (integration), "refresh_token"));

  ports = sluice_integration_get_callback_ports (integration, &n_ports);
  g_assert_cmpuint (n_ports, ==, 3);
  g_assert_cmpuint (ports[0], ==, 7717);
  g_assert_cmpuint (ports[2], ==, 27717);

  throttle = sluice_integration_get_throttle (integration);
  g_assert_cmpuint (throttle->limit, ==, 500);
  g_assert_cmpuint (throttle->seconds, ==, 60);
  g_assert_cmpuint (throttle->concurrent, ==, 10);

  g_assert_cmpuint (sluice_integration_get_data_types (integration)->len, ==, 4);
  customer = g_ptr_array_index (sluice_integration_get_data_types (integration), 1);
  g_assert_cmpstr (customer->name, ==, "customer");
  g_assert_true (customer->pull && customer->push && customer->initialise);
}

static void
test_unknown (void)
{
  g_assert_null (sluice_integrations_find ("salesforce", "9.0"));
  g_assert_null (sluice_integrations_find ("other", NULL));
}

#define GOOD "{\"format\":1,\"id\":\"x\",\"version\":\"1\",\"label\":\"X\"," \
  "\"api\":{\"minimum\":\"60.0\",\"maximum\":\"68.0\",\"default_url\":\"https://x\"}," \
  "\"oauth\":{\"scopes\":[\"api\"],\"callback_ports\":[7717],\"callback_path\":\"/\"}," \
  "\"throttle\":{},\"data_types\":[{\"name\":\"a\"}]}"

/* Each row replaces one part of a good file. */
static void
test_malformed (void)
{
  static const char * const rows[][2] = {
    { "\"format\":1", "\"format\":2" },
    { "\"format\":1", "\"format\":\"1\"" },
    { "\"id\":\"x\",", "" },
    { "\"label\":\"X\"", "\"label\":null" },
    { "\"scopes\":[\"api\"]", "\"scopes\":\"api\"" },
    { "\"scopes\":[\"api\"]", "\"scopes\":[1]" },
    { "[7717]", "[70000]" },
    { "[7717]", "[\"7717\"]" },
    { "\"throttle\":{}", "\"throttle\":{\"limit\":-1}" },
    { "\"throttle\":{}", "\"throttle\":[]" },
    { "[{\"name\":\"a\"}]", "[3]" },
    { "[{\"name\":\"a\"}]", "[{}]" },
    { "[{\"name\":\"a\"}]}", "" },
  };
  g_autoptr(GBytes) good = g_bytes_new_static (GOOD, strlen (GOOD));
  g_autoptr(SluiceIntegration) integration = sluice_integration_new_from_bytes (good, NULL);

  g_assert_nonnull (integration);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GString) text = g_string_new (GOOD);
      g_autoptr(GError) error = NULL;
      g_autoptr(GBytes) bytes = NULL;

      g_assert_cmpuint (g_string_replace (text, rows[i][0], rows[i][1], 1), ==, 1);
      bytes = g_bytes_new (text->str, text->len);
      g_assert_null (sluice_integration_new_from_bytes (bytes, &error));
      g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/store/integration-file/shipped", test_shipped);
  g_test_add_func ("/store/integration-file/unknown", test_unknown);
  g_test_add_func ("/store/integration-file/malformed", test_malformed);

  return g_test_run ();
}
