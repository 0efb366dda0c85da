/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <locale.h>
#include <string.h>

#include "sluice-error.h"
#include "sluice-write-plan.h"

#define ORG "00D5e000000ABCDEA4"

typedef struct
{
  SluiceSubscription *subscription;
} Fixture;

static void
connect_to (Fixture           *fixture,
            SluiceEnvironment  environment)
{
  g_autoptr(SluiceOrganization) organization =
    g_object_new (SLUICE_TYPE_ORGANIZATION, "id", ORG, "name", "NorthPier", "environment", environment, NULL);

  sluice_subscription_set_organization (fixture->subscription, organization);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  unused)
{
  fixture->subscription = sluice_subscription_new ();
  sluice_subscription_set_name (fixture->subscription, "Sales");
  connect_to (fixture, SLUICE_ENVIRONMENT_PRODUCTION);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  unused)
{
  g_assert_finalize_object (fixture->subscription);
}

static SluiceWritePlan *
new_plan (Fixture         *fixture,
          SluiceWriteVerb  verb)
{
  g_autoptr(GError) error = NULL;
  SluiceWritePlan *plan = sluice_write_plan_new (fixture->subscription, verb, "Account", 3, &error);

  g_assert_no_error (error);

  return plan;
}

static SluiceWritePermit *
new_permit (Fixture         *fixture,
            SluiceWriteVerb  verb)
{
  g_autoptr(SluiceWritePlan) plan = new_plan (fixture, verb);
  g_autoptr(GError) error = NULL;
  SluiceWritePermit *permit = sluice_write_plan_confirm (plan, "Account", &error);

  g_assert_no_error (error);

  return permit;
}

