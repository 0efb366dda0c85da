/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-sign-in-window.h"

#include <glib/gi18n.h>
#include <string.h>
#include <webkit/webkit.h>

struct _SluiceSignInWindow
{
  AdwApplicationWindow parent_instance;

  SluiceSignInPolicy *policy; /* (owned) */
  WebKitWebView *web_view; /* (unowned) */
  char *address; /* what Reload loads when a page failed */

  AdwWindowTitle *title;
  GtkImage *lock_image;
  GtkLabel *address_label;
  GtkProgressBar *progress_bar;
  GtkStack *stack;
  AdwBin *page_bin;
  AdwStatusPage *failed_page;
};

G_DEFINE_FINAL_TYPE (SluiceSignInWindow, sluice_sign_in_window, ADW_TYPE_APPLICATION_WINDOW)

enum
{
  ERROR_PAGE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
show_address (SluiceSignInWindow *self,
              const char         *address)
{
  g_autoptr(GUri) uri = g_uri_parse (address, G_URI_FLAGS_ENCODED, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;
  gboolean secure = uri != NULL && strcmp (g_uri_get_scheme (uri), "https") == 0;
  g_autofree char *markup = NULL;
  const char *lock = secure ? _("The connection is encrypted") : _("The connection is not encrypted");
  const char *rest;

  if (host == NULL)
    return;

  /* The host stands out, so that a look-alike is seen. */
  rest = strstr (strstr (address, "://"), host) + strlen (host);
  markup = g_markup_printf_escaped ("<b>%s</b>%s", host, rest);
  gtk_label_set_markup (self->address_label, markup);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->address_label), address);
  gtk_image_set_from_icon_name (self->lock_image,
                                secure ? "channel-secure-symbolic" : "channel-insecure-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->lock_image), lock);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->lock_image), GTK_ACCESSIBLE_PROPERTY_LABEL, lock, -1);
  adw_window_title_set_subtitle (self->title, host);
}

static void
open_outside (SluiceSignInWindow *self,
              const char         *address)
{
  g_autoptr(GtkUriLauncher) launcher = gtk_uri_launcher_new (address);

  gtk_uri_launcher_launch (launcher, GTK_WINDOW (self), NULL, NULL, NULL);
}

static gboolean
decide_navigation (SluiceSignInWindow             *self,
                   WebKitNavigationPolicyDecision *decision,
                   gboolean                        new_window)
{
  WebKitNavigationAction *action = webkit_navigation_policy_decision_get_navigation_action (decision);
  const char *address = webkit_uri_request_get_uri (webkit_navigation_action_get_request (action));
  gboolean clicked = webkit_navigation_action_get_navigation_type (action) == WEBKIT_NAVIGATION_TYPE_LINK_CLICKED;
  SluiceSignInVerdict verdict = sluice_sign_in_policy_judge (self->policy, address, clicked);

  if (verdict == SLUICE_SIGN_IN_ALLOW && !new_window)
    {
      webkit_policy_decision_use (WEBKIT_POLICY_DECISION (decision));
      return TRUE;
    }

  if (verdict == SLUICE_SIGN_IN_ALLOW)
    webkit_web_view_load_uri (self->web_view, address);
  else if (verdict == SLUICE_SIGN_IN_OUTSIDE)
    open_outside (self, address);

  webkit_policy_decision_ignore (WEBKIT_POLICY_DECISION (decision));

  return TRUE;
}

static gboolean
decide_policy_cb (WebKitWebView            *web_view,
                  WebKitPolicyDecision     *decision,
                  WebKitPolicyDecisionType  type,
                  SluiceSignInWindow       *self)
{
  if (type != WEBKIT_POLICY_DECISION_TYPE_RESPONSE)
    return decide_navigation (self, WEBKIT_NAVIGATION_POLICY_DECISION (decision),
                              type == WEBKIT_POLICY_DECISION_TYPE_NEW_WINDOW_ACTION);

  /* What cannot be shown would become a download. */
  if (webkit_response_policy_decision_is_mime_type_supported (WEBKIT_RESPONSE_POLICY_DECISION (decision)))
    webkit_policy_decision_use (decision);
  else
    webkit_policy_decision_ignore (decision);

  return TRUE;
}

static void
load_changed_cb (WebKitWebView      *web_view,
                 WebKitLoadEvent     event,
                 SluiceSignInWindow *self)
{
  const char *address = webkit_web_view_get_uri (web_view);

  if (event != WEBKIT_LOAD_COMMITTED || address == NULL)
    return;

  g_set_str (&self->address, address);
  show_address (self, address);
  gtk_stack_set_visible_child_name (self->stack, "page");

  if (sluice_sign_in_policy_is_error_page (self->policy, address))
    g_signal_emit (self, signals[ERROR_PAGE], 0, address);
}

static void
show_failure (SluiceSignInWindow *self,
              const char         *address,
              const char         *reason)
{
  g_set_str (&self->address, address);
  show_address (self, address);
  adw_status_page_set_description (self->failed_page, reason);
  gtk_stack_set_visible_child_name (self->stack, "failed");
}

static gboolean
load_failed_cb (WebKitWebView      *web_view,
                WebKitLoadEvent     event,
                const char         *address,
                GError             *error,
                SluiceSignInWindow *self)
{
  if (!g_error_matches (error, WEBKIT_NETWORK_ERROR, WEBKIT_NETWORK_ERROR_CANCELLED) &&
      !g_error_matches (error, WEBKIT_POLICY_ERROR, WEBKIT_POLICY_ERROR_FRAME_LOAD_INTERRUPTED_BY_POLICY_CHANGE))
    show_failure (self, address, error->message);

  return TRUE;
}

static gboolean
load_failed_with_tls_errors_cb (WebKitWebView        *web_view,
                                const char           *address,
                                GTlsCertificate      *certificate,
                                GTlsCertificateFlags  errors,
                                SluiceSignInWindow   *self)
{
  show_failure (self, address,
                _("The certificate of this site is not valid, so nobody can tell who would read the password. "
                  "Ask whoever runs the network; a company’s own authority belongs into the system’s certificate store."));

  return TRUE;
}

static void
web_process_terminated_cb (WebKitWebView                     *web_view,
                           WebKitWebProcessTerminationReason  reason,
                           SluiceSignInWindow                *self)
{
  show_failure (self, self->address != NULL ? self->address : "about:blank", _("The page stopped working."));
}

static void
progress_cb (SluiceSignInWindow *self)
{
  double progress = webkit_web_view_get_estimated_load_progress (self->web_view);

  gtk_progress_bar_set_fraction (self->progress_bar, progress);
  gtk_widget_set_visible (GTK_WIDGET (self->progress_bar), progress > 0 && progress < 1);
}

/* A sign-in page needs neither camera nor position nor anything else that is asked for. */
static gboolean
permission_request_cb (WebKitWebView           *web_view,
                       WebKitPermissionRequest *request,
                       SluiceSignInWindow      *self)
{
  webkit_permission_request_deny (request);

  return TRUE;
}

static void
download_started_cb (WebKitNetworkSession *session,
                     WebKitDownload       *download,
                     SluiceSignInWindow   *self)
{
  webkit_download_cancel (download);
}

static void
reload_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  SluiceSignInWindow *self = SLUICE_SIGN_IN_WINDOW (widget);

