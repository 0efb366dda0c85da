/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-sign-in-policy.h"

#define REDIRECT "http://localhost:7717/OauthRedirect"

static SluiceSignInPolicy *
new_policy (const char *authorize_url)
{
  GError *error = NULL;
  SluiceSignInPolicy *policy = sluice_sign_in_policy_new (authorize_url, REDIRECT, &error);

  g_assert_no_error (error);

  return policy;
}

static void
test_addresses (void)
{
  struct { const char *authorize_url; const char *redirect_uri; gboolean usable; } cases[] = {
    { "https://login.salesforce.com/services/oauth2/authorize?a=b", REDIRECT, TRUE },
    { "http://localhost:8080/services/oauth2/authorize", REDIRECT, TRUE },
    { "http://127.0.0.1:8080/services/oauth2/authorize", REDIRECT, TRUE },
    { "http://[::1]:8080/services/oauth2/authorize", REDIRECT, TRUE },
    { "http://login.salesforce.com/services/oauth2/authorize", REDIRECT, FALSE },
    { "http://localhost.evil.example/services/oauth2/authorize", REDIRECT, FALSE },
    { "https://login.salesforce.com/", "https://evil.example/OauthRedirect", FALSE },
    { "file:///etc/passwd", REDIRECT, FALSE },
    { "", "", FALSE },
    { "https://", REDIRECT, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(SluiceSignInPolicy) policy = NULL;
      g_autoptr(GError) error = NULL;

      policy = sluice_sign_in_policy_new (cases[i].authorize_url, cases[i].redirect_uri, &error);

      g_assert_cmpint (policy != NULL, ==, cases[i].usable);
      g_assert_cmpint (error == NULL, ==, cases[i].usable);
    }
}

static void
test_redirect (void)
{
  g_autoptr(SluiceSignInPolicy) policy = new_policy ("https://login.salesforce.com/");

  g_assert_true (sluice_sign_in_policy_is_redirect (policy, REDIRECT));
  g_assert_true (sluice_sign_in_policy_is_redirect (policy, REDIRECT "?code=a&state=b"));
  g_assert_false (sluice_sign_in_policy_is_redirect (policy, REDIRECT "/more"));
  g_assert_false (sluice_sign_in_policy_is_redirect (policy, "http://localhost:7718/OauthRedirect"));
  g_assert_false (sluice_sign_in_policy_is_redirect (policy, "https://evil.example/?" REDIRECT));
}

static void
test_judge (void)
{
  g_autoptr(SluiceSignInPolicy) policy = new_policy ("https://northpier.my.salesforce.com/services/oauth2/authorize");
  struct { const char *address; gboolean link_clicked; SluiceSignInVerdict verdict; } cases[] = {
    { "https://northpier.my.salesforce.com/login", TRUE, SLUICE_SIGN_IN_ALLOW },
    { "https://northpier.my.salesforce.com:8443/login", TRUE, SLUICE_SIGN_IN_OUTSIDE },
    { "https://example.com/privacy", TRUE, SLUICE_SIGN_IN_OUTSIDE },
    { "https://sso.company.example/saml", FALSE, SLUICE_SIGN_IN_ALLOW },
    { "https://sso.company.example/forgot", TRUE, SLUICE_SIGN_IN_ALLOW },
    { "https://SSO.company.example/forgot", TRUE, SLUICE_SIGN_IN_ALLOW },
    { "http://sso.company.example/saml", FALSE, SLUICE_SIGN_IN_REFUSE },
    { "http://localhost:9000/", FALSE, SLUICE_SIGN_IN_REFUSE },
    { REDIRECT "?code=a", FALSE, SLUICE_SIGN_IN_ALLOW },
    { "about:blank", FALSE, SLUICE_SIGN_IN_ALLOW },
    { "about:config", FALSE, SLUICE_SIGN_IN_REFUSE },
    { "file:///etc/passwd", FALSE, SLUICE_SIGN_IN_REFUSE },
    { "data:text/html,hello", FALSE, SLUICE_SIGN_IN_REFUSE },
    { "javascript:alert(1)", TRUE, SLUICE_SIGN_IN_REFUSE },
    { "mailto:help@northpier.example", TRUE, SLUICE_SIGN_IN_REFUSE },
    { "", FALSE, SLUICE_SIGN_IN_REFUSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (sluice_sign_in_policy_judge (policy, cases[i].address, cases[i].link_clicked), ==,
                     cases[i].verdict);
}

static void
test_loopback_login (void)
{
  g_autoptr(SluiceSignInPolicy) policy = new_policy ("http://localhost:8080/services/oauth2/authorize");

  g_assert_cmpint (sluice_sign_in_policy_judge (policy, "http://localhost:8080/login", TRUE), ==, SLUICE_SIGN_IN_ALLOW);
  g_assert_cmpint (sluice_sign_in_policy_judge (policy, "http://localhost:8081/", FALSE), ==, SLUICE_SIGN_IN_REFUSE);
  g_assert_cmpint (sluice_sign_in_policy_judge (policy, "http://evil.example:8080/", FALSE), ==, SLUICE_SIGN_IN_REFUSE);
}

static void
test_error_page (void)
{
  g_autoptr(SluiceSignInPolicy) policy = new_policy ("https://login.salesforce.com/");

  g_assert_true (sluice_sign_in_policy_is_error_page (policy,
    "https://login.salesforce.com/setup/secur/RemoteAccessErrorPage.apexp?error=invalid_client_id"));
  g_assert_false (sluice_sign_in_policy_is_error_page (policy,
    "https://login.salesforce.com/?next=/setup/secur/RemoteAccessErrorPage.apexp"));
  g_assert_false (sluice_sign_in_policy_is_error_page (policy, REDIRECT "?error=access_denied"));
  g_assert_false (sluice_sign_in_policy_is_error_page (policy, "not an address"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sign-in-window/policy/addresses", test_addresses);
  g_test_add_func ("/sign-in-window/policy/redirect", test_redirect);
  g_test_add_func ("/sign-in-window/policy/judge", test_judge);
  g_test_add_func ("/sign-in-window/policy/loopback-login", test_loopback_login);
  g_test_add_func ("/sign-in-window/policy/error-page", test_error_page);

  return g_test_run ();
}
