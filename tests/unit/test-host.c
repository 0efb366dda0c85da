/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-error.h"
#include "sluice-host.h"

typedef struct
{
  const char *text;
  const char *url;
} Row;

static void
check_rows (const Row *rows,
            gsize      n_rows,
            gboolean   guessed)
{
  for (gsize i = 0; i < n_rows; i++)
    {
      g_autoptr(GError) error = NULL;
      gboolean needs_confirmation = !guessed;
      g_autofree char *url = sluice_host_normalise (rows[i].text, &needs_confirmation, &error);

      g_test_message ("%s", rows[i].text);
      g_assert_no_error (error);
      g_assert_cmpstr (url, ==, rows[i].url);
      g_assert_cmpint (needs_confirmation, ==, guessed);
      g_assert_true (sluice_host_is_trusted (url));
    }
}

static void
test_org_pages (void)
{
  static const Row rows[] = {
    { "https://northpier.lightning.force.com/lightning/page/home", "https://northpier.my.salesforce.com" },
    { "northpier--uat.sandbox.lightning.force.com", "https://northpier--uat.sandbox.my.salesforce.com" },
    { "https://orgfarm-1a2b-dev-ed.develop.my.salesforce-setup.com/lightning/setup/SetupOneHome/home",
      "https://orgfarm-1a2b-dev-ed.develop.my.salesforce.com" },
    { "https://northpier--uat.sandbox.my.salesforce-setup.com/", "https://northpier--uat.sandbox.my.salesforce.com" },
    { "northpier.my-lightning.com", "https://northpier.my-salesforce.com" },
    { "northpier.lightning.crmforce.mil", "https://northpier.my.salesforce.mil" },
    { "northpier.lightning.sfcrmapps.cn", "https://northpier.my.sfcrmproducts.cn" },
  };

  check_rows (rows, G_N_ELEMENTS (rows), FALSE);
}

static void
test_login_hosts (void)
{
  static const Row rows[] = {
    { "HTTP://Login.Salesforce.com/", "https://login.salesforce.com" },
    { "test.salesforce.com", "https://test.salesforce.com" },
    { "login", "https://login.salesforce.com" },
    { "test", "https://test.salesforce.com" },
    { "  northpier.my.salesforce.com\n", "https://northpier.my.salesforce.com" },
    { "northpier.my.salesforce.com.", "https://northpier.my.salesforce.com" },
    { "//northpier.my.salesforce.com/x", "https://northpier.my.salesforce.com" },
    { "https://NorthPier.my.salesforce.com:8443/secur/frontdoor.jsp?sid=00D!x#top", "https://northpier.my.salesforce.com" },
    { "northpier.my.salesforce.com?x=1", "https://northpier.my.salesforce.com" },
    { "northpier-dev-ed.my.salesforce.com", "https://northpier-dev-ed.my.salesforce.com" },
    { "northpier.scratch.my.salesforce.com", "https://northpier.scratch.my.salesforce.com" },
    { "northpier.my.salesforce.mil", "https://northpier.my.salesforce.mil" },
    { "northpier.my.sfcrmproducts.cn", "https://northpier.my.sfcrmproducts.cn" },
    { "northpier.my-salesforce.com", "https://northpier.my-salesforce.com" },
    { "northpier", "https://northpier.my.salesforce.com" },
    { "NorthPier-2", "https://northpier-2.my.salesforce.com" },
  };

  check_rows (rows, G_N_ELEMENTS (rows), FALSE);
}

static void
test_instances (void)
{
  static const Row rows[] = {
    { "https://na123.salesforce.com/home/home.jsp", "https://login.salesforce.com" },
    { "cs12.salesforce.com", "https://test.salesforce.com" },
    { "eu5.salesforce.com", "https://login.salesforce.com" },
    { "ap4.salesforce.com", "https://login.salesforce.com" },
    { "na7-api.salesforce.com", "https://login.salesforce.com" },
    { "na123.lightning.force.com", "https://login.salesforce.com" },
    { "cs12.lightning.force.com", "https://test.salesforce.com" },
    { "na123", "https://login.salesforce.com" },
  };

  check_rows (rows, G_N_ELEMENTS (rows), FALSE);
}

