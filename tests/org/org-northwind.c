/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "org-northwind.h"

#include <math.h>
#include <string.h>

#include "org-csv.h"
#include "org-people.h"
#include "org-table.h"

#define PREFIX "/io/github/sluice/DemoOrg/northwind/"
#define N_DELETED 3

/* Northwind's own first numbers, so that serial numbers begin with one. */
#define FIRST_ORDER 10248
#define SANDBOX_FIRST_DAY "1998-01-01"

enum { CUSTOMER_ID, COMPANY, CONTACT, CONTACT_TITLE, ADDRESS, CITY, REGION, POSTAL, COUNTRY, CUSTOMER_PHONE, CUSTOMER_FAX };
enum { PRODUCT_ID, PRODUCT_NAME, SUPPLIER, CATEGORY, PER_UNIT, UNIT_PRICE, IN_STOCK, ON_ORDER, REORDER, DISCONTINUED };
enum { EMPLOYEE_ID, LAST_NAME, FIRST_NAME, TITLE, COURTESY, BORN, HIRED, E_ADDRESS, E_CITY, E_REGION, E_POSTAL, E_COUNTRY,
       HOME_PHONE, EXTENSION, REPORTS_TO };
enum { ORDER_ID, O_CUSTOMER, O_EMPLOYEE, ORDERED, REQUIRED, SHIPPED, CARRIER, FREIGHT, SHIP_NAME, SHIP_ADDRESS, SHIP_CITY,
       SHIP_REGION, SHIP_POSTAL, SHIP_COUNTRY };
enum { L_ORDER, L_PRODUCT, L_PRICE, L_QUANTITY, L_DISCOUNT };

typedef struct
{
  OrgData *data;             /* (unowned) */
  gboolean sandbox;
  GHashTable *customers;     /* code → its row, serial number in front */
  GPtrArray *customer_rows;  /* (element-type GStrv) */
  GHashTable *categories;    /* number → name */
  GHashTable *products;      /* number → GStrv */
  GHashTable *totals;        /* order number → double * */
  GHashTable *kept;          /* order number → GStrv */
  OrgTable *first;
  OrgTable *second;
  guint64 n_rows;
} Load;

static void
load_init (Load    *load,
           OrgData *data)
{
  memset (load, 0, sizeof *load);
  load->data = data;
  load->sandbox = org_data_get_kind (data) == ORG_KIND_SANDBOX;
  load->customers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  load->customer_rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  load->categories = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  load->products = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_strfreev);
  load->totals = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  load->kept = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_strfreev);
}

static void
load_clear (Load *load)
{
  g_hash_table_unref (load->customers);
  g_ptr_array_unref (load->customer_rows);
  g_hash_table_unref (load->categories);
  g_hash_table_unref (load->products);
  g_hash_table_unref (load->totals);
  g_hash_table_unref (load->kept);
}

static void
load_file (Load          *load,
           const char    *name,
           OrgCsvRowFunc  func)
{
  g_autofree char *path = g_strconcat (PREFIX, name, NULL);
  g_autoptr(GBytes) bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autofree char *text = NULL;
  gsize size;
  const char *data;

  g_assert (bytes != NULL);
  data = g_bytes_get_data (bytes, &size);
  text = g_strndup (data, size);
  load->n_rows = 0;
  org_csv_foreach (text, func, load);
}

static double
to_number (const char *text)
{
  return g_ascii_strtod (text, NULL);
}

static double
to_cents (double value)
{
  return floor (value * 100 + 0.5 + 1e-7) / 100;
}

static void
set_address (OrgTable    *table,
             const char  *prefix,
             char       **values)
{
  static const char *parts[] = { "Street", "City", "State", "PostalCode", "Country" };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *field = g_strconcat (prefix, parts[i], NULL);

      org_table_set_text (table, field, values[i]);
    }
}

/* The first ten characters of "1996-07-04 00:00:00.000". */
static void
set_date (OrgTable   *table,
          const char *field,
          const char *value)
{
  g_autofree char *date = g_strndup (value, 10);

  org_table_set_text (table, field, date);
}

static char *
make_email (Load       *load,
            const char *name,
            const char *domain)
{
  g_autofree char *plain = g_str_to_ascii (name, "C");
  g_autofree char *lower = g_ascii_strdown (plain, -1);

  g_strcanon (lower, "abcdefghijklmnopqrstuvwxyz", '.');

  return g_strconcat (lower, "@", domain, ".example", load->sandbox ? ".invalid" : "", NULL);
}

