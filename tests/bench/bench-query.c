/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * bench-query: how much memory `sluicectl query` takes for 100,000 and for 1,000,000 records
 *
 * Memory must not grow with the number of records: the second peak may be 10 % above the first, and both stay under
 * 60 MB. Ends with 1 when they do not.
 */

#include "config.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli-home.h"
#include "demo-process.h"
#include "test-utils.h"

#define SOQL "SELECT Id, Name, Industry, Phone, BillingCity, BillingCountry, CreatedDate, SystemModstamp FROM Account LIMIT %u"
#define FEW 100000
#define MANY 1000000
#define MAX_GROWTH 1.10
#define MAX_MEGABYTES 60.0

typedef struct
{
  double seconds;
  double megabytes;
} Cost;

static void
run (CliHome            *home,
     const char * const *words)
{
  if (cli_home_run (home, "file", NULL, words) != 0)
    g_error ("sluicectl %s: %s", words[0], home->err);
}

static void
sign_in (CliHome     *home,
         DemoProcess *org)
{
  const char * const add[] = { "subscription", "add", "--name", "Bench", "--api-url", org->url, "--consumer-key", "demo",
                               "--throttle-limit", "0", NULL };
  const char * const authenticate[] = { "authenticate", "Bench", "--print-url", NULL };
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GDataInputStream) lines = NULL;
  g_autofree char *url = NULL;
  GAsyncResult *visit = NULL;

  run (home, add);
  process = cli_home_start (home, "file", authenticate);
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (lines), FALSE);
  url = g_data_input_stream_read_line (lines, NULL, NULL, NULL);
  g_assert_nonnull (url);

  demo_browser_visit_async (url, "admin@demo.example", "allow", keep_result, &visit);
  if (cli_home_end (home, process, NULL) != 0)
    g_error ("sluicectl authenticate: %s", home->err);
  wait_for (visit != NULL);
  g_object_unref (visit);
}

/* The records have no line breaks, so each line is one. */
static guint
count_rows (int fd)
{
  static char buffer[1 << 16];
  guint n_lines = 0;
  gssize size;

  while ((size = read (fd, buffer, sizeof buffer)) > 0)
    {
      for (gssize i = 0; i < size; i++)
        n_lines += buffer[i] == '\n';
    }
  close (fd);

  return n_lines - 1;
}

/* GSubprocess reaps its children itself and does not tell what they used. */
static Cost
measure (CliHome *home,
         guint    n_rows)
{
  g_autofree char *soql = g_strdup_printf (SOQL, n_rows);
  const char *words[] = { g_getenv ("SLUICECTL"), "query", "Bench", soql, NULL };
  g_auto(GStrv) environment = cli_home_dup_environment (home, "file");
  g_autoptr(GError) error = NULL;
  gint64 started = g_get_monotonic_time ();
  struct rusage usage;
  int status, output;
  GPid pid;

  g_spawn_async_with_pipes (home->path, (char **) words, environment, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid,
                            NULL, &output, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_rows (output), ==, n_rows);
  g_assert_cmpint (wait4 (pid, &status, 0, &usage), ==, pid);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);

  return (Cost) {
    .seconds = (double) (g_get_monotonic_time () - started) / G_USEC_PER_SEC,
    .megabytes = (double) usage.ru_maxrss / 1024.0,
  };
}

static void
print_cost (guint n_rows,
            Cost  cost)
{
  g_print ("%9u records  %7.1f s  %9.0f records/s  peak %5.1f MB\n", n_rows, cost.seconds,
           (double) n_rows / cost.seconds, cost.megabytes);
}

int
main (int   argc,
      char *argv[])
{
  CliHome *home = cli_home_new ();
  DemoProcess *org = demo_process_new ("--data=1000000", NULL);
  Cost few, many;
  double growth;

  sign_in (home, org);
  few = measure (home, FEW);
  print_cost (FEW, few);
  many = measure (home, MANY);
  print_cost (MANY, many);
  growth = many.megabytes / few.megabytes;
  g_print ("growth %.3f (at most %.2f), peak %.1f MB (at most %.0f)\n", growth, MAX_GROWTH, many.megabytes, MAX_MEGABYTES);

  demo_process_free (org);
  cli_home_free (home);

  return growth <= MAX_GROWTH && many.megabytes <= MAX_MEGABYTES && few.megabytes <= MAX_MEGABYTES ? 0 : 1;
}
