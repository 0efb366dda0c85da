/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-demo-org.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "sluice-error.h"
#include "sluice-host.h"
#include "sluice-integration-file.h"

/* The app of the demo org that any user may sign in with. */
#define CONSUMER_KEY "demo"

#define SCHEME "http://"

struct _SluiceDemoOrg
{
  GObject parent_instance;

  char *program;
  char *state_file;
  GSubprocess *process; /* (nullable); it ends when the pipe to it closes */
  char *address;        /* (nullable), what it said */
  GTask *starting;      /* (owned) (nullable) */
  GQueue waiting;       /* (element-type GTask) (owned), for the start that is under way */
};

G_DEFINE_FINAL_TYPE (SluiceDemoOrg, sluice_demo_org, G_TYPE_OBJECT)

/* GIO keeps the object until the process has ended, so letting go of it would close nothing. */
static void
stop (SluiceDemoOrg *self)
{
  if (self->process != NULL)
    g_output_stream_close (g_subprocess_get_stdin_pipe (self->process), NULL, NULL);

  g_clear_object (&self->process);
}

static void
sluice_demo_org_dispose (GObject *object)
{
  SluiceDemoOrg *self = SLUICE_DEMO_ORG (object);

  stop (self);

  G_OBJECT_CLASS (sluice_demo_org_parent_class)->dispose (object);
}

static void
sluice_demo_org_finalize (GObject *object)
{
  SluiceDemoOrg *self = SLUICE_DEMO_ORG (object);

  g_free (self->program);
  g_free (self->state_file);
  g_free (self->address);

  G_OBJECT_CLASS (sluice_demo_org_parent_class)->finalize (object);
}

static void
sluice_demo_org_class_init (SluiceDemoOrgClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = sluice_demo_org_dispose;
  object_class->finalize = sluice_demo_org_finalize;
}

static void
sluice_demo_org_init (SluiceDemoOrg *self)
{
  g_queue_init (&self->waiting);
}

/**
 * sluice_demo_org_new:
 * @program: (nullable): the program, %NULL for the installed one or what `SLUICE_DEMO_ORG` names
 * @state_file: (nullable): what it keeps, %NULL for the file in the user's data folder
 *
 * Returns: (transfer full): a demo org that does not run yet
 */
SluiceDemoOrg *
sluice_demo_org_new (const char *program,
                     const char *state_file)
{
  SluiceDemoOrg *self = g_object_new (SLUICE_TYPE_DEMO_ORG, NULL);

  if (program == NULL)
    program = g_getenv ("SLUICE_DEMO_ORG");

  self->program = program != NULL ? g_strdup (program) : g_build_filename (LIBEXECDIR, "sluice-demo-org", NULL);
  self->state_file = state_file != NULL ? g_strdup (state_file)
                                        : g_build_filename (g_get_user_data_dir (), "sluice", "demo-org", NULL);

  return self;
}

/**
 * sluice_demo_org_is_available:
 * @self: a demo org
 *
 * Returns: whether its program is installed
 */
gboolean
sluice_demo_org_is_available (SluiceDemoOrg *self)
{
  g_return_val_if_fail (SLUICE_IS_DEMO_ORG (self), FALSE);

  return g_file_test (self->program, G_FILE_TEST_IS_EXECUTABLE);
}

/**
 * sluice_demo_org_is_for:
 * @subscription: a subscription
 *
 * Returns: whether it is one to a demo org on this computer
 */
gboolean
sluice_demo_org_is_for (SluiceSubscription *subscription)
{
  g_return_val_if_fail (SLUICE_IS_SUBSCRIPTION (subscription), FALSE);

  return g_strcmp0 (sluice_subscription_get_consumer_key (subscription), CONSUMER_KEY) == 0 &&
         sluice_host_is_loopback (sluice_subscription_get_api_url (subscription));
}

/**
 * sluice_demo_org_new_subscription:
 * @address: where the demo org listens
 *
 * Returns: (transfer full): a subscription to it that is not saved yet
 */
SluiceSubscription *
sluice_demo_org_new_subscription (const char *address)
{
  g_autoptr(SluiceIntegration) integration = NULL;
  g_autoptr(SluiceSubscription) subscription = NULL;

  g_return_val_if_fail (address != NULL, NULL);

  integration = g_list_model_get_item (sluice_integrations_get_shipped (), 0);
  subscription = sluice_subscription_new ();
  sluice_subscription_set_name (subscription, _("Demo Org"));
  sluice_subscription_set_version (subscription, sluice_integration_get_version (integration));
  sluice_subscription_set_api_url (subscription, address);
  sluice_subscription_set_consumer_key (subscription, CONSUMER_KEY);
  sluice_subscription_set_throttle_settings (subscription, sluice_integration_get_throttle (integration));

  return g_steal_pointer (&subscription);
}

