/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The demo org as a program: its address, log, state and end. */

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "demo-client.h"

#define TOKEN "/services/oauth2/token"
#define ADMIN "admin@demo.example"
#define VERIFIER "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define WITH_CHALLENGE "&scope=api%20refresh_token&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

static GSubprocess *
spawn (GSubprocessFlags   flags,
       const char * const *arguments)
{
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();
  g_autoptr(GError) error = NULL;
  GSubprocess *process;

  g_ptr_array_add (argv, (gpointer) g_getenv ("SLUICE_DEMO_ORG"));
  for (; *arguments != NULL; arguments++)
    g_ptr_array_add (argv, (gpointer) *arguments);
  g_ptr_array_add (argv, NULL);
  process = g_subprocess_newv ((const char * const *) argv->pdata, flags, &error);
  g_assert_no_error (error);

  return process;
}

static char *
read_address (GSubprocess *process)
{
  g_autoptr(GDataInputStream) output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));

  return g_data_input_stream_read_line_utf8 (output, NULL, NULL, NULL);
}

static void
assert_fails (const char *message,
              const char * const *arguments)
{
  g_autoptr(GSubprocess) process = spawn (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, arguments);
  g_autofree char *output = NULL;
  g_autofree char *errors = NULL;
  g_autoptr(GError) error = NULL;

  g_subprocess_communicate_utf8 (process, NULL, NULL, &output, &errors, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 1);
  g_assert_cmpstr (output, ==, "");
  g_assert_true (g_str_has_prefix (errors, "sluice-demo-org: "));
  if (message != NULL)
    g_assert_nonnull (strstr (errors, message));
}

static void
test_wrong_arguments (void)
{
  assert_fails ("--port", (const char *[]) { "--port", "70000", NULL });
  assert_fails ("--org", (const char *[]) { "--org", "staging", NULL });
  assert_fails ("northwind", (const char *[]) { "--data", "lots", NULL });
  assert_fails ("A fault is", (const char *[]) { "--fault", "nonsense", NULL });
  assert_fails ("log", (const char *[]) { "--log", "/nowhere/at/all", NULL });
  assert_fails (NULL, (const char *[]) { "--nonsense", NULL });
}

static void
test_port_in_use (void)
{
  g_autoptr(DemoOrg) org = demo_org_start (NULL, NULL);

  assert_fails (NULL, (const char *[]) { "--port", strrchr (org->address, ':') + 1, NULL });
}

static void
test_help (void)
{
  g_autoptr(GSubprocess) process = spawn (G_SUBPROCESS_FLAGS_STDOUT_PIPE, (const char *[]) { "--help", NULL });
  g_autofree char *output = NULL;

  g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, NULL);

  g_assert_nonnull (strstr (output, ADMIN));
  g_assert_nonnull (strstr (output, "demo-blocked"));
  g_assert_nonnull (strstr (output, "truncate"));
  g_assert_nonnull (strstr (output, "expire"));
}

static void
test_ends_on_signal (void)
{
  static const int signals[] = { SIGTERM, SIGINT };

  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    {
      g_autoptr(GSubprocess) process = spawn (G_SUBPROCESS_FLAGS_STDOUT_PIPE, (const char *[]) { NULL });
      g_autofree char *address = read_address (process);
      g_autoptr(GError) error = NULL;

      g_assert_true (g_str_has_prefix (address, "http://localhost:"));
      g_subprocess_send_signal (process, signals[i]);
      g_subprocess_wait_check (process, NULL, &error);
      g_assert_no_error (error);
    }
}

