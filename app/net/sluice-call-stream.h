/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

#define SLUICE_TYPE_CALL_STREAM (sluice_call_stream_get_type ())

/**
 * SluiceCallStream:
 *
 * The body of an answer that is read while its call goes on. The call ends
 * with the stream: at its end, with an error, when it is closed or dropped.
 *
 * To be used in the thread that asked for it.
 */
G_DECLARE_FINAL_TYPE (SluiceCallStream, sluice_call_stream, SLUICE, CALL_STREAM, GFilterInputStream)

/**
 * SluiceCallStreamFunc:
 * @bytes: how many were read
 * @error: (nullable): why it ended early; cancelled when nobody wanted more
 * @user_data: as given to sluice_call_stream_new()
 *
 * Ends the call. Called once.
 */
typedef void (* SluiceCallStreamFunc) (guint64       bytes,
                                       const GError *error,
                                       gpointer      user_data);

GInputStream *sluice_call_stream_new         (GInputStream         *base,
                                              SoupMessage          *message,
                                              SluiceCallStreamFunc  func,
                                              gpointer              user_data);
void          sluice_call_stream_set_context (SluiceCallStream     *self,
                                              GMainContext         *context);

G_END_DECLS
