/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-describe-reader.h"

#include <glib/gi18n.h>
#include <yyjson.h>

#include "sluice-error.h"

/* More than Salesforce allows: an object has at most some 1,000 fields, an org some 5,000 objects. */
#define MAX_OBJECTS 20000
#define MAX_FIELDS 5000
#define MAX_CHILDREN 20000
#define MAX_PICKLIST 20000
#define MAX_TARGETS 1000

G_DEFINE_AUTOPTR_CLEANUP_FUNC (yyjson_doc, yyjson_doc_free)

typedef struct
{
  const char *name;
  guint flag;
} Flag;

static const Flag object_flags[] = {
  { "custom", SLUICE_OBJECT_CUSTOM },
  { "customSetting", SLUICE_OBJECT_CUSTOM_SETTING },
  { "queryable", SLUICE_OBJECT_QUERYABLE },
  { "createable", SLUICE_OBJECT_CREATEABLE },
  { "updateable", SLUICE_OBJECT_UPDATEABLE },
  { "deletable", SLUICE_OBJECT_DELETABLE },
  { "undeletable", SLUICE_OBJECT_UNDELETABLE },
  { "retrieveable", SLUICE_OBJECT_RETRIEVEABLE },
  { "searchable", SLUICE_OBJECT_SEARCHABLE },
  { "replicateable", SLUICE_OBJECT_REPLICATEABLE },
  { "mergeable", SLUICE_OBJECT_MERGEABLE },
  { "layoutable", SLUICE_OBJECT_LAYOUTABLE },
  { "deprecatedAndHidden", SLUICE_OBJECT_DEPRECATED },
};

static const Flag field_flags[] = {
  { "nillable", SLUICE_FIELD_NILLABLE },
  { "createable", SLUICE_FIELD_CREATEABLE },
  { "updateable", SLUICE_FIELD_UPDATEABLE },
  { "defaultedOnCreate", SLUICE_FIELD_DEFAULTED_ON_CREATE },
  { "calculated", SLUICE_FIELD_CALCULATED },
  { "autoNumber", SLUICE_FIELD_AUTO_NUMBER },
  { "unique", SLUICE_FIELD_UNIQUE },
  { "custom", SLUICE_FIELD_CUSTOM },
  { "externalId", SLUICE_FIELD_EXTERNAL_ID },
  { "idLookup", SLUICE_FIELD_ID_LOOKUP },
  { "caseSensitive", SLUICE_FIELD_CASE_SENSITIVE },
  { "nameField", SLUICE_FIELD_RECORD_NAME },
  { "filterable", SLUICE_FIELD_FILTERABLE },
  { "sortable", SLUICE_FIELD_SORTABLE },
  { "groupable", SLUICE_FIELD_GROUPABLE },
  { "aggregatable", SLUICE_FIELD_AGGREGATABLE },
  { "restrictedPicklist", SLUICE_FIELD_RESTRICTED_PICKLIST },
  { "dependentPicklist", SLUICE_FIELD_DEPENDENT_PICKLIST },
  { "polymorphicForeignKey", SLUICE_FIELD_POLYMORPHIC },
  { "cascadeDelete", SLUICE_FIELD_CASCADE_DELETE },
  { "encrypted", SLUICE_FIELD_ENCRYPTED },
  { "htmlFormatted", SLUICE_FIELD_HTML },
  { "deprecatedAndHidden", SLUICE_FIELD_DEPRECATED },
};

static gboolean
fail (GError     **error,
      const char  *detail)
{
  g_debug ("A describe cannot be used: %s", detail);
  g_set_error_literal (error, SLUICE_ERROR, SLUICE_ERROR_PROTOCOL,
                       _("The answer of the org about its objects cannot be understood. Try again; if it happens "
                         "again, something between this computer and Salesforce changes the answers."));

  return FALSE;
}

/* NULL for what is no text, and for an empty one. */
static const char *
get_text (yyjson_val *object,
          const char *name)
{
  const char *text = yyjson_get_str (yyjson_obj_get (object, name));

  return text != NULL && *text != '\0' ? text : NULL;
}

static guint
get_number (yyjson_val *object,
            const char *name)
{
  yyjson_val *value = yyjson_obj_get (object, name);

  return yyjson_is_uint (value) ? (guint) MIN (yyjson_get_uint (value), G_MAXUINT) : 0;
}

static guint
get_flags (yyjson_val *object,
           const Flag *flags,
           guint       n_flags)
{
  guint result = 0;

  for (guint i = 0; i < n_flags; i++)
    {
      if (yyjson_is_true (yyjson_obj_get (object, flags[i].name)))
        result |= flags[i].flag;
    }

  return result;
}

