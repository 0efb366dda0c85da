/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-carrier.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_FETCH (sluice_fetch_get_type ())

/**
 * SluiceFetch:
 *
 * Where the thread that waits for one answer and the main context, in which
 * the call is queued and judged, meet: the main context orders what is to be
 * sent, the thread sends it and says what came.
 */
G_DECLARE_FINAL_TYPE (SluiceFetch, sluice_fetch, SLUICE, FETCH, GObject)

SluiceFetch    *sluice_fetch_new         (GMainContext    *home);
void            sluice_fetch_post        (SluiceFetch     *self,
                                          GSourceFunc      func,
                                          gpointer         user_data);
SluiceCarriage *sluice_fetch_wait        (SluiceFetch     *self,
                                          GCancellable    *cancellable,
                                          GError         **error);
void            sluice_fetch_answer      (SluiceFetch     *self,
                                          SluiceCarriage  *carriage,
                                          SluiceAnswer    *answer);
void            sluice_fetch_end         (SluiceFetch     *self,
                                          SluiceCarriage  *carriage,
                                          guint64          bytes,
                                          const GError    *error);
void            sluice_fetch_take_error  (SluiceFetch     *self,
                                          GError          *error);

G_END_DECLS
