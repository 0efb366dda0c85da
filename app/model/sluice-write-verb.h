/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SLUICE_TYPE_WRITE_VERB (sluice_write_verb_get_type ())

/**
 * SluiceWriteVerb:
 * @SLUICE_WRITE_INSERT: make new records
 * @SLUICE_WRITE_UPDATE: change records that are told by their Id
 * @SLUICE_WRITE_UPSERT: change records that are told by an external id, make those that are not there
 * @SLUICE_WRITE_DELETE: move records to the recycle bin
 * @SLUICE_WRITE_HARD_DELETE: remove records for good
 *
 * What is done to records of an org. The nicks are the Bulk API's words.
 */
typedef enum
{
  SLUICE_WRITE_INSERT,
  SLUICE_WRITE_UPDATE,
  SLUICE_WRITE_UPSERT,
  SLUICE_WRITE_DELETE,
  SLUICE_WRITE_HARD_DELETE,
} SluiceWriteVerb;

GType       sluice_write_verb_get_type   (void);

const char *sluice_write_verb_get_nick   (SluiceWriteVerb  self);
const char *sluice_write_verb_get_label  (SluiceWriteVerb  self);
gboolean    sluice_write_verb_from_nick  (const char      *nick,
                                          SluiceWriteVerb *verb);
gboolean    sluice_write_verb_is_delete  (SluiceWriteVerb  self);
gboolean    sluice_write_verb_is_repeatable (SluiceWriteVerb self);

G_END_DECLS