static void
test_guesses (void)
{
  static const Row rows[] = {
    { "https://northpier.my.site.com/shop", "https://northpier.my.salesforce.com" },
    { "northpier--c.vf.force.com", "https://northpier.my.salesforce.com" },
    { "northpier.file.force.com", "https://northpier.my.salesforce.com" },
    { "northpier.my.salesforce-scrt.com", "https://northpier.my.salesforce.com" },
    { "northpier.builder.salesforce-experience.com", "https://northpier.my.salesforce.com" },
    { "northpier--uat.sandbox.my.site.com", "https://northpier--uat.sandbox.my.salesforce.com" },
    { "northpier--uat--c.sandbox.vf.force.com", "https://northpier--uat.sandbox.my.salesforce.com" },
    { "northpier-dev-ed--c.develop.vf.force.com", "https://northpier-dev-ed.develop.my.salesforce.com" },
    { "northpier--c.na1.visual.force.com", "https://northpier.my.salesforce.com" },
    { "c.cs3.visual.force.com", "https://test.salesforce.com" },
    { "northpier--c.documentforce.com", "https://northpier.my.salesforce.com" },
    { "northpier--uat", "https://northpier--uat.sandbox.my.salesforce.com" },
    { "northpier.cloudforce.com", "https://northpier.cloudforce.com" },
    { "northpier.secure.force.com", "https://northpier.secure.force.com" },
  };

  check_rows (rows, G_N_ELEMENTS (rows), TRUE);
}

static void
test_loopback (void)
{
  static const Row rows[] = {
    { "http://localhost:8080", "http://localhost:8080" },
    { "http://127.0.0.1:45678/services/data", "http://127.0.0.1:45678" },
    { "http://[::1]:9000/", "http://[::1]:9000" },
    { "https://localhost:8443/x?y", "https://localhost:8443" },
    { "localhost:8080", "http://localhost:8080" },
    { "LOCALHOST", "http://localhost" },
  };

  check_rows (rows, G_N_ELEMENTS (rows), FALSE);
}