/* Takes @error. All that wait for the same start learn how it ended. */
static void
end_start (SluiceDemoOrg *self,
           GError        *error)
{
  g_autoptr(SluiceDemoOrg) keep = g_object_ref (self);
  g_autoptr(GError) owned = error;
  GQueue waiting = self->waiting;
  GTask *task;

  g_queue_init (&self->waiting);
  g_clear_object (&self->starting);

  while ((task = g_queue_pop_head (&waiting)) != NULL)
    {
      if (owned != NULL)
        g_task_return_error (task, g_error_copy (owned));
      else
        g_task_return_pointer (task, g_strdup (self->address), g_free);

      g_object_unref (task);
    }
}

static GError *
not_started (const char *why)
{
  return g_error_new (SLUICE_ERROR, SLUICE_ERROR_OFFLINE,
                      /* Translators: why a program could not be started */
                      _("The demo org could not be started: %s"), why);
}

/* The program may say more around the address. */
static char *
find_address (const char *line)
{
  const char *start = strstr (line, SCHEME);
  g_autofree char *address = NULL;

  if (start == NULL)
    return NULL;

  address = g_strndup (start, strlen (SCHEME) + strcspn (start + strlen (SCHEME), " \t\"/"));

  return sluice_host_is_loopback (address) ? g_steal_pointer (&address) : NULL;
}

static void
line_read_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(SluiceDemoOrg) self = user_data;
  g_autofree char *line = NULL;
  g_autoptr(GError) error = NULL;

  line = g_data_input_stream_read_line_finish_utf8 (G_DATA_INPUT_STREAM (object), result, NULL, &error);

  if (line != NULL)
    self->address = find_address (line);

  if (self->address != NULL)
    {
      end_start (self, NULL);
      return;
    }

  stop (self);

  if (error != NULL)
    end_start (self, not_started (error->message));
  else if (line != NULL)
    end_start (self, not_started (line));
  else
    end_start (self, not_started (_("It ended at once. Another program may use its port.")));
}

static void
spawn (SluiceDemoOrg *self,
       guint          port)
{
  g_autofree char *port_text = g_strdup_printf ("%u", port);
  g_autofree char *folder = g_path_get_dirname (self->state_file);
  g_autoptr(GDataInputStream) output = NULL;
  g_autoptr(GError) error = NULL;

  g_clear_pointer (&self->address, g_free);

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      end_start (self, not_started (g_strerror (errno)));
      return;
    }

  self->process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                                    self->program,
                                    "--port", port_text,
                                    "--exit-on-eof",
                                    "--state", self->state_file,
                                    NULL);
  if (self->process == NULL)
    {
      end_start (self, not_started (error->message));
      return;
    }

  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  g_data_input_stream_read_line_async (output, G_PRIORITY_DEFAULT, NULL, line_read_cb, g_object_ref (self));
}

static guint
get_port (const char *address)
{
  g_autoptr(GUri) uri = address != NULL ? g_uri_parse (address, G_URI_FLAGS_NONE, NULL) : NULL;

  return uri != NULL ? MAX (g_uri_get_port (uri), 0) : 0;
}

/* Somebody else may run it already, such as a developer in a terminal. */
static void
probed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(SluiceDemoOrg) self = user_data;
  g_autoptr(GSocketConnection) connection = NULL;
  const char *address = g_task_get_task_data (self->starting);

  connection = g_socket_client_connect_to_uri_finish (G_SOCKET_CLIENT (object), result, NULL);

  if (connection == NULL)
    {
      spawn (self, get_port (address));
      return;
    }

  g_set_str (&self->address, address);
  end_start (self, NULL);
}

static gboolean
is_running (SluiceDemoOrg *self)
{
  return self->process != NULL && g_subprocess_get_identifier (self->process) != NULL;
}

/**
 * sluice_demo_org_start_async:
 * @self: a demo org
 * @address: (nullable): where it must listen, %NULL for any free port
 * @cancellable: (nullable): gives up waiting
 * @callback: called when it answers
 * @user_data: data for @callback
 *
 * Starts the demo org, unless something listens at @address already.
 */
void
sluice_demo_org_start_async (SluiceDemoOrg       *self,
                             const char          *address,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr(GSocketClient) client = NULL;
  GTask *task;

  g_return_if_fail (SLUICE_IS_DEMO_ORG (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_demo_org_start_async);
  g_task_set_task_data (task, g_strdup (address), g_free);

  g_queue_push_tail (&self->waiting, task);
  if (self->starting != NULL)
    return;

  self->starting = g_object_ref (task);

  if (is_running (self) && (address == NULL || get_port (address) == get_port (self->address)))
    {
      end_start (self, NULL);
      return;
    }

  /* One that runs elsewhere is given up: there is one demo org. */
  stop (self);

  if (address == NULL)
    {
      spawn (self, 0);
      return;
    }

  client = g_socket_client_new ();
  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_set_timeout (client, 2);
  g_socket_client_connect_to_uri_async (client, address, 80, NULL, probed_cb, g_object_ref (self));
}

/**
 * sluice_demo_org_start_finish:
 * @self: a demo org
 * @result: what the callback got
 * @error: why it does not run
 *
 * Returns: (transfer full) (nullable): the address that it listens at
 */
char *
sluice_demo_org_start_finish (SluiceDemoOrg  *self,
                              GAsyncResult   *result,
                              GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
