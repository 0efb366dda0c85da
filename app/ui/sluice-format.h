/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-environment.h"
#include "sluice-status.h"

G_BEGIN_DECLS

char *sluice_format_number                (gint64             number);
char *sluice_format_size                  (guint64            bytes);
char *sluice_format_percent               (double             fraction);
char *sluice_format_use                   (gint64             used,
                                           gint64             limit);
char *sluice_format_duration              (gint64             duration);
char *sluice_format_wait                  (gint64             duration);
char *sluice_format_countdown             (guint              seconds);
char *sluice_format_time                  (gint64             time);
char *sluice_format_date_time             (gint64             time);
char *sluice_format_described             (gint64             checked_at,
                                           const GError      *problem);

/* Closures for .ui files: the first argument is the object they are evaluated for. */
char *sluice_format_status                (gpointer           object,
                                           SluiceStatus       status);
char *sluice_format_status_icon           (gpointer           object,
                                           SluiceStatus       status);
char *sluice_format_environment           (gpointer           object,
                                           SluiceEnvironment  environment);
char *sluice_format_environment_icon      (gpointer           object,
                                           SluiceEnvironment  environment);
char *sluice_format_verified              (gpointer           object,
                                           GDateTime         *time);

G_END_DECLS
