/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "org-describe.h"

#include <string.h>

#include "org-json.h"

static void
append_null (GString    *json,
             const char *name)
{
  org_json_append_text (json, name, NULL);
}

static void
append_empty_list (GString    *json,
                   const char *name)
{
  org_json_append_member (json, name);
  g_string_append (json, "[]");
}

static void
append_url (GString    *json,
            const char *name,
            const char *base,
            const char *object,
            const char *rest)
{
  g_autofree char *url = g_strconcat (base, "/sobjects/", object, rest, NULL);

  org_json_append_text (json, name, url);
}

static void
append_urls (GString         *json,
             const OrgObject *object,
             const char      *base,
             gboolean         complete)
{
  org_json_append_member (json, "urls");
  g_string_append_c (json, '{');
  if (complete)
    {
      append_url (json, "compactLayouts", base, object->name, "/describe/compactLayouts");
      append_url (json, "approvalLayouts", base, object->name, "/describe/approvalLayouts");
      append_url (json, "uiDetailTemplate", base, object->name, "/{ID}");
      append_url (json, "layouts", base, object->name, "/describe/layouts");
    }
  append_url (json, "rowTemplate", base, object->name, "/{ID}");
  append_url (json, "describe", base, object->name, "/describe");
  append_url (json, "sobject", base, object->name, "");
  g_string_append_c (json, '}');
}

/* Members that the global describe and an object's own describe share. */
static void
append_common (GString         *json,
               const OrgObject *object)
{
  gboolean data = !object->setup;

  org_json_append_flag (json, "activateable", FALSE);
  append_null (json, "associateEntityType");
  append_null (json, "associateParentEntity");
  org_json_append_flag (json, "createable", data);
  org_json_append_flag (json, "custom", g_str_has_suffix (object->name, "__c"));
  org_json_append_flag (json, "customSetting", FALSE);
  org_json_append_flag (json, "deepCloneable", FALSE);
  org_json_append_flag (json, "deletable", data);
  org_json_append_flag (json, "deprecatedAndHidden", FALSE);
  org_json_append_flag (json, "feedEnabled", data);
  org_json_append_flag (json, "hasSubtypes", FALSE);
  org_json_append_flag (json, "isInterface", FALSE);
  org_json_append_flag (json, "isSubtype", FALSE);
  org_json_append_text (json, "keyPrefix", object->prefix);
  org_json_append_text (json, "label", object->label);
  org_json_append_text (json, "labelPlural", object->plural);
  org_json_append_flag (json, "layoutable", data);
  org_json_append_flag (json, "mergeable", strcmp (object->name, "Account") == 0 || strcmp (object->name, "Contact") == 0);
  org_json_append_flag (json, "mruEnabled", data);
  org_json_append_text (json, "name", object->name);
  org_json_append_flag (json, "queryable", TRUE);
  org_json_append_flag (json, "replicateable", TRUE);
  org_json_append_flag (json, "retrieveable", TRUE);
  org_json_append_flag (json, "searchable", data);
  org_json_append_flag (json, "triggerable", data);
  org_json_append_flag (json, "undeletable", data);
  org_json_append_flag (json, "updateable", data);
}

/**
 * org_describe_basic:
 * @json: where to write
 * @object: an object
 * @base: the path of the API version
 *
 * Writes what the global describe says about an object.
 */
void
org_describe_basic (GString         *json,
                    const OrgObject *object,
                    const char      *base)
{
  g_string_append_c (json, '{');
  append_common (json, object);
  append_urls (json, object, base, FALSE);
  g_string_append_c (json, '}');
}

/**
 * org_describe_global:
 * @json: where to write
 * @base: the path of the API version
 *
 * Writes the list of all objects.
 */
void
org_describe_global (GString    *json,
                     const char *base)
{
  guint n_objects;
  const OrgObject *objects = org_schema_get_objects (&n_objects);

  g_string_append (json, "{\"encoding\":\"UTF-8\",\"maxBatchSize\":200,\"sobjects\":[");
  for (guint i = 0; i < n_objects; i++)
    {
      if (i > 0)
        g_string_append_c (json, ',');
      org_describe_basic (json, &objects[i], base);
    }
  g_string_append (json, "]}");
}

