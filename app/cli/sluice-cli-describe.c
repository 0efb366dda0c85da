/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-cli.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

#include "sluice-describe-cache.h"
#include "sluice-error.h"

/* An answer of this age needs no call. */
#define RECENT (60 * 60) /* s */

typedef struct
{
  SluiceCli *cli;
  SluiceConnection *connection;
  SluiceDescribeCache *cache;
  const char *name; /* (nullable): of one object */
} Question;

typedef struct
{
  const char *name;
  guint flag;
} Flag;

static const Flag object_flags[] = {
  { "custom", SLUICE_OBJECT_CUSTOM },
  { "custom_setting", SLUICE_OBJECT_CUSTOM_SETTING },
  { "queryable", SLUICE_OBJECT_QUERYABLE },
  { "createable", SLUICE_OBJECT_CREATEABLE },
  { "updateable", SLUICE_OBJECT_UPDATEABLE },
  { "deletable", SLUICE_OBJECT_DELETABLE },
  { "retrieveable", SLUICE_OBJECT_RETRIEVEABLE },
};

static const Flag field_flags[] = {
  { "custom", SLUICE_FIELD_CUSTOM },
  { "nillable", SLUICE_FIELD_NILLABLE },
  { "createable", SLUICE_FIELD_CREATEABLE },
  { "updateable", SLUICE_FIELD_UPDATEABLE },
  { "defaulted_on_create", SLUICE_FIELD_DEFAULTED_ON_CREATE },
  { "calculated", SLUICE_FIELD_CALCULATED },
  { "auto_number", SLUICE_FIELD_AUTO_NUMBER },
  { "unique", SLUICE_FIELD_UNIQUE },
  { "external_id", SLUICE_FIELD_EXTERNAL_ID },
  { "id_lookup", SLUICE_FIELD_ID_LOOKUP },
};

/* Asking */

static GObject *
ask (Question           *question,
     SluiceDescribeAge   age,
     GError            **error)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  if (question->name == NULL)
    sluice_describe_cache_list_async (question->cache, age, question->cli->cancellable, sluice_cli_keep, &result);
  else
    sluice_describe_cache_describe_async (question->cache, question->name, age, question->cli->cancellable,
                                          sluice_cli_keep, &result);
  done = sluice_cli_wait (&result);

  if (question->name == NULL)
    return G_OBJECT (sluice_describe_cache_list_finish (question->cache, done, error));

  return G_OBJECT (sluice_describe_cache_describe_finish (question->cache, done, error));
}

/* They tell whose answers are known; what is wrong with them is told when the org is asked. */
static void
load_tokens (Question *question)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;

  sluice_connection_load_async (question->connection, question->cli->cancellable, sluice_cli_keep, &result);
  done = sluice_cli_wait (&result);

  sluice_connection_load_finish (question->connection, done, NULL);
}

static void
tell_age (gint64        checked_at,
          const GError *problem)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_local (checked_at);
  /* Translators: a day and a time, in the syntax of strftime() */
  g_autofree char *text = time != NULL ? g_date_time_format (time, _("%-d %B %Y at %X")) : g_strdup ("");
  /* Translators: when the org said what is shown, and why there is nothing newer */
  g_autofree char *line = g_strdup_printf (_("This is from %s. %s"), text, problem->message);

  g_printerr ("%s: %s\n", g_get_prgname (), line);
}

/* What is known serves for an hour without a call; afterwards, too, when the org cannot be reached. */
static GObject *
find (Question  *question,
      gboolean   refresh,
      GError   **error)
{
  g_autoptr(GObject) known = NULL;
  g_autoptr(GError) problem = NULL;
  GObject *answer;
  gint64 checked_at, age;

  if (refresh)
    return sluice_cli_verify (question->cli, question->connection, error) ? ask (question, SLUICE_DESCRIBE_NOW, error) : NULL;

  load_tokens (question);
  known = ask (question, SLUICE_DESCRIBE_ANY_AGE, NULL);
  checked_at = sluice_describe_cache_get_checked_at (question->cache, question->name);
  age = g_get_real_time () / G_USEC_PER_SEC - checked_at;
  if (known != NULL && age >= 0 && age < RECENT)
    return g_steal_pointer (&known);

  if (sluice_cli_verify (question->cli, question->connection, &problem))
    {
      answer = ask (question, SLUICE_DESCRIBE_NOW, &problem);
      if (answer != NULL)
        return answer;
    }

  /* Another org's objects, or none any more, are no answer. */
  if (known == NULL ||
      g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      g_error_matches (problem, SLUICE_ERROR, SLUICE_ERROR_OTHER_ORG) ||
      g_error_matches (problem, SLUICE_ERROR, SLUICE_ERROR_REJECTED))
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return NULL;
    }

  tell_age (checked_at, problem);

  return g_steal_pointer (&known);
}

