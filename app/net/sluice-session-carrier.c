/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-session-carrier.h"

#include "sluice-send.h"

#define READ_SIZE (64 * 1024)

struct _SluiceSessionCarrier
{
  GObject parent_instance;

  SoupSession *session;
};

/* One call on its way. */
typedef struct
{
  SluiceCarriage *carriage;
  SluiceAnswer *answer;
  GInputStream *stream;
  GByteArray *buffer;
} Sending;

static void sluice_session_carrier_iface_init (SluiceCarrierInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SluiceSessionCarrier, sluice_session_carrier, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SLUICE_TYPE_CARRIER, sluice_session_carrier_iface_init))

static void
finish (Sending *sending) /* (transfer full) */
{
  g_autoptr(SluiceCarriage) carriage = sending->carriage;
  SluiceAnswer *answer = sending->answer;

  g_clear_object (&sending->stream);
  g_byte_array_unref (sending->buffer);
  g_free (sending);

  carriage->answered (answer, carriage->user_data);
}

static void read_more (Sending *sending);

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  Sending *sending = user_data;
  SluiceCarriage *carriage = sending->carriage;
  g_autoptr(GBytes) bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (object), result,
                                                              &sending->answer->error);

  if (bytes == NULL)
    {
      finish (sending);
    }
  else if (g_bytes_get_size (bytes) == 0)
    {
      /* libsoup gives the connection back only when the stream is closed. */
      g_clear_object (&sending->stream);
      sluice_answer_end (sending->answer, carriage->message, sending->buffer);
      finish (sending);
    }
  else if (sluice_answer_add (sending->answer, sending->buffer, g_bytes_get_data (bytes, NULL),
                              g_bytes_get_size (bytes), carriage->max_bytes))
    {
      read_more (sending);
    }
  else
    {
      finish (sending);
    }
}

static void
read_more (Sending *sending)
{
  g_input_stream_read_bytes_async (sending->stream, READ_SIZE, G_PRIORITY_DEFAULT, sending->carriage->cancellable,
                                   read_cb, sending);
}

static void
stream_ended (guint64       bytes,
              const GError *error,
              gpointer      user_data)
{
  g_autoptr(SluiceCarriage) carriage = user_data;

  carriage->ended (bytes, error, carriage->user_data);
}

/* The call goes on as long as the stream. */
static void
hand_on (Sending *sending) /* (transfer full) */
{
  SluiceCarriage *carriage = sending->carriage;
  SluiceAnswer *answer = sending->answer;

  answer->streamed = TRUE;
  answer->stream = sluice_call_stream_new (sending->stream, carriage->message, stream_ended, carriage);
  g_object_unref (sending->stream);
  g_byte_array_unref (sending->buffer);
  g_free (sending);

  carriage->answered (answer, carriage->user_data);
}

static void
sent_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  Sending *sending = user_data;
  SluiceCarriage *carriage = sending->carriage;
  SluiceAnswer *answer = sending->answer;
  GInputStream *stream = sluice_send_finish (result, &answer->error);

  if (stream != NULL)
    {
      sending->stream = sluice_answer_begin (answer, carriage->message, stream);
      carriage->began (answer, carriage->user_data);
    }

  if (sending->stream == NULL)
    finish (sending);
  else if (carriage->stream && sluice_answer_is_success (answer))
    hand_on (sending);
  else
    read_more (sending);
}

static void
sluice_session_carrier_carry (SluiceCarrier  *carrier,
                              SluiceCarriage *carriage)
{
  Sending *sending = g_new0 (Sending, 1);

  sending->carriage = carriage;
  sending->answer = sluice_answer_new ();
  sending->buffer = g_byte_array_new ();

  sluice_send_async (SLUICE_SESSION_CARRIER (carrier)->session, carriage->message, carriage->cancellable, sent_cb,
                     sending);
}

static void
sluice_session_carrier_iface_init (SluiceCarrierInterface *iface)
{
  iface->carry = sluice_session_carrier_carry;
}

static void
sluice_session_carrier_dispose (GObject *object)
{
  g_clear_object (&SLUICE_SESSION_CARRIER (object)->session);

  G_OBJECT_CLASS (sluice_session_carrier_parent_class)->dispose (object);
}

static void
sluice_session_carrier_class_init (SluiceSessionCarrierClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = sluice_session_carrier_dispose;
}

static void
sluice_session_carrier_init (SluiceSessionCarrier *self)
{
}

/**
 * sluice_session_carrier_new:
 * @session: from sluice_session_new()
 *
 * Returns: (transfer full): who sends calls with @session
 */
SluiceCarrier *
sluice_session_carrier_new (SoupSession *session)
{
  SluiceSessionCarrier *self;

  g_return_val_if_fail (SOUP_IS_SESSION (session), NULL);

  self = g_object_new (SLUICE_TYPE_SESSION_CARRIER, NULL);
  self->session = g_object_ref (session);

  return SLUICE_CARRIER (self);
}