static void
user_defaults (OrgTable *table)
{
  org_table_set_int (table, "IsActive", 1);
  org_table_set_text (table, "TimeZoneSidKey", "Europe/London");
  org_table_set_text (table, "LocaleSidKey", "en_US");
  org_table_set_text (table, "LanguageLocaleKey", "en_US");
  org_table_set_text (table, "EmailEncodingKey", "UTF-8");
  org_table_set_text (table, "UserType", "Standard");
}

static void
employee_row (char     **v,
              gpointer   user_data)
{
  Load *load = user_data;
  OrgTable *table = load->first;
  g_autofree char *name = g_strconcat (v[FIRST_NAME], " ", v[LAST_NAME], NULL);
  g_autofree char *email = make_email (load, name, "northwind");
  g_autofree char *alias = g_strndup (v[LAST_NAME], 8);
  guint64 number = g_ascii_strtoull (v[EMPLOYEE_ID], NULL, 10);
  guint64 manager = g_ascii_strtoull (v[REPORTS_TO], NULL, 10);

  user_defaults (table);
  org_table_set_text (table, "Username", email);
  org_table_set_text (table, "Email", email);
  org_table_set_text (table, "FirstName", v[FIRST_NAME]);
  org_table_set_text (table, "LastName", v[LAST_NAME]);
  org_table_set_text (table, "Name", name);
  org_table_set_text (table, "Title", v[TITLE]);
  org_table_set_text (table, "Alias", alias);
  org_table_set_text (table, "CommunityNickname", alias);
  org_table_set_text (table, "CompanyName", "Northwind Traders");
  org_table_set_text (table, "Phone", v[HOME_PHONE]);
  org_table_set_text (table, "Extension", v[EXTENSION]);
  org_table_set_text (table, "EmployeeNumber", v[EMPLOYEE_ID]);
  set_address (table, "", v + E_ADDRESS);
  org_table_set_id (table, "ProfileId", ORG_PROFILE_STANDARD);
  org_table_set_id (table, "ManagerId", manager > 0 ? manager + ORG_FIRST_EMPLOYEE - 1 : 0);
  org_table_insert (table, number + ORG_FIRST_EMPLOYEE - 1);
}

static void
insert_people (OrgTable *table)
{
  guint n_people;
  const OrgPerson *people = org_people_get (&n_people);

  for (guint i = 0; i < n_people; i++)
    {
      const OrgPerson *person = &people[i];
      g_autofree char *name = g_strconcat (person->first_name, " ", person->last_name, NULL);

      user_defaults (table);
      org_table_set_text (table, "Username", person->username);
      org_table_set_text (table, "Email", person->email);
      org_table_set_text (table, "FirstName", person->first_name);
      org_table_set_text (table, "LastName", person->last_name);
      org_table_set_text (table, "Name", name);
      org_table_set_text (table, "Alias", person->alias);
      org_table_set_text (table, "CommunityNickname", person->username);
      org_table_set_text (table, "CompanyName", "Northwind Traders");
      org_table_set_int (table, "IsActive", (person->flags & ORG_PERSON_INACTIVE) == 0);
      org_table_set_id (table, "ProfileId", (person->flags & ORG_PERSON_ADMIN) != 0 ? ORG_PROFILE_ADMIN : ORG_PROFILE_STANDARD);
      org_table_insert (table, i + 1);
    }
}

static void
insert_profiles (OrgData *data)
{
  static const char *names[] = { "System Administrator", "Standard User" };
  g_autoptr(OrgTable) table = org_table_open (data, "Profile");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      org_table_set_text (table, "Name", names[i]);
      org_table_set_text (table, "UserType", "Standard");
      org_table_set_int (table, "PermissionsApiEnabled", 1);
      org_table_set_int (table, "PermissionsViewAllData", i == 0);
      org_table_set_int (table, "PermissionsModifyAllData", i == 0);
      org_table_insert (table, i + 1);
    }
}

