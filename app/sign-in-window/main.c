/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * sluice-sign-in-window: the pages of one sign-in in a window of their own.
 *
 * The main program starts it and says three lines on its standard input: the
 * authorisation address, the redirect address without its query, and a handle
 * of the window it belongs to, perhaps empty (`xdg-foreign` on Wayland). On its
 * standard output it says `error-page ADDRESS` when the org shows an error that
 * never reaches the redirect. It ends when its input ends, which is when the
 * sign-in is over, and when the user closes it, which alone is a success.
 */

#include "config.h"

#include <adwaita.h>
#include <gio/gunixinputstream.h>
#include <glib/gi18n.h>
#include <locale.h>
#include <stdlib.h>
#ifdef GDK_WINDOWING_WAYLAND
#include <gdk/wayland/gdkwayland.h>
#endif

#include "sluice-sign-in-window.h"

/* The longest line that makes sense: an address longer than this is refused by Salesforce. */
#define MAX_LINE 16384

typedef struct
{
  char *authorize_url;
  char *redirect_uri;
  char *parent;
  GInputStream *input;
  gboolean refused;
  guint8 byte;
} Program;

/* The input ends with the sign-in. */
static void
input_ended_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_application_quit (user_data);
}

static void
error_page_cb (SluiceSignInWindow *window,
               const char         *address,
               Program            *program)
{
  g_print ("error-page %s\n", address);
}

static void
realize_cb (GtkWidget *window,
            Program   *program)
{
#ifdef GDK_WINDOWING_WAYLAND
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (window));

  if (*program->parent != '\0' && GDK_IS_WAYLAND_TOPLEVEL (surface))
    gdk_wayland_toplevel_set_transient_for_exported (GDK_TOPLEVEL (surface), program->parent);
#endif
}

static void
activate_cb (GtkApplication *application,
             Program        *program)
{
  g_autoptr(GError) error = NULL;
  SluiceSignInPolicy *policy;
  SluiceSignInWindow *window;

  policy = sluice_sign_in_policy_new (program->authorize_url, program->redirect_uri, &error);
  if (policy == NULL)
    {
      g_printerr ("%s: %s\n", g_get_prgname (), error->message);
      program->refused = TRUE;
      return;
    }

  window = sluice_sign_in_window_new (application, policy);
  g_signal_connect (window, "error-page", G_CALLBACK (error_page_cb), program);
  g_signal_connect (window, "realize", G_CALLBACK (realize_cb), program);
  gtk_window_set_modal (GTK_WINDOW (window), TRUE);
  gtk_window_present (GTK_WINDOW (window));
  sluice_sign_in_window_load (window, program->authorize_url);

  g_input_stream_read_async (program->input, &program->byte, 1, G_PRIORITY_DEFAULT, NULL, input_ended_cb, application);
}

/* A byte at a time, so that nothing of what follows is taken. */
static char *
read_line (GInputStream *input)
{
  g_autoptr(GString) line = g_string_new (NULL);
  char byte;

  while (line->len < MAX_LINE && g_input_stream_read (input, &byte, 1, NULL, NULL) == 1 && byte != '\n')
    g_string_append_c (line, byte);

  return g_string_free (g_steal_pointer (&line), FALSE);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(AdwApplication) application = NULL;
  g_autoptr(GInputStream) input = NULL;
  Program program = { 0 };
  int status;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_prgname ("sluice-sign-in-window");
  g_set_application_name (_("Sign In"));
  gtk_window_set_default_icon_name (APPLICATION_ID);

  input = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  program.input = input;
  program.authorize_url = read_line (input);
  program.redirect_uri = read_line (input);
  program.parent = read_line (input);

  application = adw_application_new (NULL, G_APPLICATION_NON_UNIQUE);
  g_signal_connect (application, "activate", G_CALLBACK (activate_cb), &program);
  status = g_application_run (G_APPLICATION (application), 1, argv);

  g_free (program.authorize_url);
  g_free (program.redirect_uri);
  g_free (program.parent);

  /* Success means that the user closed the window. */
  return program.refused ? EXIT_FAILURE : status;
}
