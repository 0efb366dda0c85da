/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "mock-org.h"

#include <string.h>

#define JSON "application/json;charset=UTF-8"

static MockReply *
reply (const char *body)
{
  return mock_reply_add_header (mock_reply_new (200, JSON, body), "Sforce-Limit-Info", "api-usage=19/15000");
}

static MockReply *
answer (const MockRequest *request,
        gpointer           server)
{
  const char *path = request->path;

  if (strcmp (path, "/services/data") == 0)
    return reply ("[{\"version\":\"60.0\"},{\"version\":\"67.0\",\"label\":\"Summer '26\",\"url\":\"/services/data/v67.0\"}]");

  if (strcmp (path, "/services/data/v67.0/query") == 0)
    return reply ("{\"totalSize\":1,\"done\":true,\"records\":[{\"attributes\":{\"type\":\"Organization\"},"
                  "\"Id\":\"" MOCK_ORG_ID "\",\"Name\":\"NorthPier\",\"IsSandbox\":true,"
                  "\"OrganizationType\":\"Enterprise Edition\",\"InstanceName\":\"CS12\",\"TrialExpirationDate\":null,"
                  "\"NamespacePrefix\":null}]}");

  if (strcmp (path, "/services/data/v67.0/limits") == 0)
    return reply ("{\"DailyApiRequests\":{\"Max\":15000,\"Remaining\":14980},\"DataStorageMB\":{\"Max\":5,\"Remaining\":3}}");

  if (strcmp (path, "/id/" MOCK_ORG_ID "/0055e000000FGHIAA4") == 0)
    return reply ("{\"user_id\":\"0055e000000FGHIAA4\",\"organization_id\":\"" MOCK_ORG_ID "\","
                  "\"username\":\"mara@northpier.example\",\"display_name\":\"Mara Oduya\","
                  "\"email\":\"mara@northpier.example\"}");

  if (strcmp (path, "/services/oauth2/userinfo") == 0)
    return reply ("{\"user_id\":\"0055e000000FGHIAA4\",\"organization_id\":\"" MOCK_ORG_ID "\","
                  "\"preferred_username\":\"mara@northpier.example\",\"name\":\"Mara Oduya\"}");

  if (strcmp (path, "/services/oauth2/token") == 0)
    {
      const char *url = mock_server_get_url (server);
      g_autofree char *body =
        g_strdup_printf ("{\"access_token\":\"00D5e000000ABCD!new\",\"refresh_token\":\"5Aep861new\",\"instance_url\":\"%s\","
                         "\"id\":\"%s/id/" MOCK_ORG_ID "/0055e000000FGHIAA4\",\"token_type\":\"Bearer\","
                         "\"scope\":\"api refresh_token openid id\",\"issued_at\":\"1795437845123\"}", url, url);

      return reply (body);
    }

  if (strcmp (path, "/services/oauth2/revoke") == 0)
    return mock_reply_new (200, "text/plain", "");

  return NULL;
}

static MockReply *
hang_up (const MockRequest *request,
         gpointer           unused)
{
  return mock_reply_set_delivery (mock_reply_new (200, JSON, ""), MOCK_DROPPED);
}

void
mock_org_set_reachable (MockServer *server,
                        gboolean    reachable)
{
  mock_server_set_handler (server, reachable ? answer : hang_up, server);
}

MockServer *
mock_org_new (void)
{
  MockServer *server = mock_server_new ();

  mock_server_set_handler (server, answer, server);

  return server;
}

SluiceCredentials *
mock_org_new_credentials (MockServer *server)
{
  SluiceCredentials *credentials = sluice_credentials_new ();
  const char *url = mock_server_get_url (server);

  credentials->access_token = g_strdup ("00D5e000000ABCD!old");
  credentials->refresh_token = g_strdup ("5Aep861old");
  credentials->login_url = g_strdup (url);
  credentials->instance_url = g_strdup (url);
  credentials->identity_url = g_strconcat (url, "/id/" MOCK_ORG_ID "/0055e000000FGHIAA4", NULL);
  credentials->issued_at = 1795437000000;

  return credentials;
}

static void
page_shown_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) body = soup_session_send_and_read_finish (SOUP_SESSION (object), result, &error);

  /* A sign-in that was cancelled meanwhile closes the connection. */
  if (body == NULL)
    g_test_message ("The browser got no page: %s", error->message);
}

static void
go_back (SluiceSignIn *sign_in,
         const char   *parameters)
{
  g_autoptr(SoupSession) session = soup_session_new ();
  g_autoptr(SoupMessage) message = NULL;
  g_autoptr(GHashTable) query = NULL;
  g_autoptr(GUri) uri = NULL;
  g_autofree char *state = NULL;
  g_autofree char *address = NULL;

  uri = g_uri_parse (sluice_sign_in_get_url (sign_in), SOUP_HTTP_URI_FLAGS, NULL);
  query = soup_form_decode (g_uri_get_query (uri));
  state = g_uri_escape_string (g_hash_table_lookup (query, "state"), NULL, FALSE);
  address = g_strdup_printf ("%s?%s&state=%s", (const char *) g_hash_table_lookup (query, "redirect_uri"), parameters, state);
  message = soup_message_new ("GET", address);
  g_assert_nonnull (message);
  soup_session_send_and_read_async (session, message, G_PRIORITY_DEFAULT, NULL, page_shown_cb, NULL);
}

void
mock_org_allow (MockServer   *server,
                SluiceSignIn *sign_in)
{
  g_assert_true (g_str_has_prefix (sluice_sign_in_get_url (sign_in), mock_server_get_url (server)));
  go_back (sign_in, "code=aPrxcode%3D%3D");
}

void
mock_org_deny (SluiceSignIn *sign_in)
{
  go_back (sign_in, "error=access_denied&error_description=end-user+denied+authorization");
}
