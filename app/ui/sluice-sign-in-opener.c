/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "sluice-sign-in-opener"

#include "config.h"

#include "sluice-sign-in-opener.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#ifdef GDK_WINDOWING_WAYLAND
#include <gdk/wayland/gdkwayland.h>
#endif

#include "sluice-browser.h"
#include "sluice-private-window.h"

/* One private window and the toplevel it belongs to. */
typedef struct
{
  GWeakRef parent;
  GdkToplevel *toplevel; /* (nullable) */
  char *handle;          /* (nullable) */
  SluiceSignIn *sign_in;
} Opening;

static void
opening_free (Opening *opening)
{
#ifdef GDK_WINDOWING_WAYLAND
  if (opening->handle != NULL && !gdk_surface_is_destroyed (GDK_SURFACE (opening->toplevel)))
    gdk_wayland_toplevel_drop_exported_handle (opening->toplevel, opening->handle);
#endif

  g_weak_ref_clear (&opening->parent);
  g_clear_object (&opening->toplevel);
  g_free (opening->handle);
  g_object_unref (opening->sign_in);
  g_free (opening);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Opening, opening_free)

static void
failed_response_cb (AdwAlertDialog *dialog,
                    const char     *response,
                    SluiceSignIn   *sign_in)
{
  g_autoptr(GtkWidget) parent = g_weak_ref_get (g_object_get_data (G_OBJECT (dialog), "sluice-parent"));

  if (sluice_sign_in_get_state (sign_in) != SLUICE_SIGN_IN_WAITING)
    return;

  if (g_str_equal (response, "browser") && parent != NULL)
    sluice_browser_open (parent, sluice_sign_in_get_url (sign_in));
  else
    sluice_sign_in_cancel (sign_in);
}

static void
free_weak_ref (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

/* The sign-in waits still, so the browser can go on with it. */
static void
tell_failure (GtkWidget    *parent,
              SluiceSignIn *sign_in,
              const GError *cause)
{
  GWeakRef *weak_parent = g_new0 (GWeakRef, 1);
  AdwDialog *dialog;

  dialog = adw_alert_dialog_new (_("Use the Browser Instead?"), cause->message);
  adw_alert_dialog_add_responses (ADW_ALERT_DIALOG (dialog),
                                  "cancel", _("_Cancel"),
                                  "browser", _("Use _Browser"),
                                  NULL);
  adw_alert_dialog_set_default_response (ADW_ALERT_DIALOG (dialog), "browser");
  adw_alert_dialog_set_close_response (ADW_ALERT_DIALOG (dialog), "cancel");
  adw_alert_dialog_set_response_appearance (ADW_ALERT_DIALOG (dialog), "browser", ADW_RESPONSE_SUGGESTED);

  g_weak_ref_init (weak_parent, parent);
  g_object_set_data_full (G_OBJECT (dialog), "sluice-parent", weak_parent, free_weak_ref);
  g_signal_connect_object (dialog, "response", G_CALLBACK (failed_response_cb), sign_in, 0);

  adw_dialog_present (dialog, parent);
}

static void
gone_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(Opening) opening = user_data;
  g_autoptr(GtkWidget) parent = g_weak_ref_get (&opening->parent);
  g_autoptr(GError) error = NULL;

  if (sluice_private_window_run_finish (SLUICE_PRIVATE_WINDOW (object), result, &error))
    return;

  /* No page says any more that there is a window. */
  sluice_sign_in_set_with (opening->sign_in, SLUICE_SIGN_IN_WITH_DEFAULT_BROWSER);

  if (parent != NULL && gtk_widget_get_root (parent) != NULL)
    tell_failure (parent, opening->sign_in, error);
  else
    sluice_sign_in_cancel (opening->sign_in);
}

static void
run (Opening *opening)
{
  g_autoptr(SluicePrivateWindow) window = sluice_private_window_new (opening->sign_in, NULL);

  sluice_private_window_run_async (window, opening->handle, NULL, gone_cb, opening);
}

#ifdef GDK_WINDOWING_WAYLAND
static void
exported_cb (GdkToplevel *toplevel,
             const char  *handle,
             gpointer     user_data)
{
  Opening *opening = user_data;

  opening->handle = g_strdup (handle);
  run (opening);
}

static gboolean
export_toplevel (Opening *opening)
{
  return opening->toplevel != NULL && GDK_IS_WAYLAND_TOPLEVEL (opening->toplevel) &&
         gdk_wayland_toplevel_export_handle (opening->toplevel, exported_cb, opening, NULL);
}
#else
static gboolean
export_toplevel (Opening *opening)
{
  return FALSE;
}
#endif

static void
open_private_window (GtkWidget    *parent,
                     SluiceSignIn *sign_in)
{
  GtkNative *native = gtk_widget_get_native (parent);
  GdkSurface *surface = native != NULL ? gtk_native_get_surface (native) : NULL;
  Opening *opening = g_new0 (Opening, 1);

  g_weak_ref_init (&opening->parent, parent);
  opening->sign_in = g_object_ref (sign_in);
  if (GDK_IS_TOPLEVEL (surface))
    opening->toplevel = g_object_ref (GDK_TOPLEVEL (surface));

  if (!export_toplevel (opening))
    run (opening);
}

/**
 * sluice_sign_in_opener_open:
 * @parent: a widget in the window that asks
 * @sign_in: a sign-in that waits
 *
 * Shows the pages of @sign_in with what it says, and offers the browser when
 * there is no private window after all.
 */
void
sluice_sign_in_opener_open (GtkWidget    *parent,
                            SluiceSignIn *sign_in)
{
  g_return_if_fail (GTK_IS_WIDGET (parent));
  g_return_if_fail (SLUICE_IS_SIGN_IN (sign_in));

  if (sluice_sign_in_get_state (sign_in) != SLUICE_SIGN_IN_WAITING)
    return;

  if (sluice_sign_in_get_with (sign_in) == SLUICE_SIGN_IN_WITH_PRIVATE_WINDOW)
    open_private_window (parent, sign_in);
  else
    sluice_browser_open (parent, sluice_sign_in_get_url (sign_in));
}
