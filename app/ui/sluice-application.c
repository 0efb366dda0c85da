/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-application"

#include "config.h"

#include "sluice-application.h"

#include <glib/gi18n.h>

#include "sluice-secrets.h"
#include "sluice-ui-resources.h"
#include "sluice-window.h"

/**
 * SluiceApplication:
 *
 * The program with its one window. A second start raises the first one's
 * window.
 */
struct _SluiceApplication
{
  AdwApplication parent_instance;

  SluiceWorkspace *workspace;
  SluiceDemoOrg *demo_org;
};

G_DEFINE_FINAL_TYPE (SluiceApplication, sluice_application, ADW_TYPE_APPLICATION)

static void
about_activated_cb (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  SluiceApplication *self = user_data;
  AdwDialog *dialog;

  dialog = adw_about_dialog_new ();
  g_object_set (dialog,
                "application-name", _("Sluice"),
                "application-icon", APPLICATION_ID,
                "version", PACKAGE_VERSION,
                "developer-name", _("The Sluice Authors"),
                "comments", _("Connects the desktop to Salesforce: signs in, keeps within the limits, keeps data in step."),
                "license-type", GTK_LICENSE_GPL_3_0,
                "copyright", _("© 2026 The Sluice Authors"),
                /* Translators: put your name here, one a line */
                "translator-credits", _("translator-credits"),
                NULL);

  adw_dialog_present (dialog, GTK_WIDGET (gtk_application_get_active_window (GTK_APPLICATION (self))));
}

/* From the desktop's menu: there may be no window yet. */
static void
new_subscription_activated_cb (GSimpleAction *action,
                               GVariant      *parameter,
                               gpointer       user_data)
{
  GtkApplication *application = user_data;

  g_application_activate (G_APPLICATION (application));
  gtk_widget_activate_action (GTK_WIDGET (gtk_application_get_active_window (application)),
                              "win.new-subscription", NULL);
}

/* Closing the windows lets each of them ask, when a sign-in still waits. */
static void
quit_activated_cb (GSimpleAction *action,
                   GVariant      *parameter,
                   gpointer       user_data)
{
  GtkApplication *application = user_data;
  g_autoptr(GList) windows = g_list_copy (gtk_application_get_windows (application));

  for (GList *l = windows; l != NULL; l = l->next)
    gtk_window_close (l->data);
}

static const GActionEntry actions[] = {
  { "about", about_activated_cb },
  { "new-subscription", new_subscription_activated_cb },
  { "quit", quit_activated_cb },
};

static void
sluice_application_activate (GApplication *application)
{
  SluiceApplication *self = SLUICE_APPLICATION (application);
  GtkWindow *window;

  window = gtk_application_get_active_window (GTK_APPLICATION (self));

  if (window == NULL)
    window = sluice_window_new (GTK_APPLICATION (self), self->workspace, self->demo_org);

  gtk_window_present (window);
}

static void
set_accels (SluiceApplication *self,
            const char        *action,
            const char        *accel,
            const char        *other)
{
  const char * const accels[] = { accel, other, NULL };

  gtk_application_set_accels_for_action (GTK_APPLICATION (self), action, accels);
}

static void
sluice_application_startup (GApplication *application)
{
  SluiceApplication *self = SLUICE_APPLICATION (application);
  g_autoptr(SluiceSecrets) secrets = NULL;

  G_APPLICATION_CLASS (sluice_application_parent_class)->startup (application);

  gtk_window_set_default_icon_name (APPLICATION_ID);

  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  set_accels (self, "app.quit", "<Control>q", NULL);
  set_accels (self, "window.close", "<Control>w", NULL);
  set_accels (self, "win.new-subscription", "<Control>n", NULL);
  set_accels (self, "win.show-help-overlay", "<Control>question", "<Control>slash");

  secrets = sluice_secrets_new ();
  self->workspace = sluice_workspace_new (NULL,
                                          SLUICE_CREDENTIAL_STORE (secrets),
                                          sluice_clock_get_system ());
  self->demo_org = sluice_demo_org_new (NULL, NULL);
}

static void
sluice_application_shutdown (GApplication *application)
{
  SluiceApplication *self = SLUICE_APPLICATION (application);

  G_APPLICATION_CLASS (sluice_application_parent_class)->shutdown (application);

  g_clear_object (&self->workspace);
  g_clear_object (&self->demo_org);
}

static void
sluice_application_class_init (SluiceApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->activate = sluice_application_activate;
  application_class->startup = sluice_application_startup;
  application_class->shutdown = sluice_application_shutdown;
}

static void
sluice_application_init (SluiceApplication *self)
{
  /* Names the resource, so that the linker keeps it from the library. */
  g_resources_register (sluice_ui_get_resource ());
}

/**
 * sluice_application_new:
 *
 * Creates the application. It opens its window when it is run.
 *
 * Returns: (transfer full): a new application
 */
SluiceApplication *
sluice_application_new (void)
{
  SluiceApplication *self;

  self = g_object_new (SLUICE_TYPE_APPLICATION,
                       "application-id", APPLICATION_ID,
                       "resource-base-path", "/io/github/sluice/Sluice",
                       NULL);
  g_application_set_version (G_APPLICATION (self), PACKAGE_VERSION);

  return self;
}
