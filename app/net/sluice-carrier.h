/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

#include "sluice-answer.h"
#include "sluice-call-stream.h"

G_BEGIN_DECLS

/**
 * SluiceBeganFunc:
 * @answer: status and headers
 * @user_data: the carriage's
 *
 * Reads the headers. Called once at most, in the main context.
 */
typedef void (* SluiceBeganFunc) (const SluiceAnswer *answer,
                                  gpointer            user_data);

/**
 * SluiceAnsweredFunc:
 * @answer: (transfer full): what came, also when it failed
 * @user_data: the carriage's
 *
 * Takes the answer. Called once, in the main context.
 */
typedef void (* SluiceAnsweredFunc) (SluiceAnswer *answer,
                                     gpointer      user_data);

/**
 * SluiceCarriage:
 * @message: the call, ready to go out
 * @stream: whether the body of a success is not read but handed on
 * @max_bytes: the longest body that is read into memory
 * @cancellable: (nullable): ends it, whatever it is doing
 * @began: called before @answered when the headers have come
 * @answered: takes the answer
 * @ended: called once after @answered, in the main context, when the answer is streamed and its stream has ended
 * @user_data: data for all of them
 *
 * One sending of a call.
 */
typedef struct
{
  SoupMessage *message;
  gboolean stream;
  gsize max_bytes;
  GCancellable *cancellable;
  SluiceBeganFunc began;
  SluiceAnsweredFunc answered;
  SluiceCallStreamFunc ended;
  gpointer user_data;
} SluiceCarriage;

void  sluice_carriage_free (SluiceCarriage *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SluiceCarriage, sluice_carriage_free)

#define SLUICE_TYPE_CARRIER (sluice_carrier_get_type ())

/**
 * SluiceCarrier:
 *
 * Who sends calls: the same exchange then serves those that wait in the main
 * loop and those that wait in a thread of their own.
 */
G_DECLARE_INTERFACE (SluiceCarrier, sluice_carrier, SLUICE, CARRIER, GObject)

struct _SluiceCarrierInterface
{
  GTypeInterface parent_iface;

  void (* carry) (SluiceCarrier  *self,
                  SluiceCarriage *carriage);
};

void  sluice_carrier_carry (SluiceCarrier  *self,
                            SluiceCarriage *carriage);

G_END_DECLS
