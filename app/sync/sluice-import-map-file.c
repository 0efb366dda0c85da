/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-import-map-file.h"

#include <glib/gi18n.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "sluice-error.h"

#define FORMAT "sluice-import-map"
#define VERSION 1

static const char *
get_nick (GType type,
          int   value)
{
  g_autoptr(GEnumClass) klass = g_type_class_ref (type);
  const GEnumValue *found = g_enum_get_value (klass, value);

  /* Nicks are constants. */
  return found != NULL ? found->value_nick : "";
}

static gboolean
find_nick (GType       type,
           const char *nick,
           int        *value)
{
  g_autoptr(GEnumClass) klass = g_type_class_ref (type);
  const GEnumValue *found = nick != NULL ? g_enum_get_value_by_nick (klass, nick) : NULL;

  if (found != NULL)
    *value = found->value;

  return found != NULL;
}

static void
add_member (JsonBuilder *builder,
            const char  *name,
            const char  *value)
{
  json_builder_set_member_name (builder, name);
  if (value != NULL)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

/**
 * sluice_import_map_to_text:
 * @mapping: a mapping
 *
 * Writes a mapping as JSON, to be kept in a file and read by
 * sluice_import_map_apply().
 *
 * Returns: (transfer full): the text of the file
 */
char *
sluice_import_map_to_text (SluiceImportMapping *mapping)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode) root = NULL;
  const char * const *columns;
  guint n_columns;

  g_return_val_if_fail (SLUICE_IS_IMPORT_MAPPING (mapping), NULL);

  columns = sluice_import_mapping_get_columns (mapping, &n_columns);

  json_builder_begin_object (builder);
  add_member (builder, "format", FORMAT);
  json_builder_set_member_name (builder, "version");
  json_builder_add_int_value (builder, VERSION);
  add_member (builder, "object", sluice_import_mapping_get_object (mapping));
  add_member (builder, "operation", sluice_write_verb_get_nick (sluice_import_mapping_get_verb (mapping)));
  if (sluice_import_mapping_get_verb (mapping) == SLUICE_WRITE_UPSERT)
    add_member (builder, "key", sluice_import_mapping_get_key (mapping));

  json_builder_set_member_name (builder, "columns");
  json_builder_begin_object (builder);
  for (guint i = 0; i < n_columns; i++)
    {
      SluiceImportTarget *target = sluice_import_mapping_get_target (mapping, i);

      add_member (builder, columns[i], target != NULL ? sluice_import_target_get_name (target) : NULL);
    }
  json_builder_end_object (builder);

  add_member (builder, "dates", get_nick (SLUICE_TYPE_DATE_ORDER, (int) sluice_import_mapping_get_dates (mapping)));
  add_member (builder, "decimal",
              get_nick (SLUICE_TYPE_DECIMAL_MARK, (int) sluice_import_mapping_get_decimal (mapping)));
  add_member (builder, "time-zone", sluice_import_mapping_get_time_zone (mapping));
  add_member (builder, "empty", sluice_import_mapping_get_clear_empty (mapping) ? "clear" : "keep");
  json_builder_end_object (builder);

  root = json_builder_get_root (builder);

  return json_to_string (root, TRUE);
}

static gboolean
fail (GError     **error,
      const char  *member)
{
  g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
               /* Translators: a member of a JSON file, such as "dates" */
               _("The map file’s “%s” is not what it should be."), member);

  return FALSE;
}

static gboolean
get_text (JsonObject  *object,
          const char  *member,
          const char **text,
          GError     **error)
{
  JsonNode *node = json_object_get_member (object, member);

  *text = NULL;
  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return TRUE;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    return fail (error, member);

  *text = json_node_get_string (node);

  return TRUE;
}