static const char *
soap_type (OrgType type)
{
  switch (type)
    {
    case ORG_TYPE_ID:
    case ORG_TYPE_REFERENCE:
      return "tns:ID";

    case ORG_TYPE_BOOLEAN:
      return "xsd:boolean";

    case ORG_TYPE_INT:
      return "xsd:int";

    case ORG_TYPE_DOUBLE:
    case ORG_TYPE_CURRENCY:
    case ORG_TYPE_PERCENT:
      return "xsd:double";

    case ORG_TYPE_DATE:
      return "xsd:date";

    case ORG_TYPE_DATETIME:
      return "xsd:dateTime";

    case ORG_TYPE_ADDRESS:
      return "urn:address";

    case ORG_TYPE_STRING:
    case ORG_TYPE_TEXTAREA:
    case ORG_TYPE_PICKLIST:
    case ORG_TYPE_PHONE:
    case ORG_TYPE_EMAIL:
    case ORG_TYPE_URL:
    default:
      return "xsd:string";
    }
}

static void
append_picklist (GString        *json,
                 const OrgField *field)
{
  g_auto(GStrv) values = g_strsplit (field->values != NULL ? field->values : "", ";", -1);

  org_json_append_member (json, "picklistValues");
  g_string_append_c (json, '[');
  for (guint i = 0; values[i] != NULL; i++)
    {
      g_string_append (json, i > 0 ? ",{" : "{");
      org_json_append_flag (json, "active", TRUE);
      org_json_append_flag (json, "defaultValue", FALSE);
      org_json_append_text (json, "label", values[i]);
      append_null (json, "validFor");
      org_json_append_text (json, "value", values[i]);
      g_string_append_c (json, '}');
    }
  g_string_append_c (json, ']');
}

