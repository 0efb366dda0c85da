/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#define G_LOG_DOMAIN "sluice-private-window"

#include "sluice-private-window.h"

#include <glib/gi18n.h>
#include <string.h>

#include "sluice-error.h"

#define ERROR_PAGE "error-page "

/* A program that is told to end and does not is ended. */
#define PATIENCE (5 * G_USEC_PER_SEC)

struct _SluicePrivateWindow
{
  GObject parent_instance;

  char *program;
  SluiceSignIn *sign_in;

  /* While it runs */
  GTask *task; /* (nullable) (owned) */
  GSubprocess *process;
  GBytes *input; /* (nullable): what is being written */
  GCancellable *stop; /* ends reading and writing, for a helper of the program may hold the pipes */
  GSource *patience; /* (nullable): armed once it was told to end */
  GSource *cancelled; /* (nullable) */
  gboolean told_to_end;
};

G_DEFINE_FINAL_TYPE (SluicePrivateWindow, sluice_private_window, G_TYPE_OBJECT)

static void
clear_source (GSource **source)
{
  if (*source == NULL)
    return;

  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static GError *
not_shown (const char *detail)
{
  return g_error_new (SLUICE_ERROR, SLUICE_ERROR_SIGN_IN,
                      /* Translators: the placeholder is a sentence about the reason */
                      _("The private window could not be opened: %s"), detail);
}

static void
closed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_output_stream_close_finish (G_OUTPUT_STREAM (object), result, NULL);
}

static gboolean
patience_cb (gpointer user_data)
{
  SluicePrivateWindow *self = user_data;

  g_debug ("The window does not go away by itself");
  g_subprocess_force_exit (self->process);

  return G_SOURCE_REMOVE;
}

static void
close_input (SluicePrivateWindow *self)
{
  g_output_stream_close_async (g_subprocess_get_stdin_pipe (self->process), G_PRIORITY_DEFAULT, NULL, closed_cb, NULL);
}

/* The end of its input is what ends the program. */
static void
tell_to_end (SluicePrivateWindow *self)
{
  SluiceClock *clock = sluice_sign_in_get_clock (self->sign_in);

  if (self->told_to_end || self->process == NULL)
    return;

  self->told_to_end = TRUE;
  self->patience = sluice_clock_create_source (clock);
  g_source_set_callback (self->patience, patience_cb, self, NULL);
  g_source_attach (self->patience, g_main_context_get_thread_default ());
  sluice_clock_set_ready_time (clock, self->patience, sluice_clock_get_monotonic (clock) + PATIENCE);

  /* Otherwise whoever writes closes it. */
  if (self->input == NULL)
    close_input (self);
}

static gboolean
is_wanted (SluicePrivateWindow *self)
{
  return sluice_sign_in_get_state (self->sign_in) == SLUICE_SIGN_IN_WAITING &&
         sluice_sign_in_get_with (self->sign_in) == SLUICE_SIGN_IN_WITH_PRIVATE_WINDOW;
}

static void
sign_in_changed_cb (SluicePrivateWindow *self)
{
  if (!is_wanted (self))
    tell_to_end (self);
}

static gboolean
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  tell_to_end (user_data);

  return G_SOURCE_REMOVE;
}

static void
written_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(SluicePrivateWindow) self = user_data;
  g_autoptr(GError) error = NULL;

  /* One that ended before it read everything is noticed by its end. */
  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (object), result, NULL, &error))
    g_debug ("Writing to the window: %s", error->message);

  g_clear_pointer (&self->input, g_bytes_unref);
  if (self->told_to_end && self->process != NULL)
    close_input (self);
}

static void
write_input (SluicePrivateWindow *self,
             const char          *parent)
{
  g_autofree char *lines = NULL;
  gconstpointer data;
  gsize size;

  lines = g_strdup_printf ("%s\n%s\n%s\n", sluice_sign_in_get_url (self->sign_in),
                           sluice_sign_in_get_redirect_uri (self->sign_in), parent);
  size = strlen (lines);
  self->input = g_bytes_new_take (g_steal_pointer (&lines), size);
  data = g_bytes_get_data (self->input, &size);
  g_output_stream_write_all_async (g_subprocess_get_stdin_pipe (self->process), data, size, G_PRIORITY_DEFAULT,
                                   self->stop, written_cb, g_object_ref (self));
}

static void
line_read_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(SluicePrivateWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *line = NULL;

  line = g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (object), result, NULL, NULL);
  if (line == NULL)
    return;

  /* Pages that tell nothing are refused, and stay as they are in the window. */
  if (g_str_has_prefix (line, ERROR_PAGE) && is_wanted (self) &&
      !sluice_sign_in_report_address (self->sign_in, line + strlen (ERROR_PAGE), &error))
    g_debug ("The window shows an error page: %s", error->message);

  g_data_input_stream_read_line_async (G_DATA_INPUT_STREAM (object), G_PRIORITY_DEFAULT, self->stop,
                                       line_read_cb, g_object_ref (self));
}

