/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-write-verb.h"

G_BEGIN_DECLS

#define SLUICE_TYPE_WRITE_PERMIT (sluice_write_permit_get_type ())

/**
 * SluiceWritePermit:
 *
 * The leave to change records of an org, without which no request that
 * changes anything goes out. It is made only by sluice_write_plan_confirm(),
 * so that a person has seen what it allows: one verb on one object of one
 * org, for so many records.
 *
 * It serves one run: from sluice_write_permit_begin() to
 * sluice_write_permit_end(). It is not valid before or after, nor for another
 * org, and never for more records than were confirmed.
 *
 * To be used in the main thread only.
 */
G_DECLARE_FINAL_TYPE (SluiceWritePermit, sluice_write_permit, SLUICE, WRITE_PERMIT, GObject)

const char      *sluice_write_permit_get_organization_id (SluiceWritePermit  *self);
const char      *sluice_write_permit_get_object          (SluiceWritePermit  *self);
SluiceWriteVerb  sluice_write_permit_get_verb            (SluiceWritePermit  *self);
guint64          sluice_write_permit_get_left            (SluiceWritePermit  *self);

gboolean         sluice_write_permit_begin               (SluiceWritePermit  *self,
                                                          GError            **error);
void             sluice_write_permit_end                 (SluiceWritePermit  *self);

gboolean         sluice_write_permit_check               (SluiceWritePermit  *self,
                                                          SluiceWriteVerb     verb,
                                                          const char         *object,
                                                          GError            **error);
gboolean         sluice_write_permit_check_organization  (SluiceWritePermit  *self,
                                                          const char         *organization_id,
                                                          GError            **error);
gboolean         sluice_write_permit_take                (SluiceWritePermit  *self,
                                                          guint64             records,
                                                          GError            **error);

G_END_DECLS