static void
append_targets (GString        *json,
                const OrgField *field)
{
  g_auto(GStrv) targets = g_strsplit (field->targets != NULL ? field->targets : "", " ", -1);

  org_json_append_member (json, "referenceTo");
  g_string_append_c (json, '[');
  for (guint i = 0; targets[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append_c (json, ',');
      org_json_append_string (json, targets[i]);
    }
  g_string_append_c (json, ']');
}

static void
append_sizes (GString        *json,
              const OrgField *field)
{
  gboolean text = org_type_is_text (field->type);
  gboolean real = org_type_is_number (field->type) && field->type != ORG_TYPE_INT;

  org_json_append_int (json, "byteLength", text ? field->length * 3 : 0);
  org_json_append_int (json, "digits", field->type == ORG_TYPE_INT ? field->length : 0);
  org_json_append_int (json, "length", text ? field->length : 0);
  org_json_append_int (json, "precision", real ? field->length : 0);
  org_json_append_int (json, "scale", real ? field->scale : 0);
}

static const char *
compound_name (const OrgField *field)
{
  return field->type == ORG_TYPE_ADDRESS ? NULL : field->compound;
}

static void
append_field_permissions (GString        *json,
                          const OrgField *field)
{
  gboolean filterable = (field->flags & ORG_FIELD_NO_FILTER) == 0;
  gboolean writable = (field->flags & ORG_FIELD_WRITABLE) != 0;
  gboolean required = (field->flags & ORG_FIELD_REQUIRED) != 0;
  gboolean real = org_type_is_number (field->type) && field->type != ORG_TYPE_INT;

  org_json_append_flag (json, "aggregatable", filterable && field->type != ORG_TYPE_BOOLEAN);
  org_json_append_flag (json, "createable", writable);
  org_json_append_flag (json, "defaultedOnCreate",
                        field->type == ORG_TYPE_BOOLEAN || (!writable && required) || strcmp (field->name, "OwnerId") == 0);
  org_json_append_flag (json, "filterable", filterable);
  org_json_append_flag (json, "groupable", filterable && !real && field->type != ORG_TYPE_DATETIME);
  org_json_append_flag (json, "nillable", !required);
  org_json_append_flag (json, "permissionable", writable && !required);
  org_json_append_flag (json, "sortable", filterable);
  org_json_append_flag (json, "updateable", writable && (field->flags & ORG_FIELD_CASCADE) == 0);
}

static void
append_field_nature (GString        *json,
                     const OrgField *field)
{
  gboolean polymorphic = field->targets != NULL && strchr (field->targets, ' ') != NULL;

  org_json_append_flag (json, "aiPredictionField", FALSE);
  org_json_append_flag (json, "autoNumber", (field->flags & ORG_FIELD_AUTO_NUMBER) != 0);
  org_json_append_flag (json, "calculated", (field->flags & ORG_FIELD_CALCULATED) != 0);
  org_json_append_text (json, "calculatedFormula", field->formula);
  org_json_append_flag (json, "cascadeDelete", (field->flags & ORG_FIELD_CASCADE) != 0);
  org_json_append_flag (json, "caseSensitive", FALSE);
  org_json_append_text (json, "compoundFieldName", compound_name (field));
  append_null (json, "controllerName");
  org_json_append_flag (json, "custom", (field->flags & ORG_FIELD_CUSTOM) != 0);
  org_json_append_member (json, "defaultValue");
  g_string_append (json, field->type == ORG_TYPE_BOOLEAN ? "false" : "null");
  append_null (json, "defaultValueFormula");
  org_json_append_flag (json, "dependentPicklist", FALSE);
  org_json_append_flag (json, "deprecatedAndHidden", FALSE);
  org_json_append_flag (json, "displayLocationInDecimal", FALSE);
  org_json_append_flag (json, "encrypted", FALSE);
  org_json_append_flag (json, "externalId", (field->flags & ORG_FIELD_EXTERNAL_ID) != 0);
  org_json_append_text (json, "extraTypeInfo", field->type == ORG_TYPE_TEXTAREA ? "plaintextarea" : NULL);
  append_null (json, "filteredLookupInfo");
  org_json_append_flag (json, "formulaTreatNullNumberAsZero", field->formula != NULL);
  org_json_append_flag (json, "highScaleNumber", FALSE);
  org_json_append_flag (json, "htmlFormatted", FALSE);
  org_json_append_flag (json, "idLookup", field->type == ORG_TYPE_ID || (field->flags & ORG_FIELD_EXTERNAL_ID) != 0);
  append_null (json, "inlineHelpText");
  org_json_append_text (json, "label", field->label);
  append_null (json, "mask");
  append_null (json, "maskType");
  org_json_append_text (json, "name", field->name);
  org_json_append_flag (json, "nameField", (field->flags & ORG_FIELD_NAME) != 0);
  org_json_append_flag (json, "namePointing", polymorphic);
  org_json_append_flag (json, "polymorphicForeignKey", polymorphic);
  org_json_append_flag (json, "queryByDistance", field->type == ORG_TYPE_ADDRESS);
  append_null (json, "referenceTargetField");
  org_json_append_text (json, "relationshipName", field->relationship);
  append_null (json, "relationshipOrder");
  org_json_append_flag (json, "restrictedDelete", FALSE);
  org_json_append_flag (json, "restrictedPicklist",
                        field->type == ORG_TYPE_PICKLIST && (field->flags & ORG_FIELD_CUSTOM) != 0);
  org_json_append_flag (json, "searchPrefilterable", FALSE);
  org_json_append_text (json, "soapType", soap_type (field->type));
  org_json_append_text (json, "type", org_type_get_name (field->type));
  org_json_append_flag (json, "unique", (field->flags & ORG_FIELD_UNIQUE) != 0);
  org_json_append_flag (json, "writeRequiresMasterRead", FALSE);
}

static void
append_fields (GString         *json,
               const OrgObject *object,
               gboolean         admin)
{
  guint n_fields;
  const OrgField *fields = org_object_get_fields (object, &n_fields);
  gboolean first = TRUE;

  org_json_append_member (json, "fields");
  g_string_append_c (json, '[');
  for (guint i = 0; i < n_fields; i++)
    {
      if (!org_field_is_visible (&fields[i], admin))
        continue;

      g_string_append (json, first ? "{" : ",{");
      first = FALSE;
      append_field_nature (json, &fields[i]);
      append_field_permissions (json, &fields[i]);
      append_sizes (json, &fields[i]);
      append_picklist (json, &fields[i]);
      append_targets (json, &fields[i]);
      g_string_append_c (json, '}');
    }
  g_string_append_c (json, ']');
}

static void
append_children (GString         *json,
                 const OrgObject *object)
{
  g_autoptr(GArray) children = org_object_list_children (object);

  org_json_append_member (json, "childRelationships");
  g_string_append_c (json, '[');
  for (guint i = 0; i < children->len; i++)
    {
      const OrgChild *child = &g_array_index (children, OrgChild, i);

      g_string_append (json, i > 0 ? ",{" : "{");
      org_json_append_flag (json, "cascadeDelete", (child->field->flags & ORG_FIELD_CASCADE) != 0);
      org_json_append_text (json, "childSObject", child->object->name);
      org_json_append_flag (json, "deprecatedAndHidden", FALSE);
      org_json_append_text (json, "field", child->field->name);
      append_empty_list (json, "junctionIdListNames");
      append_empty_list (json, "junctionReferenceTo");
      org_json_append_text (json, "relationshipName", child->field->children);
      org_json_append_flag (json, "restrictedDelete", FALSE);
      g_string_append_c (json, '}');
    }
  g_string_append_c (json, ']');
}

static void
append_record_types (GString         *json,
                     const OrgObject *object,
                     const char      *base)
{
  org_json_append_member (json, "recordTypeInfos");
  g_string_append (json, "[{");
  org_json_append_flag (json, "active", TRUE);
  org_json_append_flag (json, "available", TRUE);
  org_json_append_flag (json, "defaultRecordTypeMapping", TRUE);
  org_json_append_text (json, "developerName", "Master");
  org_json_append_flag (json, "master", TRUE);
  org_json_append_text (json, "name", "Master");
  org_json_append_text (json, "recordTypeId", "012000000000000AAA");
  org_json_append_member (json, "urls");
  g_string_append_c (json, '{');
  append_url (json, "layout", base, object->name, "/describe/layouts/012000000000000AAA");
  g_string_append (json, "}}]");
}

/**
 * org_describe_object:
 * @json: where to write
 * @object: an object
 * @base: the path of the API version
 * @admin: whether field-level security hides nothing
 *
 * Writes everything about an object, with the members the real answer has.
 */
void
org_describe_object (GString         *json,
                     const OrgObject *object,
                     const char      *base,
                     gboolean         admin)
{
  g_string_append_c (json, '{');
  append_empty_list (json, "actionOverrides");
  append_common (json, object);
  append_children (json, object);
  org_json_append_flag (json, "compactLayoutable", !object->setup);
  append_null (json, "defaultImplementation");
  append_null (json, "extendedBy");
  append_null (json, "extendsInterfaces");
  append_fields (json, object, admin);
  append_null (json, "implementedBy");
  append_null (json, "implementsInterfaces");
  append_null (json, "listviewable");
  append_null (json, "lookupLayoutable");
  append_empty_list (json, "namedLayoutInfos");
  append_null (json, "networkScopeFieldName");
  append_record_types (json, object, base);
  org_json_append_flag (json, "searchLayoutable", !object->setup);
  org_json_append_text (json, "sobjectDescribeOption", "FULL");
  org_json_append_member (json, "supportedScopes");
  g_string_append (json, "[{\"label\":\"All records\",\"name\":\"everything\"}]");
  append_urls (json, object, base, TRUE);
  g_string_append_c (json, '}');
}
