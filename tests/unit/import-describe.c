/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Two objects to import to, as small as they can be. */

#include "config.h"

#include "import-describe.h"

#define WRITE (SLUICE_FIELD_CREATEABLE | SLUICE_FIELD_UPDATEABLE)

#define EMPTY_WRITE (WRITE | SLUICE_FIELD_NILLABLE)

static SluiceFieldDetails contact_fields[] = {
  { .name = "Id", .label = "Contact ID", .type = "id", .length = 18, .flags = SLUICE_FIELD_ID_LOOKUP | SLUICE_FIELD_DEFAULTED_ON_CREATE },
  { .name = "LastName", .label = "Last Name", .type = "string", .length = 10, .flags = WRITE },
  { .name = "Email", .label = "Email", .type = "email", .length = 80, .flags = EMPTY_WRITE },
  { .name = "Birthdate", .label = "Birthdate", .type = "date", .flags = EMPTY_WRITE },
  { .name = "Seen__c", .label = "Last Seen", .type = "datetime", .flags = EMPTY_WRITE },
  { .name = "Opens__c", .label = "Opens", .type = "time", .flags = EMPTY_WRITE },
  { .name = "Active__c", .label = "Active", .type = "boolean", .flags = WRITE | SLUICE_FIELD_DEFAULTED_ON_CREATE },
  { .name = "Rating__c", .label = "Rating", .type = "double", .precision = 5, .scale = 2, .flags = EMPTY_WRITE },
  { .name = "Children__c", .label = "Children", .type = "int", .digits = 3, .flags = EMPTY_WRITE },
  { .name = "Number__c", .label = "Customer Number", .type = "string", .length = 20,
    .flags = EMPTY_WRITE | SLUICE_FIELD_EXTERNAL_ID | SLUICE_FIELD_ID_LOOKUP },
  { .name = "AccountId", .label = "Account ID", .type = "reference", .length = 18, .flags = EMPTY_WRITE,
    .relationship_name = "Account", .targets = (const char *const[]) { "Account", NULL } },
  { .name = "OwnerId", .label = "Owner ID", .type = "reference", .length = 18, .flags = WRITE | SLUICE_FIELD_DEFAULTED_ON_CREATE | SLUICE_FIELD_POLYMORPHIC,
    .relationship_name = "Owner", .targets = (const char *const[]) { "Group", "Account", NULL } },
  { .name = "CreatedDate", .label = "Created Date", .type = "datetime", .flags = SLUICE_FIELD_DEFAULTED_ON_CREATE },
  { .name = "Fixed__c", .label = "Fixed", .type = "string", .length = 5, .flags = SLUICE_FIELD_CREATEABLE | SLUICE_FIELD_NILLABLE },
  { .name = "MailingAddress", .label = "Mailing Address", .type = "address", .flags = SLUICE_FIELD_NILLABLE },
  { .name = "Same1__c", .label = "Same", .type = "string", .length = 5, .flags = EMPTY_WRITE },
  { .name = "Same2__c", .label = "Same", .type = "string", .length = 5, .flags = EMPTY_WRITE },
};

static SluiceFieldDetails account_fields[] = {
  { .name = "Id", .label = "Account ID", .type = "id", .length = 18, .flags = SLUICE_FIELD_ID_LOOKUP },
  { .name = "External__c", .label = "External", .type = "string", .length = 5,
    .flags = EMPTY_WRITE | SLUICE_FIELD_EXTERNAL_ID | SLUICE_FIELD_ID_LOOKUP },
  { .name = "Name", .label = "Account Name", .type = "string", .length = 255, .flags = WRITE },
};

static void
add_value (GPtrArray  *values,
           const char *value,
           gboolean    active)
{
  SluicePicklistValue *new_value = g_new0 (SluicePicklistValue, 1);

  new_value->value = g_strdup (value);
  new_value->label = g_strdup (value);
  new_value->active = active;
  g_ptr_array_add (values, new_value);
}

static SluiceFieldInfo *
new_picklist (const char       *name,
              const char       *type,
              SluiceFieldFlags  flags)
{
  g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func ((GDestroyNotify) sluice_picklist_value_free);
  SluiceFieldDetails details = { .name = name, .label = name, .type = type, .length = 40, .flags = EMPTY_WRITE | flags };

  add_value (values, "Web", TRUE);
  add_value (values, "Phone", TRUE);
  add_value (values, "Fax", FALSE);
  details.picklist = values;

  return sluice_field_info_new (&details);
}

static SluiceObjectDescribe *
describe (const char               *name,
          const SluiceFieldDetails *details,
          gsize                     n_details,
          gboolean                  picklists)
{
  g_autoptr(GPtrArray) fields = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) children = g_ptr_array_new_with_free_func ((GDestroyNotify) sluice_child_relationship_free);
  g_autoptr(SluiceObjectInfo) info =
    sluice_object_info_new (name, name, name, "003",
                            SLUICE_OBJECT_QUERYABLE | SLUICE_OBJECT_CREATEABLE | SLUICE_OBJECT_UPDATEABLE |
                            SLUICE_OBJECT_DELETABLE);

  for (gsize i = 0; i < n_details; i++)
    g_ptr_array_add (fields, sluice_field_info_new (&details[i]));
  if (picklists)
    {
      g_ptr_array_add (fields, new_picklist ("Source__c", "picklist", SLUICE_FIELD_RESTRICTED_PICKLIST));
      g_ptr_array_add (fields, new_picklist ("Free__c", "picklist", 0));
      g_ptr_array_add (fields, new_picklist ("Ways__c", "multipicklist", SLUICE_FIELD_RESTRICTED_PICKLIST));
    }

  return sluice_object_describe_new (info, fields, children);
}

SluiceObjectDescribe *
import_describe_contact (void)
{
  return describe ("Contact", contact_fields, G_N_ELEMENTS (contact_fields), TRUE);
}

SluiceObjectDescribe *
import_describe_account (void)
{
  return describe ("Account", account_fields, G_N_ELEMENTS (account_fields), FALSE);
}

/* The columns with bars between them. */
SluiceImportMapping *
import_describe_mapping (const char      *columns,
                         SluiceWriteVerb  verb)
{
  g_autoptr(SluiceObjectDescribe) contact = import_describe_contact ();
  g_autoptr(GPtrArray) parents = g_ptr_array_new_with_free_func (g_object_unref);
  g_auto(GStrv) names = g_strsplit (columns, "|", -1);

  g_ptr_array_add (parents, import_describe_account ());

  return sluice_import_mapping_new (contact, parents, (const char * const *) names, verb);
}