static void
insert_organization (OrgData *data)
{
  g_autoptr(OrgTable) table = org_table_open (data, "Organization");
  gboolean sandbox = org_data_get_kind (data) == ORG_KIND_SANDBOX;

  org_table_set_text (table, "Name", sandbox ? "Northwind Traders (UAT)" : "Northwind Traders");
  org_table_set_text (table, "Street", "1 Portside Way");
  org_table_set_text (table, "City", "London");
  org_table_set_text (table, "PostalCode", "WG2 7LT");
  org_table_set_text (table, "Country", "UK");
  org_table_set_text (table, "PrimaryContact", "Andrew Fuller");
  org_table_set_text (table, "DefaultLocaleSidKey", "en_US");
  org_table_set_text (table, "TimeZoneSidKey", "Europe/London");
  org_table_set_text (table, "LanguageLocaleKey", "en_US");
  org_table_set_int (table, "FiscalYearStartMonth", 1);
  org_table_set_text (table, "OrganizationType", sandbox ? "Unlimited Edition" : "Enterprise Edition");
  org_table_set_text (table, "InstanceName", sandbox ? "CS88" : "EU43");
  org_table_set_int (table, "IsSandbox", sandbox);
  org_table_insert (table, 1);
}

/**
 * org_northwind_load_setup:
 * @data: an empty org
 *
 * Stores the organization, the profiles and the users.
 */
void
org_northwind_load_setup (OrgData *data)
{
  g_autoptr(OrgTable) users = org_table_open (data, "User");
  Load load;

  load_init (&load, data);
  load.first = users;
  insert_organization (data);
  insert_profiles (data);
  insert_people (users);
  load_file (&load, "employees.csv", employee_row);
  load_clear (&load);
}

static void
category_row (char     **v,
              gpointer   user_data)
{
  Load *load = user_data;

  g_hash_table_insert (load->categories, g_strdup (v[0]), g_strdup (v[1]));
}

static void
product_row (char     **v,
             gpointer   user_data)
{
  Load *load = user_data;
  guint64 number = g_ascii_strtoull (v[PRODUCT_ID], NULL, 10);
  g_autofree char *code = g_strdup_printf ("NW-%03" G_GUINT64_FORMAT, number);
  gboolean active = strcmp (v[DISCONTINUED], "0") == 0;

  org_table_set_text (load->first, "Name", v[PRODUCT_NAME]);
  org_table_set_text (load->first, "ProductCode", code);
  org_table_set_text (load->first, "StockKeepingUnit", code);
  org_table_set_text (load->first, "Family", g_hash_table_lookup (load->categories, v[CATEGORY]));
  org_table_set_text (load->first, "Quantity_per_Unit__c", v[PER_UNIT]);
  org_table_set_text (load->first, "QuantityUnitOfMeasure", "Each");
  org_table_set_real (load->first, "Units_in_Stock__c", to_number (v[IN_STOCK]));
  org_table_set_int (load->first, "IsActive", active);
  org_table_insert (load->first, number);

  org_table_set_text (load->second, "Name", v[PRODUCT_NAME]);
  org_table_set_text (load->second, "ProductCode", code);
  org_table_set_id (load->second, "Pricebook2Id", 1);
  org_table_set_id (load->second, "Product2Id", number);
  org_table_set_real (load->second, "UnitPrice", to_number (v[UNIT_PRICE]));
  org_table_set_int (load->second, "IsActive", active);
  org_table_insert (load->second, number);
}

static void
shipper_row (char     **v,
             gpointer   user_data)
{
  Load *load = user_data;
  guint64 number = g_ascii_strtoull (v[0], NULL, 10);

  org_table_set_text (load->first, "Name", v[1]);
  org_table_set_text (load->first, "Shipper_Number__c", v[0]);
  org_table_set_text (load->first, "Phone__c", v[2]);
  org_table_set_text (load->first, "Service__c", "Road");
  org_table_set_id (load->first, "OwnerId", ORG_FIRST_EMPLOYEE);
  org_table_insert (load->first, number);
}

static void
insert_shippers (OrgData *data)
{
  g_autoptr(OrgTable) table = org_table_open (data, "Shipper__c");
  Load load;

  load_init (&load, data);
  load.first = table;
  load_file (&load, "shippers.csv", shipper_row);
  load_clear (&load);
}

/**
 * org_northwind_load_products:
 * @data: an org with users
 *
 * Stores the products, the standard price book and its entries, and the
 * shippers.
 */
void
org_northwind_load_products (OrgData *data)
{
  g_autoptr(OrgTable) pricebooks = org_table_open (data, "Pricebook2");
  g_autoptr(OrgTable) products = org_table_open (data, "Product2");
  g_autoptr(OrgTable) entries = org_table_open (data, "PricebookEntry");
  Load load;

  org_table_set_text (pricebooks, "Name", "Standard Price Book");
  org_table_set_int (pricebooks, "IsActive", 1);
  org_table_set_int (pricebooks, "IsStandard", 1);
  org_table_insert (pricebooks, 1);

  load_init (&load, data);
  load.first = products;
  load.second = entries;
  load_file (&load, "categories.csv", category_row);
  load_file (&load, "products.csv", product_row);
  load_clear (&load);
  insert_shippers (data);
}