static void
test_refused (void)
{
  static const struct
  {
    const char *text;
    const char *reason;
  } rows[] = {
    { "", "Enter the address*" },
    { "   ", "Enter the address*" },
    { "https://", "This is not a web address*" },
    { "north pier", "*web address*" },
    { "https://northpier.my.salesforce.com:99999", "*web address*" },
    { "ftp://northpier.my.salesforce.com", "*https://*" },
    { "javascript://northpier.my.salesforce.com", "*https://*" },
    { "https://user@northpier.my.salesforce.com", "*user name*" },
    { "https://user:pw@northpier.my.salesforce.com", "*user name*" },
    { "https://@northpier.my.salesforce.com", "*user name*" },
    { "mara@northpier.example", "*user name*" },
    { "https://northpier.my.salesforce.com.evil.example", "*looks like*does not belong*" },
    { "https://evil.example/?x=.my.salesforce.com", "*“evil.example” does not belong*" },
    { "https://evil.example/.my.salesforce.com", "*“evil.example” does not belong*" },
    { "https://evil.example\\.my.salesforce.com", "*web address*" },
    { "https://evilsalesforce.com", "*looks like*" },
    { "https://my-salesforce.com.example", "*looks like*" },
    { "https://salesforce.com", "*website*" },
    { "https://www.salesforce.com/", "*website*" },
    { "help.salesforce.com", "*website*" },
    { "https://n\xc3\xb6rthpier.my.salesforce.com", "*web address*" },
    { "https://-x.my.salesforce.com", "*web address*" },
    { "https://a..my.salesforce.com", "*web address*" },
    { "https://.my.salesforce.com", "*web address*" },
    { "https://north_pier.my.salesforce.com", "*web address*" },
    { "https://10.0.0.1", "*does not belong*" },
    { "https://[2001:db8::1]/", "*web address*" },
    { "12345", "*does not belong*" },
    { "https://localhost.evil.example:8080", "*does not belong*" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr(GError) error = NULL;
      gboolean needs_confirmation = TRUE;
      g_autofree char *url = sluice_host_normalise (rows[i].text, &needs_confirmation, &error);

      g_test_message ("%s", rows[i].text);
      g_assert_null (url);
      g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
      g_assert_false (needs_confirmation);
      g_assert_true (g_pattern_match_simple (rows[i].reason, error->message));
    }
}

/* A pasted address may be a link that signs its reader in. */
static void
test_reason_keeps_secrets (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (sluice_host_normalise ("https://evil.example/secur/frontdoor.jsp?sid=00D!SECRET", NULL, &error));
  g_assert_error (error, SLUICE_ERROR, SLUICE_ERROR_INVALID);
  g_assert_null (strstr (error->message, "SECRET"));
}

static void
test_trusted (void)
{
  static const char * const trusted[] = {
    "https://login.salesforce.com/id/00D/005",
    "https://northpier.my.salesforce.com",
    "https://NORTHPIER.MY.SALESFORCE.COM:443/services/data",
    "https://x.cloudforce.com",
    "https://x.content.force.com",
    "https://x.secure.force.com",
    "https://x.salesforceliveagent.com",
    "https://x.my.sfcrmproducts.cn",
    "https://x.my.salesforce.mil",
    "https://x.crmforce.mil",
    "https://x.my-salesforce.com",
    "http://localhost:1",
    "http://127.0.0.1",
    "http://[::1]:8080/services",
    "https://localhost",
  };
  static const char * const untrusted[] = {
    "http://northpier.my.salesforce.com",
    "https://northpier.my.salesforce.com:8443",
    "https://northpier.my.salesforce.com.evil.example",
    "https://evil.example/.salesforce.com",
    "https://evil.example#.salesforce.com",
    "https://evil.example?.salesforce.com",
    "https://user@northpier.my.salesforce.com",
    "https://evilsalesforce.com",
    "https://salesforce.com@evil.example",
    "https://xcrmforce.mil",
    "https://northpier.my.site.com",
    "http://localhost.evil.example",
    "http://127.0.0.1.evil.example",
    "http://10.0.0.1",
    "http://0.0.0.0",
    "ftp://localhost",
    "https://",
    "northpier.my.salesforce.com",
    "",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (trusted); i++)
    {
      g_test_message ("%s", trusted[i]);
      g_assert_true (sluice_host_is_trusted (trusted[i]));
    }

  for (gsize i = 0; i < G_N_ELEMENTS (untrusted); i++)
    {
      g_test_message ("%s", untrusted[i]);
      g_assert_false (sluice_host_is_trusted (untrusted[i]));
    }

  g_assert_false (sluice_host_is_trusted (NULL));
}

static void
test_is_loopback (void)
{
  g_assert_true (sluice_host_is_loopback ("http://localhost:8080/x"));
  g_assert_true (sluice_host_is_loopback ("http://127.1.2.3"));
  g_assert_true (sluice_host_is_loopback ("http://[::1]"));
  g_assert_false (sluice_host_is_loopback ("http://localhost@evil.example"));
  g_assert_false (sluice_host_is_loopback ("http://evil.example/localhost"));
  g_assert_false (sluice_host_is_loopback ("http://[::]"));
  g_assert_false (sluice_host_is_loopback (NULL));
}

static void
test_setup_links (void)
{
  g_autofree char *apps = sluice_host_dup_setup_link ("https://northpier.my.salesforce.com/",
                                                      SLUICE_SETUP_EXTERNAL_CLIENT_APPS);
  g_autofree char *demo = sluice_host_dup_setup_link ("http://localhost:8080", SLUICE_SETUP_LOGIN_HISTORY);

  g_assert_cmpstr (apps, ==,
                   "https://northpier.my.salesforce.com/lightning/setup/ManageExternalClientApplication/home");
  g_assert_cmpstr (demo, ==, "http://localhost:8080/lightning/setup/OrgLoginHistory/home");
  g_assert_null (sluice_host_dup_setup_link ("https://northpier.my.salesforce.com", SLUICE_SETUP_NONE));
  g_assert_null (sluice_host_dup_setup_link ("https://evil.example", SLUICE_SETUP_MY_DOMAIN));
  g_assert_null (sluice_host_dup_setup_link (NULL, SLUICE_SETUP_MY_DOMAIN));

  for (guint page = SLUICE_SETUP_NONE + 1; page <= SLUICE_SETUP_LOGIN_HISTORY; page++)
    {
      g_autofree char *link = sluice_host_dup_setup_link ("https://x.my.salesforce.com", page);

      g_assert_true (g_str_has_suffix (link, "/home"));
      g_assert_null (strstr (link, "(null)"));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/net/host/org-pages", test_org_pages);
  g_test_add_func ("/net/host/login-hosts", test_login_hosts);
  g_test_add_func ("/net/host/instances", test_instances);
  g_test_add_func ("/net/host/guesses", test_guesses);
  g_test_add_func ("/net/host/loopback", test_loopback);
  g_test_add_func ("/net/host/refused", test_refused);
  g_test_add_func ("/net/host/reason-keeps-secrets", test_reason_keeps_secrets);
  g_test_add_func ("/net/host/trusted", test_trusted);
  g_test_add_func ("/net/host/is-loopback", test_is_loopback);
  g_test_add_func ("/net/host/setup-links", test_setup_links);

  return g_test_run ();
}