/* Lines */

static void
print_objects (GListModel *objects)
{
  for (guint i = 0; i < g_list_model_get_n_items (objects); i++)
    {
      g_autoptr(SluiceObjectInfo) info = g_list_model_get_item (objects, i);

      g_print ("%s\t%s\t%s\n", sluice_object_info_get_name (info), sluice_object_info_get_label (info),
               sluice_object_info_has (info, SLUICE_OBJECT_CUSTOM) ? _("custom") : _("standard"));
    }
}

static char *
dup_values (SluiceFieldInfo *field)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_auto(GStrv) values = NULL;

  for (guint i = 0; i < sluice_field_info_get_n_picklist (field); i++)
    {
      if (sluice_field_info_get_picklist (field, i)->active)
        g_strv_builder_add (builder, sluice_field_info_get_picklist (field, i)->value);
    }
  values = g_strv_builder_end (builder);

  return g_strjoinv ("; ", values);
}

static void
print_fields (SluiceObjectDescribe *describe)
{
  GListModel *fields = sluice_object_describe_get_fields (describe);

  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr(SluiceFieldInfo) field = g_list_model_get_item (fields, i);
      g_autofree char *type = sluice_field_info_dup_type_text (field);
      g_auto(GStrv) mark_list = sluice_field_info_dup_marks (field);
      g_autofree char *marks = g_strjoinv (", ", mark_list);
      g_autofree char *values = dup_values (field);

      g_print ("%s\t%s\t%s\t%s\t%s\n", sluice_field_info_get_name (field), type, sluice_field_info_get_label (field),
               marks, values);
    }
}

/* JSON */

static void
add_text (JsonBuilder *builder,
          const char  *name,
          const char  *text)
{
  json_builder_set_member_name (builder, name);
  if (text != NULL)
    json_builder_add_string_value (builder, text);
  else
    json_builder_add_null_value (builder);
}

static void
add_flag (JsonBuilder *builder,
          const char  *name,
          gboolean     value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_boolean_value (builder, value);
}

static void
add_number (JsonBuilder *builder,
            const char  *name,
            gint64       value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, value);
}

static void
add_object (JsonBuilder      *builder,
            SluiceObjectInfo *info)
{
  add_text (builder, "name", sluice_object_info_get_name (info));
  add_text (builder, "label", sluice_object_info_get_label (info));
  add_text (builder, "label_plural", sluice_object_info_get_label_plural (info));
  add_text (builder, "key_prefix", sluice_object_info_get_key_prefix (info));
  for (guint i = 0; i < G_N_ELEMENTS (object_flags); i++)
    add_flag (builder, object_flags[i].name, sluice_object_info_has (info, object_flags[i].flag));
}

