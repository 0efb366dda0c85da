/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "cli-home.h"

#include <glib/gstdio.h>

#include "test-utils.h"

CliHome *
cli_home_new (void)
{
  CliHome *self = g_new0 (CliHome, 1);
  g_autofree char *folder = NULL;

  self->path = g_dir_make_tmp ("sluicectl-XXXXXX", NULL);
  folder = g_build_filename (self->path, "config", "sluice", "subscriptions", NULL);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);

  return self;
}

static void
remove_tree (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
      g_unlink (child);
    }
  g_rmdir (path);
}

void
cli_home_free (CliHome *self)
{
  remove_tree (self->path);
  g_free (self->path);
  g_free (self->out);
  g_free (self->err);
  g_free (self);
}

char *
cli_home_dup_subscription_file (CliHome    *self,
                                const char *id)
{
  g_autofree char *name = g_strconcat (id, ".json", NULL);

  return g_build_filename (self->path, "config", "sluice", "subscriptions", name, NULL);
}

char **
cli_home_dup_environment (CliHome    *self,
                          const char *backend)
{
  g_autofree char *cache = g_build_filename (self->path, "cache", NULL);
  g_autofree char *config = g_build_filename (self->path, "config", NULL);
  g_autofree char *keyring = g_build_filename (self->path, "secrets.keyring", NULL);
  char **environment = g_get_environ ();

  environment = g_environ_setenv (environment, "HOME", self->path, TRUE);
  environment = g_environ_setenv (environment, "XDG_CACHE_HOME", cache, TRUE);
  environment = g_environ_setenv (environment, "XDG_CONFIG_HOME", config, TRUE);
  /* No desktop files, so no browser; but the schemas that the proxy's settings need. */
  environment = g_environ_setenv (environment, "XDG_DATA_DIRS", self->path, TRUE);
  environment = g_environ_setenv (environment, "GSETTINGS_SCHEMA_DIR", "/usr/share/glib-2.0/schemas", FALSE);
  environment = g_environ_setenv (environment, "SECRET_BACKEND", backend, TRUE);
  environment = g_environ_setenv (environment, "SECRET_FILE_TEST_PATH", keyring, TRUE);
  environment = g_environ_setenv (environment, "SECRET_FILE_TEST_PASSWORD", "test", TRUE);
  environment = g_environ_setenv (environment, "DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
  environment = g_environ_unsetenv (environment, "DISPLAY");

  return g_environ_unsetenv (environment, "WAYLAND_DISPLAY");
}

GSubprocess *
cli_home_start (CliHome            *self,
                const char         *backend,
                const char * const *words)
{
  g_auto(GStrv) environment = cli_home_dup_environment (self, backend);
  g_autoptr(GSubprocessLauncher) launcher = NULL;
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();
  g_autoptr(GError) error = NULL;
  GSubprocess *process;

  g_ptr_array_add (argv, (char *) g_getenv ("SLUICECTL"));
  for (guint i = 0; words[i] != NULL; i++)
    g_ptr_array_add (argv, (char *) words[i]);
  g_ptr_array_add (argv, NULL);

  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                        G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_subprocess_launcher_set_cwd (launcher, self->path);
  g_subprocess_launcher_set_environ (launcher, environment);

  process = g_subprocess_launcher_spawnv (launcher, (const char * const *) argv->pdata, &error);
  g_assert_no_error (error);

  return process;
}

/* The main loop goes on, so that the test's own servers and browsers do. */
int
cli_home_end (CliHome     *self,
              GSubprocess *process,
              const char  *input)
{
  g_autoptr(GAsyncResult) done = NULL;
  GAsyncResult *result = NULL;
  g_autoptr(GError) error = NULL;

  g_clear_pointer (&self->out, g_free);
  g_clear_pointer (&self->err, g_free);
  g_subprocess_communicate_utf8_async (process, input, NULL, keep_result, &result);
  done = wait_result (&result);
  g_subprocess_communicate_utf8_finish (process, done, &self->out, &self->err, &error);
  g_assert_no_error (error);
  if (g_subprocess_get_if_signaled (process))
    g_error ("The program ended by signal %d: %s", g_subprocess_get_term_sig (process), self->err);

  return g_subprocess_get_exit_status (process);
}

int
cli_home_run (CliHome            *self,
              const char         *backend,
              const char         *input,
              const char * const *words)
{
  g_autoptr(GSubprocess) process = cli_home_start (self, backend, words);

  return cli_home_end (self, process, input);
}