static yyjson_doc *
parse (GBytes  *answer,
       GError **error)
{
  g_autoptr(yyjson_doc) document = NULL;
  yyjson_read_err problem;
  const char *data;
  gsize size;

  data = g_bytes_get_data (answer, &size);
  /* Without the flag to read in place it is not written to. */
  document = yyjson_read_opts ((char *) data, size, YYJSON_READ_NOFLAG, NULL, &problem);

  if (document == NULL)
    fail (error, problem.msg);
  else if (!yyjson_is_obj (yyjson_doc_get_root (document)))
    fail (error, "it is no object");
  else
    return g_steal_pointer (&document);

  return NULL;
}

static SluiceObjectInfo *
read_info (yyjson_val *object)
{
  const char *name = get_text (object, "name");

  if (name == NULL)
    return NULL;

  return sluice_object_info_new (name, get_text (object, "label"), get_text (object, "labelPlural"),
                                 get_text (object, "keyPrefix"),
                                 get_flags (object, object_flags, G_N_ELEMENTS (object_flags)));
}

/**
 * sluice_describe_read_list:
 * @answer: what `sobjects` answered
 * @error: %SLUICE_ERROR_PROTOCOL
 *
 * Reads the list of all objects; several hundred kilobytes, so it belongs on a
 * thread. What is no object is passed over.
 *
 * Returns: (transfer full) (nullable): a list of SluiceObjectInfo, in the order of Salesforce
 */
GListModel *
sluice_describe_read_list (GBytes  *answer,
                           GError **error)
{
  g_autoptr(yyjson_doc) document = NULL;
  g_autoptr(GPtrArray) infos = NULL;
  g_autoptr(GListStore) list = NULL;
  yyjson_arr_iter iter;
  yyjson_val *objects, *object;

  g_return_val_if_fail (answer != NULL, NULL);

  document = parse (answer, error);
  if (document == NULL)
    return NULL;

  objects = yyjson_obj_get (yyjson_doc_get_root (document), "sobjects");
  if (!yyjson_is_arr (objects))
    {
      fail (error, "it has no list of objects");
      return NULL;
    }

  infos = g_ptr_array_new_with_free_func (g_object_unref);
  yyjson_arr_iter_init (objects, &iter);
  while ((object = yyjson_arr_iter_next (&iter)) != NULL && infos->len < MAX_OBJECTS)
    {
      SluiceObjectInfo *info = read_info (object);

      if (info != NULL)
        g_ptr_array_add (infos, info);
    }

  list = g_list_store_new (SLUICE_TYPE_OBJECT_INFO);
  g_list_store_splice (list, 0, 0, infos->pdata, infos->len);

  return G_LIST_MODEL (g_steal_pointer (&list));
}

static GPtrArray *
read_picklist (yyjson_val *values)
{
  g_autoptr(GPtrArray) picklist = NULL;
  yyjson_arr_iter iter;
  yyjson_val *value;

  if (yyjson_arr_size (values) == 0)
    return NULL;

  picklist = g_ptr_array_new_with_free_func ((GDestroyNotify) sluice_picklist_value_free);
  yyjson_arr_iter_init (values, &iter);
  while ((value = yyjson_arr_iter_next (&iter)) != NULL && picklist->len < MAX_PICKLIST)
    {
      SluicePicklistValue *entry;
      const char *text = yyjson_get_str (yyjson_obj_get (value, "value"));
      const char *label = get_text (value, "label");

      if (text == NULL)
        continue;

      entry = g_new0 (SluicePicklistValue, 1);
      entry->value = g_strdup (text);
      entry->label = g_strdup (label != NULL ? label : text);
      entry->active = yyjson_is_true (yyjson_obj_get (value, "active"));
      entry->is_default = yyjson_is_true (yyjson_obj_get (value, "defaultValue"));
      g_ptr_array_add (picklist, entry);
    }

  return g_steal_pointer (&picklist);
}

/* The texts stay the document's. */
static GPtrArray *
read_targets (yyjson_val *targets)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new ();
  yyjson_arr_iter iter;
  yyjson_val *target;

  yyjson_arr_iter_init (targets, &iter);
  while ((target = yyjson_arr_iter_next (&iter)) != NULL && names->len < MAX_TARGETS)
    {
      if (yyjson_is_str (target))
        g_ptr_array_add (names, (char *) yyjson_get_str (target));
    }
  g_ptr_array_add (names, NULL);

  return g_steal_pointer (&names);
}