/* A shell starts it and ends; that it has ended shows as the end of its output. */
static void
test_ends_with_parent (void)
{
  g_autofree char *command = g_strdup_printf ("exec 3<&0; { '%s' --exit-with-parent & }; read line <&3",
                                              g_getenv ("SLUICE_DEMO_ORG"));
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocess) shell = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                                                   &error, "sh", "-c", command, NULL);
  g_autoptr(GDataInputStream) output = NULL;
  g_autofree char *address = NULL;
  g_autofree char *rest = NULL;

  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (shell));
  address = g_data_input_stream_read_line_utf8 (output, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (address);
  g_output_stream_close (g_subprocess_get_stdin_pipe (shell), NULL, NULL);
  rest = g_data_input_stream_read_line_utf8 (output, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_null (rest);
}

static char *
sign_in (DemoOrg    *org,
         char      **access,
         char      **code)
{
  g_autoptr(DemoBrowser) browser = demo_browser_new (org);
  g_autofree char *url = demo_authorize_url ("demo", WITH_CHALLENGE);
  g_autofree char *location = demo_browser_allow (browser, url, ADMIN);
  g_autofree char *form = NULL;
  g_autoptr(DemoReply) reply = NULL;
  g_autofree char *encoded = NULL;

  *code = demo_url_parameter (location, "code");
  encoded = g_uri_escape_string (*code, NULL, FALSE);
  form = g_strdup_printf ("grant_type=authorization_code&client_id=demo&code=%s&redirect_uri=" DEMO_CALLBACK
                          "&code_verifier=" VERIFIER, encoded);
  reply = demo_org_post (org, TOKEN, form);
  g_assert_cmpuint (reply->status, ==, 200);
  *access = demo_reply_member (reply, "access_token");

  return demo_reply_member (reply, "refresh_token");
}

static void
test_log (void)
{
  g_autoptr(DemoOrg) org = demo_org_start (NULL, NULL);
  g_autofree char *token = demo_org_log_in (org, ADMIN);
  g_autoptr(DemoReply) api = demo_org_get (org, DEMO_API "/query?q=SELECT+Id+FROM+Account+LIMIT+1", token);
  g_autoptr(DemoReply) page = demo_org_get (org, "/?startURL=%2Fx", NULL);
  g_autofree char *log = demo_org_read_log (org, 3);
  g_auto(GStrv) lines = g_strsplit (log, "\n", -1);
  static const char *kinds[] = { "oauth", "api", "page" };
  static const char *paths[] = { TOKEN, DEMO_API "/query?q=SELECT+Id+FROM+Account+LIMIT+1", "/" };
  double previous = 0;

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(JsonNode) node = json_from_string (lines[i], &error);
      JsonObject *object;

      g_assert_no_error (error);
      object = json_node_get_object (node);
      g_assert_cmpuint (json_object_get_size (object), ==, 7);
      g_assert_cmpfloat (json_object_get_double_member (object, "t"), >=, previous);
      previous = json_object_get_double_member (object, "t");
      g_assert_cmpfloat (json_object_get_double_member (object, "end"), >=, previous);
      g_assert_cmpstr (json_object_get_string_member (object, "method"), ==, i == 0 ? "POST" : "GET");
      g_assert_cmpstr (json_object_get_string_member (object, "path"), ==, paths[i]);
      g_assert_cmpint (json_object_get_int_member (object, "status"), ==, 200);
      g_assert_cmpstr (json_object_get_string_member (object, "kind"), ==, kinds[i]);
      g_assert_cmpint (json_object_get_int_member (object, "bytes"), >, 0);
    }
}

static void
assert_absent (const char *text,
               const char *secret)
{
  g_autofree char *encoded = g_uri_escape_string (secret, NULL, FALSE);

  g_assert_null (strstr (text, secret));
  g_assert_null (strstr (text, encoded));
}