static guint64
account_owner (guint64 serial)
{
  return ORG_FIRST_EMPLOYEE + serial % ORG_N_EMPLOYEES;
}

static void
insert_contact (Load       *load,
                char      **v,
                const char *name,
                const char *title,
                guint64     account,
                guint64     serial)
{
  OrgTable *table = load->second;
  const char *blank = strchr (name, ' ');
  g_autofree char *first = blank != NULL ? g_strndup (name, (gsize) (blank - name)) : NULL;
  g_autofree char *domain = g_ascii_strdown (v[CUSTOMER_ID], -1);
  g_autofree char *email = make_email (load, name, domain);

  org_table_set_text (table, "FirstName", first);
  org_table_set_text (table, "LastName", blank != NULL ? blank + 1 : name);
  org_table_set_text (table, "Name", name);
  org_table_set_text (table, "Title", title);
  org_table_set_text (table, "Email", email);
  org_table_set_text (table, "Phone", v[CUSTOMER_PHONE]);
  org_table_set_text (table, "Fax", v[CUSTOMER_FAX]);
  org_table_set_id (table, "AccountId", account);
  org_table_set_id (table, "OwnerId", account_owner (account));
  set_address (table, "Mailing", v + ADDRESS);
  org_table_insert (table, serial);
}

static void
customer_row (char     **v,
              gpointer   user_data)
{
  Load *load = user_data;
  OrgTable *table = load->first;
  guint64 serial;

  /* The file has a 92nd row that somebody left behind, without an address or an order. */
  if (*v[COUNTRY] == '\0')
    return;

  serial = ++load->n_rows;
  g_hash_table_insert (load->customers, g_strdup (v[CUSTOMER_ID]), GSIZE_TO_POINTER (serial));
  g_ptr_array_add (load->customer_rows, g_strdupv (v));
  org_table_set_text (table, "Name", v[COMPANY]);
  org_table_set_text (table, "Type", "Customer - Direct");
  org_table_set_text (table, "Industry", "Food & Beverage");
  org_table_set_text (table, "Northwind_Code__c", v[CUSTOMER_ID]);
  org_table_set_text (table, "AccountNumber", v[CUSTOMER_ID]);
  org_table_set_text (table, "Phone", v[CUSTOMER_PHONE]);
  org_table_set_text (table, "Fax", v[CUSTOMER_FAX]);
  org_table_set_real (table, "Credit_Limit__c", (double) (1000 * (1 + serial % 20)));
  org_table_set_id (table, "OwnerId", account_owner (serial));
  set_address (table, "Billing", v + ADDRESS);
  set_address (table, "Shipping", v + ADDRESS);
  org_table_insert (table, serial);
  insert_contact (load, v, v[CONTACT], v[CONTACT_TITLE], serial, serial);
}

/* A second contact for each customer, named after the contact of another. */
static void
insert_assistants (Load *load)
{
  guint n = load->customer_rows->len;

  for (guint i = 0; i < n; i++)
    {
      char **v = g_ptr_array_index (load->customer_rows, i);
      char **first = g_ptr_array_index (load->customer_rows, (i + 17) % n);
      char **last = g_ptr_array_index (load->customer_rows, (i + 41) % n);
      g_auto(GStrv) given = g_strsplit (first[CONTACT], " ", 2);
      const char *family = strchr (last[CONTACT], ' ');
      g_autofree char *name = g_strconcat (given[0], family, NULL);

      insert_contact (load, v, name, "Purchasing", i + 1, n + i + 1);
    }
}

/* Records in the recycle bin: queryAll shows them, query does not. */
static void
insert_deleted (Load *load)
{
  for (guint i = 0; i < N_DELETED; i++)
    {
      g_autofree char *name = g_strdup_printf ("Closed Account %u", i + 1);

      org_table_set_text (load->first, "Name", name);
      org_table_set_text (load->first, "Type", "Other");
      org_table_set_id (load->first, "OwnerId", account_owner (i));
      org_table_set_int (load->first, "IsDeleted", 1);
      org_table_insert (load->first, load->customer_rows->len + i + 1);
    }
}

