/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the demo org's objects look like. Names, types and lengths are those
 * of a Salesforce org with orders switched on; fields ending in __c are ours. */

#include "org-schema-private.h"

#define R ORG_FIELD_REQUIRED
#define W ORG_FIELD_WRITABLE
#define C ORG_FIELD_CUSTOM

#define TEXT(n, l, size, f) { n, l, ORG_TYPE_STRING, f, size }
#define AREA(n, l, size, f) { n, l, ORG_TYPE_TEXTAREA, (f) | ORG_FIELD_NO_FILTER, size }
#define PART(n, l, size, whole) { n, l, ORG_TYPE_STRING, W, size, .compound = whole }
#define STREET(n, l, whole) { n, l, ORG_TYPE_TEXTAREA, W, 255, .compound = whole }
#define PHONE(n, l, f) { n, l, ORG_TYPE_PHONE, f, 40 }
#define EMAIL(n, l, f) { n, l, ORG_TYPE_EMAIL, f, 80 }
#define LINK(n, l, f) { n, l, ORG_TYPE_URL, f, 255 }
#define FLAG(n, l, f) { n, l, ORG_TYPE_BOOLEAN, R | (f) }
#define INTEGER(n, l, digits, f) { n, l, ORG_TYPE_INT, f, digits }
#define NUMBER(n, l, digits, places, f) { n, l, ORG_TYPE_DOUBLE, f, digits, places }
#define MONEY(n, l, f) { n, l, ORG_TYPE_CURRENCY, f, 18, 2 }
#define PERCENT(n, l, f) { n, l, ORG_TYPE_PERCENT, f, 5, 2 }
#define DATE(n, l, f) { n, l, ORG_TYPE_DATE, f }
#define TIME(n, l, f) { n, l, ORG_TYPE_DATETIME, f }
#define PICK(n, l, f, list) { n, l, ORG_TYPE_PICKLIST, f, 255, .values = list }
#define REF(n, l, f, to, rel, kids) \
  { n, l, ORG_TYPE_REFERENCE, f, 18, .targets = to, .relationship = rel, .children = kids }
#define ADDRESS(n, l, parts) { n, l, ORG_TYPE_ADDRESS, ORG_FIELD_NO_FILTER, .compound = parts }

#define ADDRESS_FIELDS(p, l) \
  STREET (p "Street", l " Street", p "Address"), \
  PART (p "City", l " City", 40, p "Address"), \
  PART (p "State", l " State/Province", 80, p "Address"), \
  PART (p "PostalCode", l " Zip/Postal Code", 20, p "Address"), \
  PART (p "Country", l " Country", 80, p "Address"), \
  ADDRESS (p "Address", l " Address", p)

#define STAGES \
  "Prospecting;Qualification;Needs Analysis;Value Proposition;Proposal/Price Quote;" \
  "Negotiation/Review;Closed Won;Closed Lost"
#define FAMILIES \
  "Beverages;Condiments;Confections;Dairy Products;Grains/Cereals;Meat/Poultry;Produce;Seafood"
#define CARRIERS "Speedy Express;United Package;Federal Shipping"

const OrgField org_schema_head_fields[] = {
  { "Id", "Record ID", ORG_TYPE_ID, R, 18 },
  FLAG ("IsDeleted", "Deleted", 0),
  { NULL },
};

const OrgField org_schema_owner_field[] = {
  REF ("OwnerId", "Owner ID", R | W, "User", "Owner", NULL),
  { NULL },
};

const OrgField org_schema_tail_fields[] = {
  TIME ("CreatedDate", "Created Date", R),
  REF ("CreatedById", "Created By ID", R, "User", "CreatedBy", NULL),
  TIME ("LastModifiedDate", "Last Modified Date", R),
  REF ("LastModifiedById", "Last Modified By ID", R, "User", "LastModifiedBy", NULL),
  TIME ("SystemModstamp", "System Modstamp", R),
  { NULL },
};