static char *
dup_default (yyjson_val *value)
{
  if (value == NULL || yyjson_is_null (value))
    return NULL;

  if (yyjson_is_str (value))
    return g_strdup (yyjson_get_str (value));

  return yyjson_val_write (value, YYJSON_WRITE_NOFLAG, NULL);
}

static SluiceFieldInfo *
read_field (yyjson_val *object)
{
  g_autoptr(GPtrArray) targets = NULL;
  g_autoptr(GPtrArray) picklist = NULL;
  g_autofree char *default_value = NULL;
  SluiceFieldDetails details = { .name = get_text (object, "name") };

  if (details.name == NULL)
    return NULL;

  targets = read_targets (yyjson_obj_get (object, "referenceTo"));
  picklist = read_picklist (yyjson_obj_get (object, "picklistValues"));
  default_value = dup_default (yyjson_obj_get (object, "defaultValue"));

  details.label = get_text (object, "label");
  details.type = get_text (object, "type");
  details.length = get_number (object, "length");
  details.digits = get_number (object, "digits");
  details.precision = get_number (object, "precision");
  details.scale = get_number (object, "scale");
  details.flags = get_flags (object, field_flags, G_N_ELEMENTS (field_flags));
  details.relationship_name = get_text (object, "relationshipName");
  details.compound_name = get_text (object, "compoundFieldName");
  details.controller_name = get_text (object, "controllerName");
  details.help_text = get_text (object, "inlineHelpText");
  details.formula = get_text (object, "calculatedFormula");
  details.default_value = default_value;
  details.targets = (const char * const *) targets->pdata;
  details.picklist = picklist;

  return sluice_field_info_new (&details);
}

static GPtrArray *
read_fields (yyjson_val *list)
{
  g_autoptr(GPtrArray) fields = g_ptr_array_new_with_free_func (g_object_unref);
  yyjson_arr_iter iter;
  yyjson_val *object;

  yyjson_arr_iter_init (list, &iter);
  while ((object = yyjson_arr_iter_next (&iter)) != NULL && fields->len < MAX_FIELDS)
    {
      SluiceFieldInfo *field = read_field (object);

      if (field != NULL)
        g_ptr_array_add (fields, field);
    }

  return g_steal_pointer (&fields);
}

static GPtrArray *
read_children (yyjson_val *list)
{
  g_autoptr(GPtrArray) children = g_ptr_array_new_with_free_func ((GDestroyNotify) sluice_child_relationship_free);
  yyjson_arr_iter iter;
  yyjson_val *object;

  yyjson_arr_iter_init (list, &iter);
  while ((object = yyjson_arr_iter_next (&iter)) != NULL && children->len < MAX_CHILDREN)
    {
      const char *child = get_text (object, "childSObject");
      const char *field = get_text (object, "field");

      if (child != NULL && field != NULL && !yyjson_is_true (yyjson_obj_get (object, "deprecatedAndHidden")))
        g_ptr_array_add (children,
                         sluice_child_relationship_new (child, field, get_text (object, "relationshipName"),
                                                        yyjson_is_true (yyjson_obj_get (object, "cascadeDelete"))));
    }

  return g_steal_pointer (&children);
}

/**
 * sluice_describe_read_object:
 * @answer: what `sobjects/NAME/describe` answered
 * @error: %SLUICE_ERROR_PROTOCOL
 *
 * Reads everything about an object; several hundred kilobytes, so it belongs on
 * a thread. What is no field is passed over, and so are members that are not
 * known.
 *
 * Returns: (transfer full) (nullable): the description
 */
SluiceObjectDescribe *
sluice_describe_read_object (GBytes  *answer,
                             GError **error)
{
  g_autoptr(yyjson_doc) document = NULL;
  g_autoptr(SluiceObjectInfo) info = NULL;
  g_autoptr(GPtrArray) fields = NULL;
  g_autoptr(GPtrArray) children = NULL;
  yyjson_val *root, *list;

  g_return_val_if_fail (answer != NULL, NULL);

  document = parse (answer, error);
  if (document == NULL)
    return NULL;

  root = yyjson_doc_get_root (document);
  info = read_info (root);
  list = yyjson_obj_get (root, "fields");
  if (info == NULL || !yyjson_is_arr (list))
    {
      fail (error, "it has no name or no fields");
      return NULL;
    }

  fields = read_fields (list);
  children = read_children (yyjson_obj_get (root, "childRelationships"));

  return sluice_object_describe_new (info, fields, children);
}