static void
test_no_secrets_written (void)
{
  g_autoptr(DemoOrg) org = demo_org_start (NULL, NULL);
  g_autofree char *state = g_build_filename (org->folder, "state", NULL);
  g_autofree char *access = NULL;
  g_autofree char *code = NULL;
  g_autofree char *refresh = NULL;
  g_autofree char *in_query = NULL;
  g_autofree char *encoded = NULL;
  g_autofree char *log = NULL;
  g_autofree char *saved = NULL;

  demo_org_restart (org, "--state", state, NULL);
  refresh = sign_in (org, &access, &code);
  encoded = g_uri_escape_string (access, NULL, FALSE);
  in_query = g_strdup_printf ("/services/oauth2/userinfo?access_token=%s", encoded);
  {
    g_autoptr(DemoReply) user_info = demo_org_get (org, in_query, NULL);
    g_autofree char *path = g_strdup_printf (DEMO_API "/limits?oauth_token=%s", encoded);
    g_autoptr(DemoReply) limits = demo_org_get (org, path, access);
    g_autofree char *revoke = g_strdup_printf ("/services/oauth2/revoke?token=%s", refresh);

    saved = demo_org_read_file (org, "state");
    g_assert_cmpuint (user_info->status, ==, 200);
    g_assert_cmpuint (limits->status, ==, 200);
    demo_reply_free (demo_org_get (org, revoke, NULL));
  }
  demo_org_restart (org, NULL, NULL);
  log = demo_org_read_file (org, "log");

  g_assert_nonnull (strstr (log, "/services/oauth2/authorize"));
  g_assert_nonnull (strstr (saved, "\"grants\""));
  for (guint i = 0; i < 2; i++)
    {
      const char *text = i == 0 ? log : saved;

      assert_absent (text, access);
      assert_absent (text, refresh);
      assert_absent (text, code);
      assert_absent (text, VERIFIER);
      g_assert_null (strstr (text, "source="));
      g_assert_null (strstr (text, "password="));
    }
}

static void
test_state_outlives (void)
{
  g_autoptr(DemoOrg) org = demo_org_start (NULL, NULL);
  g_autofree char *state = g_build_filename (org->folder, "state", NULL);
  g_autofree char *access = NULL;
  g_autofree char *code = NULL;
  g_autofree char *refresh = NULL;
  g_autofree char *form = NULL;
  g_autoptr(DemoReply) before = NULL;
  g_autoptr(DemoReply) after = NULL;
  g_autoptr(DemoReply) refreshed = NULL;
  g_autoptr(DemoReply) reused = NULL;
  GStatBuf info;

  demo_org_restart (org, "--state", state, NULL);
  refresh = sign_in (org, &access, &code);
  before = demo_org_get (org, DEMO_API, access);
  demo_org_restart (org, "--state", state, NULL);
  after = demo_org_get (org, DEMO_API, access);
  form = g_strdup_printf ("grant_type=refresh_token&client_id=demo&refresh_token=%s", refresh);
  refreshed = demo_org_post (org, TOKEN, form);
  demo_org_restart (org, "--state", state, NULL);
  reused = demo_org_post (org, TOKEN, form);
  g_stat (state, &info);

  g_assert_cmpstr (demo_reply_header (before, "Sforce-Limit-Info"), ==, "api-usage=1/100000");
  g_assert_cmpstr (demo_reply_header (after, "Sforce-Limit-Info"), ==, "api-usage=2/100000");
  g_assert_cmpuint (refreshed->status, ==, 200);
  demo_reply_assert_oauth (reused, "invalid_grant", "expired access/refresh token");
  g_assert_cmpuint (info.st_mode & 0777, ==, 0600);
}

/* Killed at once after the answer: the token is known nevertheless. */
static void
test_state_survives_kill (void)
{
  g_autoptr(DemoOrg) org = demo_org_start (NULL, NULL);
  g_autofree char *state = g_build_filename (org->folder, "state", NULL);
  g_autoptr(GSubprocess) process = spawn (G_SUBPROCESS_FLAGS_STDOUT_PIPE, (const char *[]) { "--state", state, NULL });
  g_autofree char *address = read_address (process);
  g_autofree char *access = NULL;
  g_autoptr(DemoReply) reply = NULL;

  {
    DemoOrg other = *org;

    other.address = address;
    access = demo_org_log_in (&other, ADMIN);
  }
  g_subprocess_force_exit (process);
  g_subprocess_wait (process, NULL, NULL);
  demo_org_restart (org, "--state", state, NULL);
  reply = demo_org_get (org, DEMO_API, access);

  g_assert_cmpuint (reply->status, ==, 200);
}