static const OrgField account_fields[] = {
  TEXT ("Name", "Account Name", 255, R | W | ORG_FIELD_NAME),
  PICK ("Type", "Account Type", W, "Prospect;Customer - Direct;Customer - Channel;Other"),
  REF ("ParentId", "Parent Account ID", W, "Account", "Parent", "ChildAccounts"),
  ADDRESS_FIELDS ("Billing", "Billing"),
  ADDRESS_FIELDS ("Shipping", "Shipping"),
  PHONE ("Phone", "Account Phone", W),
  PHONE ("Fax", "Account Fax", W),
  TEXT ("AccountNumber", "Account Number", 40, W),
  LINK ("Website", "Website", W),
  PICK ("Industry", "Industry", W, "Agriculture;Food & Beverage;Hospitality;Retail;Other"),
  MONEY ("AnnualRevenue", "Annual Revenue", W),
  INTEGER ("NumberOfEmployees", "Employees", 8, W),
  AREA ("Description", "Account Description", 32000, W),
  PICK ("AccountSource", "Account Source", W, "Web;Phone Inquiry;Partner Referral;Other"),
  DATE ("LastActivityDate", "Last Activity", 0),
  TEXT ("Northwind_Code__c", "Northwind Code", 5, W | C | ORG_FIELD_EXTERNAL_ID | ORG_FIELD_UNIQUE),
  MONEY ("Credit_Limit__c", "Credit Limit", W | C | ORG_FIELD_ADMIN_ONLY),
  TEXT ("External__c", "External Key", 80, W | C | ORG_FIELD_EXTERNAL_ID | ORG_FIELD_UNIQUE),
  { NULL },
};

static const OrgField contact_fields[] = {
  REF ("AccountId", "Account ID", W, "Account", "Account", "Contacts"),
  { "LastName", "Last Name", ORG_TYPE_STRING, R | W, 80, .compound = "Name" },
  { "FirstName", "First Name", ORG_TYPE_STRING, W, 40, .compound = "Name" },
  PICK ("Salutation", "Salutation", W, "Mr.;Ms.;Mrs.;Dr.;Prof."),
  TEXT ("Name", "Full Name", 121, R | ORG_FIELD_NAME),
  ADDRESS_FIELDS ("Mailing", "Mailing"),
  PHONE ("Phone", "Business Phone", W),
  PHONE ("Fax", "Business Fax", W),
  PHONE ("MobilePhone", "Mobile Phone", W),
  REF ("ReportsToId", "Reports To ID", W, "Contact", "ReportsTo", NULL),
  EMAIL ("Email", "Email", W),
  TEXT ("Title", "Title", 128, W),
  TEXT ("Department", "Department", 80, W),
  DATE ("Birthdate", "Birthdate", W),
  FLAG ("HasOptedOutOfEmail", "Email Opt Out", W),
  TEXT ("External__c", "External Key", 80, W | C | ORG_FIELD_EXTERNAL_ID),
  { NULL },
};

static const OrgField product_fields[] = {
  TEXT ("Name", "Product Name", 255, R | W | ORG_FIELD_NAME),
  TEXT ("ProductCode", "Product Code", 255, W),
  AREA ("Description", "Product Description", 4000, W),
  FLAG ("IsActive", "Active", W),
  PICK ("Family", "Product Family", W, FAMILIES),
  PICK ("QuantityUnitOfMeasure", "Quantity Unit Of Measure", W, "Each"),
  TEXT ("StockKeepingUnit", "Product SKU", 180, W),
  TEXT ("Quantity_per_Unit__c", "Quantity per Unit", 80, W | C),
  NUMBER ("Units_in_Stock__c", "Units in Stock", 18, 0, W | C),
  { NULL },
};

static const OrgField pricebook_fields[] = {
  TEXT ("Name", "Price Book Name", 255, R | W | ORG_FIELD_NAME),
  FLAG ("IsActive", "Active", W),
  FLAG ("IsStandard", "Is Standard Price Book", 0),
  TEXT ("Description", "Description", 255, W),
  { NULL },
};

