/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "sluice-fetch.h"

#include "sluice-post.h"

struct _SluiceFetch
{
  GObject parent_instance;

  GMainContext *home;

  GMutex lock;
  GCond changed;
  SluiceCarriage *order; /* (nullable): what the thread is to send next */
  GError *error;         /* (nullable): how the call ended */
  gboolean abandoned;    /* nobody waits in the thread any more */
};

/* What the thread tells the main context. */
typedef struct
{
  SluiceCarriage *carriage;
  SluiceAnswer *answer;
  guint64 bytes;
  GError *error;
} Report;

static void sluice_fetch_iface_init (SluiceCarrierInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SluiceFetch, sluice_fetch, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (SLUICE_TYPE_CARRIER, sluice_fetch_iface_init))

static void
answer_unsent (SluiceCarriage *carriage) /* (transfer full) */
{
  GError *error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Nobody waits for the answer");

  carriage->answered (sluice_answer_new_failed (error), carriage->user_data);
  sluice_carriage_free (carriage);
}

static void
sluice_fetch_carry (SluiceCarrier  *carrier,
                    SluiceCarriage *carriage)
{
  SluiceFetch *self = SLUICE_FETCH (carrier);
  gboolean abandoned;

  g_mutex_lock (&self->lock);
  abandoned = self->abandoned;
  if (!abandoned)
    self->order = carriage;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);

  if (abandoned)
    answer_unsent (carriage);
}

static void
sluice_fetch_iface_init (SluiceCarrierInterface *iface)
{
  iface->carry = sluice_fetch_carry;
}

static void
sluice_fetch_finalize (GObject *object)
{
  SluiceFetch *self = SLUICE_FETCH (object);

  g_assert (self->order == NULL);
  g_clear_error (&self->error);
  g_main_context_unref (self->home);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (sluice_fetch_parent_class)->finalize (object);
}

static void
sluice_fetch_class_init (SluiceFetchClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = sluice_fetch_finalize;
}

static void
sluice_fetch_init (SluiceFetch *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
}

/**
 * sluice_fetch_new:
 * @home: the main context
 *
 * Returns: (transfer full): a meeting place for one call
 */
SluiceFetch *
sluice_fetch_new (GMainContext *home)
{
  SluiceFetch *self = g_object_new (SLUICE_TYPE_FETCH, NULL);

  self->home = g_main_context_ref (home);

  return self;
}

/**
 * sluice_fetch_post:
 * @self: a fetch
 * @func: called once
 * @user_data: data for @func
 *
 * Has @func called in the main context. What is posted first is called first.
 */
void
sluice_fetch_post (SluiceFetch *self,
                   GSourceFunc  func,
                   gpointer     user_data)
{
  sluice_post (self->home, func, user_data);
}

static void
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  SluiceFetch *self = user_data;
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_cond_signal (&self->changed);
}

static SluiceCarriage *
take_order (SluiceFetch   *self,
            GCancellable  *cancellable,
            GError       **error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  while (self->order == NULL && self->error == NULL && !g_cancellable_is_cancelled (cancellable))
    g_cond_wait (&self->changed, &self->lock);

  if (self->order == NULL)
    {
      self->abandoned = TRUE;
      /* Cancelled, the caller hears of that whatever the call came to. */
      if (!g_cancellable_set_error_if_cancelled (cancellable, error))
        g_propagate_error (error, g_steal_pointer (&self->error));
    }

  return g_steal_pointer (&self->order);
}

/**
 * sluice_fetch_wait:
 * @self: a fetch
 * @cancellable: (nullable): ends the wait at once
 * @error: how the call ended
 *
 * Waits in the thread until there is something to send, or nothing will be any
 * more. The call then goes on without the thread, and is told so when it wants
 * to send.
 *
 * Returns: (transfer full) (nullable): what is to be sent; goes to
 *   sluice_fetch_answer()
 */
SluiceCarriage *
sluice_fetch_wait (SluiceFetch   *self,
                   GCancellable  *cancellable,
                   GError       **error)
{
  gulong id = 0;
  SluiceCarriage *carriage;

  if (cancellable != NULL)
    id = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), self, NULL);

  carriage = take_order (self, cancellable, error);
  g_cancellable_disconnect (cancellable, id);

  return carriage;
}

static gboolean
answered_cb (gpointer user_data)
{
  Report *report = user_data;
  SluiceCarriage *carriage = report->carriage;
  gboolean streamed = report->answer->streamed;

  if (report->answer->headers != NULL)
    carriage->began (report->answer, carriage->user_data);
  carriage->answered (report->answer, carriage->user_data);
  if (!streamed)
    sluice_carriage_free (carriage);
  g_free (report);

  return G_SOURCE_REMOVE;
}

/**
 * sluice_fetch_answer:
 * @self: a fetch
 * @carriage: (transfer full): what was sent; stays until sluice_fetch_end() when @answer is streamed
 * @answer: (transfer full): what came
 *
 * Tells the main context what came.
 */
void
sluice_fetch_answer (SluiceFetch    *self,
                     SluiceCarriage *carriage,
                     SluiceAnswer   *answer)
{
  Report *report = g_new0 (Report, 1);

  report->carriage = carriage;
  report->answer = answer;
  sluice_fetch_post (self, answered_cb, report);
}

static gboolean
ended_cb (gpointer user_data)
{
  Report *report = user_data;
  SluiceCarriage *carriage = report->carriage;

  carriage->ended (report->bytes, report->error, carriage->user_data);
  sluice_carriage_free (carriage);
  g_clear_error (&report->error);
  g_free (report);

  return G_SOURCE_REMOVE;
}

/**
 * sluice_fetch_end:
 * @self: a fetch
 * @carriage: (transfer full): what was sent, and answered with a stream
 * @bytes: how many were read of it
 * @error: (nullable): why it ended early
 *
 * Tells the main context that the stream has ended.
 */
void
sluice_fetch_end (SluiceFetch    *self,
                  SluiceCarriage *carriage,
                  guint64         bytes,
                  const GError   *error)
{
  Report *report = g_new0 (Report, 1);

  report->carriage = carriage;
  report->bytes = bytes;
  report->error = error != NULL ? g_error_copy (error) : NULL;
  sluice_fetch_post (self, ended_cb, report);
}

/**
 * sluice_fetch_take_error:
 * @self: a fetch
 * @error: (transfer full): why there will be no answer
 *
 * Ends the wait in the thread. Called in the main context.
 */
void
sluice_fetch_take_error (SluiceFetch *self,
                         GError      *error)
{
  g_autoptr(GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_clear_error (&self->error);
  self->error = error;
  g_cond_signal (&self->changed);
}
