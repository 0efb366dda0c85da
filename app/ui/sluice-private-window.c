/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-private-window"

#include "config.h"

#include "sluice-private-window.h"

#include <string.h>

/* What the program says before the address of a page that tells an error. */
#define ERROR_PAGE "error-page "

/**
 * SluicePrivateWindow:
 *
 * The pages of one sign-in in a window of their own, which knows nothing of
 * earlier ones: for a browser that is logged in to another org.
 *
 * The program behind it is optional.
 */
struct _SluicePrivateWindow
{
  GObject parent_instance;

  SluiceSignIn *sign_in;
  GSubprocess *process;
  GDataInputStream *output;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (SluicePrivateWindow, sluice_private_window, G_TYPE_OBJECT)

static void read_line (SluicePrivateWindow *self);

static void
line_read_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(SluicePrivateWindow) self = user_data;
  g_autofree char *line = NULL;
  g_autoptr(GError) error = NULL;

  line = g_data_input_stream_read_line_finish_utf8 (G_DATA_INPUT_STREAM (object), result, NULL, &error);
  if (line == NULL)
    return;

  if (g_str_has_prefix (line, ERROR_PAGE) &&
      !sluice_sign_in_report_address (self->sign_in, line + strlen (ERROR_PAGE), &error))
    g_debug ("A page that explains nothing: %s", error->message);

  read_line (self);
}

static void
read_line (SluicePrivateWindow *self)
{
  if (!g_cancellable_is_cancelled (self->cancellable))
    g_data_input_stream_read_line_async (self->output, G_PRIORITY_DEFAULT, self->cancellable,
                                         line_read_cb, g_object_ref (self));
}

static void
said_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (object), result, NULL, &error))
    g_debug ("Speaking to the sign-in window: %s", error->message);

  g_free (user_data);
}

/* The address goes through a pipe: on the command line others could read it. */
static void
say_addresses (SluicePrivateWindow *self)
{
  g_autofree char *redirect_uri = NULL;
  char *lines;

  g_object_get (self->sign_in, "redirect-uri", &redirect_uri, NULL);
  lines = g_strdup_printf ("%s\n%s\n\n", sluice_sign_in_get_url (self->sign_in), redirect_uri);
  g_output_stream_write_all_async (g_subprocess_get_stdin_pipe (self->process), lines, strlen (lines),
                                   G_PRIORITY_DEFAULT, NULL, said_cb, lines);
}

static void
sluice_private_window_dispose (GObject *object)
{
  SluicePrivateWindow *self = SLUICE_PRIVATE_WINDOW (object);

  g_clear_object (&self->process);
  g_clear_object (&self->output);
  g_clear_object (&self->sign_in);

  G_OBJECT_CLASS (sluice_private_window_parent_class)->dispose (object);
}

static void
sluice_private_window_finalize (GObject *object)
{
  SluicePrivateWindow *self = SLUICE_PRIVATE_WINDOW (object);

  g_clear_object (&self->cancellable);

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
  self->cancellable = g_cancellable_new ();
}

static char *
dup_program (void)
{
  const char *program = g_getenv ("SLUICE_SIGN_IN_WINDOW");

  return program != NULL ? g_strdup (program) : g_build_filename (LIBEXECDIR, "sluice-sign-in-window", NULL);
}

/**
 * sluice_private_window_is_available:
 *
 * Returns: whether its program is installed
 */
gboolean
sluice_private_window_is_available (void)
{
  g_autofree char *program = dup_program ();

  return g_file_test (program, G_FILE_TEST_IS_EXECUTABLE);
}

/**
 * sluice_private_window_open:
 * @sign_in: a sign-in that waits
 * @error: why there is no window
 *
 * Opens the pages of @sign_in in a window of their own. An error that a page
 * shows there reaches @sign_in by itself.
 *
 * Returns: (transfer full) (nullable): the window, until it is closed with
 *   sluice_private_window_close()
 */
SluicePrivateWindow *
sluice_private_window_open (SluiceSignIn  *sign_in,
                            GError       **error)
{
  g_autoptr(SluicePrivateWindow) self = NULL;
  g_autofree char *program = dup_program ();

  g_return_val_if_fail (SLUICE_IS_SIGN_IN (sign_in), NULL);
  g_return_val_if_fail (sluice_sign_in_get_url (sign_in) != NULL, NULL);

  self = g_object_new (SLUICE_TYPE_PRIVATE_WINDOW, NULL);
  self->sign_in = g_object_ref (sign_in);
  self->process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, error,
                                    program, NULL);
  if (self->process == NULL)
    return NULL;

  self->output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  say_addresses (self);
  read_line (self);

  return g_steal_pointer (&self);
}

/**
 * sluice_private_window_close:
 * @self: (transfer full): a window
 *
 * Closes the window, if the user has not. The program ends with its input.
 */
void
sluice_private_window_close (SluicePrivateWindow *self)
{
  g_return_if_fail (SLUICE_IS_PRIVATE_WINDOW (self));

  g_cancellable_cancel (self->cancellable);
  g_output_stream_close_async (g_subprocess_get_stdin_pipe (self->process), G_PRIORITY_DEFAULT, NULL, NULL, NULL);
  g_object_unref (self);
}
