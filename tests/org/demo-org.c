/* SPDX-License-Identifier: GPL-3.0-or-later */

/* sluice-demo-org: a simulated Salesforce org on this computer. `--help` lists the
 * users, the consumer keys with their policies, the faults and the control paths. */

#include <glib-unix.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "org-api.h"
#include "org-apps.h"
#include "org-check.h"
#include "org-control.h"
#include "org-faults.h"
#include "org-people.h"
#include "org-server.h"
#include "org-switches.h"

typedef struct
{
  OrgServerOptions options;
  char *org;
  char *source;
  char *state;
  char *log;
  char *faults;
  char *instance;
  int port;
  int latency;
  int limit;
  int concurrent;
  int long_call;
  int session;
  int session_calls;
  int newest;
  int child_limit;
  int bulk_delay;
  int bulk_page;
  gboolean short_pages;
  gboolean exit_with_parent;
  gboolean exit_on_eof;
} Arguments;

static void
arguments_clear (Arguments *a)
{
  g_free (a->org);
  g_free (a->source);
  g_free (a->state);
  g_free (a->log);
  g_free (a->faults);
  g_free (a->instance);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Arguments, arguments_clear)

static gboolean
quit_cb (gpointer loop)
{
  g_main_loop_quit (loop);

  return G_SOURCE_REMOVE;
}

static gboolean
parent_ended_cb (int          fd,
                 GIOCondition condition,
                 gpointer     loop)
{
  g_main_loop_quit (loop);

  return G_SOURCE_REMOVE;
}

/* A descriptor of the parent, not a signal at its death: that would come when the
 * thread ends that started us. */
static void
watch_parent (GMainLoop *loop)
{
  pid_t parent = getppid ();
  int fd = (int) syscall (SYS_pidfd_open, parent, 0);

  if (fd >= 0)
    g_unix_fd_add (fd, G_IO_IN, parent_ended_cb, loop);
  else
    prctl (PR_SET_PDEATHSIG, SIGTERM);

  if (getppid () != parent)
    g_main_loop_quit (loop);
}

static gboolean
input_cb (int          fd,
          GIOCondition condition,
          gpointer     loop)
{
  char buffer[256];

  if (read (fd, buffer, sizeof buffer) > 0)
    return G_SOURCE_CONTINUE;

  g_main_loop_quit (loop);

  return G_SOURCE_REMOVE;
}

static char *
make_description (void)
{
  GString *text = g_string_new ("Users, all with the password “" ORG_PASSWORD "”:\n");
  g_autofree char *faults = org_faults_dup_help ();
  g_autofree char *control = org_control_dup_help ();
  g_autofree char *rules = org_check_dup_help ();
  guint n_people;
  const OrgPerson *people = org_people_get (&n_people);
  guint n_apps;
  const OrgApp *apps = org_apps_get (&n_apps);

  for (guint i = 0; i < n_people; i++)
    g_string_append_printf (text, "  %-24s %s\n", people[i].username, people[i].summary);
  g_string_append (text, "\nConsumer keys, all with the secret “" ORG_APP_SECRET "”:\n");
  for (guint i = 0; i < n_apps; i++)
    g_string_append_printf (text, "  %-24s %s\n", apps[i].key, apps[i].summary);
  g_string_append (text, "\nRules that records can break; generated records (--data N) cannot be written at all:\n");
  g_string_append (text, rules);
  g_string_append (text, "\nFaults: a comma-separated list of [MATCH#]WHICH:FAULT[=ARGUMENT]. WHICH is N, N-M, N- or *\n"
                         "and counts the requests that MATCH: a kind (api, oauth, page), any part of a path (query,\n"
                         "token, limits), or its beginning (/services/data). For example\n"
                         "  --fault 'query#2:truncate,api#5-7:503,token#1:lose'\n");
  g_string_append (text, faults);
  g_string_append (text, "\nControl: POST to ADDRESS/__demo/…, parameters as a form or in the address;\n"
                         "GET /__demo/status tells how things are.\n");
  g_string_append (text, control);

  return g_string_free (text, FALSE);
}