static gboolean
apply_columns (SluiceImportMapping  *mapping,
               JsonObject           *object,
               GError              **error)
{
  JsonNode *node = json_object_get_member (object, "columns");
  JsonObjectIter iter;
  const char *column;
  JsonObject *columns;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return fail (error, "columns");

  columns = json_node_get_object (node);
  json_object_iter_init (&iter, columns);
  while (json_object_iter_next (&iter, &column, NULL))
    {
      const char *field;

      if (!get_text (columns, column, &field, error) ||
          !sluice_import_mapping_send (mapping, column, field, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
apply_options (SluiceImportMapping  *mapping,
               JsonObject           *object,
               GError              **error)
{
  const char *text;
  int value;

  if (!get_text (object, "dates", &text, error))
    return FALSE;
  if (text != NULL && !find_nick (SLUICE_TYPE_DATE_ORDER, text, &value))
    return fail (error, "dates");
  if (text != NULL)
    sluice_import_mapping_set_dates (mapping, (SluiceDateOrder) value);

  if (!get_text (object, "decimal", &text, error))
    return FALSE;
  if (text != NULL && !find_nick (SLUICE_TYPE_DECIMAL_MARK, text, &value))
    return fail (error, "decimal");
  if (text != NULL)
    sluice_import_mapping_set_decimal (mapping, (SluiceDecimalMark) value);

  if (!get_text (object, "time-zone", &text, error) || !sluice_import_mapping_set_time_zone (mapping, text, error))
    return FALSE;

  if (!get_text (object, "empty", &text, error))
    return FALSE;
  if (text != NULL && !g_str_equal (text, "clear") && !g_str_equal (text, "keep"))
    return fail (error, "empty");
  sluice_import_mapping_set_clear_empty (mapping, g_strcmp0 (text, "clear") == 0);

  return TRUE;
}

static gboolean
apply_json (SluiceImportMapping  *mapping,
            JsonObject           *object,
            GError              **error)
{
  const char *text;
  SluiceWriteVerb verb;

  if (!get_text (object, "format", &text, error))
    return FALSE;
  if (g_strcmp0 (text, FORMAT) != 0 || json_object_get_int_member_with_default (object, "version", 0) != VERSION)
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                           _("The file is no map of an import that this version can read."));
      return FALSE;
    }

  if (!get_text (object, "object", &text, error))
    return FALSE;
  if (text != NULL && g_ascii_strcasecmp (text, sluice_import_mapping_get_object (mapping)) != 0)
    {
      g_set_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                   /* Translators: two objects */
                   _("The map file is for %s, not for %s."), text, sluice_import_mapping_get_object (mapping));
      return FALSE;
    }

  if (!get_text (object, "operation", &text, error))
    return FALSE;
  if (text != NULL && !sluice_write_verb_from_nick (text, &verb))
    return fail (error, "operation");
  if (text != NULL)
    sluice_import_mapping_set_verb (mapping, verb);

  if (!get_text (object, "key", &text, error) ||
      (text != NULL && !sluice_import_mapping_set_key (mapping, text, error)))
    return FALSE;

  return apply_columns (mapping, object, error) && apply_options (mapping, object, error);
}

/* A part of a line of Java properties, up to the first `=`, or to the end. */
static char *
take_property (const char **at)
{
  GString *out = g_string_new (NULL);
  const char *p = *at;

  while (*p != '\0' && *p != '=')
    {
      if (*p == '\\' && p[1] == 'u' && strspn (p + 2, "0123456789abcdefABCDEF") >= 4)
        {
          char digits[5] = { p[2], p[3], p[4], p[5], '\0' };
          gunichar c = (gunichar) g_ascii_strtoull (digits, NULL, 16);

          if (g_unichar_validate (c) && c != 0)
            g_string_append_unichar (out, c);
          p += 6;
          continue;
        }
      if (*p == '\\' && p[1] != '\0')
        p++;
      g_string_append_c (out, *p++);
    }
  *at = *p == '=' ? p + 1 : p;

  return g_strstrip (g_string_free (out, FALSE));
}

/* Data Loader writes a lookup as `Account:External__c`. */
static char *
translate_lookup (SluiceImportMapping *mapping,
                  char                *field)
{
  char *colon = strchr (field, ':');

  if (colon != NULL && sluice_import_mapping_find_target (mapping, field) == NULL)
    *colon = '.';

  return field;
}

/* Data Loader's files: Java properties, `Column=Field`. */
static gboolean
apply_sdl (SluiceImportMapping  *mapping,
           const char           *text,
           GError              **error)
{
  g_auto(GStrv) lines = g_strsplit_set (text, "\r\n", -1);
  gboolean any = FALSE;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *at = g_strchug (lines[i]);
      g_autofree char *column = NULL;
      g_autofree char *field = NULL;

      if (*at == '\0' || *at == '#' || *at == '!')
        continue;

      column = take_property (&at);
      if (at[-1] != '=' || *column == '\0')
        break;
      field = translate_lookup (mapping, take_property (&at));
      if (!sluice_import_mapping_send (mapping, column, *field != '\0' ? field : NULL, error))
        return FALSE;
      any = TRUE;
    }

  if (!any)
    g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID,
                         _("The file is neither a map of an import nor one of Data Loader (.sdl)."));

  return any;
}

/**
 * sluice_import_map_apply:
 * @mapping: a mapping
 * @text: the contents of a map file
 * @length: how many bytes, -1 up to a zero
 * @error: %SLUICE_ERROR_INVALID when it is no map file, or is for another object or for a file with other columns
 *
 * Sends columns where a map file says, and nowhere when it does not name
 * them. Reads what sluice_import_map_to_text() writes, and the `.sdl` files
 * of Data Loader, which know only columns and fields. After an error the
 * mapping may be half changed.
 *
 * Returns: whether the map file was taken
 */
gboolean
sluice_import_map_apply (SluiceImportMapping  *mapping,
                         const char           *text,
                         gssize                length,
                         GError              **error)
{
  g_autoptr(JsonParser) parser = json_parser_new_immutable ();
  g_autofree char *copy = NULL;
  const char *start;

  g_return_val_if_fail (SLUICE_IS_IMPORT_MAPPING (mapping), FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  copy = length < 0 ? g_strdup (text) : g_strndup (text, (gsize) length);
  if (!g_utf8_validate (copy, -1, NULL))
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID, _("The map file is no text in UTF-8."));
      return FALSE;
    }

  start = copy;
  if (g_str_has_prefix (start, "\xef\xbb\xbf"))
    start += 3;
  while (g_ascii_isspace (*start))
    start++;

  if (*start != '{')
    {
      sluice_import_mapping_clear (mapping);
      return apply_sdl (mapping, start, error);
    }

  if (!json_parser_load_from_data (parser, start, -1, NULL) ||
      !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    {
      g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_INVALID, _("The map file is no valid JSON."));
      return FALSE;
    }

  sluice_import_mapping_clear (mapping);

  return apply_json (mapping, json_node_get_object (json_parser_get_root (parser)), error);
}