  if (self->address != NULL)
    webkit_web_view_load_uri (self->web_view, self->address);
}

static void
add_web_view (SluiceSignInWindow *self)
{
  g_autoptr(WebKitNetworkSession) session = webkit_network_session_new_ephemeral ();
  g_autoptr(WebKitSettings) settings = NULL;

  settings = webkit_settings_new_with_settings ("enable-developer-extras", FALSE,
                                                "enable-media", FALSE,
                                                "enable-page-cache", FALSE,
                                                "enable-webgl", FALSE,
                                                "javascript-can-open-windows-automatically", FALSE,
                                                NULL);
  self->web_view = g_object_new (WEBKIT_TYPE_WEB_VIEW,
                                 "network-session", session,
                                 "settings", settings,
                                 NULL);
  adw_bin_set_child (self->page_bin, GTK_WIDGET (self->web_view));

  g_signal_connect_object (session, "download-started", G_CALLBACK (download_started_cb), self, 0);
  g_signal_connect_object (self->web_view, "decide-policy", G_CALLBACK (decide_policy_cb), self, 0);
  g_signal_connect_object (self->web_view, "load-changed", G_CALLBACK (load_changed_cb), self, 0);
  g_signal_connect_object (self->web_view, "load-failed", G_CALLBACK (load_failed_cb), self, 0);
  g_signal_connect_object (self->web_view, "load-failed-with-tls-errors",
                           G_CALLBACK (load_failed_with_tls_errors_cb), self, 0);
  g_signal_connect_object (self->web_view, "web-process-terminated",
                           G_CALLBACK (web_process_terminated_cb), self, 0);
  g_signal_connect_object (self->web_view, "permission-request", G_CALLBACK (permission_request_cb), self, 0);
  g_signal_connect_object (self->web_view, "notify::estimated-load-progress",
                           G_CALLBACK (progress_cb), self, G_CONNECT_SWAPPED);
}

