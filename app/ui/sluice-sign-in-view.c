/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-sign-in-view"

#include "config.h"

#include "sluice-sign-in-view.h"

#include <glib/gi18n.h>

#include "sluice-format.h"
#include "sluice-private-window.h"
#include "sluice-sign-in-opener.h"

/* After so many seconds without an answer the browser may be showing an error. */
#define PATIENCE 20

/**
 * SluiceSignInView:
 *
 * What the window shows while the browser has the word.
 *
 * Property: `sign-in` (nullable SluiceSignIn). Cancelling is the action
 * `subscription.cancel-sign-in` of the page around it.
 */
struct _SluiceSignInView
{
  AdwBin parent_instance;

  SluiceSignIn *sign_in;
  GSignalGroup *signals;
  guint last_seconds_left;
  guint waited; /* in seconds of the sign-in's own clock */

  GtkLabel *title;
  GtkLabel *description;
  GtkWidget *waiting;
  GtkLabel *time_left;
  GtkButton *open_button;
  GtkWidget *private_button;
  GtkRevealer *help;
  GtkEditable *address;
  GtkLabel *address_error;
};

enum
{
  PROP_0,
  PROP_SIGN_IN,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (SluiceSignInView, sluice_sign_in_view, ADW_TYPE_BIN)

/* Which org asks is worth a look before a password is typed. */
static void
show_host (SluiceSignInView *self)
{
  gboolean in_window = sluice_sign_in_get_with (self->sign_in) == SLUICE_SIGN_IN_WITH_PRIVATE_WINDOW;
  const char *url = sluice_sign_in_get_url (self->sign_in);
  g_autoptr(GUri) uri = url != NULL ? g_uri_parse (url, G_URI_FLAGS_NONE, NULL) : NULL;
  g_autofree char *text = NULL;

  if (uri == NULL)
    text = g_strdup (_("Log in to Salesforce and allow access. This page goes on by itself."));
  else if (in_window)
    /* Translators: a host name, such as login.salesforce.com */
    text = g_strdup_printf (_("Log in at %s and allow access in the window that is open. Closing it cancels the "
                              "sign-in."), g_uri_get_host (uri));
  else
    /* Translators: a host name, such as login.salesforce.com */
    text = g_strdup_printf (_("Log in at %s and allow access. This page goes on by itself."), g_uri_get_host (uri));

  gtk_label_set_label (self->description, text);
}

static void
show_state (SluiceSignInView *self)
{
  gboolean waiting = sluice_sign_in_get_state (self->sign_in) == SLUICE_SIGN_IN_WAITING;
  gboolean open = waiting && sluice_sign_in_get_url (self->sign_in) != NULL;
  gboolean in_window = sluice_sign_in_get_with (self->sign_in) == SLUICE_SIGN_IN_WITH_PRIVATE_WINDOW;

  if (sluice_sign_in_get_state (self->sign_in) == SLUICE_SIGN_IN_EXCHANGING)
    {
      gtk_label_set_label (self->title, _("Finishing Sign-In"));
      gtk_label_set_label (self->description, _("Access was allowed. Getting the tokens from Salesforce…"));
    }
  else
    {
      gtk_label_set_label (self->title, in_window ? _("Log In in the Private Window") : _("Log In in the Browser"));
      show_host (self);
    }

  gtk_widget_set_visible (self->waiting, waiting);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "sign-in.copy-link", open);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "sign-in.extend", waiting);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "sign-in.open", open);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "sign-in.open-private", open);
  gtk_button_set_label (self->open_button, in_window ? _("Use the _Browser") : _("Open _Again"));
  gtk_widget_set_visible (self->private_button, !in_window && sluice_private_window_is_available ());

  /* The window tells of an error by itself. */
  gtk_revealer_set_reveal_child (self->help, waiting && !in_window && self->waited >= PATIENCE);
}

static void
show_time_left (SluiceSignInView *self)
{
  guint seconds_left = sluice_sign_in_get_seconds_left (self->sign_in);
  g_autofree char *countdown = sluice_format_countdown (seconds_left);
  g_autofree char *text = NULL;

  /* Only time that passed counts: “More Time” makes it jump up. */
  if (seconds_left < self->last_seconds_left)
    self->waited += self->last_seconds_left - seconds_left;
  self->last_seconds_left = seconds_left;

  /* Translators: minutes and seconds, such as "9:41 left" */
  text = g_strdup_printf (_("%s left"), countdown);
  gtk_label_set_label (self->time_left, text);
}

static void
changed_cb (SluiceSignInView *self)
{
  show_time_left (self);
  show_state (self);
}

static void
set_sign_in (SluiceSignInView *self,
             SluiceSignIn     *sign_in)
{
  if (!g_set_object (&self->sign_in, sign_in))
    return;

  g_signal_group_set_target (self->signals, sign_in);
  self->waited = 0;
  self->last_seconds_left = 0;
  gtk_editable_set_text (self->address, "");

  if (sign_in != NULL)
    changed_cb (self);

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SIGN_IN]);
}