static void
add_picklist (JsonBuilder     *builder,
              SluiceFieldInfo *field)
{
  json_builder_set_member_name (builder, "picklist");
  json_builder_begin_array (builder);
  for (guint i = 0; i < sluice_field_info_get_n_picklist (field); i++)
    {
      const SluicePicklistValue *value = sluice_field_info_get_picklist (field, i);

      json_builder_begin_object (builder);
      add_text (builder, "value", value->value);
      add_text (builder, "label", value->label);
      add_flag (builder, "active", value->active);
      add_flag (builder, "default", value->is_default);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_targets (JsonBuilder     *builder,
             SluiceFieldInfo *field)
{
  const char * const *targets = sluice_field_info_get_targets (field);

  json_builder_set_member_name (builder, "reference_to");
  json_builder_begin_array (builder);
  for (guint i = 0; targets[i] != NULL; i++)
    json_builder_add_string_value (builder, targets[i]);
  json_builder_end_array (builder);
}

static void
add_field (JsonBuilder     *builder,
           SluiceFieldInfo *field)
{
  json_builder_begin_object (builder);
  add_text (builder, "name", sluice_field_info_get_name (field));
  add_text (builder, "label", sluice_field_info_get_label (field));
  add_text (builder, "type", sluice_field_info_get_field_type (field));
  add_number (builder, "length", sluice_field_info_get_length (field));
  add_number (builder, "digits", sluice_field_info_get_digits (field));
  add_number (builder, "precision", sluice_field_info_get_precision (field));
  add_number (builder, "scale", sluice_field_info_get_scale (field));
  add_flag (builder, "required", sluice_field_info_is_required (field));
  for (guint i = 0; i < G_N_ELEMENTS (field_flags); i++)
    add_flag (builder, field_flags[i].name, sluice_field_info_has (field, field_flags[i].flag));
  add_text (builder, "relationship_name", sluice_field_info_get_relationship_name (field));
  add_text (builder, "compound_name", sluice_field_info_get_compound_name (field));
  add_text (builder, "help_text", sluice_field_info_get_help_text (field));
  add_text (builder, "formula", sluice_field_info_get_formula (field));
  add_text (builder, "default_value", sluice_field_info_get_default_value (field));
  add_targets (builder, field);
  add_picklist (builder, field);
  json_builder_end_object (builder);
}

static void
add_children (JsonBuilder          *builder,
              SluiceObjectDescribe *describe)
{
  json_builder_set_member_name (builder, "child_relationships");
  json_builder_begin_array (builder);
  for (guint i = 0; i < sluice_object_describe_get_n_children (describe); i++)
    {
      const SluiceChildRelationship *child = sluice_object_describe_get_child (describe, i);

      json_builder_begin_object (builder);
      add_text (builder, "name", child->name);
      add_text (builder, "object", child->object);
      add_text (builder, "field", child->field);
      add_flag (builder, "cascade_delete", child->cascade_delete);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
print_line (JsonBuilder *builder)
{
  g_autoptr(JsonNode) node = json_builder_get_root (builder);
  g_autofree char *line = json_to_string (node, FALSE);

  g_print ("%s\n", line);
}

static void
print_objects_json (GListModel *objects)
{
  for (guint i = 0; i < g_list_model_get_n_items (objects); i++)
    {
      g_autoptr(SluiceObjectInfo) info = g_list_model_get_item (objects, i);
      g_autoptr(JsonBuilder) builder = json_builder_new_immutable ();

      json_builder_begin_object (builder);
      add_object (builder, info);
      json_builder_end_object (builder);
      print_line (builder);
    }
}

static void
print_describe_json (SluiceObjectDescribe *describe,
                     gint64                checked_at)
{
  GListModel *fields = sluice_object_describe_get_fields (describe);
  g_autoptr(JsonBuilder) builder = json_builder_new_immutable ();
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc (checked_at);
  g_autofree char *time_text = time != NULL ? g_date_time_format_iso8601 (time) : NULL;

  json_builder_begin_object (builder);
  add_object (builder, sluice_object_describe_get_info (describe));
  add_text (builder, "checked_at", time_text);
  json_builder_set_member_name (builder, "fields");
  json_builder_begin_array (builder);
  for (guint i = 0; i < g_list_model_get_n_items (fields); i++)
    {
      g_autoptr(SluiceFieldInfo) field = g_list_model_get_item (fields, i);

      add_field (builder, field);
    }
  json_builder_end_array (builder);
  add_children (builder, describe);
  json_builder_end_object (builder);
  print_line (builder);
}

gboolean
sluice_cli_describe_command (SluiceCli  *cli,
                             int         argc,
                             char       *argv[],
                             GError    **error)
{
  gboolean json = FALSE;
  gboolean refresh = FALSE;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, N_("Print one JSON object a line"), NULL },
    { "refresh", 0, 0, G_OPTION_ARG_NONE, &refresh, N_("Ask the org, whatever is known already"), NULL },
    G_OPTION_ENTRY_NULL
  };
  g_auto(GStrv) rest = sluice_cli_parse_full (argc, argv, entries, NULL, "NAME [OBJECT]", 1, 2, error);
  SluiceConnection *connection = rest != NULL ? sluice_cli_connect (cli, rest[0], error) : NULL;
  g_autoptr(GObject) answer = NULL;
  Question question;

  if (connection == NULL)
    return FALSE;

  question = (Question) { cli, connection, sluice_connection_get_describe_cache (connection), rest[1] };
  answer = find (&question, refresh, error);
  if (answer == NULL)
    return FALSE;

  if (question.name == NULL && json)
    print_objects_json (G_LIST_MODEL (answer));
  else if (question.name == NULL)
    print_objects (G_LIST_MODEL (answer));
  else if (json)
    print_describe_json (SLUICE_OBJECT_DESCRIBE (answer),
                         sluice_describe_cache_get_checked_at (question.cache, question.name));
  else
    print_fields (SLUICE_OBJECT_DESCRIBE (answer));

  return TRUE;
}