static void
ended_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(SluicePrivateWindow) self = user_data;
  GSubprocess *process = G_SUBPROCESS (object);
  g_autoptr(GTask) task = g_steal_pointer (&self->task);

  g_subprocess_wait_finish (process, result, NULL);
  g_signal_handlers_disconnect_by_data (self->sign_in, self);
  g_cancellable_cancel (self->stop);
  clear_source (&self->patience);
  clear_source (&self->cancelled);
  g_clear_object (&self->process);

  if (g_task_return_error_if_cancelled (task))
    return;

  if (!self->told_to_end && !(g_subprocess_get_if_exited (process) && g_subprocess_get_exit_status (process) == 0))
    {
      g_task_return_error (task, not_shown (_("Its program ended unexpectedly.")));
      return;
    }

  if (!self->told_to_end)
    sluice_sign_in_cancel (self->sign_in);
  g_task_return_boolean (task, TRUE);
}

static void
watch (SluicePrivateWindow *self,
       GCancellable        *cancellable)
{
  g_signal_connect_swapped (self->sign_in, "notify::state", G_CALLBACK (sign_in_changed_cb), self);
  g_signal_connect_swapped (self->sign_in, "notify::with", G_CALLBACK (sign_in_changed_cb), self);

  if (cancellable == NULL)
    return;

  self->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (self->cancelled, G_SOURCE_FUNC (cancelled_cb), self, NULL);
  g_source_attach (self->cancelled, g_main_context_get_thread_default ());
}

static void
sluice_private_window_dispose (GObject *object)
{
  SluicePrivateWindow *self = SLUICE_PRIVATE_WINDOW (object);

  /* Whoever runs it holds it. */
  g_assert (self->task == NULL);
  g_clear_object (&self->sign_in);

  G_OBJECT_CLASS (sluice_private_window_parent_class)->dispose (object);
}

static void
sluice_private_window_finalize (GObject *object)
{
  SluicePrivateWindow *self = SLUICE_PRIVATE_WINDOW (object);

  g_object_unref (self->stop);
  g_free (self->program);

  G_OBJECT_CLASS (sluice_private_window_parent_class)->finalize (object);
}

static void
sluice_private_window_class_init (SluicePrivateWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = sluice_private_window_dispose;
  object_class->finalize = sluice_private_window_finalize;
}

static void
sluice_private_window_init (SluicePrivateWindow *self)
{
  self->stop = g_cancellable_new ();
}

static char *
dup_program (void)
{
  const char *program = g_getenv ("SLUICE_SIGN_IN_WINDOW");

  if (program != NULL)
    return g_strdup (program);

  return g_build_filename (LIBEXECDIR, "sluice-sign-in-window", NULL);
}

/**
 * sluice_private_window_is_available:
 *
 * Returns: whether this build has a private window and its program is installed
 */
gboolean
sluice_private_window_is_available (void)
{
  g_autofree char *program = dup_program ();

  return HAVE_SIGN_IN_WINDOW && g_file_test (program, G_FILE_TEST_IS_EXECUTABLE);
}

/**
 * sluice_private_window_new:
 * @sign_in: a sign-in that waits
 * @program: (nullable): the program, %NULL for the installed one or what `SLUICE_SIGN_IN_WINDOW` names
 *
 * Returns: (transfer full): a window that is not shown yet
 */
SluicePrivateWindow *
sluice_private_window_new (SluiceSignIn *sign_in,
                           const char   *program)
{
  SluicePrivateWindow *self;

  g_return_val_if_fail (SLUICE_IS_SIGN_IN (sign_in), NULL);

  self = g_object_new (SLUICE_TYPE_PRIVATE_WINDOW, NULL);
  self->sign_in = g_object_ref (sign_in);
  self->program = program != NULL ? g_strdup (program) : dup_program ();

  return self;
}

/**
 * sluice_private_window_run_async:
 * @self: a window that was not shown before
 * @parent: (nullable): handle of the window that it belongs to, as the desktop exports it
 * @cancellable: (nullable): closes the window and leaves the sign-in alone
 * @callback: called once, when the window is gone
 * @user_data: data for @callback
 *
 * Shows the window. Nothing happens when the sign-in does not wait, or waits
 * for something else than a private window.
 */
void
sluice_private_window_run_async (SluicePrivateWindow *self,
                                 const char          *parent,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr(GDataInputStream) output = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (SLUICE_IS_PRIVATE_WINDOW (self));
  g_return_if_fail (self->task == NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, sluice_private_window_run_async);

  if (g_task_return_error_if_cancelled (task))
    return;

  if (!is_wanted (self))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  self->process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                                    self->program, NULL);
  if (self->process == NULL)
    {
      g_task_return_error (task, not_shown (error->message));
      return;
    }

  self->task = g_steal_pointer (&task);
  watch (self, cancellable);
  write_input (self, parent != NULL ? parent : "");
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  g_data_input_stream_read_line_async (output, G_PRIORITY_DEFAULT, self->stop, line_read_cb, g_object_ref (self));
  g_subprocess_wait_async (self->process, NULL, ended_cb, g_object_ref (self));
}

/**
 * sluice_private_window_run_finish:
 * @self: a window
 * @result: what the callback got
 * @error: %SLUICE_ERROR_SIGN_IN when the window could not be shown or crashed; the sign-in waits still
 *
 * Returns: whether the window did its work; the sign-in tells what came of it
 */
gboolean
sluice_private_window_run_finish (SluicePrivateWindow  *self,
                                  GAsyncResult         *result,
                                  GError              **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