static const OrgField pricebook_entry_fields[] = {
  TEXT ("Name", "Product Name", 255, ORG_FIELD_NAME),
  REF ("Pricebook2Id", "Price Book ID", R | W | ORG_FIELD_CASCADE, "Pricebook2", "Pricebook2", "PricebookEntries"),
  REF ("Product2Id", "Product ID", R | W | ORG_FIELD_CASCADE, "Product2", "Product2", "PricebookEntries"),
  MONEY ("UnitPrice", "List Price", R | W),
  FLAG ("IsActive", "Active", W),
  FLAG ("UseStandardPrice", "Use Standard Price", W),
  TEXT ("ProductCode", "Product Code", 255, 0),
  { NULL },
};

static const OrgField order_fields[] = {
  REF ("OwnerId", "Owner ID", R | W, "Group User", "Owner", NULL),
  REF ("AccountId", "Account ID", W, "Account", "Account", "Orders"),
  REF ("Pricebook2Id", "Price Book ID", W, "Pricebook2", "Pricebook2", "Orders"),
  DATE ("EffectiveDate", "Order Start Date", R | W),
  DATE ("EndDate", "Order End Date", W),
  PICK ("Status", "Status", R | W, "Draft;Activated"),
  AREA ("Description", "Description", 32000, W),
  TEXT ("Name", "Order Name", 80, W),
  ADDRESS_FIELDS ("Billing", "Billing"),
  ADDRESS_FIELDS ("Shipping", "Shipping"),
  PICK ("Type", "Order Type", W, "Standard"),
  TIME ("ActivatedDate", "Activated Date", W),
  { "OrderNumber", "Order Number", ORG_TYPE_STRING, R | ORG_FIELD_AUTO_NUMBER | ORG_FIELD_NAME, 30 },
  MONEY ("TotalAmount", "Order Amount", R | ORG_FIELD_CALCULATED),
  FLAG ("IsReductionOrder", "Reduction Order", W),
  DATE ("Required_Date__c", "Required Date", W | C),
  DATE ("Shipped_Date__c", "Shipped Date", W | C),
  PICK ("Carrier__c", "Carrier", W | C, CARRIERS),
  MONEY ("Freight__c", "Freight", W | C),
  TEXT ("External__c", "External Key", 80, W | C | ORG_FIELD_EXTERNAL_ID | ORG_FIELD_UNIQUE),
  { NULL },
};

static const OrgField shipper_fields[] = {
  TEXT ("Name", "Shipper Name", 80, W | ORG_FIELD_NAME),
  TEXT ("Shipper_Number__c", "Shipper Number", 10, W | C | ORG_FIELD_EXTERNAL_ID | ORG_FIELD_UNIQUE),
  REF ("Account__c", "Account", W | C, "Account", "Account__r", "Shippers__r"),
  PHONE ("Phone__c", "Phone", W | C),
  PICK ("Service__c", "Service", W | C, "Road;Rail;Sea;Air"),
  FLAG ("Tracks_Parcels__c", "Tracks Parcels", W | C),
  { NULL },
};

static const OrgField order_item_fields[] = {
  REF ("Product2Id", "Product ID", 0, "Product2", "Product2", "OrderItems"),
  REF ("OrderId", "Order ID", R | W | ORG_FIELD_CASCADE, "Order", "Order", "OrderItems"),
  REF ("PricebookEntryId", "Price Book Entry ID", W, "PricebookEntry", "PricebookEntry", "OrderItems"),
  NUMBER ("Quantity", "Quantity", 18, 2, R | W),
  MONEY ("UnitPrice", "Unit Price", W),
  MONEY ("ListPrice", "List Price", 0),
  MONEY ("TotalPrice", "Total Price", ORG_FIELD_CALCULATED),
  DATE ("ServiceDate", "Start Date", W),
  TEXT ("Description", "Line Description", 255, W),
  { "OrderItemNumber", "Order Product Number", ORG_TYPE_STRING, R | ORG_FIELD_AUTO_NUMBER | ORG_FIELD_NAME, 30 },
  PERCENT ("Discount__c", "Discount", W | C),
  { "Saved__c", "Saved", ORG_TYPE_CURRENCY, C | ORG_FIELD_CALCULATED, 18, 2,
    .formula = "ListPrice * Quantity - TotalPrice" },
  { NULL },
};

