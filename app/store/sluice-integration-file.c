/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-integration-file.h"

#include <glib/gi18n.h>

#include "sluice-core-resources.h"
#include "sluice-error.h"
#include "sluice-members.h"

#define FORMAT 1
#define FOLDER "/io/github/sluice/Sluice/integrations"

/* The words in our own files, so that translators find them. */
static const char * const shipped_labels[] G_GNUC_UNUSED = {
  N_("Salesforce 1.0"),
  N_("Companies"),
  N_("Customers"),
  N_("Products"),
  N_("Transactions"),
};

static const char *
translate (const char *label)
{
  return *label != '\0' ? g_dgettext (GETTEXT_PACKAGE, label) : label;
}

static gboolean
check_format (JsonObject  *root,
              GError     **error)
{
  guint format = 0;

  if (!sluice_members_get_uint (root, "format", &format, error))
    return FALSE;

  if (format != FORMAT)
    {
      g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                   _("This integration has format %u; this version of Sluice reads format %d."), format, FORMAT);
      return FALSE;
    }

  return TRUE;
}

static char **
read_scopes (JsonObject  *oauth,
             GError     **error)
{
  g_autoptr(GStrvBuilder) scopes = g_strv_builder_new ();
  JsonArray *array = NULL;

  if (!sluice_members_need (oauth, "scopes", error) ||
      !sluice_members_get_array (oauth, "scopes", &array, error))
    return NULL;

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (json_node_get_value_type (node) != G_TYPE_STRING)
        {
          g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID, _("“%s” has a value of the wrong kind."), "scopes");
          return NULL;
        }
      g_strv_builder_add (scopes, json_node_get_string (node));
    }

  return g_strv_builder_end (scopes);
}

static GArray *
read_ports (JsonObject  *oauth,
            GError     **error)
{
  g_autoptr(GArray) ports = g_array_new (FALSE, FALSE, sizeof (guint16));
  JsonArray *array = NULL;

  if (!sluice_members_need (oauth, "callback_ports", error) ||
      !sluice_members_get_array (oauth, "callback_ports", &array, error))
    return NULL;

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      gint64 number = json_node_get_value_type (node) == G_TYPE_INT64 ? json_node_get_int (node) : 0;
      guint16 port = (guint16) number;

      if (number < 1 || number > G_MAXUINT16)
        {
          g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                               _("A callback port must be a number from 1 to 65535."));
          return NULL;
        }
      g_array_append_val (ports, port);
    }

  return g_steal_pointer (&ports);
}

static gboolean
read_throttle (JsonObject              *root,
               SluiceThrottleSettings  *settings,
               GError                 **error)
{
  JsonObject *throttle = NULL;

  if (!sluice_members_need (root, "throttle", error) ||
      !sluice_members_get_object (root, "throttle", &throttle, error))
    return FALSE;

  return sluice_members_get_uint (throttle, "limit", &settings->limit, error)
      && sluice_members_get_uint (throttle, "seconds", &settings->seconds, error)
      && sluice_members_get_uint (throttle, "hub_limit", &settings->hub_limit, error)
      && sluice_members_get_uint (throttle, "hub_seconds", &settings->hub_seconds, error)
      && sluice_members_get_uint (throttle, "concurrent", &settings->concurrent, error);
}

static SluiceDataType *
read_data_type (JsonNode  *node,
                GError   **error)
{
  SluiceDataType *data_type;
  JsonObject *object;
  const char *name = NULL;
  const char *label = "";
  gboolean pull = FALSE, push = FALSE, initialise = FALSE;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID, _("“%s” has a value of the wrong kind."), "data_types");
      return NULL;
    }

  object = json_node_get_object (node);
  if (!sluice_members_need (object, "name", error) ||
      !sluice_members_get_string (object, "name", &name, error) ||
      !sluice_members_get_string (object, "label", &label, error) ||
      !sluice_members_get_boolean (object, "pull", &pull, error) ||
      !sluice_members_get_boolean (object, "push", &push, error) ||
      !sluice_members_get_boolean (object, "initialise", &initialise, error))
    return NULL;

  data_type = g_new0 (SluiceDataType, 1);
  data_type->name = g_strdup (name);
  data_type->label = g_strdup (translate (label));
  data_type->pull = pull;
  data_type->push = push;
  data_type->initialise = initialise;

  return data_type;
}

static GPtrArray *
read_data_types (JsonObject  *root,
                 GError     **error)
{
  g_autoptr(GPtrArray) data_types = g_ptr_array_new_with_free_func ((GDestroyNotify) sluice_data_type_free);
  JsonArray *array = NULL;

  if (!sluice_members_need (root, "data_types", error) ||
      !sluice_members_get_array (root, "data_types", &array, error))
    return NULL;

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      SluiceDataType *data_type = read_data_type (json_array_get_element (array, i), error);

      if (data_type == NULL)
        return NULL;
      g_ptr_array_add (data_types, data_type);
    }

  return g_steal_pointer (&data_types);
}

