/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-call-format.h"

#include <glib/gi18n.h>

#include "sluice-format.h"

/**
 * sluice_call_state_get_label:
 * @state: where a call stands
 *
 * Returns: a translated word
 */
const char *
sluice_call_state_get_label (SluiceCallState state)
{
  switch (state)
    {
    case SLUICE_CALL_WAITING:
      return C_("call", "Waiting");
    case SLUICE_CALL_RUNNING:
      return C_("call", "Running");
    case SLUICE_CALL_FAILED:
      return C_("call", "Failed");
    case SLUICE_CALL_CANCELLED:
      return C_("call", "Cancelled");
    case SLUICE_CALL_DONE:
    default:
      return C_("call", "Done");
    }
}

static char *
format_state (gpointer        object,
              SluiceCallState state)
{
  return g_strdup (sluice_call_state_get_label (state));
}

static char *
format_state_icon (gpointer        object,
                   SluiceCallState state)
{
  switch (state)
    {
    case SLUICE_CALL_WAITING:
      return g_strdup ("document-open-recent-symbolic");
    case SLUICE_CALL_RUNNING:
      return g_strdup ("network-transmit-receive-symbolic");
    case SLUICE_CALL_FAILED:
      return g_strdup ("dialog-error-symbolic");
    case SLUICE_CALL_CANCELLED:
      return g_strdup ("process-stop-symbolic");
    case SLUICE_CALL_DONE:
    default:
      return g_strdup ("object-select-symbolic");
    }
}

static char **
format_state_classes (gpointer        object,
                      SluiceCallState state)
{
  const char *name = state == SLUICE_CALL_FAILED ? "error" : NULL;

  return g_strdupv ((char *[]) { (char *) name, NULL });
}

/* What a call is for, or at least what it is. */
static char *
format_what (gpointer    object,
             const char *summary,
             const char *method,
             const char *path)
{
  if (summary != NULL)
    return g_strdup (summary);

  if (method == NULL || path == NULL)
    return NULL;

  return g_strdup_printf ("%s %s", method, path);
}

static char *
format_request (gpointer    object,
                const char *method,
                const char *path)
{
  return format_what (object, NULL, method, path);
}

static char *
format_time (gpointer object,
             gint64   time)
{
  return time > 0 ? sluice_format_time (time) : NULL;
}

static char *
format_duration (gpointer object,
                 gint64   started_at,
                 gint64   ended_at)
{
  return started_at > 0 && ended_at > 0 ? sluice_format_duration (ended_at - started_at) : NULL;
}

static char *
format_wait (gpointer object,
             gint64   queued_at,
             gint64   started_at)
{
  return format_duration (object, queued_at, started_at);
}

static char *
format_http_status (gpointer object,
                    guint    http_status)
{
  return http_status > 0 ? g_strdup_printf ("%u", http_status) : NULL;
}

static char *
format_size (gpointer object,
             guint64  bytes)
{
  return bytes > 0 ? sluice_format_size (bytes) : NULL;
}

static char *
format_error (gpointer    object,
              const char *error_text)
{
  return g_strdup (error_text);
}

static gboolean
is_present (gpointer    object,
            const char *text)
{
  return text != NULL && *text != '\0';
}

/**
 * sluice_call_format_bind_callbacks:
 * @widget_class: the class of a template that shows calls
 *
 * Makes the closures that turn the properties of a call into text known to the template.
 */
void
sluice_call_format_bind_callbacks (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, format_duration);
  gtk_widget_class_bind_template_callback (widget_class, format_error);
  gtk_widget_class_bind_template_callback (widget_class, format_http_status);
  gtk_widget_class_bind_template_callback (widget_class, format_request);
  gtk_widget_class_bind_template_callback (widget_class, format_size);
  gtk_widget_class_bind_template_callback (widget_class, format_state);
  gtk_widget_class_bind_template_callback (widget_class, format_state_classes);
  gtk_widget_class_bind_template_callback (widget_class, format_state_icon);
  gtk_widget_class_bind_template_callback (widget_class, format_time);
  gtk_widget_class_bind_template_callback (widget_class, format_wait);
  gtk_widget_class_bind_template_callback (widget_class, format_what);
  gtk_widget_class_bind_template_callback (widget_class, is_present);
}