static const OrgField opportunity_fields[] = {
  REF ("AccountId", "Account ID", W, "Account", "Account", "Opportunities"),
  REF ("Pricebook2Id", "Price Book ID", W, "Pricebook2", "Pricebook2", "Opportunities"),
  TEXT ("Name", "Name", 120, R | W | ORG_FIELD_NAME),
  AREA ("Description", "Description", 32000, W),
  PICK ("StageName", "Stage", R | W, STAGES),
  MONEY ("Amount", "Amount", W),
  { "Probability", "Probability (%)", ORG_TYPE_PERCENT, W, 3, 0 },
  { "ExpectedRevenue", "Expected Amount", ORG_TYPE_CURRENCY, ORG_FIELD_CALCULATED, 18, 2,
    .formula = "Amount * Probability" },
  DATE ("CloseDate", "Close Date", R | W),
  PICK ("Type", "Opportunity Type", W, "New Customer;Existing Customer"),
  TEXT ("NextStep", "Next Step", 255, W),
  PICK ("LeadSource", "Lead Source", W, "Web;Phone Inquiry;Partner Referral;Other"),
  FLAG ("IsClosed", "Closed", 0),
  FLAG ("IsWon", "Won", 0),
  FLAG ("HasOpportunityLineItem", "Has Line Item", 0),
  { NULL },
};

static const OrgField line_item_fields[] = {
  REF ("OpportunityId", "Opportunity ID", R | W | ORG_FIELD_CASCADE, "Opportunity", "Opportunity", "OpportunityLineItems"),
  REF ("PricebookEntryId", "Price Book Entry ID", W, "PricebookEntry", "PricebookEntry", "OpportunityLineItems"),
  REF ("Product2Id", "Product ID", W, "Product2", "Product2", "OpportunityLineItems"),
  TEXT ("ProductCode", "Product Code", 255, 0),
  TEXT ("Name", "Opportunity Product Name", 376, ORG_FIELD_NAME),
  NUMBER ("Quantity", "Quantity", 10, 2, R | W),
  MONEY ("TotalPrice", "Total Price", W),
  MONEY ("UnitPrice", "Sales Price", W),
  MONEY ("ListPrice", "List Price", 0),
  { "Discount", "Discount", ORG_TYPE_PERCENT, W, 3, 2 },
  TEXT ("Description", "Line Description", 255, W),
  { NULL },
};

static const OrgField user_fields[] = {
  TEXT ("Username", "Username", 80, R | W | ORG_FIELD_UNIQUE),
  { "LastName", "Last Name", ORG_TYPE_STRING, R | W, 80, .compound = "Name" },
  { "FirstName", "First Name", ORG_TYPE_STRING, W, 40, .compound = "Name" },
  TEXT ("Name", "Full Name", 121, R | ORG_FIELD_NAME),
  TEXT ("CompanyName", "Company Name", 80, W),
  TEXT ("Department", "Department", 80, W),
  TEXT ("Title", "Title", 80, W),
  STREET ("Street", "Street", "Address"),
  PART ("City", "City", 40, "Address"),
  PART ("State", "State/Province", 80, "Address"),
  PART ("PostalCode", "Zip/Postal Code", 20, "Address"),
  PART ("Country", "Country", 80, "Address"),
  ADDRESS ("Address", "Address", ""),
  { "Email", "Email", ORG_TYPE_EMAIL, R | W, 128 },
  PHONE ("Phone", "Phone", W),
  PHONE ("Extension", "Extension", W),
  TEXT ("Alias", "Alias", 8, R | W),
  TEXT ("CommunityNickname", "Nickname", 40, R | W | ORG_FIELD_UNIQUE),
  FLAG ("IsActive", "Active", W),
  PICK ("TimeZoneSidKey", "Time Zone", R | W, "Europe/London;America/Los_Angeles;UTC"),
  PICK ("LocaleSidKey", "Locale", R | W, "en_US;en_GB;de_DE"),
  PICK ("LanguageLocaleKey", "Language", R | W, "en_US"),
  PICK ("EmailEncodingKey", "Email Encoding", R | W, "UTF-8"),
  REF ("ProfileId", "Profile ID", R | W, "Profile", "Profile", "Users"),
  PICK ("UserType", "User Type", 0, "Standard"),
  TEXT ("EmployeeNumber", "Employee Number", 20, W),
  REF ("ManagerId", "Manager ID", W, "User", "Manager", "ManagedUsers"),
  TEXT ("FederationIdentifier", "SAML Federation ID", 512, W | ORG_FIELD_UNIQUE),
  TIME ("LastLoginDate", "Last Login", 0),
  { NULL },
};