static void
sluice_sign_in_window_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), SLUICE_TYPE_SIGN_IN_WINDOW);

  G_OBJECT_CLASS (sluice_sign_in_window_parent_class)->dispose (object);
}

static void
sluice_sign_in_window_finalize (GObject *object)
{
  SluiceSignInWindow *self = SLUICE_SIGN_IN_WINDOW (object);

  g_clear_pointer (&self->policy, sluice_sign_in_policy_free);
  g_clear_pointer (&self->address, g_free);

  G_OBJECT_CLASS (sluice_sign_in_window_parent_class)->finalize (object);
}

static void
sluice_sign_in_window_class_init (SluiceSignInWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = sluice_sign_in_window_dispose;
  object_class->finalize = sluice_sign_in_window_finalize;

  signals[ERROR_PAGE] = g_signal_new ("error-page", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/sluice/Sluice/SignInWindow/sluice-sign-in-window.ui");
  gtk_widget_class_bind_template_child (widget_class, SluiceSignInWindow, address_label);
  gtk_widget_class_bind_template_child (widget_class, SluiceSignInWindow, failed_page);
  gtk_widget_class_bind_template_child (widget_class, SluiceSignInWindow, lock_image);
  gtk_widget_class_bind_template_child (widget_class, SluiceSignInWindow, page_bin);
  gtk_widget_class_bind_template_child (widget_class, SluiceSignInWindow, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, SluiceSignInWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, SluiceSignInWindow, title);

  gtk_widget_class_install_action (widget_class, "sign-in.reload", NULL, reload_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F5, 0, "sign-in.reload", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_r, GDK_CONTROL_MASK, "sign-in.reload", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close", NULL);
}

static void
sluice_sign_in_window_init (SluiceSignInWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  add_web_view (self);
}

/**
 * sluice_sign_in_window_new:
 * @application: the program
 * @policy: (transfer full): which addresses may be shown
 *
 * Returns: (transfer none): an empty window
 */
SluiceSignInWindow *
sluice_sign_in_window_new (GtkApplication     *application,
                           SluiceSignInPolicy *policy)
{
  SluiceSignInWindow *self;

  g_return_val_if_fail (GTK_IS_APPLICATION (application), NULL);
  g_return_val_if_fail (policy != NULL, NULL);

  self = g_object_new (SLUICE_TYPE_SIGN_IN_WINDOW, "application", application, NULL);
  self->policy = policy;

  return self;
}

/**
 * sluice_sign_in_window_load:
 * @self: the window
 * @address: the authorisation address
 *
 * Begins to sign in.
 */
void
sluice_sign_in_window_load (SluiceSignInWindow *self,
                            const char         *address)
{
  g_return_if_fail (SLUICE_IS_SIGN_IN_WINDOW (self));
  g_return_if_fail (address != NULL);

  g_set_str (&self->address, address);
  show_address (self, address);
  webkit_web_view_load_uri (self->web_view, address);
}