static gboolean
parse_arguments (Arguments   *a,
                 int         *argc,
                 char      ***argv,
                 GError     **error)
{
  const GOptionEntry entries[] = {
    { "port", 0, 0, G_OPTION_ARG_INT, &a->port, "Where to listen; 0 for any free port", "N" },
    { "org", 0, 0, G_OPTION_ARG_STRING, &a->org, "“production” or “sandbox”", "KIND" },
    { "data", 0, 0, G_OPTION_ARG_STRING, &a->source, "“northwind”, or how many accounts to generate", "DATA" },
    { "state", 0, 0, G_OPTION_ARG_FILENAME, &a->state, "Keep grants and the count of calls in FILE", "FILE" },
    { "log", 0, 0, G_OPTION_ARG_FILENAME, &a->log, "Add one JSON line for each request to FILE", "FILE" },
    { "latency", 0, 0, G_OPTION_ARG_INT, &a->latency, "Let every answer wait so long", "MS" },
    { "fault", 0, 0, G_OPTION_ARG_STRING, &a->faults, "What goes wrong, see below", "SPEC" },
    { "daily-limit", 0, 0, G_OPTION_ARG_INT, &a->limit, "Calls of the API in 24 hours", "N" },
    { "concurrent-limit", 0, 0, G_OPTION_ARG_INT, &a->concurrent, "Long calls at once", "N" },
    { "long-call", 0, 0, G_OPTION_ARG_INT, &a->long_call, "From when on a call is long", "SECONDS" },
    { "session", 0, 0, G_OPTION_ARG_INT, &a->session, "Access tokens expire when unused so long", "SECONDS" },
    { "session-calls", 0, 0, G_OPTION_ARG_INT, &a->session_calls, "Access tokens expire after N calls", "N" },
    { "newest", 0, 0, G_OPTION_ARG_INT, &a->newest, "Newest version of the API", "N" },
    { "short-pages", 0, 0, G_OPTION_ARG_NONE, &a->short_pages, "Pages of queries shorter than asked for", NULL },
    { "child-limit", 0, 0, G_OPTION_ARG_INT, &a->child_limit, "So many children come with their parent", "N" },
    { "bulk-delay", 0, 0, G_OPTION_ARG_INT, &a->bulk_delay, "Bulk jobs take so long", "MS" },
    { "bulk-page", 0, 0, G_OPTION_ARG_INT, &a->bulk_page, "Records on a page of Bulk results at most", "N" },
    { "instance-url", 0, 0, G_OPTION_ARG_STRING, &a->instance, "Another instance_url in token answers", "URL" },
    { "exit-with-parent", 0, 0, G_OPTION_ARG_NONE, &a->exit_with_parent, "End when the parent ends", NULL },
    { "exit-on-eof", 0, 0, G_OPTION_ARG_NONE, &a->exit_on_eof, "End when standard input is closed", NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr(GOptionContext) context = g_option_context_new ("- a simulated Salesforce org");
  g_autofree char *description = make_description ();

  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_set_description (context, description);

  return g_option_context_parse (context, argc, argv, error);
}

static gboolean
check_number (const char  *name,
              int          number,
              int          min,
              int          max,
              GError     **error)
{
  if (number >= min && number <= max)
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--%s must be from %d to %d, not %d", name, min, max,
               number);

  return FALSE;
}

static gboolean
check_arguments (Arguments  *a,
                 GError    **error)
{
  OrgServerOptions *o = &a->options;

  if (!check_number ("port", a->port, 0, 65535, error) || !check_number ("latency", a->latency, 0, 3600000, error)
      || !check_number ("daily-limit", a->limit, 0, G_MAXINT, error)
      || !check_number ("concurrent-limit", a->concurrent, 1, G_MAXINT, error)
      || !check_number ("long-call", a->long_call, 0, 86400, error)
      || !check_number ("session", a->session, 1, G_MAXINT, error)
      || !check_number ("session-calls", a->session_calls, 0, G_MAXINT, error)
      || !check_number ("child-limit", a->child_limit, 0, 2000, error)
      || !check_number ("bulk-delay", a->bulk_delay, 0, 86400000, error)
      || !check_number ("bulk-page", a->bulk_page, 1, G_MAXINT, error)
      || !check_number ("newest", a->newest, 31, 999, error))
    return FALSE;

  if (a->org != NULL && g_strcmp0 (a->org, "sandbox") != 0 && g_strcmp0 (a->org, "production") != 0)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "--org must be “production” or “sandbox”, not “%s”",
                   a->org);
      return FALSE;
    }

  o->kind = g_strcmp0 (a->org, "sandbox") == 0 ? ORG_KIND_SANDBOX : ORG_KIND_PRODUCTION;
  o->source = a->source != NULL ? a->source : "northwind";
  o->state = a->state;
  o->log = a->log;
  o->faults = a->faults;
  o->instance = a->instance;
  o->port = (guint) a->port;
  o->latency = (guint) a->latency;
  o->limit = (guint) a->limit;
  o->concurrent = (guint) a->concurrent;
  o->long_call = (guint) a->long_call;
  o->session = (guint) a->session;
  o->session_calls = (guint) a->session_calls;
  o->newest = (guint) a->newest;
  o->short_pages = a->short_pages;
  o->child_limit = (guint) a->child_limit;
  o->bulk_delay = (guint) a->bulk_delay;
  o->bulk_page = (guint) a->bulk_page;

  return TRUE;
}

static int
fail (const GError *error)
{
  g_printerr ("sluice-demo-org: %s\n", error->message);

  return 1;
}

int
main (int    argc,
      char **argv)
{
  g_auto(Arguments) arguments = { .limit = 100000, .concurrent = 25, .long_call = 20, .session = 7200,
                                  .newest = ORG_API_NEWEST, .bulk_page = ORG_BULK_PAGE };
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(OrgServer) server = NULL;
  g_autoptr(GError) error = NULL;

  /* Characters only: numbers are written for programs. */
  setlocale (LC_CTYPE, "");
  signal (SIGPIPE, SIG_IGN);
  if (!parse_arguments (&arguments, &argc, &argv, &error) || !check_arguments (&arguments, &error))
    return fail (error);

  server = org_server_new (&arguments.options, &error);
  if (server == NULL)
    return fail (error);

  g_unix_signal_add (SIGTERM, quit_cb, loop);
  g_unix_signal_add (SIGINT, quit_cb, loop);
  if (arguments.exit_on_eof)
    g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP, input_cb, loop);
  if (arguments.exit_with_parent)
    watch_parent (loop);

  printf ("%s\n", org_server_get_address (server));
  fflush (stdout);
  g_main_loop_run (loop);

  return 0;
}