/* Also where a query has got to. */
static void
test_state_cursor (void)
{
  g_autoptr(DemoOrg) org = demo_org_start (NULL, NULL);
  g_autofree char *state = g_build_filename (org->folder, "state", NULL);
  g_autofree char *access = NULL;
  g_autofree char *next = NULL;
  g_autoptr(DemoReply) first = NULL;
  g_autoptr(DemoReply) before = NULL;
  g_autoptr(DemoReply) after = NULL;

  demo_org_restart (org, "--data", "5000", "--state", state, NULL);
  access = demo_org_log_in (org, ADMIN);
  first = demo_org_get (org, DEMO_API "/query?q=SELECT+Id,Name+FROM+Account", access);
  next = demo_reply_member (first, "nextRecordsUrl");
  before = demo_org_get (org, next, access);
  demo_org_restart (org, "--data", "5000", "--state", state, NULL);
  after = demo_org_get (org, next, access);

  g_assert_cmpuint (after->status, ==, 200);
  g_assert_cmpstr (after->body, ==, before->body);
}

static void
test_state_damaged (void)
{
  static const char *texts[] = { "", "{", "[]", "{\"version\":2}", "{\"version\":1,\"grants\":[],\"usage\":3}",
                                 "{\"version\":1,\"grants\":[],\"usage\":[],\"organization\":\"00DHs0000000001MAA\"}" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(DemoOrg) org = demo_org_start (NULL, NULL);
      g_autofree char *state = g_build_filename (org->folder, "state", NULL);
      g_autofree char *kept = NULL;
      g_autofree char *token = NULL;

      g_file_set_contents (state, texts[i], -1, NULL);
      demo_org_restart (org, "--state", state, NULL);
      token = demo_org_log_in (org, ADMIN);
      kept = demo_org_read_file (org, "state.damaged");

      g_assert_cmpstr (kept, ==, texts[i]);
    }
}

static void
test_state_odd_members (void)
{
  g_autoptr(DemoOrg) org = demo_org_start (NULL, NULL);
  g_autofree char *state = g_build_filename (org->folder, "state", NULL);
  g_autofree char *token = NULL;

  g_file_set_contents (state,
                       "{\"version\":1,\"organization\":\"00D5e0000000001EAA\",\"usage\":[1,[],[\"a\",2],[1,2,3]],"
                       "\"grants\":[null,7,{},{\"app\":\"demo\",\"user\":3},{\"app\":\"gone\",\"user\":\"x\"},"
                       "{\"app\":\"demo\",\"user\":\"" ADMIN "\",\"scope\":\"api\",\"refresh\":[],\"dead\":[1,{}],"
                       "\"tokens\":[0,{\"hash\":null},{\"hash\":\"x\",\"issued\":\"y\"}]}]}", -1, NULL);
  demo_org_restart (org, "--state", state, NULL);
  token = demo_org_log_in (org, ADMIN);

  g_assert_nonnull (token);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/org/program/wrong-arguments", test_wrong_arguments);
  g_test_add_func ("/org/program/port-in-use", test_port_in_use);
  g_test_add_func ("/org/program/help", test_help);
  g_test_add_func ("/org/program/ends-on-signal", test_ends_on_signal);
  g_test_add_func ("/org/program/ends-with-parent", test_ends_with_parent);
  g_test_add_func ("/org/program/log", test_log);
  g_test_add_func ("/org/program/no-secrets-written", test_no_secrets_written);
  g_test_add_func ("/org/program/state/outlives", test_state_outlives);
  g_test_add_func ("/org/program/state/survives-kill", test_state_survives_kill);
  g_test_add_func ("/org/program/state/cursor", test_state_cursor);
  g_test_add_func ("/org/program/state/damaged", test_state_damaged);
  g_test_add_func ("/org/program/state/odd-members", test_state_odd_members);

  return g_test_run ();
}
