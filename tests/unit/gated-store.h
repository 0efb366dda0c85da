/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sluice-credential-store.h"

G_BEGIN_DECLS

#define GATED_TYPE_STORE (gated_store_get_type ())

/* A credential store for one subscription that does things when, and as, the test says. */
G_DECLARE_FINAL_TYPE (GatedStore, gated_store, GATED, STORE, GObject)

GatedStore              *gated_store_new         (void);

void                     gated_store_put         (GatedStore              *self,
                                                  const SluiceCredentials *credentials);
const SluiceCredentials *gated_store_peek        (GatedStore              *self);

/* A code of SluiceError that ends every loading or saving, -1 = they succeed. */
void                     gated_store_fail_loads  (GatedStore              *self,
                                                  int                      code);
void                     gated_store_fail_saves  (GatedStore              *self,
                                                  int                      code);
/* Lets everything wait until it is let go. */
void                     gated_store_hold_loads  (GatedStore              *self);
void                     gated_store_hold_saves  (GatedStore              *self);
void                     gated_store_release     (GatedStore              *self);

guint                    gated_store_get_n_held  (GatedStore              *self);
guint                    gated_store_get_n_saves (GatedStore              *self);
/* Whether other programs are kept from refreshing. */
gboolean                 gated_store_get_locked  (GatedStore              *self);

G_END_DECLS