static gboolean
need_strings (JsonObject   *object,
              const char  **names,
              const char  **values,
              GError      **error)
{
  for (guint i = 0; names[i] != NULL; i++)
    {
      if (!sluice_members_need (object, names[i], error) ||
          !sluice_members_get_string (object, names[i], &values[i], error))
        return FALSE;
    }

  return TRUE;
}

/**
 * sluice_integration_new_from_bytes:
 * @json: the text of an integration file
 * @error: %SLUICE_ERROR_INVALID and what is wrong in it
 *
 * Reads the definition of an integration.
 *
 * Returns: (transfer full) (nullable): the integration
 */
SluiceIntegration *
sluice_integration_new_from_bytes (GBytes  *json,
                                   GError **error)
{
  const char *names[] = { "id", "version", "label", NULL };
  const char *api_names[] = { "minimum", "maximum", "default_url", NULL };
  const char *oauth_names[] = { "callback_path", NULL };
  const char *values[3] = { NULL, }, *api_values[3] = { NULL, }, *oauth_values[1] = { NULL, };
  g_autoptr(JsonObject) root = NULL;
  g_autoptr(GArray) ports = NULL;
  g_autoptr(GPtrArray) data_types = NULL;
  g_auto(GStrv) scopes = NULL;
  SluiceThrottleSettings throttle = { 0, };
  JsonObject *api = NULL, *oauth = NULL;
  gconstpointer text;
  gsize length;

  g_return_val_if_fail (json != NULL, NULL);

  text = g_bytes_get_data (json, &length);
  root = sluice_members_parse (text != NULL ? text : "", length, error);

  if (root == NULL || !check_format (root, error) ||
      !need_strings (root, names, values, error) ||
      !sluice_members_need (root, "api", error) ||
      !sluice_members_get_object (root, "api", &api, error) ||
      !need_strings (api, api_names, api_values, error) ||
      !sluice_members_need (root, "oauth", error) ||
      !sluice_members_get_object (root, "oauth", &oauth, error) ||
      !need_strings (oauth, oauth_names, oauth_values, error) ||
      (scopes = read_scopes (oauth, error)) == NULL ||
      (ports = read_ports (oauth, error)) == NULL ||
      !read_throttle (root, &throttle, error) ||
      (data_types = read_data_types (root, error)) == NULL)
    return NULL;

  return g_object_new (SLUICE_TYPE_INTEGRATION,
                       "id", values[0],
                       "version", values[1],
                       "label", translate (values[2]),
                       "min-api-version", api_values[0],
                       "max-api-version", api_values[1],
                       "default-api-url", api_values[2],
                       "scopes", scopes,
                       "callback-ports", ports,
                       "callback-path", oauth_values[0],
                       "throttle", &throttle,
                       "data-types", data_types,
                       NULL);
}

static void
add_shipped (GListStore *list,
             const char *name)
{
  g_autofree char *path = g_build_path ("/", FOLDER, name, NULL);
  g_autoptr(SluiceIntegration) integration = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) json = NULL;

  json = g_resource_lookup_data (sluice_core_get_resource (), path, G_RESOURCE_LOOKUP_FLAGS_NONE, &error);
  if (json != NULL)
    integration = sluice_integration_new_from_bytes (json, &error);

  /* What we ship is checked by a test; nothing a user does leads here. */
  if (integration == NULL)
    g_error ("%s: %s", path, error->message);

  g_list_store_append (list, integration);
}

/**
 * sluice_integrations_get_shipped:
 *
 * Lists the integrations that come with the application. They are read once,
 * from a resource that needs no display.
 *
 * Returns: (transfer none): a list of SluiceIntegration
 */
GListModel *
sluice_integrations_get_shipped (void)
{
  static GListStore *shipped = NULL;

  if (g_once_init_enter_pointer (&shipped))
    {
      GListStore *list = g_list_store_new (SLUICE_TYPE_INTEGRATION);
      g_auto(GStrv) names = NULL;

      names = g_resource_enumerate_children (sluice_core_get_resource (), FOLDER, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
      for (guint i = 0; names != NULL && names[i] != NULL; i++)
        add_shipped (list, names[i]);

      g_once_init_leave_pointer (&shipped, list);
    }

  return G_LIST_MODEL (shipped);
}

/**
 * sluice_integrations_find:
 * @id: stable name of an integration
 * @version: (nullable): its version, %NULL for the newest
 *
 * Returns: (transfer none) (nullable): the integration, %NULL when this application does not have it
 */
SluiceIntegration *
sluice_integrations_find (const char *id,
                          const char *version)
{
  GListModel *shipped = sluice_integrations_get_shipped ();
  SluiceIntegration *found = NULL;

  g_return_val_if_fail (id != NULL, NULL);

  for (guint i = 0; i < g_list_model_get_n_items (shipped); i++)
    {
      /* The list keeps it alive. */
      g_autoptr(SluiceIntegration) item = g_list_model_get_item (shipped, i);

      if (g_strcmp0 (sluice_integration_get_id (item), id) != 0)
        continue;
      if (version == NULL || g_strcmp0 (sluice_integration_get_version (item), version) == 0)
        found = item;
    }

  return found;
}