static double *
get_total (Load       *load,
           const char *order)
{
  double *total = g_hash_table_lookup (load->totals, order);

  if (total == NULL)
    {
      total = g_new0 (double, 1);
      g_hash_table_insert (load->totals, g_strdup (order), total);
    }

  return total;
}

static void
insert_order_item (Load    *load,
                   char   **v,
                   guint64  order,
                   guint64  product,
                   double   price)
{
  g_autofree char *number = g_strdup_printf ("%010" G_GUINT64_FORMAT, load->n_rows);
  double quantity = to_number (v[L_QUANTITY]);
  double list = to_number (v[L_PRICE]);
  char **order_row = g_hash_table_lookup (load->kept, v[L_ORDER]);
  OrgTable *table = load->first;

  org_table_set_text (table, "OrderItemNumber", number);
  org_table_set_id (table, "OrderId", order);
  org_table_set_id (table, "Product2Id", product);
  org_table_set_id (table, "PricebookEntryId", product);
  org_table_set_real (table, "Quantity", quantity);
  org_table_set_real (table, "ListPrice", list);
  org_table_set_real (table, "UnitPrice", price);
  org_table_set_real (table, "TotalPrice", to_cents (price * quantity));
  org_table_set_real (table, "Discount__c", to_number (v[L_DISCOUNT]) * 100);
  org_table_set_real (table, "Saved__c", to_cents (list * quantity - price * quantity));
  set_date (table, "ServiceDate", order_row[ORDERED]);
  org_table_insert (table, load->n_rows);
}

static void
insert_line_item (Load       *load,
                  char      **v,
                  guint64     order,
                  guint64     product,
                  double      price)
{
  char **product_values = g_hash_table_lookup (load->products, v[L_PRODUCT]);
  g_autofree char *code = g_strdup_printf ("NW-%03" G_GUINT64_FORMAT, product);
  double quantity = to_number (v[L_QUANTITY]);
  OrgTable *table = load->second;

  org_table_set_text (table, "Name", product_values[PRODUCT_NAME]);
  org_table_set_text (table, "ProductCode", code);
  org_table_set_id (table, "OpportunityId", order);
  org_table_set_id (table, "Product2Id", product);
  org_table_set_id (table, "PricebookEntryId", product);
  org_table_set_real (table, "Quantity", quantity);
  org_table_set_real (table, "ListPrice", to_number (v[L_PRICE]));
  org_table_set_real (table, "UnitPrice", price);
  org_table_set_real (table, "TotalPrice", to_cents (price * quantity));
  org_table_set_real (table, "Discount", to_number (v[L_DISCOUNT]) * 100);
  org_table_insert (table, load->n_rows);
}

static void
line_row (char     **v,
          gpointer   user_data)
{
  Load *load = user_data;
  guint64 order = g_ascii_strtoull (v[L_ORDER], NULL, 10) - FIRST_ORDER + 1;
  guint64 product = g_ascii_strtoull (v[L_PRODUCT], NULL, 10);
  double price = to_cents (to_number (v[L_PRICE]) * (1 - to_number (v[L_DISCOUNT])));

  load->n_rows++;
  if (!g_hash_table_contains (load->kept, v[L_ORDER]))
    return;

  *get_total (load, v[L_ORDER]) += to_cents (price * to_number (v[L_QUANTITY]));
  insert_order_item (load, v, order, product, price);
  insert_line_item (load, v, order, product, price);
}

static void
kept_order_row (char     **v,
                gpointer   user_data)
{
  Load *load = user_data;

  if (!load->sandbox || strcmp (v[ORDERED], SANDBOX_FIRST_DAY) >= 0)
    g_hash_table_insert (load->kept, g_strdup (v[ORDER_ID]), g_strdupv (v));
}

static void
remember_product_row (char     **v,
                      gpointer   user_data)
{
  Load *load = user_data;

  g_hash_table_insert (load->products, g_strdup (v[PRODUCT_ID]), g_strdupv (v));
}