static const OrgField profile_fields[] = {
  TEXT ("Name", "Name", 255, R | W | ORG_FIELD_NAME),
  PICK ("UserType", "User Type", 0, "Standard"),
  TEXT ("Description", "Description", 255, W),
  FLAG ("PermissionsApiEnabled", "API Enabled", W),
  FLAG ("PermissionsViewAllData", "View All Data", W),
  FLAG ("PermissionsModifyAllData", "Modify All Data", W),
  { NULL },
};

static const OrgField organization_fields[] = {
  TEXT ("Name", "Name", 80, R | W | ORG_FIELD_NAME),
  TEXT ("Division", "Division", 80, W),
  STREET ("Street", "Street", "Address"),
  PART ("City", "City", 40, "Address"),
  PART ("State", "State/Province", 80, "Address"),
  PART ("PostalCode", "Zip/Postal Code", 20, "Address"),
  PART ("Country", "Country", 80, "Address"),
  ADDRESS ("Address", "Address", ""),
  PHONE ("Phone", "Phone", W),
  PHONE ("Fax", "Fax", W),
  TEXT ("PrimaryContact", "Primary Contact", 80, W),
  PICK ("DefaultLocaleSidKey", "Locale", R | W, "en_US;en_GB;de_DE"),
  PICK ("TimeZoneSidKey", "Time Zone", R | W, "Europe/London;America/Los_Angeles;UTC"),
  PICK ("LanguageLocaleKey", "Language", R | W, "en_US"),
  INTEGER ("FiscalYearStartMonth", "Fiscal Year Starts In", 2, W),
  TEXT ("NamespacePrefix", "Namespace Prefix", 15, 0),
  PICK ("OrganizationType", "Edition", 0, "Developer Edition;Enterprise Edition;Unlimited Edition"),
  TEXT ("InstanceName", "Instance Name", 5, 0),
  FLAG ("IsSandbox", "Is Sandbox", 0),
  FLAG ("IsReadOnly", "Is Read Only", 0),
  TIME ("TrialExpirationDate", "Trial Expiration Date", 0),
  { NULL },
};

const OrgObject org_schema_objects[] = {
  { "Account", "Account", "Accounts", "001", account_fields, TRUE },
  { "Contact", "Contact", "Contacts", "003", contact_fields, TRUE },
  { "Opportunity", "Opportunity", "Opportunities", "006", opportunity_fields, TRUE },
  { "OpportunityLineItem", "Opportunity Product", "Opportunity Product", "00k", line_item_fields },
  { "Order", "Order", "Orders", "801", order_fields },
  { "OrderItem", "Order Product", "Order Products", "802", order_item_fields },
  { "Organization", "Organization", "Organizations", "00D", organization_fields, FALSE, TRUE },
  { "Pricebook2", "Price Book", "Price Books", "01s", pricebook_fields },
  { "PricebookEntry", "Price Book Entry", "Price Book Entries", "01u", pricebook_entry_fields },
  { "Product2", "Product", "Products", "01t", product_fields },
  { "Profile", "Profile", "Profile", "00e", profile_fields, FALSE, TRUE },
  { "Shipper__c", "Shipper", "Shippers", "a00", shipper_fields, TRUE },
  { "User", "User", "Users", "005", user_fields, FALSE, TRUE },
};

const guint org_schema_n_objects = G_N_ELEMENTS (org_schema_objects);
