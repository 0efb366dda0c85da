/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sluice-subscription.h"
#include "sluice-write-permit.h"

G_BEGIN_DECLS

/* How many rows of a plan are shown */
#define SLUICE_WRITE_PLAN_SAMPLES 3

#define SLUICE_TYPE_WRITE_PLAN (sluice_write_plan_get_type ())

/**
 * SluiceWritePlan:
 *
 * What a user confirms before anything is written: which org, which object,
 * what is done, to how many records, and the first rows.
 *
 * Confirming it makes the one #SluiceWritePermit that lets the requests pass.
 */
G_DECLARE_FINAL_TYPE (SluiceWritePlan, sluice_write_plan, SLUICE, WRITE_PLAN, GObject)

SluiceWritePlan    *sluice_write_plan_new                   (SluiceSubscription  *subscription,
                                                             SluiceWriteVerb      verb,
                                                             const char          *object,
                                                             guint64              records,
                                                             GError             **error);
void                sluice_write_plan_set_columns           (SluiceWritePlan     *self,
                                                             const char * const  *columns);
void                sluice_write_plan_add_sample            (SluiceWritePlan     *self,
                                                             const char * const  *values);

const char         *sluice_write_plan_get_organization_id   (SluiceWritePlan     *self);
const char         *sluice_write_plan_get_organization_name (SluiceWritePlan     *self);
SluiceEnvironment   sluice_write_plan_get_environment       (SluiceWritePlan     *self);
SluiceWriteVerb     sluice_write_plan_get_verb              (SluiceWritePlan     *self);
const char         *sluice_write_plan_get_object            (SluiceWritePlan     *self);
guint64             sluice_write_plan_get_records           (SluiceWritePlan     *self);
const char * const *sluice_write_plan_get_columns           (SluiceWritePlan     *self);
guint               sluice_write_plan_get_n_samples         (SluiceWritePlan     *self);
const char * const *sluice_write_plan_get_sample            (SluiceWritePlan     *self,
                                                             guint                i);
char               *sluice_write_plan_dup_question          (SluiceWritePlan     *self);
char               *sluice_write_plan_dup_destination       (SluiceWritePlan     *self);

gboolean            sluice_write_plan_get_needs_name        (SluiceWritePlan     *self);
gboolean            sluice_write_plan_accepts               (SluiceWritePlan     *self,
                                                             const char          *typed);
SluiceWritePermit  *sluice_write_plan_confirm               (SluiceWritePlan     *self,
                                                             const char          *typed,
                                                             GError             **error);

G_END_DECLS
