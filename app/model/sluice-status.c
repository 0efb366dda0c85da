/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-status.h"

#include <glib/gi18n.h>

G_DEFINE_ENUM_TYPE (SluiceStatus, sluice_status,
                    G_DEFINE_ENUM_VALUE (SLUICE_STATUS_DAMAGED, "damaged"),
                    G_DEFINE_ENUM_VALUE (SLUICE_STATUS_INCOMPLETE, "incomplete"),
                    G_DEFINE_ENUM_VALUE (SLUICE_STATUS_SIGNED_OUT, "signed-out"),
                    G_DEFINE_ENUM_VALUE (SLUICE_STATUS_SIGNING_IN, "signing-in"),
                    G_DEFINE_ENUM_VALUE (SLUICE_STATUS_VERIFYING, "verifying"),
                    G_DEFINE_ENUM_VALUE (SLUICE_STATUS_UNVERIFIED, "unverified"),
                    G_DEFINE_ENUM_VALUE (SLUICE_STATUS_CONNECTED, "connected"),
                    G_DEFINE_ENUM_VALUE (SLUICE_STATUS_OFFLINE, "offline"),
                    G_DEFINE_ENUM_VALUE (SLUICE_STATUS_NEEDS_ATTENTION, "needs-attention"))

/**
 * sluice_status_get_label:
 * @self: where a subscription stands
 *
 * Returns: the words that the user reads, translated
 */
const char *
sluice_status_get_label (SluiceStatus self)
{
  switch (self)
    {
    case SLUICE_STATUS_DAMAGED:
      return _("Damaged File");
    case SLUICE_STATUS_INCOMPLETE:
      return _("Consumer Key Missing");
    case SLUICE_STATUS_SIGNED_OUT:
      return _("Signed Out");
    case SLUICE_STATUS_SIGNING_IN:
      return _("Waiting for the Browser");
    case SLUICE_STATUS_VERIFYING:
      return _("Verifying");
    case SLUICE_STATUS_UNVERIFIED:
      return _("Not Verified Yet");
    case SLUICE_STATUS_CONNECTED:
      return _("Connected");
    case SLUICE_STATUS_OFFLINE:
      return _("Offline");
    case SLUICE_STATUS_NEEDS_ATTENTION:
    default:
      return _("Needs Attention");
    }
}

/**
 * sluice_status_get_nick:
 * @self: where a subscription stands
 *
 * Returns: the stable word for scripts and style classes
 */
const char *
sluice_status_get_nick (SluiceStatus self)
{
  g_autoptr(GEnumClass) klass = g_type_class_ref (SLUICE_TYPE_STATUS);
  GEnumValue *value = g_enum_get_value (klass, self);

  return value != NULL ? value->value_nick : "needs-attention";
}

/**
 * sluice_status_get_icon_name:
 * @self: where a subscription stands
 *
 * Returns: the name of a symbolic icon that goes with the words
 */
const char *
sluice_status_get_icon_name (SluiceStatus self)
{
  switch (self)
    {
    case SLUICE_STATUS_DAMAGED:
      return "dialog-error-symbolic";
    case SLUICE_STATUS_INCOMPLETE:
      return "document-edit-symbolic";
    case SLUICE_STATUS_SIGNED_OUT:
      return "changes-prevent-symbolic";
    case SLUICE_STATUS_SIGNING_IN:
      return "web-browser-symbolic";
    case SLUICE_STATUS_VERIFYING:
      return "view-refresh-symbolic";
    case SLUICE_STATUS_UNVERIFIED:
      return "dialog-question-symbolic";
    case SLUICE_STATUS_CONNECTED:
      return "object-select-symbolic";
    case SLUICE_STATUS_OFFLINE:
      return "network-offline-symbolic";
    case SLUICE_STATUS_NEEDS_ATTENTION:
    default:
      return "dialog-warning-symbolic";
    }
}