static void
address_changed_cb (SluiceSignInView *self)
{
  gtk_widget_remove_css_class (GTK_WIDGET (self->address), "error");
  gtk_widget_set_visible (GTK_WIDGET (self->address_error), FALSE);
}

/* An address that explains itself ends the sign-in, and the page shows the advice. */
static void
address_apply_cb (SluiceSignInView *self)
{
  g_autoptr(SluiceSignIn) sign_in = NULL;
  g_autofree char *address = g_strstrip (g_strdup (gtk_editable_get_text (self->address)));
  g_autoptr(GError) error = NULL;

  if (self->sign_in == NULL || *address == '\0')
    return;

  sign_in = g_object_ref (self->sign_in);
  if (sluice_sign_in_report_address (sign_in, address, &error))
    return;

  gtk_widget_add_css_class (GTK_WIDGET (self->address), "error");
  gtk_label_set_label (self->address_error, error->message);
  gtk_widget_set_visible (GTK_WIDGET (self->address_error), TRUE);
}

static void
open_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  SluiceSignInView *self = SLUICE_SIGN_IN_VIEW (widget);

  sluice_sign_in_set_with (self->sign_in, SLUICE_SIGN_IN_WITH_DEFAULT_BROWSER);
  sluice_sign_in_opener_open (widget, self->sign_in);
}

static void
open_private_action (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  SluiceSignInView *self = SLUICE_SIGN_IN_VIEW (widget);

  sluice_sign_in_set_with (self->sign_in, SLUICE_SIGN_IN_WITH_PRIVATE_WINDOW);
  sluice_sign_in_opener_open (widget, self->sign_in);
}

static void
copy_link_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  SluiceSignInView *self = SLUICE_SIGN_IN_VIEW (widget);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), sluice_sign_in_get_url (self->sign_in));
  gtk_widget_activate_action (widget, "win.toast", "s", _("Link copied; open it in a browser on this computer"));
}

static void
extend_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  SluiceSignInView *self = SLUICE_SIGN_IN_VIEW (widget);

  sluice_sign_in_extend (self->sign_in);
}

static void
sluice_sign_in_view_dispose (GObject *object)
{
  SluiceSignInView *self = SLUICE_SIGN_IN_VIEW (object);

  g_clear_object (&self->signals);
  gtk_widget_dispose_template (GTK_WIDGET (self), SLUICE_TYPE_SIGN_IN_VIEW);
  g_clear_object (&self->sign_in);

  G_OBJECT_CLASS (sluice_sign_in_view_parent_class)->dispose (object);
}

static void
sluice_sign_in_view_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  SluiceSignInView *self = SLUICE_SIGN_IN_VIEW (object);

  switch (prop_id)
    {
    case PROP_SIGN_IN:
      g_value_set_object (value, self->sign_in);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_sign_in_view_set_property (GObject      *object,
                                  guint         prop_id,
                                  const GValue *value,
                                  GParamSpec   *pspec)
{
  SluiceSignInView *self = SLUICE_SIGN_IN_VIEW (object);

  switch (prop_id)
    {
    case PROP_SIGN_IN:
      set_sign_in (self, g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
sluice_sign_in_view_class_init (SluiceSignInViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sluice_sign_in_view_dispose;
  object_class->get_property = sluice_sign_in_view_get_property;
  object_class->set_property = sluice_sign_in_view_set_property;

  properties[PROP_SIGN_IN] =
    g_param_spec_object ("sign-in", NULL, NULL,
                         SLUICE_TYPE_SIGN_IN,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/sluice/Sluice/ui/sluice-sign-in-view.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceSignInView, address);
  gtk_widget_class_bind_template_child (widget_class, SluiceSignInView, address_error);
  gtk_widget_class_bind_template_child (widget_class, SluiceSignInView, description);
  gtk_widget_class_bind_template_child (widget_class, SluiceSignInView, help);
  gtk_widget_class_bind_template_child (widget_class, SluiceSignInView, open_button);
  gtk_widget_class_bind_template_child (widget_class, SluiceSignInView, private_button);
  gtk_widget_class_bind_template_child (widget_class, SluiceSignInView, time_left);
  gtk_widget_class_bind_template_child (widget_class, SluiceSignInView, title);
  gtk_widget_class_bind_template_child (widget_class, SluiceSignInView, waiting);
  gtk_widget_class_bind_template_callback (widget_class, address_apply_cb);
  gtk_widget_class_bind_template_callback (widget_class, address_changed_cb);

  gtk_widget_class_install_action (widget_class, "sign-in.copy-link", NULL, copy_link_action);
  gtk_widget_class_install_action (widget_class, "sign-in.extend", NULL, extend_action);
  gtk_widget_class_install_action (widget_class, "sign-in.open", NULL, open_action);
  gtk_widget_class_install_action (widget_class, "sign-in.open-private", NULL, open_private_action);
}

static void
sluice_sign_in_view_init (SluiceSignInView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->signals = g_signal_group_new (SLUICE_TYPE_SIGN_IN);
  g_signal_group_connect_swapped (self->signals, "notify", G_CALLBACK (changed_cb), self);
}