static void
insert_order (Load     *load,
              char    **v,
              guint64   account,
              guint64   serial)
{
  static const char *carriers[] = { "Speedy Express", "United Package", "Federal Shipping" };
  OrgTable *table = load->first;
  g_autofree char *number = g_strdup_printf ("%08" G_GUINT64_FORMAT, g_ascii_strtoull (v[ORDER_ID], NULL, 10));
  char **customer = g_ptr_array_index (load->customer_rows, account - 1);
  guint64 carrier = g_ascii_strtoull (v[CARRIER], NULL, 10);

  org_table_set_text (table, "OrderNumber", number);
  org_table_set_text (table, "Name", v[SHIP_NAME]);
  org_table_set_text (table, "Status", *v[SHIPPED] != '\0' ? "Activated" : "Draft");
  org_table_set_text (table, "Type", "Standard");
  org_table_set_id (table, "AccountId", account);
  org_table_set_id (table, "Pricebook2Id", 1);
  org_table_set_id (table, "OwnerId", g_ascii_strtoull (v[O_EMPLOYEE], NULL, 10) + ORG_FIRST_EMPLOYEE - 1);
  set_date (table, "EffectiveDate", v[ORDERED]);
  set_date (table, "Required_Date__c", v[REQUIRED]);
  set_date (table, "Shipped_Date__c", v[SHIPPED]);
  if (carrier >= 1 && carrier <= G_N_ELEMENTS (carriers))
    org_table_set_text (table, "Carrier__c", carriers[carrier - 1]);
  org_table_set_real (table, "Freight__c", to_number (v[FREIGHT]));
  org_table_set_real (table, "TotalAmount", to_cents (*get_total (load, v[ORDER_ID])));
  set_address (table, "Billing", customer + ADDRESS);
  set_address (table, "Shipping", v + SHIP_ADDRESS);
  org_table_insert (table, serial);
}

static void
insert_opportunity (Load     *load,
                    char    **v,
                    guint64   account,
                    guint64   serial)
{
  OrgTable *table = load->second;
  char **customer = g_ptr_array_index (load->customer_rows, account - 1);
  g_autofree char *name = g_strconcat (customer[COMPANY], " ", v[ORDER_ID], NULL);
  gboolean won = *v[SHIPPED] != '\0';
  double amount = to_cents (*get_total (load, v[ORDER_ID]));

  org_table_set_text (table, "Name", name);
  org_table_set_text (table, "StageName", won ? "Closed Won" : "Negotiation/Review");
  org_table_set_text (table, "Type", "Existing Customer");
  org_table_set_real (table, "Amount", amount);
  org_table_set_real (table, "Probability", won ? 100 : 90);
  org_table_set_real (table, "ExpectedRevenue", to_cents (won ? amount : amount * 0.9));
  org_table_set_int (table, "IsClosed", won);
  org_table_set_int (table, "IsWon", won);
  org_table_set_int (table, "HasOpportunityLineItem", 1);
  set_date (table, "CloseDate", v[ORDERED]);
  org_table_set_id (table, "AccountId", account);
  org_table_set_id (table, "Pricebook2Id", 1);
  org_table_set_id (table, "OwnerId", g_ascii_strtoull (v[O_EMPLOYEE], NULL, 10) + ORG_FIRST_EMPLOYEE - 1);
  org_table_insert (table, serial);
}

static void
order_row (char     **v,
           gpointer   user_data)
{
  Load *load = user_data;
  guint64 serial = g_ascii_strtoull (v[ORDER_ID], NULL, 10) - FIRST_ORDER + 1;
  guint64 account = GPOINTER_TO_SIZE (g_hash_table_lookup (load->customers, v[O_CUSTOMER]));

  if (account == 0 || !g_hash_table_contains (load->kept, v[ORDER_ID]))
    return;

  insert_order (load, v, account, serial);
  insert_opportunity (load, v, account, serial);
}

static void
load_pair (Load          *load,
           const char    *first,
           const char    *second,
           const char    *file,
           OrgCsvRowFunc  func)
{
  load->first = org_table_open (load->data, first);
  load->second = org_table_open (load->data, second);
  load_file (load, file, func);

  if (func == customer_row)
    {
      insert_assistants (load);
      insert_deleted (load);
    }

  g_clear_pointer (&load->first, org_table_close);
  g_clear_pointer (&load->second, org_table_close);
}

/**
 * org_northwind_load_business:
 * @data: an org with users and products
 *
 * Stores Northwind's customers as accounts with contacts, and its orders as
 * orders and as opportunities.
 */
void
org_northwind_load_business (OrgData *data)
{
  Load load;

  load_init (&load, data);
  load_pair (&load, "Account", "Contact", "customers.csv", customer_row);
  load_file (&load, "products.csv", remember_product_row);
  load_file (&load, "orders.csv", kept_order_row);
  load_pair (&load, "OrderItem", "OpportunityLineItem", "order_details.csv", line_row);
  load_pair (&load, "Order", "Opportunity", "orders.csv", order_row);
  load_clear (&load);
}