static void
test_unverified (Fixture       *fixture,
                 gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  sluice_subscription_set_organization (fixture->subscription, NULL);
  g_assert_null (sluice_write_plan_new (fixture->subscription, SLUICE_WRITE_INSERT, "Account", 3, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
}

static void
test_nothing_to_write (Fixture       *fixture,
                       gconstpointer  unused)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (sluice_write_plan_new (fixture->subscription, SLUICE_WRITE_INSERT, "Account", 0, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
}

static void
test_delete_needs_name (Fixture       *fixture,
                        gconstpointer  unused)
{
  static const char * const wrong[] = { NULL, "", "account", "Account ", "Contact" };
  g_autoptr(SluiceWritePlan) plan = new_plan (fixture, SLUICE_WRITE_DELETE);
  g_autoptr(SluiceWritePermit) permit = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (sluice_write_plan_get_needs_name (plan));

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_assert_null (sluice_write_plan_confirm (plan, wrong[i], &error));
      g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
      g_clear_error (&error);
    }

  permit = sluice_write_plan_confirm (plan, "Account", &error);
  g_assert_no_error (error);
  g_assert_nonnull (permit);
}

static void
test_name_by_environment (Fixture       *fixture,
                          gconstpointer  unused)
{
  static const struct
  {
    SluiceEnvironment environment;
    SluiceWriteVerb verb;
    gboolean needed;
  } cases[] = {
    { SLUICE_ENVIRONMENT_PRODUCTION, SLUICE_WRITE_UPSERT, FALSE },
    { SLUICE_ENVIRONMENT_UNKNOWN, SLUICE_WRITE_DELETE, TRUE },
    { SLUICE_ENVIRONMENT_SANDBOX, SLUICE_WRITE_DELETE, FALSE },
    { SLUICE_ENVIRONMENT_SCRATCH, SLUICE_WRITE_HARD_DELETE, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(SluiceWritePlan) plan = NULL;

      connect_to (fixture, cases[i].environment);
      plan = new_plan (fixture, cases[i].verb);
      g_assert_cmpint (sluice_write_plan_get_needs_name (plan), ==, cases[i].needed);
    }
}

static void
test_confirmed_once (Fixture       *fixture,
                     gconstpointer  unused)
{
  g_autoptr(SluiceWritePlan) plan = new_plan (fixture, SLUICE_WRITE_INSERT);
  g_autoptr(SluiceWritePermit) permit = sluice_write_plan_confirm (plan, NULL, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_nonnull (permit);
  g_assert_null (sluice_write_plan_confirm (plan, NULL, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
}

static void
test_words (Fixture       *fixture,
            gconstpointer  unused)
{
  static const char * const columns[] = { "Name", "Phone", NULL };
  static const char * const row[] = { "Acme", "1", NULL };
  g_autoptr(SluiceWritePlan) plan = new_plan (fixture, SLUICE_WRITE_DELETE);
  g_autofree char *question = sluice_write_plan_dup_question (plan);
  g_autofree char *destination = sluice_write_plan_dup_destination (plan);

  g_assert_cmpstr (question, ==, "Delete 3 records of Account?");
  g_assert_nonnull (strstr (destination, "Production"));
  g_assert_nonnull (strstr (destination, "NorthPier"));
  g_assert_nonnull (strstr (destination, ORG));
  g_assert_nonnull (strstr (destination, "Sales"));

  sluice_write_plan_set_columns (plan, columns);
  for (guint i = 0; i < 5; i++)
    sluice_write_plan_add_sample (plan, row);
  g_assert_cmpuint (sluice_write_plan_get_n_samples (plan), ==, SLUICE_WRITE_PLAN_SAMPLES);
  g_assert_cmpstr (sluice_write_plan_get_sample (plan, 2)[0], ==, "Acme");
  g_assert_cmpstr (sluice_write_plan_get_columns (plan)[1], ==, "Phone");
}

static void
test_one_run (Fixture       *fixture,
              gconstpointer  unused)
{
  g_autoptr(SluiceWritePermit) permit = new_permit (fixture, SLUICE_WRITE_UPDATE);
  g_autoptr(GError) error = NULL;

  g_assert_false (sluice_write_permit_take (permit, 1, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
  g_clear_error (&error);

  g_assert_true (sluice_write_permit_begin (permit, &error));
  g_assert_true (sluice_write_permit_check (permit, SLUICE_WRITE_UPDATE, "account", &error));
  sluice_write_permit_end (permit);

  g_assert_false (sluice_write_permit_check (permit, SLUICE_WRITE_UPDATE, "Account", &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (sluice_write_permit_begin (permit, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
}

static void
test_other_verb_or_object (Fixture       *fixture,
                           gconstpointer  unused)
{
  g_autoptr(SluiceWritePermit) permit = new_permit (fixture, SLUICE_WRITE_UPDATE);
  g_autoptr(GError) error = NULL;

  g_assert_true (sluice_write_permit_begin (permit, NULL));
  g_assert_false (sluice_write_permit_check (permit, SLUICE_WRITE_DELETE, "Account", &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (sluice_write_permit_check (permit, SLUICE_WRITE_UPDATE, "Contact", &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
}

static void
test_other_org (Fixture       *fixture,
                gconstpointer  unused)
{
  static const char * const others[] = { NULL, "", "00D5e000000WXYZEA4", "00D5e000000abcdEA4" };
  g_autoptr(SluiceWritePermit) permit = new_permit (fixture, SLUICE_WRITE_UPDATE);
  g_autoptr(GError) error = NULL;

  g_assert_true (sluice_write_permit_check_organization (permit, ORG, &error));
  g_assert_true (sluice_write_permit_check_organization (permit, "00D5e000000ABCD", &error));

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_assert_false (sluice_write_permit_check_organization (permit, others[i], &error));
      g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_OTHER_ORG);
      g_clear_error (&error);
    }
}

static void
test_too_many (Fixture       *fixture,
               gconstpointer  unused)
{
  g_autoptr(SluiceWritePermit) permit = new_permit (fixture, SLUICE_WRITE_INSERT);
  g_autoptr(GError) error = NULL;

  g_assert_true (sluice_write_permit_begin (permit, NULL));
  g_assert_true (sluice_write_permit_take (permit, 2, &error));
  g_assert_false (sluice_write_permit_take (permit, 2, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
  g_assert_cmpuint (sluice_write_permit_get_left (permit), ==, 1);
}

static void
test_verb_words (void)
{
  SluiceWriteVerb verb;

  for (int i = SLUICE_WRITE_INSERT; i <= SLUICE_WRITE_HARD_DELETE; i++)
    {
      g_assert_true (sluice_write_verb_from_nick (sluice_write_verb_get_nick (i), &verb));
      g_assert_cmpint (verb, ==, i);
      g_assert_cmpstr (sluice_write_verb_get_label (i), !=, "");
    }

  g_assert_false (sluice_write_verb_from_nick ("merge", &verb));
  g_assert_false (sluice_write_verb_from_nick (NULL, &verb));
}

#define ADD(path, func) g_test_add ("/model/write-permit/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  setlocale (LC_ALL, "");
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("unverified", test_unverified);
  ADD ("nothing-to-write", test_nothing_to_write);
  ADD ("delete-needs-name", test_delete_needs_name);
  ADD ("name-by-environment", test_name_by_environment);
  ADD ("confirmed-once", test_confirmed_once);
  ADD ("words", test_words);
  ADD ("one-run", test_one_run);
  ADD ("other-verb-or-object", test_other_verb_or_object);
  ADD ("other-org", test_other_org);
  ADD ("too-many", test_too_many);
  g_test_add_func ("/model/write-permit/verb-words", test_verb_words);

  return g_test_run ();
}
